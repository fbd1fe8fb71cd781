// SPDX-License-Identifier: Apache-2.0
package org.qblockd.tls;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Versions of the protocol that may be spoken, as GnuTLS' priority strings choose them; other parts
 * of such a string are not understood. Immutable.
 *
 * @param names as the JDK calls them, the newest first
 */
public record TlsVersions(List<String> names) {
  private static final String NEW = "TLSv1.3";
  private static final String OLD = "TLSv1.2";

  /** Both versions that are safe. */
  public static final TlsVersions ALL = new TlsVersions(List.of(NEW, OLD));

  /**
   * The versions that a priority string leaves.
   *
   * @throws TlsFailure when it says something else, or leaves none
   */
  public static TlsVersions of(@Nullable String priority) throws TlsFailure {
    if (priority == null) {
      return ALL;
    }
    boolean newest = true;
    boolean older = true;
    for (String word : priority.split(":", -1)) {
      boolean on = word.startsWith("+");
      switch (word.isEmpty() ? "" : word.substring(1)) {
        case "VERS-ALL", "VERS-TLS-ALL" -> {
          newest = on;
          older = on;
        }
        case "VERS-TLS1.3" -> newest = on;
        case "VERS-TLS1.2" -> older = on;
        default -> check(word, priority);
      }
    }
    if (!newest && !older) {
      throw new TlsFailure("TLS priority '" + priority + "' leaves no version of the protocol");
    }
    return newest && older ? ALL : new TlsVersions(List.of(newest ? NEW : OLD));
  }

  private static void check(String word, String priority) throws TlsFailure {
    if (!List.of("NORMAL", "SECURE128", "@SYSTEM", "@QEMU,SYSTEM", "-VERS-TLS1.0", "-VERS-TLS1.1")
        .contains(word)) {
      throw new TlsFailure("TLS priority '" + priority + "': '" + word + "' is not served");
    }
  }
}
