// SPDX-License-Identifier: Apache-2.0
package org.qblockd.machine;

import java.util.Map;
import java.util.Optional;

/**
 * What the command line says about the machine that there is not, for the queries that show it.
 * Immutable; any thread.
 *
 * @param type the name of its type, which may be an alias
 * @param uuid its identity
 * @param memory {@code size}, {@code slots} and {@code maxmem} of -m, as they were given
 * @param topology the keys and values of -smp
 * @param cpu the model and features of -cpu
 */
public record MachineFacts(
    String type,
    Optional<String> uuid,
    Map<String, String> memory,
    Map<String, String> topology,
    Optional<String> cpu) {
  /** A machine about which nothing else is said. */
  public static MachineFacts ofType(String type) {
    return new MachineFacts(type, Optional.empty(), Map.of(), Map.of(), Optional.empty());
  }
}
