// SPDX-License-Identifier: Apache-2.0
package org.qblockd.driver.qcow2;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.qblockd.base.BlockException;
import org.qblockd.base.Errno;

/**
 * The feature name table: which names the images made here carry, and what to say of an image that
 * needs features unknown here. Stateless; any thread. Source: specification, "Feature name table".
 */
final class FeatureNames {
  private static final int ENTRY_BYTES = 48;
  private static final int NAME_BYTES = 46;

  private record Name(int type, int bit, String name) {}

  private static final List<Name> KNOWN =
      List.of(
          new Name(0, 0, "dirty bit"),
          new Name(0, 1, "corrupt bit"),
          new Name(0, 2, "external data file"),
          new Name(0, 3, "compression type"),
          new Name(0, 4, "extended L2 entries"),
          new Name(1, 0, "lazy refcounts"),
          new Name(2, 0, "bitmaps"),
          new Name(2, 1, "raw external data"));

  private FeatureNames() {}

  /** The body of the extension for images written here. */
  static byte[] table() {
    ByteBuffer table = ByteBuffer.allocate(KNOWN.size() * ENTRY_BYTES);
    for (int i = 0; i < KNOWN.size(); i++) {
      Name name = KNOWN.get(i);
      table.position(i * ENTRY_BYTES);
      table.put((byte) name.type).put((byte) name.bit);
      table.put(name.name.getBytes(StandardCharsets.US_ASCII));
    }
    return table.array();
  }

  /** The refusal of an image with these unknown incompatible features. */
  static BlockException unsupported(byte @Nullable [] table, long features) {
    List<String> named = new ArrayList<>();
    long left = features;
    int entries = table == null ? 0 : table.length / ENTRY_BYTES;
    for (int i = 0; i < entries && table != null; i++) {
      int at = i * ENTRY_BYTES;
      long bit = 1L << (table[at + 1] & 63);
      // A table of thousands of entries for one bit must not make a long message.
      if (table[at] == 0 && (table[at + 1] & 0xff) < 64 && (left & bit) != 0) {
        named.add(name(table, at + 2));
        left &= ~bit;
      }
    }
    if (left != 0) {
      named.add("Unknown incompatible feature: " + Long.toHexString(left));
    }
    return BlockException.of(
        Errno.ENOTSUP, "Unsupported qcow2 feature(s): " + String.join(", ", named));
  }

  private static String name(byte[] table, int at) {
    int length = 0;
    while (length < NAME_BYTES && table[at + length] != 0) {
      length++;
    }
    return new String(table, at, length, StandardCharsets.UTF_8);
  }
}
