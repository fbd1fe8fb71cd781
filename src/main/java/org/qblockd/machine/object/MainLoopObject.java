// SPDX-License-Identifier: Apache-2.0
package org.qblockd.machine.object;

import org.qblockd.qapi.QmpException;

/** The settings of the main loop, of which there is one for good. Control lane. */
final class MainLoopObject extends EventLoopObject {
  private final ObjectTypes types;

  MainLoopObject(ObjectTypes types) {
    super("main-loop");
    this.types = types;
  }

  @Override
  protected void complete() throws QmpException {
    if (!types.claimMainLoop()) {
      throw QmpException.generic("only one main-loop instance allowed");
    }
    super.complete();
  }

  @Override
  protected boolean inUse() {
    return true;
  }
}
