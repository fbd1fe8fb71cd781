// SPDX-License-Identifier: Apache-2.0
package org.qblockd.structure.planted.chardev;

import io.vertx.core.Vertx;

/** Planted: Vert.x where it may be, and a library that has no place. */
public final class VertxTransport {
  /** Planted. */
  public boolean right(Vertx vertx) {
    return vertx.equals(org.assertj.core.util.Lists.list());
  }
}
