// SPDX-License-Identifier: Apache-2.0
package org.qblockd.app.commandline;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.qblockd.qapi.OptsParser.Parsed;
import org.qblockd.qapi.QmpException;

/** QEMU's sentences about machines that cannot be. Stateless; any thread. */
final class GuestChecks {
  private static final List<String> VGA =
      List.of("none", "std", "cirrus", "vmware", "qxl", "virtio", "tcx", "cg3", "xenfb");
  private static final List<String> SMP =
      List.of(
          "cpus",
          "drawers",
          "books",
          "sockets",
          "dies",
          "clusters",
          "modules",
          "cores",
          "threads",
          "maxcpus");
  private static final List<String> BOOT =
      List.of("order", "once", "menu", "splash", "splash-time", "reboot-timeout", "strict");
  private static final List<String> ACCELERATORS = List.of("tcg", "kvm", "qtest");

  private GuestChecks() {}

  private static CommandLineException wrong(String sentence) {
    return new CommandLineException("", sentence);
  }

  static void compatibility(String name, String policy) throws QmpException {
    List<String> policies =
        switch (name) {
          case "deprecated-input", "unstable-input" -> List.of("accept", "reject", "crash");
          case "deprecated-output", "unstable-output" -> List.of("accept", "hide");
          default -> throw QmpException.generic("Parameter '" + name + "' is unexpected");
        };
    if (!policies.contains(policy)) {
      throw QmpException.generic("Parameter '" + name + "' does not accept value '" + policy + "'");
    }
  }

  static void vga(String type) throws CommandLineException {
    if (!type.isEmpty() && !VGA.contains(type)) {
      throw wrong("unknown vga type: " + type);
    }
  }

  private static void unexpected(Map<String, String> options, List<String> known, String what)
      throws CommandLineException {
    for (String key : options.keySet()) {
      if (!known.contains(key)) {
        throw wrong("Parameter '" + what + "." + key + "' is unexpected");
      }
    }
  }

  static void boot(Map<String, String> boot) throws CommandLineException {
    unexpected(boot, BOOT, "boot");
    for (String key : new String[] {"order", "once"}) {
      String devices = boot.getOrDefault(key, "");
      for (int i = 0; i < devices.length(); i++) {
        char device = devices.charAt(i);
        if (device < 'a' || device > 'p') {
          throw wrong("Invalid boot device '" + device + "'");
        }
      }
    }
  }

  static void smp(Map<String, String> smp, MachineType type) throws CommandLineException {
    for (String key : SMP) {
      String value = smp.get(key);
      if (value != null && !isInteger(value)) {
        throw wrong("Parameter 'smp." + key + "' expects integer");
      }
    }
    unexpected(smp, SMP, "smp");
    for (String value : smp.values()) {
      if (Long.parseLong(value) <= 0) {
        throw wrong("Invalid CPU topology: CPU topology parameters must be greater than zero");
      }
    }
    long cpus = Long.parseLong(smp.getOrDefault("cpus", "1"));
    if (cpus > 1 && !type.hasBuses()) {
      throw wrong("Invalid SMP CPUs " + cpus + ". The max CPUs supported by machine 'none' is 1");
    }
  }

  private static boolean isInteger(String text) {
    return text.length() < 10 && text.matches("-?[0-9]+");
  }

  /** QEMU notices these before it opens anything. */
  static void kernel(Map<String, String> machine) throws CommandLineException {
    if (machine.containsKey("kernel")) {
      return;
    }
    for (String needing : new String[] {"append", "initrd", "shim"}) {
      if (machine.containsKey(needing)) {
        throw wrong("-" + needing + " only allowed with -kernel option");
      }
    }
  }

  static void clock(List<Parsed> clocks) throws CommandLineException {
    for (Parsed clock : clocks) {
      String base = clock.get("base");
      if (base != null && !base.equals("utc") && !base.equals("localtime") && !isDate(base)) {
        throw wrong(
            "invalid datetime format\nvalid formats: '2006-06-17T16:01:21' or '2006-06-17'");
      }
      oneOf(clock.get("clock"), List.of("host", "rt", "vm"));
      oneOf(clock.get("driftfix"), List.of("slew", "none"));
    }
  }

  private static void oneOf(@Nullable String value, List<String> known)
      throws CommandLineException {
    if (value != null && !known.contains(value)) {
      throw wrong("invalid option value '" + value + "'");
    }
  }

  private static boolean isDate(String text) {
    return text.matches("[0-9]{1,4}-[0-9]{1,2}-[0-9]{1,2}(T[0-9]{1,2}:[0-9]{1,2}:[0-9]{1,2})?");
  }

  static void memory(Map<String, String> memory) throws CommandLineException {
    if (memory.containsKey("slots") && !memory.containsKey("maxmem")) {
      throw wrong("slots specified but no max-size");
    }
  }

  static void machine(Map<String, String> machine, MachineType type) throws CommandLineException {
    for (String key : machine.keySet()) {
      if (!MachineProperties.has(type, key)) {
        throw wrong("Property '" + type.name() + "-machine." + key + "' not found");
      }
    }
  }

  static void accelerators(Map<String, String> machine, List<Located<String>> accelerators)
      throws CommandLineException {
    String inMachine = machine.get("accel");
    if (inMachine != null) {
      if (!accelerators.isEmpty()) {
        throw wrong("The -accel and \"-machine accel=\" options are incompatible");
      }
      accelerator("", inMachine);
    }
    for (Located<String> accelerator : accelerators) {
      accelerator(accelerator.location(), accelerator.value());
    }
  }

  /** One of a list is enough. */
  private static void accelerator(String location, String names) throws CommandLineException {
    String[] all = names.split(":", -1);
    String[] sentences = new String[all.length];
    for (int i = 0; i < all.length; i++) {
      if (ACCELERATORS.contains(all[i])) {
        return;
      }
      sentences[i] = "invalid accelerator " + all[i];
    }
    throw new CommandLineException(location, sentences);
  }
}
