// SPDX-License-Identifier: Apache-2.0
package org.qblockd.job;

/** Work done and left, in a unit of the job (mostly bytes). Any thread; the object is its lock. */
public final class Progress {
  /** Both numbers at one moment. */
  public record Snapshot(long current, long total) {}

  private long current;
  private long total;

  /** Both numbers now. */
  public synchronized Snapshot snapshot() {
    return new Snapshot(current, total);
  }

  /** So much more is done. */
  public synchronized void done(long work) {
    current += work;
  }

  /** So much is left from now on. */
  public synchronized void setRemaining(long work) {
    total = current + work;
  }

  /** So much more is left than was thought. */
  public synchronized void increaseRemaining(long work) {
    total += work;
  }
}
