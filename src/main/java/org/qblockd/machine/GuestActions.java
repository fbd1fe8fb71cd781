// SPDX-License-Identifier: Apache-2.0
package org.qblockd.machine;

import org.qblockd.qapi.types.PanicAction;
import org.qblockd.qapi.types.RebootAction;
import org.qblockd.qapi.types.ShutdownAction;
import org.qblockd.qapi.types.WatchdogAction;

/** What is done when the machine is to reboot, to shut down, and so on. Control lane. */
public final class GuestActions {
  private RebootAction reboot = RebootAction.RESET;
  private ShutdownAction shutdown = ShutdownAction.POWEROFF;
  private PanicAction panic = PanicAction.SHUTDOWN;
  private WatchdogAction watchdog = WatchdogAction.RESET;

  /** The actions that a machine has when nothing is said. */
  public GuestActions() {}

  /** What a reset does. */
  public RebootAction reboot() {
    return reboot;
  }

  /** What a shutdown does that nobody insists on. */
  public ShutdownAction shutdown() {
    return shutdown;
  }

  /** What a panic does; no guest panics here. */
  public PanicAction panic() {
    return panic;
  }

  /** What the watchdog does; none runs out here. */
  public WatchdogAction watchdog() {
    return watchdog;
  }

  /** Sets what a reset does. */
  public void setReboot(RebootAction action) {
    reboot = action;
  }

  /** Sets what a shutdown does. */
  public void setShutdown(ShutdownAction action) {
    shutdown = action;
  }

  /** Sets what a panic does. */
  public void setPanic(PanicAction action) {
    panic = action;
  }

  /** Sets what the watchdog does. */
  public void setWatchdog(WatchdogAction action) {
    watchdog = action;
  }
}
