// SPDX-License-Identifier: Apache-2.0
package org.qblockd.machine.qom;

import org.jspecify.annotations.Nullable;

/**
 * What a type says about one of its properties. Immutable; any thread.
 *
 * @param defaultJson the default as JSON, or null when none is told
 * @param notation which values there are, such as {@code on/off}; may be empty
 */
public record PropertyFact(
    String name, String type, @Nullable String defaultJson, String notation) {

  /** Whether this stands for the form of a property in old listings. */
  boolean legacy() {
    return name.startsWith("legacy-");
  }
}
