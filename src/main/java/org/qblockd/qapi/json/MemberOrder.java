// SPDX-License-Identifier: Apache-2.0
package org.qblockd.qapi.json;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The order in which QEMU prints the members of an object: that of the 512 hash buckets of its
 * dictionaries, and in one bucket the youngest member first. Recorded outputs of QEMU's tests
 * depend on it. Stateless; any thread.
 */
public final class MemberOrder {
  private static final int BUCKETS = 512;

  private MemberOrder() {}

  /** The names of an object's members in QEMU's order. */
  public static List<String> names(JsonValue.JsonObject object) {
    List<String> names = new ArrayList<>();
    for (Map.Entry<String, JsonValue> member : sorted(object.members())) {
      names.add(member.getKey());
    }
    return names;
  }

  /** The entries of an object in QEMU's order. */
  static Map.Entry<String, JsonValue>[] sorted(Map<String, JsonValue> members) {
    @SuppressWarnings({"unchecked", "rawtypes"})
    Map.Entry<String, JsonValue>[] entries = members.entrySet().toArray(new Map.Entry[0]);
    int[] buckets = new int[entries.length];
    for (int i = 0; i < entries.length; i++) {
      Map.Entry<String, JsonValue> entry = entries[i];
      int bucket = bucket(entry.getKey());
      int at = i;
      while (at > 0 && buckets[at - 1] >= bucket) {
        buckets[at] = buckets[at - 1];
        entries[at] = entries[at - 1];
        at--;
      }
      buckets[at] = bucket;
      entries[at] = entry;
    }
    return entries;
  }

  /** The bucket of a member name: the hash of Samba's trivial database over its UTF-8 bytes. */
  static int bucket(String name) {
    int length = name.length();
    int hash = 0x238F13AF * length;
    for (int i = 0; i < length; i++) {
      char c = name.charAt(i);
      if (c == 0 || c >= 0x80) {
        return bucketOfBytes(name);
      }
      hash += c << (i * 5 % 24);
    }
    return finish(hash);
  }

  private static int bucketOfBytes(String name) {
    // QEMU keeps U+0000 as the two bytes C0 80.
    int size = 0;
    int sum = 0;
    for (byte b : name.getBytes(UTF_8)) {
      int first = b == 0 ? 0xC0 : b & 0xFF;
      sum += first << (size++ * 5 % 24);
      if (b == 0) {
        sum += 0x80 << (size++ * 5 % 24);
      }
    }
    return finish(0x238F13AF * size + sum);
  }

  private static int finish(int hash) {
    return (1103515243 * hash + 12345) & (BUCKETS - 1);
  }
}
