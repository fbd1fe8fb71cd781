// SPDX-License-Identifier: Apache-2.0
package org.qblockd.driver.qcow2;

import java.util.List;
import org.qblockd.base.BlockException;

/**
 * Keeps writes off metadata: before each write the range is compared with where the metadata are
 * known to lie. Checks from any thread; the places change under the metadata lock. Source: QEMU's
 * option overlap-check.
 */
public final class OverlapChecks {
  public static final int MAIN_HEADER = 1;
  public static final int ACTIVE_L1 = 2;
  public static final int ACTIVE_L2 = 4;
  public static final int REFCOUNT_TABLE = 8;
  public static final int REFCOUNT_BLOCK = 16;
  public static final int SNAPSHOT_TABLE = 32;
  public static final int INACTIVE_L1 = 64;
  public static final int INACTIVE_L2 = 128;
  public static final int BITMAP_DIRECTORY = 256;

  /** Modes of the option, each a mask. */
  public static final int NONE = 0;

  public static final int CONSTANT =
      MAIN_HEADER | ACTIVE_L1 | REFCOUNT_TABLE | SNAPSHOT_TABLE | BITMAP_DIRECTORY;
  public static final int CACHED = CONSTANT | ACTIVE_L2 | REFCOUNT_BLOCK | INACTIVE_L1;
  public static final int ALL = CACHED | INACTIVE_L2;

  private record Region(long start, long end) {
    boolean overlaps(long from, long to) {
      return from < end && start < to;
    }
  }

  private volatile int checks;
  private final Header header;
  private final Corruption corruption;
  private final int clusterSize;
  private volatile List<Region> inactiveL1 = List.of();
  private volatile Region snapshotTable = new Region(0, 0);
  private final ClusterIndex activeTables = new ClusterIndex();
  private final ClusterIndex inactiveTables = new ClusterIndex();
  private final ClusterIndex refcountBlocks = new ClusterIndex();

  OverlapChecks(
      int checks,
      Header header,
      Corruption corruption,
      List<Snapshot> snapshots,
      long snapshotBytes) {
    this.checks = checks;
    this.header = header;
    this.corruption = corruption;
    this.clusterSize = 1 << header.clusterBits;
    setSnapshots(snapshots, snapshotBytes);
  }

  /** The snapshots are others now; their table lies where the header says. */
  final void setSnapshots(List<Snapshot> snapshots, long tableBytes) {
    snapshotTable = new Region(header.snapshotsOffset, header.snapshotsOffset + tableBytes);
    inactiveL1 =
        snapshots.stream()
            .filter(s -> s.l1Size() > 0)
            .map(s -> new Region(s.l1Offset(), s.l1Offset() + s.l1Size() * 8L))
            .toList();
  }

  /** Other checks are made from now on. */
  void setChecks(int mask) {
    checks = mask;
  }

  /** The L2 tables of the active L1 table. */
  ClusterIndex activeTables() {
    return activeTables;
  }

  /** The L2 tables of the snapshots; filled only when they are to be checked. */
  ClusterIndex inactiveTables() {
    return inactiveTables;
  }

  /** The refcount blocks. */
  ClusterIndex refcountBlocks() {
    return refcountBlocks;
  }

  boolean wantsInactiveTables() {
    return (checks & INACTIVE_L2) != 0;
  }

  /**
   * Refuses a write that would hit metadata.
   *
   * @param expected the kind that is meant to be written, 0 for guest data
   */
  void check(int expected, long offset, long bytes) throws BlockException {
    int wanted = checks & ~expected;
    if (wanted == 0 || bytes == 0) {
      return;
    }
    // Structures begin and end at clusters, so that whole clusters are compared.
    long start = offset & -clusterSize;
    long end = (offset + bytes + clusterSize - 1) & -clusterSize;
    int hit = firstHit(wanted, start, end);
    if (hit != 0) {
      throw corruption.fatal(
          "Preventing invalid write on metadata (overlaps with " + name(hit) + ")", offset, bytes);
    }
  }

  private int firstHit(int wanted, long start, long end) {
    if ((wanted & MAIN_HEADER) != 0 && start < clusterSize) {
      return MAIN_HEADER;
    }
    if ((wanted & ACTIVE_L1) != 0 && overlaps(header.l1Offset, header.l1Size * 8L, start, end)) {
      return ACTIVE_L1;
    }
    if ((wanted & ACTIVE_L2) != 0 && activeTables.overlaps(start, end, clusterSize)) {
      return ACTIVE_L2;
    }
    long tableBytes = (long) header.refcountTableClusters << header.clusterBits;
    if ((wanted & REFCOUNT_TABLE) != 0
        && overlaps(header.refcountTableOffset, tableBytes, start, end)) {
      return REFCOUNT_TABLE;
    }
    if ((wanted & REFCOUNT_BLOCK) != 0 && refcountBlocks.overlaps(start, end, clusterSize)) {
      return REFCOUNT_BLOCK;
    }
    return firstInactiveHit(wanted, start, end);
  }

  private int firstInactiveHit(int wanted, long start, long end) {
    if ((wanted & SNAPSHOT_TABLE) != 0 && snapshotTable.overlaps(start, end)) {
      return SNAPSHOT_TABLE;
    }
    if ((wanted & INACTIVE_L1) != 0) {
      for (Region table : inactiveL1) {
        if (table.overlaps(start, end)) {
          return INACTIVE_L1;
        }
      }
    }
    if ((wanted & INACTIVE_L2) != 0 && inactiveTables.overlaps(start, end, clusterSize)) {
      return INACTIVE_L2;
    }
    return 0;
  }

  private static boolean overlaps(long offset, long bytes, long start, long end) {
    return bytes > 0 && start < offset + bytes && offset < end;
  }

  private static String name(int kind) {
    return switch (kind) {
      case MAIN_HEADER -> "qcow2_header";
      case ACTIVE_L1 -> "active L1 table";
      case ACTIVE_L2 -> "active L2 table";
      case REFCOUNT_TABLE -> "refcount table";
      case REFCOUNT_BLOCK -> "refcount block";
      case SNAPSHOT_TABLE -> "snapshot table";
      case INACTIVE_L1 -> "inactive L1 table";
      case INACTIVE_L2 -> "inactive L2 table";
      default -> "bitmap directory";
    };
  }
}
