// SPDX-License-Identifier: Apache-2.0
package org.qblockd.machine.device;

import java.util.HashMap;
import java.util.Map;

/** The buses that devices bring, and their names. Control lane. */
final class NewBuses {
  private final Map<String, Integer> numbers = new HashMap<>();

  /** Adds them to the part of the device that has them. */
  void add(Bus system, Device device, Device inside) {
    BusModel model = BusModel.of(inside.type());
    if (!device.buses().isEmpty() || model.count() == 0) {
      return;
    }
    for (int i = 0; i < model.count(); i++) {
      inside.addBus(
          new Bus(
              model.type(),
              name(system, device, model, i),
              inside,
              model.hotplug(),
              model.places()));
    }
  }

  private String name(Bus system, Device device, BusModel model, int index) {
    if (!device.id().isEmpty()) {
      return model.naming() == BusModel.Naming.ID ? device.id() : device.id() + "." + index;
    }
    int next = numbers.getOrDefault(model.stem(), firstNumber(system, model.stem()));
    numbers.put(model.stem(), next + 1);
    return model.stem() + "." + next;
  }

  /** The machine's own buses come first. */
  private static int firstNumber(Bus system, String stem) {
    int number = 0;
    while (system.find(stem + "." + number, null) != null) {
      number++;
    }
    return number;
  }
}
