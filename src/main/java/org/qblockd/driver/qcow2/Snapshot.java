// SPDX-License-Identifier: Apache-2.0
package org.qblockd.driver.qcow2;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import org.qblockd.base.BlockException;
import org.qblockd.base.Errno;
import org.qblockd.qapi.types.SnapshotInfo;

/**
 * An internal snapshot as the image lists it. Immutable; any thread.
 *
 * @param l1Offset where its L1 table lies, bytes
 * @param l1Size entries of its L1 table
 * @param id the identifier, a decimal number as a rule
 * @param name the name
 * @param dateSeconds when it was taken, seconds since 1970
 * @param dateNanos the rest of that, nanoseconds
 * @param vmClockNanos the guest's clock
 * @param vmStateBytes the size of the saved machine state
 * @param diskSize the length of the disk when it was taken, bytes
 * @param icount executed instructions, -1 if unknown
 * @param further what stands behind that in the table and is kept as it is
 */
public record Snapshot(
    long l1Offset,
    int l1Size,
    String id,
    String name,
    long dateSeconds,
    long dateNanos,
    long vmClockNanos,
    long vmStateBytes,
    long diskSize,
    long icount,
    Further further) {
  /** The listed one that is meant. */
  static Snapshot find(List<Snapshot> listed, SnapshotInfo meant) throws BlockException {
    for (Snapshot each : listed) {
      if (each.id().equals(meant.id()) && each.name().equals(meant.name())) {
        return each;
      }
    }
    throw BlockException.of(Errno.ENOENT, "Can't find the snapshot");
  }

  /** Bytes of an entry that only newer programs understand. */
  static final class Further {
    static final Further NONE = new Further(new byte[0]);

    private final byte[] bytes;

    Further(byte[] bytes) {
      this.bytes = bytes;
    }

    byte[] bytes() {
      return bytes;
    }
  }

  private static final long NANOS_PER_SECOND = 1_000_000_000;

  /** What queries show. */
  SnapshotInfo info() {
    return new SnapshotInfo(
        id,
        name,
        vmStateBytes,
        dateSeconds,
        dateNanos,
        Long.divideUnsigned(vmClockNanos, NANOS_PER_SECOND),
        Long.remainderUnsigned(vmClockNanos, NANOS_PER_SECOND),
        icount == -1 ? Optional.empty() : Optional.of(icount));
  }

  /** The entries of its L1 table, after the checks of the table's place. */
  ByteBuffer readL1(ImageState image) throws BlockException {
    HeaderParser.checkTable(
        image.geometry(), l1Offset, l1Size, 8, Format.MAX_L1_BYTES, "Snapshot L1 table");
    ByteBuffer raw = ByteBuffer.allocate(l1Size * 8);
    if (raw.hasRemaining()) {
      image.file().read(l1Offset, raw);
    }
    return raw.flip();
  }
}
