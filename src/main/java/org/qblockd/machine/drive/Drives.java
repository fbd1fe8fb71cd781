// SPDX-License-Identifier: Apache-2.0
package org.qblockd.machine.drive;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.qblockd.base.Clock;
import org.qblockd.block.Accounting;
import org.qblockd.block.BlockBackend;
import org.qblockd.block.BlockNode;
import org.qblockd.job.Jobs;
import org.qblockd.qapi.ErrorClass;
import org.qblockd.qapi.EventSink;
import org.qblockd.qapi.QmpException;

/** All drives: those of {@code -drive} and those that devices made for themselves. Control lane. */
public final class Drives {
  private final EventSink events;
  private final Clock clock;
  private final boolean measured;
  private final List<Drive> drives = new ArrayList<>();
  private @Nullable Jobs jobs;
  private @Nullable DeviceFinder devices;
  private @Nullable DriveReader reader;
  private @Nullable Runnable pending;

  /**
   * No drives.
   *
   * @param clock the clock by which requests are accounted for
   * @param measured whether they take as long as it says; not on the clock of tests
   */
  public Drives(EventSink events, Clock clock, boolean measured) {
    this.events = events;
    this.clock = clock;
    this.measured = measured;
  }

  /**
   * What reads the options of drives; it knows which places are taken.
   *
   * @param usual where the machine plugs a drive in whose option does not say it
   */
  public DriveReader reader(DriveInterface usual) {
    return reader(usual, DriveInterface.IDE.unitsPerBus());
  }

  /** The same, for a machine with so many disks on each IDE bus. */
  public DriveReader reader(DriveInterface usual, int idePerBus) {
    DriveReader current = reader;
    if (current == null) {
      current = new DriveReader(usual, idePerBus);
      reader = current;
    }
    return current;
  }

  /**
   * Sets what is done before drives are first looked at: it plugs in those that the machine has by
   * itself.
   */
  public void onFirstUse(Runnable plugging) {
    pending = plugging;
  }

  /** Nobody looks at the drives any more. */
  public void forgetPlugging() {
    pending = null;
  }

  private void settle() {
    Runnable plugging = pending;
    if (plugging != null) {
      pending = null;
      plugging.run();
    }
  }

  /** All drives in the order in which they were made. */
  public List<Drive> all() {
    settle();
    return List.copyOf(drives);
  }

  /**
   * Makes a backend a drive.
   *
   * @param info what an option said about its place; null for the backend of a device over a node
   */
  public Drive create(BlockBackend backend, @Nullable DriveInfo info) {
    backend.setAccounting(new Accounting(clock, measured));
    Drive drive = new Drive(backend, info, events);
    drives.add(drive);
    return drive;
  }

  /** The jobs of the server: those on a drive end when it goes with its device. */
  public Drives with(Jobs newJobs) {
    jobs = newJobs;
    return this;
  }

  /** Ends the jobs on the drive's medium: the drive is about to go. */
  public void endJobs(Drive drive) {
    BlockNode node = drive.backend().node();
    Jobs known = jobs;
    if (node != null && known != null) {
      EndsJobs.of(known, node);
    }
  }

  /** Forgets a drive; the caller closes its backend. */
  public void remove(Drive drive) {
    drives.remove(drive);
  }

  /** The drive of this backend, or null. */
  public @Nullable Drive of(BlockBackend backend) {
    settle();
    for (Drive drive : drives) {
      if (drive.backend() == backend) {
        return drive;
      }
    }
    return null;
  }

  /** The drive with this name, or null. */
  public @Nullable Drive named(String name) {
    settle();
    for (Drive drive : drives) {
      if (!name.isEmpty() && drive.backend().name().equals(name)) {
        return drive;
      }
    }
    return null;
  }

  /**
   * The drive that a command means.
   *
   * @param device a drive's name, or null
   * @param id a device's id or path, or null
   * @throws QmpException when not exactly one is given, or nothing fits
   */
  public Drive find(@Nullable String device, @Nullable String id) throws QmpException {
    if ((device == null) == (id == null)) {
      throw QmpException.generic("Need exactly one of 'device' and 'id'");
    }
    Drive found = device != null ? named(device) : usedBy(String.valueOf(id));
    if (found == null) {
      throw notFound(device != null ? device : String.valueOf(id));
    }
    return found;
  }

  /** Who finds devices that use no drive; without one there are none. */
  public void setDeviceFinder(DeviceFinder finder) {
    devices = finder;
  }

  private static QmpException notFound(String name) {
    return new QmpException(ErrorClass.DEVICE_NOT_FOUND, "Device '" + name + "' not found");
  }

  private @Nullable Drive usedBy(String id) throws QmpException {
    DeviceFinder finder = devices;
    if (finder == null) {
      return null;
    }
    String path = finder.pathOf(id);
    for (Drive drive : drives) {
      DriveUser user = drive.user();
      if (user != null && user.path().equals(path)) {
        return drive;
      }
    }
    throw QmpException.generic("Device does not have a block device backend");
  }
}
