// SPDX-License-Identifier: Apache-2.0
package org.qblockd.chardev;

import org.jspecify.annotations.Nullable;
import org.qblockd.base.BlockException;
import org.qblockd.qapi.QmpException;

/**
 * A character device: bytes from and to the outside, for one front end inside. The main thread
 * makes, opens and starts it while the server starts, later the control lane; its connections have
 * threads of their own.
 */
public abstract class CharDevice {
  private final String id;

  /** Set before {@link #open}. */
  private @Nullable LogFile log;

  private boolean reserved;
  private volatile @Nullable FrontEnd user;
  private boolean started;

  CharDevice(String id) {
    this.id = id;
  }

  /** Its name among the devices. */
  public final String id() {
    return id;
  }

  /** What query-chardev calls the file name: the kind, or where a socket leads. */
  public abstract String filename();

  /** Whether its other side may go and come again, as that of a socket. */
  public boolean isReconnectable() {
    return false;
  }

  /** Whether it has a front end, or is part of another device. */
  public boolean isBusy() {
    return reserved;
  }

  /** Whether somebody reads and writes it now. */
  public boolean isFrontEndOpen() {
    return user != null;
  }

  /** The name of the pseudo terminal that it made, or null. */
  public @Nullable String pseudoTerminal() {
    return null;
  }

  /**
   * Gives the device its front end.
   *
   * @throws QmpException when it has one, or more than it can bear
   */
  public void claim(FrontEnd frontEnd) throws QmpException {
    reserve();
    attach(frontEnd);
  }

  /** The front end goes; the other side finds the connection closed. */
  public void release(FrontEnd frontEnd) {
    detach();
    reserved = false;
  }

  /** Takes the device for a front end that comes later. */
  public final void reserve() throws QmpException {
    if (reserved) {
      throw QmpException.generic("chardev '" + id + "' is already in use");
    }
    reserved = true;
  }

  /** Undoes {@link #reserve} or {@link #claim}. */
  public final void unreserve() {
    detach();
    reserved = false;
  }

  /** The front end of a device that is reserved. */
  final void attach(FrontEnd frontEnd) {
    LogFile copies = log;
    user = copies == null ? frontEnd : new LoggedFrontEnd(frontEnd, copies);
    attached();
  }

  final void detach() {
    if (user != null) {
      user = null;
      detached();
    }
  }

  /** Who claimed it, or null. */
  final @Nullable FrontEnd frontEnd() {
    FrontEnd current = user;
    return current instanceof LoggedFrontEnd logged ? logged.inner() : current;
  }

  /** The front end as connections see it. */
  final @Nullable FrontEnd user() {
    return user;
  }

  /** Whether {@link #start} has been called. */
  final boolean isStarted() {
    return started;
  }

  final void logTo(LogFile file) {
    log = file;
  }

  /** Begins to read and to accept, now that the server serves. */
  final void start() {
    if (!started) {
      started = true;
      begin();
    }
  }

  /** Closes everything, its log too. */
  final void end() {
    close();
    if (log != null) {
      log.close();
    }
  }

  /**
   * Opens files, binds or connects, and waits for the first client where that is asked for.
   *
   * @throws BlockException with QEMU's sentence
   */
  abstract void open() throws BlockException, QmpException;

  /** {@link #start}, once. */
  abstract void begin();

  /** Drops the other side and gives up what {@link #open} got. */
  abstract void close();

  /** A front end has come, before or after {@link #begin}. */
  abstract void attached();

  /** The front end has gone. */
  abstract void detached();
}
