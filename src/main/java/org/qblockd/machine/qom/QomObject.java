// SPDX-License-Identifier: Apache-2.0
package org.qblockd.machine.qom;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.qblockd.base.BlockException;
import org.qblockd.base.HashedNames;
import org.qblockd.qapi.AnyValue;
import org.qblockd.qapi.InputVisitor;
import org.qblockd.qapi.QmpException;

/**
 * An object of the composition tree: a type, properties, a place. Control lane.
 *
 * <p>Properties belong to the classes of the object, from {@code object} down to its type, or to
 * the object alone; that decides the order in which they are listed.
 */
public class QomObject {
  /** Properties of one class, or of the object alone. */
  private static final class Table {
    final HashedNames names = new HashedNames();
    final Map<String, QomProperty> properties = new HashMap<>();

    /** A given order, or empty for that of the hashed names. */
    final List<QomProperty> listed = new ArrayList<>();
  }

  private final String type;
  private final List<Table> classes = new ArrayList<>();
  private final Table own = new Table();
  private @Nullable QomObject parent;
  private String name = "";

  /** An object of this type, without a place in the tree. */
  public QomObject(String type) {
    this.type = type;
    addClass(QomProperty.string("type", () -> type, null));
  }

  /** The name of the type. */
  public final String type() {
    return type;
  }

  /** The object that has this one as child, or null. */
  public final @Nullable QomObject parent() {
    return parent;
  }

  /** The name of the parent's property that holds this object. */
  public final String name() {
    return name;
  }

  /** Whether this object is of the type or of one derived from it; {@code object} fits all. */
  public boolean isA(String wanted) {
    return wanted.equals(type) || wanted.equals("object");
  }

  /** The path from the root. */
  public final String path() {
    QomObject above = parent;
    if (above == null) {
      return "/";
    }
    return above.parent == null ? "/" + name : above.path() + "/" + name;
  }

  // ---- properties -----------------------------------------------------------------------------

  /** Adds the properties of a class; base classes first. */
  public final void addClass(QomProperty... properties) {
    Table table = new Table();
    for (QomProperty property : properties) {
      put(table, property);
    }
    classes.add(table);
  }

  /** Adds the properties of all classes of the object, in the order in which they are listed. */
  protected final void addListed(List<QomProperty> properties) {
    Table table = new Table();
    for (QomProperty property : properties) {
      table.properties.put(property.name(), property);
    }
    table.listed.addAll(properties);
    classes.add(table);
  }

  /** Adds a property of the object alone. */
  public final void add(QomProperty property) {
    put(own, property);
  }

  private static void put(Table table, QomProperty property) {
    if (table.properties.put(property.name(), property) == null) {
      table.names.add(property.name());
    }
  }

  /** Removes a property of the object alone, if it is there. */
  public final void removeProperty(String property) {
    if (own.properties.remove(property) != null) {
      own.names.remove(property);
    }
  }

  /** Makes {@code child} the child of this name, which is free. */
  public final void addChild(String childName, QomObject child) {
    child.parent = this;
    child.name = childName;
    add(QomProperty.child(childName, child));
  }

  /** Takes this object out of the tree. */
  public final void unparent() {
    QomObject above = parent;
    if (above != null) {
      above.removeProperty(name);
      parent = null;
    }
  }

  /** The property of this name, or null. */
  public final @Nullable QomProperty find(String property) {
    for (Table table : classes) {
      QomProperty found = table.properties.get(property);
      if (found != null) {
        return found;
      }
    }
    return own.properties.get(property);
  }

  /** The property of this name. */
  public final QomProperty property(String property) throws QmpException {
    QomProperty found = find(property);
    if (found == null) {
      throw QmpException.generic("Property '" + type + "." + property + "' not found");
    }
    return found;
  }

  /** All properties in the order of qom-list. */
  public final List<QomProperty> properties() {
    List<QomProperty> all = new ArrayList<>();
    for (Table table : classes) {
      addReversed(table, all);
    }
    addReversed(own, all);
    return all;
  }

  private static void addReversed(Table table, List<QomProperty> all) {
    all.addAll(table.listed);
    for (String each : table.names.all().reversed()) {
      QomProperty property = table.properties.get(each);
      if (property != null) {
        all.add(property);
      }
    }
  }

  /** The children, in the order in which QEMU walks them: that of qom-list backwards. */
  public final List<QomObject> children() {
    List<QomObject> children = new ArrayList<>();
    for (String each : own.names.all()) {
      QomObject child = child(each);
      if (child != null) {
        children.add(child);
      }
    }
    return children;
  }

  /** The child of this name, or null; links do not count. */
  public final @Nullable QomObject child(String childName) {
    QomProperty property = own.properties.get(childName);
    return property != null && property.isChild() ? step(childName) : null;
  }

  /** What a path goes on to with this part: a child or a link's target, or null. */
  final @Nullable QomObject step(String part) {
    QomProperty property = find(part);
    QomProperty.Target target = property == null ? null : property.target();
    return target == null ? null : target.object();
  }

  /** The value of a property, as qom-get gives it. */
  public final AnyValue get(String property) throws QmpException {
    QomProperty.Getter getter = property(property).getter();
    if (getter == null) {
      throw QmpException.generic("Property '" + type + "." + property + "' is not readable");
    }
    return getter.get();
  }

  /** Sets a property from a visitor that stands before a member of its name. */
  public final void set(String property, InputVisitor in) throws QmpException, BlockException {
    QomProperty.Setter setter = property(property).setter();
    if (setter == null) {
      throw QmpException.generic("Property '" + type + "." + property + "' is not writable");
    }
    setter.set(in, property);
  }
}
