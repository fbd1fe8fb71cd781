// SPDX-License-Identifier: Apache-2.0
package org.qblockd.qapi;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Arrays;
import java.util.Collection;
import org.jspecify.annotations.Nullable;

/**
 * Which of several unexpected members QEMU names: the first in the hash table in which it crosses
 * out the ones that it has seen. The table is GLib's: open addressing by growing steps, at least
 * eight slots, tombstones. Built only for an error. Confined to one thread.
 */
final class UnvisitedKeys {
  private static final int MIN_SHIFT = 3;
  private static final int GONE = 1;
  private static final int FIRST_REAL = 2;

  /** The modulus for a table of two to the power of the index. */
  private static final int[] MODULI = {
    1, 2, 3, 7, 13, 31, 61, 127, 251, 509, 1021, 2039, 4093, 8191, 16381, 32749, 65521
  };

  private int shift = MIN_SHIFT;
  private int[] hashes = new int[1 << MIN_SHIFT];
  private @Nullable String[] keys = new @Nullable String[1 << MIN_SHIFT];
  private int live;
  private int occupied;

  private UnvisitedKeys() {}

  /**
   * The one of {@code keys} that QEMU would name; at least one is not in {@code visited}.
   *
   * @param keys all members, in the order of QEMU's dictionaries
   * @param visited members that were asked for, in that order
   */
  static String first(Collection<String> keys, Collection<String> visited) {
    if (keys.size() > MODULI[MODULI.length - 1] / 2) {
      return keys.stream().filter(key -> !visited.contains(key)).findFirst().orElseThrow();
    }
    UnvisitedKeys table = new UnvisitedKeys();
    for (String key : keys) {
      table.insert(key);
    }
    for (String key : visited) {
      table.remove(key);
    }
    for (String key : table.keys) {
      if (key != null) {
        return key;
      }
    }
    throw new IllegalArgumentException("all members were visited");
  }

  /** GLib's hash of a string, kept apart from the marks of free and abandoned slots. */
  private static int hash(String key) {
    int hash = 5381;
    for (byte b : key.getBytes(UTF_8)) {
      hash = hash * 33 + b;
    }
    return Integer.compareUnsigned(hash, FIRST_REAL) < 0 ? FIRST_REAL : hash;
  }

  private int home(int hash) {
    return Integer.remainderUnsigned(hash * 11, MODULI[shift]);
  }

  /** The slot of a key, or the one where it belongs. */
  private int slot(String key, int hash) {
    int slot = home(hash);
    int grave = -1;
    for (int step = 1; hashes[slot] != 0; step++) {
      if (hashes[slot] == hash && key.equals(keys[slot])) {
        return slot;
      }
      if (hashes[slot] == GONE && grave < 0) {
        grave = slot;
      }
      slot = (slot + step) & (hashes.length - 1);
    }
    return grave >= 0 ? grave : slot;
  }

  private void insert(String key) {
    int hash = hash(key);
    int slot = slot(key, hash);
    if (hashes[slot] == 0) {
      occupied++;
    }
    hashes[slot] = hash;
    keys[slot] = key;
    live++;
    resizeIfNeeded();
  }

  private void remove(String key) {
    int slot = slot(key, hash(key));
    if (keys[slot] == null) {
      return;
    }
    hashes[slot] = GONE;
    keys[slot] = null;
    live--;
    resizeIfNeeded();
  }

  private void resizeIfNeeded() {
    int size = hashes.length;
    boolean sparse = size > 1 << MIN_SHIFT && size > live * 4;
    if (sparse || size <= occupied + occupied / 16) {
      resize();
    }
  }

  private void resize() {
    int wanted = (int) (live * 1.333);
    shift = Math.max(MIN_SHIFT, Integer.SIZE - Integer.numberOfLeadingZeros(wanted));
    int newSize = 1 << shift;
    int oldSize = hashes.length;
    int bigger = Math.max(newSize, oldSize);
    hashes = Arrays.copyOf(hashes, bigger);
    keys = Arrays.copyOf(keys, bigger);
    boolean[] placed = new boolean[newSize];
    for (int i = 0; i < oldSize; i++) {
      if (i < newSize && placed[i]) {
        continue;
      }
      int hash = hashes[i];
      String key = keys[i];
      hashes[i] = 0;
      keys[i] = null;
      evict(hash, key, placed);
    }
    hashes = Arrays.copyOf(hashes, newSize);
    keys = Arrays.copyOf(keys, newSize);
    occupied = live;
  }

  /** Moves a key to its new slot, then the key that it displaced, and so on. */
  private void evict(int firstHash, @Nullable String firstKey, boolean[] placed) {
    int hash = firstHash;
    String key = firstKey;
    while (key != null) {
      int slot = home(hash);
      for (int step = 1; placed[slot]; step++) {
        slot = (slot + step) & (placed.length - 1);
      }
      placed[slot] = true;
      int displacedHash = hashes[slot];
      String displacedKey = keys[slot];
      hashes[slot] = hash;
      keys[slot] = key;
      hash = displacedHash;
      key = displacedKey;
    }
  }
}
