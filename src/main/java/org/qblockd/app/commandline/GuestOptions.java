// SPDX-License-Identifier: Apache-2.0
package org.qblockd.app.commandline;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.qblockd.machine.device.Global;
import org.qblockd.machine.device.Onboard;
import org.qblockd.qapi.Keyval;
import org.qblockd.qapi.OptsParser.Parsed;
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
  final List<Located<GuestPort>> ports = new ArrayList<>();
  final List<Located<NetOption>> networks = new ArrayList<>();
  final Map<String, String> memory = new LinkedHashMap<>();
  final Map<String, String> compatibility = new LinkedHashMap<>();
  final List<Parsed> clock = new ArrayList<>();
  final List<OptionName> inert = new ArrayList<>();
  @Nullable Located<String> testDriver;
  @Nullable String testLog;
  boolean graphics = true;
  List<Global> globals = List.of();
  boolean network;
  boolean defaultDisc;
  boolean defaultFloppy;
  Onboard onboard = Onboard.NOTHING;
  boolean defaults = true;
  @Nullable String cpu;
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

  /** Whether default devices, drives and monitors are wanted. */
  public boolean defaults() {
    return defaults;
  }

  /** The network back ends, in the order given. */
  public List<Located<NetOption>> networks() {
    return networks;
  }

  /** Whether {@code -nographic} was given. */
  public boolean graphics() {
    return graphics;
  }

  /** The character device of {@code -qtest}, in the short form. */
  public Optional<Located<String>> testDriver() {
    return Optional.ofNullable(testDriver);
  }

  /** Where what a test driver says is written, or null for standard error. */
  public @Nullable String testLog() {
    return testLog;
  }

  /** The machine's memory as {@code -m} tells it: size, slots, maxmem. */
  public Map<String, String> memory() {
    return memory;
  }

  /** The topology as {@code -smp} tells it. */
  public Map<String, String> topology() {
    return smp;
  }

  /** The model and features of {@code -cpu}, or null. */
  public @Nullable String cpu() {
    return cpu;
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

  /** Refuses an unknown type of machine or display adapter, and a wrong clock or memory. */
  public void checkKind() throws CommandLineException, HelpException {
    GuestChecks.kernel(machine);
    GuestChecks.clock(clock);
    if (!machine.isEmpty()) {
      answerMachineHelp();
    }
    MachineType unused = type();
    GuestChecks.memory(memory);
    GuestChecks.vga(vga);
  }

  /** Lists types or properties of machines, when help was asked for. */
  private void answerMachineHelp() throws CommandLineException, HelpException {
    if (machine.containsKey("help") && !machine.containsKey(TYPE)) {
      throw new HelpException(MachineType.list());
    }
    if (machine.containsKey("help")) {
      throw new HelpException(MachineProperties.list(type()));
    }
  }

  /** Refuses everything that QEMU refuses once drives are open. */
  public void checkRest() throws CommandLineException {
    GuestChecks.boot(boot);
    GuestChecks.smp(smp, type());
    GuestChecks.machine(machine, type());
    GuestChecks.accelerators(machine, accelerators);
  }

  /** Whether the machine has a disc drive by itself. */
  public boolean hasDefaultDisc() {
    return defaultDisc;
  }

  /** Whether it has a floppy drive by itself. */
  public boolean hasDefaultFloppy() {
    return defaultFloppy;
  }

  /** The values of {@code -global}. */
  public List<Global> globals() {
    return globals;
  }

  /** What else a PC has on its board. */
  public Onboard onboard() {
    return onboard;
  }

  /** The machine's serial and parallel ports. */
  public List<Located<GuestPort>> ports() {
    return ports;
  }

  /** Whether a port shares its device with a monitor. */
  boolean hasMonitorPort() {
    for (Located<GuestPort> port : ports) {
      if (port.value().device().startsWith("mon:")) {
        return true;
      }
    }
    return false;
  }

  /** Whether a port of this kind is asked for, or refused. */
  boolean hasPort(GuestPort.Kind kind) {
    for (Located<GuestPort> port : ports) {
      if (port.value().kind() == kind) {
        return true;
      }
    }
    return false;
  }
}
