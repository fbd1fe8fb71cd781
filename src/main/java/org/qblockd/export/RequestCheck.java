// SPDX-License-Identifier: Apache-2.0
package org.qblockd.export;

import org.jspecify.annotations.Nullable;
import org.qblockd.base.Errno;
import org.qblockd.nbd.HeaderMode;
import org.qblockd.nbd.Nbd;
import org.qblockd.nbd.Request;

/**
 * What is wrong with a request before it is served, in QEMU's order and words. Immutable; any
 * thread.
 *
 * @param size bytes of the export
 * @param readOnly whether the export may be written
 * @param hasContexts whether metadata contexts were negotiated
 */
record RequestCheck(HeaderMode mode, long size, boolean readOnly, boolean hasContexts) {
  /** Why a request is refused. */
  record Refusal(Errno errno, String message) {}

  @Nullable Refusal check(Request request) {
    int command = request.command();
    boolean buffered =
        command == Nbd.CMD_READ || command == Nbd.CMD_WRITE || command == Nbd.CMD_CACHE;
    if (buffered && (request.length() < 0 || request.length() > Nbd.MAX_BUFFER)) {
      return invalid(
          "len (%s) is larger than max len (%d)"
              .formatted(Long.toUnsignedString(request.length()), Nbd.MAX_BUFFER));
    }
    if (command > Nbd.CMD_BLOCK_STATUS || command == Nbd.CMD_DISC) {
      return invalid("invalid request type (" + command + ") received");
    }
    boolean changes =
        command == Nbd.CMD_WRITE || command == Nbd.CMD_TRIM || command == Nbd.CMD_WRITE_ZEROES;
    if (changes && readOnly) {
      return new Refusal(Errno.EROFS, "Export is read-only");
    }
    Refusal range = checkRange(request);
    if (range != null) {
      return range;
    }
    if ((request.flags() & ~knownFlags(command)) != 0) {
      return invalid(
          "unsupported flags for command %s (got 0x%x)"
              .formatted(Nbd.commandName(command), request.flags()));
    }
    return command == Nbd.CMD_BLOCK_STATUS ? checkStatus(request) : null;
  }

  private @Nullable Refusal checkRange(Request request) {
    if (request.command() == Nbd.CMD_BLOCK_STATUS && request.has(Nbd.CMD_FLAG_PAYLOAD_LEN)) {
      return null;
    }
    long offset = request.offset();
    long length = request.length();
    boolean flush = request.command() == Nbd.CMD_FLUSH;
    if (offset < 0 || offset > size || length < 0 || (!flush && length > size - offset)) {
      return pastEnd(offset, length);
    }
    return null;
  }

  /** The sentence for a range that the export does not have. */
  Refusal pastEnd(long offset, long length) {
    return invalid(
        "operation past EOF; From: %s, Len: %s, Size: %d"
            .formatted(Long.toUnsignedString(offset), Long.toUnsignedString(length), size));
  }

  private int knownFlags(int command) {
    boolean extended = mode == HeaderMode.EXTENDED;
    return Nbd.CMD_FLAG_FUA
        | switch (command) {
          case Nbd.CMD_READ -> mode == HeaderMode.SIMPLE ? 0 : Nbd.CMD_FLAG_DF;
          case Nbd.CMD_WRITE -> extended ? Nbd.CMD_FLAG_PAYLOAD_LEN : 0;
          case Nbd.CMD_WRITE_ZEROES -> Nbd.CMD_FLAG_NO_HOLE | Nbd.CMD_FLAG_FAST_ZERO;
          case Nbd.CMD_BLOCK_STATUS ->
              Nbd.CMD_FLAG_REQ_ONE | (extended ? Nbd.CMD_FLAG_PAYLOAD_LEN : 0);
          default -> 0;
        };
  }

  private @Nullable Refusal checkStatus(Request request) {
    if (!hasContexts) {
      return invalid("CMD_BLOCK_STATUS not negotiated");
    }
    return request.length() == 0 ? invalid("need non-zero length") : null;
  }

  private static Refusal invalid(String message) {
    return new Refusal(Errno.EINVAL, message);
  }
}
