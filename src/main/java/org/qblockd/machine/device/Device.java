// SPDX-License-Identifier: Apache-2.0
package org.qblockd.machine.device;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.qblockd.machine.qom.PropertyFact;
import org.qblockd.machine.qom.QomObject;
import org.qblockd.machine.qom.QomProperty;
import org.qblockd.machine.qom.QomType;
import org.qblockd.qapi.AnyValue;
import org.qblockd.qapi.InputVisitor;
import org.qblockd.qapi.QmpException;

/**
 * A device: its type, the values of its properties, the bus it sits on and those it brings. Control
 * lane.
 */
public final class Device extends QomObject {
  private final QomType kind;
  private final Map<String, AnyValue> values;
  private final List<Bus> buses = new ArrayList<>();
  private String id = "";
  private @Nullable Bus bus;
  private boolean realized;
  private boolean hotplugged;
  private boolean unplugPending;
  private @Nullable BlockUse blockUse;
  private @Nullable Device part;

  Device(QomType kind, PropertyRules rules) {
    this(kind, rules, new HashMap<>());
  }

  /** A part of another device, whose values it shows: what a proxy is a proxy for. */
  Device(QomType kind, PropertyRules rules, Map<String, AnyValue> values) {
    super(kind.name());
    this.kind = kind;
    this.values = values;
    List<QomProperty> listed = new ArrayList<>();
    for (PropertyFact fact : kind.properties()) {
      if (!fact.name().equals("type") && !fact.type().startsWith("child<")) {
        listed.add(property(fact, rules));
      }
    }
    addListed(listed);
  }

  private QomProperty property(PropertyFact fact, PropertyRules rules) {
    String name = fact.name();
    return switch (name) {
      case "parent_bus" -> QomProperty.link(name, "bus", this::bus);
      case "realized" -> QomProperty.bool(name, () -> realized, null);
      case "hotplugged" -> QomProperty.bool(name, () -> hotplugged, null);
      case "hotpluggable" -> QomProperty.bool(name, () -> true, null);
      default ->
          new QomProperty(
              name,
              fact.type(),
              () -> value(fact),
              (in, member) -> set(fact, rules, in),
              fact.type().startsWith("link<") ? () -> rules.linked(value(fact).text()) : null);
    };
  }

  private AnyValue value(PropertyFact fact) {
    AnyValue set = values.get(fact.name());
    String json = fact.defaultJson();
    BlockUse use = blockUse;
    if (use != null && fact.name().equals("drive")) {
      return AnyValue.of(use.driveName());
    }
    if (set != null) {
      return set;
    }
    if (json != null) {
      return AnyValue.ofJson(json);
    }
    return PropertyRules.unset(fact);
  }

  private void set(PropertyFact fact, PropertyRules rules, InputVisitor in) throws QmpException {
    if (realized && !PropertyRules.changesLater(fact)) {
      throw QmpException.generic(
          "Attempt to set property '"
              + fact.name()
              + "' on "
              + (id.isEmpty() ? "anonymous device" : "device '" + id + "'")
              + " (type '"
              + type()
              + "') after it was realized");
    }
    values.put(fact.name(), rules.read(this, fact, in));
  }

  @Override
  public boolean isA(String wanted) {
    return kind.isA(wanted);
  }

  /** The type. */
  public QomType kind() {
    return kind;
  }

  /** The id; empty for an anonymous device. */
  public String id() {
    return id;
  }

  void setId(String newId) {
    id = newId;
  }

  /** How sentences call it: by id, else by path. */
  public String idOrPath() {
    return id.isEmpty() ? path() : id;
  }

  /** The value of a property that was set or has a default; null otherwise. */
  @Nullable AnyValue valueOf(String property) {
    AnyValue set = values.get(property);
    PropertyFact fact = set == null ? kind.property(property) : null;
    return fact == null ? set : value(fact);
  }

  /** The number that a property is, or {@code otherwise}. */
  long number(String property, long otherwise) {
    AnyValue value = valueOf(property);
    return value == null ? otherwise : value.longOr(otherwise);
  }

  boolean isOn(String property) {
    AnyValue value = valueOf(property);
    return value != null && value.isTrue();
  }

  /** The value as text; empty when there is none. */
  String text(String property) {
    AnyValue value = valueOf(property);
    return value == null ? "" : value.text();
  }

  void put(String property, AnyValue value) {
    values.put(property, value);
  }

  /** Values shared with a part. */
  Map<String, AnyValue> values() {
    return values;
  }

  // ---- place ----------------------------------------------------------------------------------

  /** The bus it sits on, or null. */
  @Nullable Bus bus() {
    return bus;
  }

  void plugInto(Bus where) {
    bus = where;
    where.devices().addFirst(this);
  }

  void unplug() {
    Bus where = bus;
    if (where != null) {
      where.devices().remove(this);
    }
  }

  /** The buses that it brings, newest first. */
  List<Bus> buses() {
    Device inside = part;
    if (inside == null || inside.buses.isEmpty()) {
      return buses;
    }
    List<Bus> all = new ArrayList<>(buses);
    all.addAll(inside.buses);
    return all;
  }

  void addBus(Bus below) {
    buses.addFirst(below);
    addChild(below.busName(), below);
  }

  /** What it is a proxy for, or null. */
  public @Nullable Device part() {
    return part;
  }

  void setPart(Device inside) {
    part = inside;
  }

  // ---- state ----------------------------------------------------------------------------------

  boolean realized() {
    return realized;
  }

  void setRealized(boolean asHotplug) {
    realized = true;
    hotplugged = asHotplug;
  }

  boolean unplugPending() {
    return unplugPending;
  }

  void setUnplugPending() {
    unplugPending = true;
  }

  /** How it uses a drive, or null. */
  public @Nullable BlockUse blockUse() {
    return blockUse;
  }

  void setBlockUse(BlockUse use) {
    blockUse = use;
  }
}
