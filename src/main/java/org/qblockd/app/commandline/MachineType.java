// SPDX-License-Identifier: Apache-2.0
package org.qblockd.app.commandline;

import java.util.List;

/**
 * A type of machine, as far as drives care. Immutable; any thread.
 *
 * @param name the full name; aliases are resolved
 * @param hasBuses whether drives with {@code if=ide} and the like can be plugged in
 */
public record MachineType(String name, boolean hasBuses) {
  private static final String NONE = "none";
  private static final String PC = "pc-i440fx-";
  private static final String Q35 = "pc-q35-";
  private static final String NEWEST = "10.0";

  /** In the order of the list; those from 7.0 on down are deprecated. */
  private static final String OLDER =
      "9.2 9.1 9.0 8.2 8.1 8.0 7.2 7.1 7.0 6.2 6.1 6.0 5.2 5.1 5.0 4.2 4.1 4.0.1 4.0 3.1 3.0 2.9"
          + " 2.8 2.7 2.6 2.5 2.4 2.12 2.11 2.10";

  private static final int NAME_COLUMN = 20;

  /** Types that the list does not show. */
  private static final List<String> HIDDEN = List.of("xenfv", "xenpv", "xenfv-4.2", "xenfv-3.1");

  /** Whether it is a PC, of any age. */
  boolean isPc() {
    return name.startsWith(PC) || name.startsWith(Q35) || name.equals("isapc");
  }

  /** Whether it has the Q35's chips: one disk on each bus, and no floppy drives. */
  public boolean isQ35() {
    return name.startsWith(Q35);
  }

  static MachineType of(String name) throws CommandLineException {
    String full = name.equals("pc") ? PC + NEWEST : name.equals("q35") ? Q35 + NEWEST : name;
    if (isPlain(full) || isVersioned(full, PC) || isVersioned(full, Q35)) {
      return new MachineType(full, !full.equals(NONE));
    }
    throw new CommandLineException(
        "",
        "unsupported machine type: \"" + name + "\"\nUse -machine help to list supported machines");
  }

  private static boolean isPlain(String name) {
    return name.equals(NONE)
        || name.equals("isapc")
        || name.equals("microvm")
        || name.equals("x-remote")
        || HIDDEN.contains(name);
  }

  private static boolean isVersioned(String name, String prefix) {
    if (!name.startsWith(prefix)) {
      return false;
    }
    String version = name.substring(prefix.length());
    // Only the Q35 has a 4.0.1.
    boolean odd = version.equals("4.0.1") && prefix.equals(PC);
    return !odd && (version.equals(NEWEST) || List.of(OLDER.split(" ", -1)).contains(version));
  }

  /** What {@code -machine help} prints. */
  static String list() {
    StringBuilder list = new StringBuilder("Supported machines are:\n");
    line(list, "microvm", "microvm (i386)");
    family(list, PC, "pc", "Standard PC (i440FX + PIIX, 1996)", " (default)");
    family(list, Q35, "q35", "Standard PC (Q35 + ICH9, 2009)", "");
    line(list, "isapc", "ISA-only PC");
    line(list, NONE, "empty machine");
    line(list, "x-remote", "Experimental remote machine");
    return list.deleteCharAt(list.length() - 1).toString();
  }

  private static void family(
      StringBuilder list, String prefix, String alias, String title, String mark) {
    boolean deprecated = false;
    for (String version : OLDER.split(" ", -1)) {
      deprecated |= version.equals("7.0");
      if (isVersioned(prefix + version, prefix)) {
        line(list, prefix + version, title + (deprecated ? " (deprecated)" : ""));
      }
    }
    line(list, alias, title + " (alias of " + prefix + NEWEST + ")");
    line(list, prefix + NEWEST, title + mark);
  }

  private static void line(StringBuilder list, String name, String title) {
    list.append(name);
    list.repeat(' ', NAME_COLUMN - name.length()).append(' ').append(title).append('\n');
  }
}
