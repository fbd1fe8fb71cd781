// SPDX-License-Identifier: Apache-2.0
package org.qblockd.base;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The names of an object's properties in the order in which QEMU walks them: that of the buckets of
 * a hash table with open addressing, as GLib makes it. Replies show this order. One thread at a
 * time.
 */
public final class HashedNames {
  private static final int MIN_SHIFT = 3;
  private static final int[] PRIMES = {
    1, 2, 3, 7, 13, 31, 61, 127, 251, 509, 1021, 2039, 4093, 8191, 16381, 32749
  };

  private @Nullable String[] slots = new @Nullable String[1 << MIN_SHIFT];
  private boolean[] removed = new boolean[1 << MIN_SHIFT];
  private int shift = MIN_SHIFT;
  private int used;
  private int occupied;

  /** Adds a name that is not there. */
  public void add(String name) {
    int at = slot(name, true);
    boolean fresh = !removed[at];
    removed[at] = false;
    slots[at] = name;
    used++;
    if (fresh) {
      occupied++;
      resizeIfNeeded();
    }
  }

  /**
   * Removes a name that is there. As with QEMU's objects, the table shrinks with a later addition.
   */
  public void remove(String name) {
    int at = slot(name, false);
    slots[at] = null;
    removed[at] = true;
    used--;
  }

  /** All names in the order of the buckets. */
  public List<String> all() {
    List<String> names = new ArrayList<>(used);
    for (String name : slots) {
      if (name != null) {
        names.add(name);
      }
    }
    return names;
  }

  /** The slot of a name; for one that is to be added, the first that was freed on the way. */
  private int slot(String name, boolean adding) {
    int at = bucket(name);
    int freed = -1;
    for (int step = 1; slots[at] != null || removed[at]; step++) {
      if (name.equals(slots[at])) {
        return at;
      }
      if (removed[at] && freed < 0) {
        freed = at;
      }
      at = (at + step) & (slots.length - 1);
    }
    return adding && freed >= 0 ? freed : at;
  }

  private int bucket(String name) {
    int hash = 5381;
    for (byte b : name.getBytes(UTF_8)) {
      hash = hash * 33 + b;
    }
    return Integer.remainderUnsigned(hash * 11, PRIMES[shift]);
  }

  private void resizeIfNeeded() {
    int size = slots.length;
    boolean sparse = size > used * 4 && size > 1 << MIN_SHIFT;
    if (sparse || size <= occupied + occupied / 16) {
      resize();
    }
  }

  /** Moves names in place, each evicting the one it lands on that has not moved yet. */
  private void resize() {
    int bits = Integer.SIZE - Integer.numberOfLeadingZeros((int) (used * 1.333));
    shift = Math.max(MIN_SHIFT, bits);
    int oldSize = slots.length;
    int newSize = 1 << shift;
    slots = Arrays.copyOf(slots, Math.max(oldSize, newSize));
    BitSet settled = new BitSet(newSize);
    for (int i = 0; i < oldSize; i++) {
      String name = slots[i];
      if (name != null && !settled.get(i)) {
        slots[i] = null;
        settle(name, settled, newSize - 1);
      }
    }
    slots = Arrays.copyOf(slots, newSize);
    removed = new boolean[newSize];
    occupied = used;
  }

  private void settle(String first, BitSet settled, int mask) {
    String moving = first;
    while (moving != null) {
      int at = bucket(moving);
      for (int step = 1; settled.get(at); step++) {
        at = (at + step) & mask;
      }
      settled.set(at);
      String evicted = slots[at];
      slots[at] = moving;
      moving = evicted;
    }
  }
}
