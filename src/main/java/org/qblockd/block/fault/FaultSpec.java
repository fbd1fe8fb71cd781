// SPDX-License-Identifier: Apache-2.0
package org.qblockd.block.fault;

import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.qblockd.base.Errno;
import org.qblockd.block.RequestKind;

/**
 * Which requests meet a fault, and what happens to them. Immutable.
 *
 * @param kinds the kinds of requests
 * @param offset where the range begins, in bytes
 * @param length how long it is; {@link Long#MAX_VALUE} for all that follows
 * @param after how many that match pass before
 * @param count how many meet it at most; {@link Long#MAX_VALUE} for no end
 * @param rate how many of those that match meet it, from 0 to 1
 * @param seed what the rate draws from
 * @param errno what the request fails with, or null
 * @param delayNanos how long it waits before
 * @param onTestClock whether the test clock measures the wait, or the host's
 * @param told whether the listener hears of each one
 */
public record FaultSpec(
    Set<RequestKind> kinds,
    long offset,
    long length,
    long after,
    long count,
    double rate,
    long seed,
    @Nullable Errno errno,
    long delayNanos,
    boolean onTestClock,
    boolean told) {

  /** A request without bytes, a flush, matches only a fault without a range. */
  boolean matches(RequestKind kind, long start, long bytes) {
    if (!kinds.contains(kind)) {
      return false;
    }
    boolean everywhere = offset == 0 && length == Long.MAX_VALUE;
    return everywhere || bytes > 0 && start + bytes > offset && start - offset < length;
  }
}
