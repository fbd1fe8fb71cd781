// SPDX-License-Identifier: Apache-2.0
package org.qblockd.driver.blkdebug;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.qblockd.base.BlockException;
import org.qblockd.base.Errno;
import org.qblockd.qapi.OptsParser;
import org.qblockd.qapi.QmpException;
import org.qblockd.qapi.options.OptionMap;
import org.qblockd.qapi.types.BlkdebugEvent;
import org.qblockd.qapi.types.BlkdebugIOType;

/** Makes rules of options and of sections of a config file. Used once, on the control lane. */
final class RuleParser {
  static final String INJECT_ERROR = "inject-error";
  static final String SET_STATE = "set-state";
  private static final List<String> INJECT_ERROR_KEYS =
      List.of("event", "state", "iotype", "errno", "sector", "once", "immediately");
  private static final List<String> SET_STATE_KEYS = List.of("event", "state", "new_state");

  private final List<Rule> rules = new ArrayList<>();

  List<Rule> rules() {
    return rules;
  }

  /** Adds the rules of a config file. */
  void config(String path) throws BlockException {
    for (ConfigFile.Section section : ConfigFile.read(path, Set.of(INJECT_ERROR, SET_STATE))) {
      OptionMap options = section.options();
      OptionMap unknown = options.copy();
      keysOf(section.name()).forEach(unknown::remove);
      if (!unknown.isEmpty()) {
        throw BlockException.invalid("Invalid parameter '" + unknown.firstName() + "'");
      }
      add(section.name(), options);
    }
  }

  /** Adds the rules of the list of options below {@code section}: {@code 0.event}, … */
  void options(String section, OptionMap list) throws BlockException {
    OptionMap rest = list.copy();
    for (int i = 0; !rest.isEmpty(); i++) {
      OptionMap options = rest.takeBelow(i + ".");
      if (options.isEmpty()) {
        throw BlockException.invalid(
            "Unused option '" + rest.firstName() + "' in [" + section + "]");
      }
      OptionMap unknown = options.copy();
      keysOf(section).forEach(unknown::remove);
      if (!unknown.isEmpty()) {
        throw BlockException.invalid(
            "[" + section + "] section doesn't support the option '" + unknown.firstName() + "'");
      }
      add(section, options);
    }
  }

  private static List<String> keysOf(String section) {
    return section.equals(INJECT_ERROR) ? INJECT_ERROR_KEYS : SET_STATE_KEYS;
  }

  private void add(String section, OptionMap options) throws BlockException {
    try {
      rules.add(section.equals(INJECT_ERROR) ? injectError(options) : setState(options));
    } catch (QmpException e) {
      throw BlockException.invalid(e.text());
    }
  }

  private static Rule setState(OptionMap options) throws BlockException, QmpException {
    long state = number(options, "state", 0);
    long newState = number(options, "new_state", 0);
    return new Rule.SetState(event(options), state, newState);
  }

  private static Rule injectError(OptionMap options) throws BlockException, QmpException {
    long state = number(options, "state", 0);
    long errno = number(options, "errno", Errno.EIO.number());
    long sector = number(options, "sector", Rule.ANY_SECTOR);
    boolean once = flag(options, "once");
    // Requests end on their own threads here, so an error is never too early: see "immediately".
    flag(options, "immediately");
    BlkdebugEvent event = event(options);
    return new Rule.InjectError(event, state, types(options), (int) errno, sector, once);
  }

  private static BlkdebugEvent event(OptionMap options) throws BlockException {
    String text = options.text("event");
    if (text == null) {
      throw BlockException.invalid("Missing event name for rule");
    }
    BlkdebugEvent event = BlkdebugEvent.fromWire(text);
    if (event == null) {
      throw wrong(text);
    }
    return event;
  }

  private static Set<BlkdebugIOType> types(OptionMap options) throws BlockException {
    String text = options.text("iotype");
    if (text == null) {
      return Rule.USUAL_TYPES;
    }
    BlkdebugIOType type = BlkdebugIOType.fromWire(text);
    if (type == null) {
      throw wrong(text);
    }
    return Set.of(type);
  }

  private static BlockException wrong(String text) {
    return BlockException.invalid("invalid parameter value: " + text);
  }

  private static long number(OptionMap options, String name, long otherwise) throws QmpException {
    String text = options.text(name);
    return text == null ? otherwise : OptsParser.number(name, text);
  }

  private static boolean flag(OptionMap options, String name) throws QmpException {
    String text = options.text(name);
    return text != null && OptsParser.bool(name, text);
  }
}
