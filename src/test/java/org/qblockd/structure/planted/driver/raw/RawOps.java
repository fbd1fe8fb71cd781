// SPDX-License-Identifier: Apache-2.0
package org.qblockd.structure.planted.driver.raw;

import io.vertx.core.Vertx;
import java.nio.channels.FileChannel;
import org.jspecify.annotations.Nullable;
import org.qblockd.structure.planted.driver.file.FileOps;

/** Planted: uses a sibling, and a field and a parameter of confined types. */
public final class RawOps {
  private @Nullable FileChannel channel;

  /** Planted. */
  public boolean sibling(Vertx vertx) {
    return FileOps.answer() == vertx.hashCode() && channel == null;
  }
}
