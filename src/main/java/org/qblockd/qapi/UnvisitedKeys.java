// SPDX-License-Identifier: Apache-2.0
package org.qblockd.qapi;

import java.util.Collection;
import java.util.Set;

/** Which of several unexpected members QEMU names. Any thread. */
final class UnvisitedKeys {
  private UnvisitedKeys() {}

  /** The first of {@code keys} that is not in {@code visited}; there is one. */
  static String first(Set<String> keys, Collection<String> visited) {
    for (String key : keys) {
      if (!visited.contains(key)) {
        return key;
      }
    }
    throw new IllegalArgumentException("all keys were visited");
  }
}
