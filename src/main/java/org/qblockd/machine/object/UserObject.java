// SPDX-License-Identifier: Apache-2.0
package org.qblockd.machine.object;

import org.qblockd.base.BlockException;
import org.qblockd.machine.qom.QomObject;
import org.qblockd.qapi.QmpException;

/**
 * An object that a user made. It is created, then its properties are set, then it is completed, and
 * only then it may have taken anything from the host. Control lane.
 */
public abstract class UserObject extends QomObject {
  /** An object of this type. */
  protected UserObject(String type) {
    super(type);
  }

  @Override
  public boolean isA(String wanted) {
    return wanted.equals("user-creatable") || super.isA(wanted);
  }

  /** All properties are set and the object has its place: now it begins to work. */
  protected void complete() throws QmpException, BlockException {}

  /** Whether something uses the object, so that it must stay. */
  protected boolean inUse() {
    return false;
  }

  /** The object has lost its place, or could not be completed: gives back what it took. */
  protected void dispose() {}
}
