// SPDX-License-Identifier: Apache-2.0
package org.qblockd.app.commandline;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A drive to open. Immutable; any thread.
 *
 * @param name the backend's name
 * @param file the file name, or null when the options tell what to open
 * @param node the options of the node, dotted; empty together with {@code file}: no medium
 * @param writeCache whether completed writes may still be in volatile caches
 * @param accountInvalid whether refused requests count as accesses
 * @param accountFailed whether failed requests count in the latencies
 * @param warnings lines for standard error that want program name and location
 */
public record DriveSpec(
    String name,
    DriveInterface type,
    int bus,
    int unit,
    @Nullable String file,
    Map<String, String> node,
    boolean writeCache,
    boolean accountInvalid,
    boolean accountFailed,
    List<String> warnings) {

  /** Whether there is a medium. */
  public boolean hasMedium() {
    return (file != null && !file.isEmpty()) || !node.isEmpty();
  }
}
