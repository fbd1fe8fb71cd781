// SPDX-License-Identifier: Apache-2.0
package org.qblockd.command.object;

import org.qblockd.base.BlockException;
import org.qblockd.machine.object.UserObjects;
import org.qblockd.qapi.QmpException;
import org.qblockd.qapi.commands.QomObjectsCommands;
import org.qblockd.qapi.types.ObjectOptions;

/** The commands of {@code qom-objects.json}. Control lane. */
public final class UserObjectCommands implements QomObjectsCommands {
  private final UserObjects objects;

  /** The commands for these objects. */
  public UserObjectCommands(UserObjects objects) {
    this.objects = objects;
  }

  @Override
  public void objectAdd(ObjectOptions arguments) throws QmpException, BlockException {
    objects.add(arguments);
  }

  @Override
  public void objectDel(String id) throws QmpException {
    objects.delete(id);
  }
}
