// SPDX-License-Identifier: Apache-2.0
package org.qblockd.driver.qcow2;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.qblockd.base.BlockException;

/** What {@code qemu-img check} checks, written independently of the driver's tables. */
public final class ImageCheck {
  private final MemoryImage file;
  private final ByteBuffer head = ByteBuffer.allocate(112);
  private final Map<Long, Integer> references = new TreeMap<>();
  private final List<String> errors = new ArrayList<>();
  private final List<String> leaks = new ArrayList<>();
  private final List<long[]> copied = new ArrayList<>();
  private final int clusterBits;
  private final int order;

  private ImageCheck(MemoryImage file) {
    this.file = file;
    file.read(0, head);
    clusterBits = head.getInt(20);
    order = head.getInt(4) >= 3 ? head.getInt(96) : 4;
  }

  /** Asserts that there are neither errors nor leaks. */
  static void clean(MemoryImage file) throws BlockException {
    ImageCheck check = new ImageCheck(file);
    check.run();
    assertThat(check.errors).isEmpty();
    assertThat(check.leaks).isEmpty();
  }

  /** Asserts that there are no errors; leaks are allowed. */
  static void sound(MemoryImage file) throws BlockException {
    ImageCheck check = new ImageCheck(file);
    check.run();
    assertThat(check.errors).isEmpty();
  }

  /** Asserts that the image of these bytes has no errors; leaks are allowed. */
  public static void sound(byte[] image) throws BlockException {
    MemoryImage file = new MemoryImage();
    file.write(0, ByteBuffer.wrap(image));
    sound(file);
  }

  private long at(long offset) {
    ByteBuffer eight = ByteBuffer.allocate(8);
    file.read(offset, eight);
    return eight.getLong(0);
  }

  private void refer(long offset, long bytes) {
    long first = offset >>> clusterBits;
    long last = (offset + bytes - 1) >>> clusterBits;
    if ((last << clusterBits) > file.length()) {
      errors.add("beyond the end of the file: " + Long.toHexString(offset));
    }
    for (long cluster = first; cluster <= last; cluster++) {
      references.merge(cluster, 1, Integer::sum);
    }
  }

  private void run() {
    long size = 1L << clusterBits;
    refer(0, size);
    long tableOffset = head.getLong(48);
    int tableClusters = head.getInt(56);
    refer(tableOffset, tableClusters * size);
    int l1Size = head.getInt(36);
    long l1Offset = head.getLong(40);
    if (l1Size > 0) {
      refer(l1Offset, l1Size * 8L);
    }
    for (int i = 0; i < l1Size; i++) {
      long entry = at(l1Offset + i * 8L);
      if ((entry & Format.OFFSET_MASK) != 0) {
        table(entry);
      }
    }
    for (int i = 0; i < tableClusters * size / 8; i++) {
      long block = at(tableOffset + i * 8L);
      if (block != 0) {
        refer(block, size);
      }
    }
    compare(tableOffset, tableClusters * size / 8);
  }

  private void table(long entry) {
    long offset = entry & Format.OFFSET_MASK;
    refer(offset, 1L << clusterBits);
    copied.add(new long[] {offset, entry >>> 63});
    ByteBuffer entries = ByteBuffer.allocate(1 << clusterBits);
    file.read(offset, entries);
    entries.flip();
    while (entries.hasRemaining()) {
      cluster(entries.getLong());
    }
  }

  private void cluster(long entry) {
    if ((entry & Format.COMPRESSED) != 0) {
      int shift = 62 - (clusterBits - 8);
      long offset = entry & ((1L << shift) - 1);
      long sectors = ((entry >>> shift) & ((1L << (clusterBits - 8)) - 1)) + 1;
      refer(offset & -512, sectors * 512);
      if (entry < 0) {
        errors.add("compressed and copied");
      }
    } else if ((entry & Format.OFFSET_MASK) != 0) {
      long offset = entry & Format.OFFSET_MASK;
      refer(offset, 1L << clusterBits);
      copied.add(new long[] {offset, entry >>> 63});
    }
  }

  private long refcount(long tableOffset, long cluster) {
    int blockBits = clusterBits + 3 - order;
    long block = at(tableOffset + (cluster >>> blockBits) * 8);
    if (block == 0) {
      return 0;
    }
    long index = cluster & ((1L << blockBits) - 1);
    long bit = index << order;
    int width = 1 << order;
    if (width >= 8) {
      long value = 0;
      ByteBuffer bytes = ByteBuffer.allocate(width / 8);
      file.read(block + bit / 8, bytes);
      for (byte b : bytes.array()) {
        value = value << 8 | b & 0xff;
      }
      return value;
    }
    ByteBuffer one = ByteBuffer.allocate(1);
    file.read(block + bit / 8, one);
    return (long) (one.get(0) & 0xff) >>> (bit % 8) & ((1 << width) - 1);
  }

  private void compare(long tableOffset, long entries) {
    long covered = entries << (clusterBits + 3 - order);
    long fileClusters = Math.min((file.length() >>> clusterBits) + 70, covered);
    for (long cluster = 0; cluster < fileClusters; cluster++) {
      long count = refcount(tableOffset, cluster);
      int expected = references.getOrDefault(cluster, 0);
      if (count < expected) {
        errors.add("cluster " + cluster + " refcount=" + count + " reference=" + expected);
      } else if (count > expected) {
        leaks.add("cluster " + cluster + " refcount=" + count + " reference=" + expected);
      }
    }
    for (long[] flag : copied) {
      long count = refcount(tableOffset, flag[0] >>> clusterBits);
      if ((count == 1) != (flag[1] == 1)) {
        errors.add("copied flag of " + Long.toHexString(flag[0]) + " with refcount " + count);
      }
    }
  }
}
