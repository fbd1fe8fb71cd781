// SPDX-License-Identifier: Apache-2.0
package org.qblockd.machine.device;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.qblockd.base.BlockException;
import org.qblockd.machine.qom.QomType;
import org.qblockd.machine.qom.QomTypes;
import org.qblockd.qapi.QmpException;
import org.qblockd.qapi.options.DeviceOptions;

/** The values of {@code -global}, given to each new device of their types. Control lane. */
final class Globals {
  private static final Set<String> FIXED = Set.of("VGA", "cirrus-vga", "vmware-svga");

  private final List<Global> all;
  private final Consumer<String> warnings;
  private final Set<Global> used = new HashSet<>();

  /**
   * Values in the order of the options.
   *
   * @param warnings takes what is wrong for a device that comes later: it comes without the value
   */
  Globals(List<Global> all, Consumer<String> warnings) {
    this.all = all;
    this.warnings = warnings;
  }

  /**
   * Gives a new device its values, the types inside it first.
   *
   * @throws QmpException with QEMU's sentence, while the machine is made
   */
  void apply(Device device, boolean hot) throws QmpException {
    Device part = device.part();
    if (part != null) {
      apply(part, hot);
    }
    for (Global global : all) {
      if (device.kind().isA(global.driver())) {
        used.add(global);
        String wrong = set(device, global);
        if (wrong != null && !hot) {
          throw QmpException.generic(wrong);
        }
        if (wrong != null) {
          warnings.accept("warning: " + wrong);
        }
      }
    }
  }

  /** Sets a value; what is wrong with it, or null. */
  private static @Nullable String set(Device device, Global global) {
    DeviceOptions value = DeviceOptions.ofTexts(Map.of(global.property(), global.value()));
    String failure = "can't apply global " + global.text() + ": ";
    try {
      device.set(global.property(), value.visitor());
      return null;
    } catch (QmpException e) {
      // QEMU reads these by another visitor than the options of devices.
      return failure + e.text().replace("expects integer", "expects uint64");
    } catch (BlockException e) {
      return failure + e.message();
    }
  }

  /** A device of this type can only be there from the start. */
  private static boolean onlyFromStart(QomType type) {
    return type.categories().isEmpty() || FIXED.contains(type.name());
  }

  /** Sentences about values that no device can have. */
  List<String> vain() {
    List<String> sentences = new ArrayList<>();
    for (Global global : all) {
      QomType type = QomTypes.find(global.driver());
      if (type == null || !type.isA("device")) {
        sentences.add(
            "global " + global.driver() + "." + global.property() + " has invalid class name");
      } else if (!used.contains(global) && !type.isAbstract() && onlyFromStart(type)) {
        sentences.add("global " + global.text() + " not used");
      }
    }
    return sentences;
  }
}
