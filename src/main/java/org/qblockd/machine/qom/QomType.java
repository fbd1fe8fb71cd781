// SPDX-License-Identifier: Apache-2.0
package org.qblockd.machine.qom;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A type of QEMU's object model. Filled by {@link QomTypes}, then only read. Any thread. */
public final class QomType {
  private final String name;
  private final @Nullable QomType parent;
  private final boolean isAbstract;
  private final List<String> interfaces;
  private final String bus;
  private final String alias;
  private final List<String> categories;
  private final List<PropertyFact> own = new ArrayList<>();
  private boolean replaces;

  QomType(
      String name,
      @Nullable QomType parent,
      boolean isAbstract,
      List<String> interfaces,
      String bus,
      String alias,
      List<String> categories) {
    this.name = name;
    this.parent = parent;
    this.isAbstract = isAbstract;
    this.interfaces = interfaces;
    this.bus = bus;
    this.alias = alias;
    this.categories = categories;
  }

  void add(PropertyFact fact) {
    own.add(fact);
  }

  void replace() {
    replaces = true;
  }

  /** The name. */
  public String name() {
    return name;
  }

  /** The type it is derived from, or null. */
  public @Nullable QomType parent() {
    return parent;
  }

  /** Whether there are only objects of derived types. */
  public boolean isAbstract() {
    return isAbstract;
  }

  /** The type of bus that such a device plugs into; empty for none. */
  public String bus() {
    return bus;
  }

  /** Another name of the device type; empty for none. */
  public String alias() {
    return alias;
  }

  /** The headings of {@code -device help} under which the type stands; none: not for users. */
  public List<String> categories() {
    return categories;
  }

  /** Whether this type is the wanted one, is derived from it, or has it as interface. */
  public boolean isA(String wanted) {
    for (QomType each = this; each != null; each = each.parent) {
      if (each.name.equals(wanted) || each.interfaces.contains(wanted)) {
        return true;
      }
    }
    return false;
  }

  /** All properties in the order of qom-list-properties. */
  public List<PropertyFact> properties() {
    QomType above = parent;
    List<PropertyFact> all =
        above == null || replaces ? new ArrayList<>() : new ArrayList<>(above.properties());
    all.addAll(own);
    return all;
  }

  /** The property of this name, or null. */
  public @Nullable PropertyFact property(String wanted) {
    for (PropertyFact fact : properties()) {
      if (fact.name().equals(wanted)) {
        return fact;
      }
    }
    return null;
  }

  /** The properties that a user sets on a device, in the order of device-list-properties. */
  public List<PropertyFact> deviceProperties() {
    List<PropertyFact> shown = new ArrayList<>();
    for (PropertyFact fact : properties()) {
      boolean hidden =
          switch (fact.name()) {
            case "type", "realized", "hotpluggable", "hotplugged", "parent_bus" -> true;
            default -> fact.legacy();
          };
      if (!hidden) {
        shown.add(fact);
      }
    }
    return shown;
  }
}
