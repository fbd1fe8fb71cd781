// SPDX-License-Identifier: Apache-2.0
package org.qblockd.app.commandline;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.qblockd.qapi.Keyval;
import org.qblockd.qapi.QmpException;

/**
 * What the command line says about the machine that QEMU would run. There is none here: types and
 * properties are checked as QEMU checks them for its machine {@code none}, and have no effect.
 * Filled by the parser, then only read; main thread.
 */
public final class GuestOptions {
  static final String TYPE = "type";

  final Map<String, String> machine = new LinkedHashMap<>();
  final Map<String, String> smp = new LinkedHashMap<>();
  final Map<String, String> boot = new LinkedHashMap<>();
  final List<Located<String>> accelerators = new ArrayList<>();
  final List<Located<String>> ports = new ArrayList<>();
  final List<Located<String>> devices = new ArrayList<>();
  String vga = "";
  boolean qtest;

  GuestOptions() {}

  static void merge(Map<String, String> into, String text, String implied) throws QmpException {
    into.putAll(Keyval.flat(text, implied));
  }

  /**
   * Whether a test driver moves the virtual clock; messages about signals are then left out, as in
   * QEMU.
   */
  public boolean underTest() {
    return qtest;
  }

  /** Whether the machine is the one without any device. */
  public boolean isBare() {
    return "none".equals(machine.get(TYPE));
  }

  /** The name given for the kind of machine, unchecked. */
  public String typeName() {
    return machine.getOrDefault(TYPE, "pc");
  }

  /** The kind of machine; {@code pc} when nothing is said. */
  public MachineType type() throws CommandLineException {
    return MachineType.of(typeName());
  }

  /** Refuses an unknown type of machine or display adapter. */
  public void checkKind() throws CommandLineException {
    MachineType unused = type();
    GuestChecks.vga(vga);
  }

  /** Refuses everything that QEMU refuses once drives are open. */
  public void checkRest() throws CommandLineException {
    GuestChecks.boot(boot);
    GuestChecks.smp(smp, type());
    GuestChecks.machine(machine, type());
    GuestChecks.accelerators(machine, accelerators);
  }

  /** Refuses serial ports and the like that lead somewhere. */
  public void checkPorts() throws CommandLineException {
    for (Located<String> port : ports) {
      if (!port.value().equals("none") && !port.value().equals("null")) {
        throw new CommandLineException(
            port.location(), "there is no machine to connect '" + port.value() + "' to");
      }
    }
  }

  /** Refuses all devices. */
  public void checkDevices() throws CommandLineException {
    for (Located<String> device : devices) {
      throw new CommandLineException(
          device.location(), "'" + device.value() + "' is not a valid device model name");
    }
  }
}
