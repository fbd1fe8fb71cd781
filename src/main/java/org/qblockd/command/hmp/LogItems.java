// SPDX-License-Identifier: Apache-2.0
package org.qblockd.command.hmp;

/** What can be logged: the items of {@code log} and of option -d. Nothing here is ever logged. */
final class LogItems {
  private static final String[][] ITEMS = {
    {"none", "log nothing"},
    {"out_asm", "host code made for the guest"},
    {"in_asm", "the guest's code"},
    {"op", "the translator's operations"},
    {"op_opt", "the same, made better"},
    {"op_ind", "the same, before they are lowered"},
    {"op_plugin", "the same, before plug-ins add to them"},
    {"int", "interrupts and exceptions"},
    {"exec", "each block of code that runs"},
    {"cpu", "registers before each block"},
    {"fpu", "floating point registers, too"},
    {"mmu", "address translation"},
    {"pcall", "far calls and returns"},
    {"cpu_reset", "the state before a reset of a CPU"},
    {"unimp", "what the emulator cannot do"},
    {"guest_errors", "what the guest does wrong"},
    {"page", "pages of a user mode emulation"},
    {"nochain", "every block, by not chaining them"},
    {"plugin", "what plug-ins say"},
    {"strace", "system calls of a user mode emulation"},
    {"tid", "a file for each thread; its name needs '%d'"},
    {"vpu", "vector registers, too"},
    {"invalid_mem", "accesses to memory that is not there"},
    {"trace:PATTERN", "trace events"}
  };

  private LogItems() {}

  /** The list that {@code help log} shows. */
  static String help() {
    StringBuilder text = new StringBuilder("Log items (comma separated):\n");
    for (String[] item : ITEMS) {
      text.append("%-15s %s\n".formatted((Object[]) item));
    }
    return text.append("\nUse \"log trace:help\" to get a list of trace events.\n\n").toString();
  }

  /** Whether the items, separated by commas, can all be logged. */
  static boolean areKnown(String items) {
    for (String item : items.split(",", -1)) {
      if (!isKnown(item)) {
        return false;
      }
    }
    return true;
  }

  private static boolean isKnown(String item) {
    for (String[] known : ITEMS) {
      if (known[0].equals(item)) {
        return true;
      }
    }
    return item.equals("all") || item.startsWith("trace:");
  }
}
