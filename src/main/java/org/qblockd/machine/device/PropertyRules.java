// SPDX-License-Identifier: Apache-2.0
package org.qblockd.machine.device;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.qblockd.machine.qom.ObjectTree;
import org.qblockd.machine.qom.PropertyFact;
import org.qblockd.machine.qom.QomObject;
import org.qblockd.qapi.AnyValue;
import org.qblockd.qapi.ErrorClass;
import org.qblockd.qapi.InputVisitor;
import org.qblockd.qapi.QmpException;
import org.qblockd.qapi.types.BlockdevOnError;
import org.qblockd.qapi.types.OnOffAuto;

/** Reads the values of device properties and checks them as QEMU does. Control lane. */
final class PropertyRules {
  private static final int MIN_BLOCK = 512;
  private static final int MAX_BLOCK = 2 << 20;
  private static final int LAST_DEVFN = 255;

  /** How the value of {@code drive} finds and takes what it names. */
  interface DriveTaker {
    /** Takes the drive or node for the device. */
    void take(Device device, String owner, String name) throws QmpException;

    /** Lets the drive that the device has use another node. */
    void exchange(BlockUse use, String nodeName) throws QmpException;
  }

  private final ObjectTree tree;
  private final DriveTaker drives;
  private Predicate<String> netdevs = id -> false;

  PropertyRules(ObjectTree tree, DriveTaker drives) {
    this.tree = tree;
    this.drives = drives;
  }

  /** Sets who knows the network back ends. */
  void setNetdevs(Predicate<String> known) {
    netdevs = known;
  }

  /** The value of a property that was not set and has no default. */
  static AnyValue unset(PropertyFact fact) {
    return switch (fact.type()) {
      case "bool" -> AnyValue.of(false);
      case "int", "int32" -> AnyValue.of(-1L);
      case "uint8", "uint16", "uint32", "uint64", "size" -> AnyValue.of(0L);
      default -> AnyValue.of("");
    };
  }

  /** Whether a property may change after the device was realized. */
  static boolean changesLater(PropertyFact fact) {
    return fact.name().equals("bootindex")
        || fact.name().equals("drive")
        || fact.type().equals("guest statistics");
  }

  /** The object that a link with this value points to, or null. */
  @Nullable QomObject linked(String path) {
    try {
      return path.isEmpty() ? null : tree.resolve(path, "object");
    } catch (QmpException ambiguous) {
      return null;
    }
  }

  /** The type that errors about a property name: that of the part to which it belongs. */
  static String ownerOf(Device device, PropertyFact fact) {
    Device part = device.part();
    return part != null && part.kind().property(fact.name()) != null ? part.type() : device.type();
  }

  /** Takes the value from the visitor; it is one that qom-get may show. */
  AnyValue read(Device device, PropertyFact fact, InputVisitor in) throws QmpException {
    String name = fact.name();
    return switch (name) {
      case "drive" -> drive(device, fact, in.string(name));
      case "netdev" -> backEnd(device, fact, in.string(name));
      case "chardev" -> backEnd(device, fact, in.string(name));
      case "bootindex" -> bootIndex(device, in.integer(name, Integer.SIZE));
      case "addr" -> address(device, fact, in);
      case "logical_block_size", "physical_block_size" -> blockSize(name, in.size(name));
      default -> byType(fact, in);
    };
  }

  private AnyValue byType(PropertyFact fact, InputVisitor in) throws QmpException {
    String name = fact.name();
    String type = fact.type();
    return switch (type) {
      case "bool" -> AnyValue.of(in.bool(name));
      case "uint8" -> AnyValue.unsigned(in.unsigned(name, Byte.SIZE));
      case "uint16" -> AnyValue.unsigned(in.unsigned(name, Short.SIZE));
      case "uint32" -> AnyValue.unsigned(in.unsigned(name, Integer.SIZE));
      case "uint64" -> AnyValue.unsigned(in.unsigned(name));
      case "int32" -> AnyValue.of(in.integer(name, Integer.SIZE));
      case "int", "int64" -> AnyValue.of(in.integer(name));
      case "size" -> AnyValue.unsigned(in.size(name));
      case "OnOffAuto" -> AnyValue.of(OnOffAuto.decode(in, name).wireName());
      case "BlockdevOnError" -> AnyValue.of(BlockdevOnError.decode(in, name).wireName());
      case "list", "IOThreadVirtQueueMappingList" -> in.anyValue(name);
      default ->
          type.startsWith("link<")
              ? AnyValue.of(link(name, type.substring(5, type.length() - 1), in.string(name)))
              : AnyValue.of(in.string(name));
    };
  }

  private String link(String name, String type, String path) throws QmpException {
    if (path.isEmpty()) {
      return "";
    }
    QomObject target = tree.resolve(path, type);
    if (target != null) {
      return target.path();
    }
    if (tree.resolve(path, "object") != null) {
      throw QmpException.generic("Invalid parameter type for '" + name + "', expected: " + type);
    }
    throw new QmpException(ErrorClass.DEVICE_NOT_FOUND, "Device '" + path + "' not found");
  }

  private AnyValue drive(Device device, PropertyFact fact, String value) throws QmpException {
    BlockUse use = device.blockUse();
    if (use != null && device.realized()) {
      drives.exchange(use, value);
    } else if (!value.isEmpty()) {
      drives.take(device, ownerOf(device, fact), value);
    }
    return AnyValue.of(value);
  }

  private AnyValue backEnd(Device device, PropertyFact fact, String value) throws QmpException {
    boolean known =
        fact.name().equals("netdev") ? netdevs.test(value) : tree.chardevs().child(value) != null;
    if (!value.isEmpty() && !known) {
      throw notFound(ownerOf(device, fact), fact.name(), value);
    }
    return AnyValue.of(value);
  }

  static QmpException notFound(String owner, String property, String value) {
    return QmpException.generic(
        "Property '" + owner + "." + property + "' can't find value '" + value + "'");
  }

  private AnyValue bootIndex(Device device, long index) throws QmpException {
    if (index >= 0) {
      for (Device other : devices(tree.root(), new ArrayList<>())) {
        if (other.number("bootindex", -1) == index && !other.path().equals(device.path())) {
          throw QmpException.generic("The bootindex " + index + " has already been used");
        }
      }
    }
    return AnyValue.of(index);
  }

  private static List<Device> devices(QomObject from, List<Device> found) {
    if (from instanceof Device device) {
      found.add(device);
      return found;
    }
    for (QomObject child : from.children()) {
      List<Device> unused = devices(child, found);
    }
    return found;
  }

  private static AnyValue blockSize(String name, long size) throws QmpException {
    boolean fits = size >= MIN_BLOCK && size <= MAX_BLOCK && Long.bitCount(size) == 1;
    if (size != 0 && !fits) {
      throw QmpException.generic(
          "parameter " + name + " must be a power of 2 between " + MIN_BLOCK + " and " + MAX_BLOCK);
    }
    return AnyValue.of(size);
  }

  /** Slot and function as {@code 1f.7}, or a number that holds both. */
  private static AnyValue address(Device device, PropertyFact fact, InputVisitor in)
      throws QmpException {
    String name = fact.name();
    if (!fact.type().equals("str") && !fact.type().equals("int32")) {
      return AnyValue.of(in.string(name));
    }
    AnyValue given = in.anyValue(name);
    long number = given.longOr(Long.MIN_VALUE);
    if (number >= -1 && number <= LAST_DEVFN) {
      return AnyValue.of(number < 0 ? "" : slotAndFunction((int) number));
    }
    String text = given.text();
    int devfn = parse(text);
    if (devfn < 0) {
      throw QmpException.generic(
          "Property '" + device.type() + "." + name + "' doesn't take value '" + text + "'");
    }
    return AnyValue.of(slotAndFunction(devfn));
  }

  static String slotAndFunction(int devfn) {
    return "%02x.%x".formatted(devfn >> 3, devfn & 7);
  }

  /** The number of an address; -1 for a text that is none. */
  static int parse(String text) {
    int dot = text.indexOf('.');
    String slot = dot < 0 ? text : text.substring(0, dot);
    String function = dot < 0 ? "0" : text.substring(dot + 1);
    int slotNumber = hex(slot);
    int functionNumber = hex(function);
    boolean fits = slotNumber >= 0 && slotNumber < 32 && functionNumber >= 0 && functionNumber < 8;
    return fits ? slotNumber << 3 | functionNumber : -1;
  }

  private static int hex(String text) {
    String digits = text.startsWith("0x") ? text.substring(2) : text;
    if (digits.isEmpty() || digits.length() > 4) {
      return -1;
    }
    int value = 0;
    for (int i = 0; i < digits.length(); i++) {
      int digit = Character.digit(digits.charAt(i), 16);
      if (digit < 0) {
        return -1;
      }
      value = value * 16 + digit;
    }
    return value;
  }
}
