// SPDX-License-Identifier: Apache-2.0
package org.qblockd.machine.drive;

import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.qblockd.base.BlockException;
import org.qblockd.base.Errno;
import org.qblockd.block.BlockBackend;
import org.qblockd.blockjob.ErrorAction;
import org.qblockd.blockjob.IoStatus;
import org.qblockd.blockjob.OnError;
import org.qblockd.qapi.EventSink;
import org.qblockd.qapi.types.DeviceTrayMovedEvent;

/**
 * A backend as QMP shows it: who uses it, its tray, its policies for errors. Made for each {@code
 * -drive} and for each device over a node. Control lane.
 */
public final class Drive {
  private final BlockBackend backend;
  private final EventSink events;
  private final @Nullable DriveInfo info;
  private @Nullable DriveUser user;
  private boolean trayOpen;
  private OnError writePolicy = OnError.ENOSPC;
  private OnError readPolicy = OnError.REPORT;
  private IoStatus ioStatus = IoStatus.OK;
  private MediumOptions nextMedium = MediumOptions.NONE;

  /**
   * A drive that no device uses yet.
   *
   * @param info what an option said about its place; null for the backend of a device over a node
   */
  Drive(BlockBackend backend, @Nullable DriveInfo info, EventSink events) {
    this.backend = backend;
    this.info = info;
    this.events = events;
  }

  /** The backend; its name is empty for a device over a node. */
  public BlockBackend backend() {
    return backend;
  }

  /** What the option said about its place, or null. */
  public @Nullable DriveInfo info() {
    return info;
  }

  // ---- the device -----------------------------------------------------------------------------

  /** The device that uses the drive, or null. */
  public @Nullable DriveUser user() {
    return user;
  }

  /** A device takes the drive; its tray is closed. The caller has checked that it is free. */
  public void attach(DriveUser device) {
    user = device;
    trayOpen = false;
    ioStatus = IoStatus.OK;
  }

  /** The device has let the drive go. */
  public void detach() {
    user = null;
    trayOpen = false;
  }

  /** How sentences call the drive's user: by id, else by path; empty without one. */
  public String userName() {
    DriveUser current = user;
    if (current == null) {
      return "";
    }
    return current.id().isEmpty() ? current.path() : current.id();
  }

  // ---- media ----------------------------------------------------------------------------------

  /** Whether the medium can be changed; a drive without a device takes any. */
  public boolean removable() {
    DriveUser current = user;
    return current == null || current.media() != DriveUser.Media.FIXED;
  }

  /** Whether the device has a tray. */
  public boolean hasTray() {
    DriveUser current = user;
    return current != null && current.media() == DriveUser.Media.TRAY;
  }

  /** Whether the tray is open; false without one. */
  public boolean trayOpen() {
    return trayOpen;
  }

  /** Whether the guest keeps the tray shut. */
  public boolean locked() {
    DriveUser current = user;
    return current != null && current.locked();
  }

  /** Asks the guest to open its tray; with force it has no say. */
  public void requestEject(boolean force) {
    DriveUser current = user;
    if (current != null) {
      current.requestEject(force);
    }
  }

  /** How the next medium is opened unless a command says otherwise. */
  public MediumOptions nextMedium() {
    return nextMedium;
  }

  /** Remembers how the medium was opened. */
  public void setNextMedium(MediumOptions options) {
    nextMedium = options;
  }

  /**
   * Tells the device that its medium comes or goes. A tray moves with it, which an event tells.
   *
   * @param loaded whether there is a medium from now on
   */
  public void changeMedium(boolean loaded) throws BlockException {
    DriveUser current = user;
    if (current == null || current.media() == DriveUser.Media.FIXED) {
      return;
    }
    current.mediumChanged(loaded);
    if (hasTray() && trayOpen == loaded) {
      trayOpen = !loaded;
      events.emit(new DeviceTrayMovedEvent(backend.name(), userName(), trayOpen));
    }
  }

  // ---- errors ---------------------------------------------------------------------------------

  /** What failed requests of the device lead to. */
  public void setPolicies(OnError read, OnError write) {
    readPolicy = read;
    writePolicy = write;
  }

  /** What failed reads lead to. */
  public OnError readPolicy() {
    return readPolicy;
  }

  /** What failed writes lead to. */
  public OnError writePolicy() {
    return writePolicy;
  }

  /** Whether an error stopped the device; empty when none can. */
  public Optional<IoStatus> ioStatus() {
    DriveUser current = user;
    boolean stops =
        writePolicy == OnError.ENOSPC || writePolicy == OnError.STOP || readPolicy == OnError.STOP;
    return current != null && current.keepsIoStatus() && stops
        ? Optional.of(ioStatus)
        : Optional.empty();
  }

  /** Forgets past errors, as {@code cont} does. */
  public void resetIoStatus() {
    ioStatus = IoStatus.OK;
  }

  /** What the policies say about a failed request of the device; a stop shows in the status. */
  public ErrorAction applyPolicy(boolean read, Errno errno) {
    ErrorAction action = (read ? readPolicy : writePolicy).action(errno);
    if (action == ErrorAction.STOP && ioStatus().isPresent() && ioStatus == IoStatus.OK) {
      ioStatus = errno == Errno.ENOSPC ? IoStatus.NOSPACE : IoStatus.FAILED;
    }
    return action;
  }
}
