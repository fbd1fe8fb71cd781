// SPDX-License-Identifier: Apache-2.0
package org.qblockd.driver;

import java.util.List;
import org.qblockd.base.BlockException;
import org.qblockd.qapi.OptsParser;
import org.qblockd.qapi.QmpException;
import org.qblockd.qapi.options.OptionMap;

/**
 * An option that a driver takes, and what its text must look like when it does not come through
 * QAPI. Immutable; any thread.
 *
 * @param name the option; for {@link Kind#TREE} and {@link Kind#CHILD} all below it counts too
 * @param values what an {@link Kind#ENUM} accepts, else empty
 */
public record RuntimeOption(String name, Kind kind, List<String> values) {
  /** Forms of options. */
  public enum Kind {
    /** Any text. */
    TEXT,
    /** A switch. */
    BOOL,
    /** A number of 64 bits; above the signed range it arrives negative, as drivers see it. */
    NUMBER,
    /** A number of bytes, perhaps with a suffix. */
    SIZE,
    /** One of some words. */
    ENUM,
    /** A structure that QAPI describes. */
    TREE,
    /** A child node; its edge has the option's name. */
    CHILD,
    /** A list of child nodes; their edges are called {@code name.0}, {@code name.1}, … */
    CHILDREN,
    /** A text that only file names can set: {@link OpenRequest#hidden} gives it. */
    HIDDEN,
    /** A structure that the driver reads itself: {@link OpenRequest#hiddenBelow} gives it. */
    HIDDEN_TREE
  }

  /** An option of this kind. */
  public static RuntimeOption of(String name, Kind kind) {
    return new RuntimeOption(name, kind, List.of());
  }

  /** An option that accepts some words. */
  public static RuntimeOption words(String name, String... values) {
    return new RuntimeOption(name, Kind.ENUM, List.of(values));
  }

  /**
   * Moves the option, if it is there, from {@code from} to {@code to} in a form that QAPI reads.
   */
  void move(OptionMap from, OptionMap to) throws BlockException {
    if (kind == Kind.HIDDEN_TREE) {
      to.putDefaults(prefixed(from.takeBelow(name + ".")));
      return;
    }
    if (kind == Kind.TREE) {
      to.putDefaults(prefixed(from.takeBelow(name + ".")));
      to.putDefault(name, from);
      from.remove(name);
      return;
    }
    String text = from.text(name);
    if (text != null) {
      to.put(name, canonical(text));
      from.remove(name);
    } else if (from.isNull(name)) {
      from.remove(name);
    }
  }

  private OptionMap prefixed(OptionMap below) {
    OptionMap result = new OptionMap();
    for (String key : below.names()) {
      result.putRenamed(name + "." + key, below, key);
    }
    return result;
  }

  private String canonical(String text) throws BlockException {
    try {
      return switch (kind) {
        case TEXT, TREE, CHILD, CHILDREN, HIDDEN, HIDDEN_TREE -> text;
        case BOOL -> OptsParser.bool(name, text) ? "on" : "off";
        case NUMBER -> Long.toString(OptsParser.number(name, text));
        case SIZE -> Long.toUnsignedString(OptsParser.size(name, text));
        case ENUM -> word(text);
      };
    } catch (QmpException e) {
      throw BlockException.invalid(e.text()).hinted(e.hint());
    }
  }

  private String word(String text) throws BlockException {
    if (!values.contains(text)) {
      throw BlockException.invalid("invalid parameter value: " + text);
    }
    return text;
  }

  /** The switch in {@code options}, or {@code otherwise}. */
  static boolean flag(OptionMap options, String name, boolean otherwise) throws BlockException {
    String text = options.text(name);
    if (text == null) {
      return otherwise;
    }
    try {
      return OptsParser.bool(name, text);
    } catch (QmpException e) {
      throw BlockException.invalid(e.text());
    }
  }
}
