// SPDX-License-Identifier: Apache-2.0
package org.qblockd.machine;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.qblockd.block.BlockBackend;

/** The drives made by {@code -drive}: named backends with what QMP shows of them. Control lane. */
public final class Drives {
  private final List<Drive> drives = new ArrayList<>();

  /** All drives in the order in which they were made. */
  public List<Drive> all() {
    return List.copyOf(drives);
  }

  /** Adds a drive. */
  public void add(Drive drive) {
    drives.add(drive);
  }

  /** The drive of this backend, or null. */
  public @Nullable Drive of(BlockBackend backend) {
    for (Drive drive : drives) {
      if (drive.backend() == backend) {
        return drive;
      }
    }
    return null;
  }
}
