// SPDX-License-Identifier: Apache-2.0
package org.qblockd.command.qom;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.qblockd.base.BlockException;
import org.qblockd.machine.qom.ObjectTree;
import org.qblockd.machine.qom.QomProperty;
import org.qblockd.qapi.AnyValue;
import org.qblockd.qapi.QmpException;
import org.qblockd.qapi.commands.QomCommands;
import org.qblockd.qapi.types.ObjectPropertyInfo;

/** The commands of {@code qom.json}. Control lane. */
public final class ObjectCommands implements QomCommands {
  private final ObjectTree tree;

  /** The commands for this tree. */
  public ObjectCommands(ObjectTree tree) {
    this.tree = tree;
  }

  @Override
  public List<ObjectPropertyInfo> qomList(String path) throws QmpException {
    List<ObjectPropertyInfo> infos = new ArrayList<>();
    for (QomProperty property : tree.resolve(path).properties()) {
      infos.add(
          new ObjectPropertyInfo(
              property.name(), property.type(), Optional.empty(), Optional.empty()));
    }
    return infos;
  }

  @Override
  public AnyValue qomGet(String path, String property) throws QmpException {
    return tree.resolve(path).get(property);
  }

  @Override
  public void qomSet(String path, String property, AnyValue value)
      throws QmpException, BlockException {
    tree.resolve(path).set(property, value.visitor(property));
  }
}
