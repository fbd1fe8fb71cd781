// SPDX-License-Identifier: Apache-2.0
package org.qblockd.machine.object;

/** An object that says which clients may do something. Control lane. */
public abstract class Authz extends UserObject {
  /** An object of this type. */
  protected Authz(String type) {
    super(type);
  }

  @Override
  public boolean isA(String wanted) {
    return wanted.equals("authz") || super.isA(wanted);
  }

  /** Whether this client may. */
  public abstract boolean allows(String who);
}
