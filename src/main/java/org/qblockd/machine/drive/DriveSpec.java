// SPDX-License-Identifier: Apache-2.0
package org.qblockd.machine.drive;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.qblockd.blockjob.OnError;

/**
 * A drive to open. Immutable; any thread.
 *
 * @param name the backend's name
 * @param cdrom whether the medium is a CD-ROM
 * @param file the file name, or null when the options tell what to open
 * @param node the options of the node, dotted; empty together with {@code file}: no medium
 * @param writeCache whether completed writes may still be in volatile caches
 * @param snapshot whether a temporary overlay takes all writes
 * @param copyOnRead whether what is read from a backing file is kept
 * @param throttling limits, or null
 * @param formatHelp whether the formats shall be listed, and no drive be made
 * @param accountInvalid whether refused requests count as accesses
 * @param accountFailed whether failed requests count in the latencies
 * @param nextMedium how a later medium is opened when there is none now
 * @param intervals the intervals in seconds of which statistics are kept, unsigned
 * @param warnings lines for standard error that want program name and location
 */
public record DriveSpec(
    String name,
    DriveInterface type,
    int bus,
    int unit,
    boolean cdrom,
    @Nullable String file,
    Map<String, String> node,
    boolean writeCache,
    boolean snapshot,
    boolean copyOnRead,
    @Nullable ThrottleOptions throttling,
    boolean formatHelp,
    boolean accountInvalid,
    boolean accountFailed,
    OnError onReadError,
    OnError onWriteError,
    MediumOptions nextMedium,
    List<Integer> intervals,
    List<String> warnings) {

  /** Whether there is a medium. */
  public boolean hasMedium() {
    return (file != null && !file.isEmpty()) || !node.isEmpty();
  }
}
