// SPDX-License-Identifier: Apache-2.0
package org.qblockd.driver.qcow2;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.qblockd.base.BlockException;
import org.qblockd.base.Errno;

/** Reads and lays out the table of internal snapshots. Control lane. */
final class SnapshotTable {
  private static final int ENTRY_BYTES = 40;
  private static final int MAX_EXTRA_BYTES = 1024;

  /** What is written of each snapshot beside the fixed part: three numbers. */
  private static final int EXTRA_BYTES = 24;

  private final ImageFile file;
  private final Header header;
  private long offset;
  private long end;

  private SnapshotTable(ImageFile file, Header header) {
    this.file = file;
    this.header = header;
  }

  static List<Snapshot> read(ImageFile file, Header header) throws BlockException {
    SnapshotTable table = new SnapshotTable(file, header);
    return table.entries();
  }

  /** Where the table ends, bytes; equal to its begin when there are no snapshots. */
  static long bytes(ImageFile file, Header header) throws BlockException {
    SnapshotTable table = new SnapshotTable(file, header);
    List<Snapshot> read = table.entries();
    return read.isEmpty() ? 0 : table.end - header.snapshotsOffset;
  }

  private List<Snapshot> entries() throws BlockException {
    List<Snapshot> snapshots = new ArrayList<>();
    offset = header.snapshotsOffset;
    end = offset;
    for (int i = 0; i < header.snapshotCount; i++) {
      snapshots.add(entry(i));
    }
    return List.copyOf(snapshots);
  }

  private Snapshot entry(int index) throws BlockException {
    offset = (offset + 7) & -8;
    ByteBuffer fixed = bytes(ENTRY_BYTES);
    int extraLength = fixed.getInt(36);
    if (Integer.compareUnsigned(extraLength, MAX_EXTRA_BYTES) > 0) {
      throw BlockException.invalid("Too much extra metadata in snapshot table entry " + index);
    }
    ByteBuffer extra = bytes(extraLength);
    String id = text(bytes(fixed.getShort(12) & 0xffff));
    String name = text(bytes(fixed.getShort(14) & 0xffff));
    end = offset;
    if (end - header.snapshotsOffset > Format.MAX_SNAPSHOT_TABLE_BYTES) {
      throw BlockException.of(Errno.EFBIG, "Snapshot table too large");
    }
    long stateBytes = Integer.toUnsignedLong(fixed.getInt(32));
    return new Snapshot(
        fixed.getLong(0),
        fixed.getInt(8),
        id,
        name,
        Integer.toUnsignedLong(fixed.getInt(16)),
        Integer.toUnsignedLong(fixed.getInt(20)),
        fixed.getLong(24),
        extraLength >= 8 ? extra.getLong(0) : stateBytes,
        extraLength >= 16 ? extra.getLong(8) : header.size,
        extraLength >= EXTRA_BYTES ? extra.getLong(16) : -1,
        further(extra));
  }

  private static Snapshot.Further further(ByteBuffer extra) {
    if (extra.capacity() <= EXTRA_BYTES) {
      return Snapshot.Further.NONE;
    }
    byte[] bytes = new byte[extra.capacity() - EXTRA_BYTES];
    extra.get(EXTRA_BYTES, bytes);
    return new Snapshot.Further(bytes);
  }

  /** The table as the image is to hold it. */
  static ByteBuffer encode(List<Snapshot> snapshots) throws BlockException {
    long total = 0;
    for (Snapshot snapshot : snapshots) {
      total = ((total + 7) & -8) + entryBytes(snapshot);
    }
    if (total > Format.MAX_SNAPSHOT_TABLE_BYTES) {
      throw BlockException.io(Errno.EFBIG);
    }
    ByteBuffer out = ByteBuffer.allocate((int) total);
    for (Snapshot snapshot : snapshots) {
      out.position((out.position() + 7) & -8);
      encode(snapshot, out);
    }
    return out.clear();
  }

  private static int entryBytes(Snapshot snapshot) {
    return ENTRY_BYTES
        + EXTRA_BYTES
        + snapshot.further().bytes().length
        + bytes(snapshot.id()).length
        + bytes(snapshot.name()).length;
  }

  private static void encode(Snapshot snapshot, ByteBuffer out) {
    byte[] id = bytes(snapshot.id());
    byte[] name = bytes(snapshot.name());
    byte[] further = snapshot.further().bytes();
    long state = snapshot.vmStateBytes();
    out.putLong(snapshot.l1Offset()).putInt(snapshot.l1Size());
    out.putShort((short) id.length).putShort((short) name.length);
    out.putInt((int) snapshot.dateSeconds()).putInt((int) snapshot.dateNanos());
    out.putLong(snapshot.vmClockNanos());
    out.putInt(state >>> Integer.SIZE == 0 ? (int) state : 0);
    out.putInt(EXTRA_BYTES + further.length);
    out.putLong(state).putLong(snapshot.diskSize()).putLong(snapshot.icount());
    out.put(further).put(id).put(name);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private ByteBuffer bytes(int count) throws BlockException {
    ByteBuffer buffer = ByteBuffer.allocate(count);
    if (count > 0) {
      try {
        file.read(offset, buffer);
      } catch (BlockException failed) {
        throw BlockException.withErrno(failed.errno(), "Failed to read snapshot table");
      }
    }
    offset += count;
    return buffer.clear();
  }

  private static String text(ByteBuffer bytes) {
    return StandardCharsets.UTF_8.decode(bytes).toString();
  }
}
