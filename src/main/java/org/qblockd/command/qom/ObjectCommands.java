// SPDX-License-Identifier: Apache-2.0
package org.qblockd.command.qom;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.qblockd.base.BlockException;
import org.qblockd.machine.qom.ObjectTree;
import org.qblockd.machine.qom.PropertyFact;
import org.qblockd.machine.qom.QomProperty;
import org.qblockd.machine.qom.QomType;
import org.qblockd.machine.qom.QomTypes;
import org.qblockd.qapi.AnyValue;
import org.qblockd.qapi.ErrorClass;
import org.qblockd.qapi.QmpException;
import org.qblockd.qapi.commands.QomCommands;
import org.qblockd.qapi.types.ObjectPropertyInfo;
import org.qblockd.qapi.types.ObjectTypeInfo;

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

  static List<ObjectPropertyInfo> infos(List<PropertyFact> facts) {
    List<ObjectPropertyInfo> infos = new ArrayList<>();
    for (PropertyFact fact : facts) {
      String json = fact.defaultJson();
      infos.add(
          new ObjectPropertyInfo(
              fact.name(),
              fact.type(),
              fact.notation().isEmpty() ? Optional.empty() : Optional.of(fact.notation()),
              json == null ? Optional.empty() : Optional.of(AnyValue.ofJson(json))));
    }
    return infos;
  }

  @Override
  public List<ObjectTypeInfo> qomListTypes(
      Optional<String> wanted, Optional<Boolean> withAbstract) {
    List<ObjectTypeInfo> infos = new ArrayList<>();
    for (QomType type : QomTypes.all()) {
      boolean shown = !type.isAbstract() || withAbstract.orElse(false);
      if (shown && (wanted.isEmpty() || type.isA(wanted.get()))) {
        QomType parent = type.parent();
        infos.add(
            new ObjectTypeInfo(
                type.name(),
                type.isAbstract() ? Optional.of(true) : Optional.empty(),
                parent == null ? Optional.empty() : Optional.of(parent.name())));
      }
    }
    return infos;
  }

  @Override
  public List<ObjectPropertyInfo> qomListProperties(String typename) throws QmpException {
    QomType type = QomTypes.find(typename);
    if (type == null) {
      throw new QmpException(ErrorClass.DEVICE_NOT_FOUND, "Class '" + typename + "' not found");
    }
    if (!type.isA("object")) {
      throw QmpException.generic("Parameter 'typename' expects a QOM type");
    }
    return infos(type.properties());
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
