// SPDX-License-Identifier: Apache-2.0
package org.qblockd.machine.object;

/** An object that is only there: without a guest it has nothing to do. Control lane. */
class PlainObject extends UserObject {
  private final boolean stays;

  /**
   * An object of this type.
   *
   * @param stays whether it can never be removed
   */
  PlainObject(String type, boolean stays) {
    super(type);
    this.stays = stays;
  }

  @Override
  protected boolean inUse() {
    return stays;
  }
}
