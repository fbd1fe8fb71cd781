// SPDX-License-Identifier: Apache-2.0
package org.qblockd.driver;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.qblockd.base.BlockException;
import org.qblockd.block.ChildRole;
import org.qblockd.block.DetectZeroes;
import org.qblockd.block.NodeOptions;
import org.qblockd.qapi.options.OptionMap;

/** The options that all nodes have: their defaults, inheritance and meaning. Pure; any thread. */
final class CommonOptions {
  static final String NODE_NAME = "node-name";
  static final String DRIVER = "driver";
  static final String FILENAME = "filename";
  static final String READ_ONLY = "read-only";
  static final String AUTO_READ_ONLY = "auto-read-only";
  static final String FORCE_SHARE = "force-share";
  static final String DIRECT = "cache.direct";
  static final String NO_FLUSH = "cache.no-flush";
  static final String DISCARD = "discard";
  static final String DETECT_ZEROES = "detect-zeroes";

  /** How files below are accessed unless they say it: what {@code aio} means for a drive. */
  static final String DRIVE_AIO = "@aio";

  /** What a reopen resets when it is not said. */
  static final List<String> CHANGEABLE =
      List.of(NODE_NAME, DISCARD, DETECT_ZEROES, DIRECT, NO_FLUSH, READ_ONLY, AUTO_READ_ONLY);

  private static final String ACTIVE = "active";
  private static final String OFF = "off";

  private CommonOptions() {}

  /** What a node has when nothing is said and no parent hands anything down. */
  static void setDefaults(OptionMap options) {
    options.putDefault(DIRECT, OFF);
    options.putDefault(NO_FLUSH, OFF);
    options.putDefault(READ_ONLY, OFF);
    options.putDefault(AUTO_READ_ONLY, OFF);
  }

  /** What a child has when nothing is said; QEMU's inheritance. */
  static void inherit(OptionMap options, OptionMap parent, int role) {
    options.putDefault(DIRECT, parent);
    options.putDefault(NO_FLUSH, parent);
    options.putDefault(FORCE_SHARE, parent);
    options.putDefault(DRIVE_AIO, parent);
    if ((role & ChildRole.COW) != 0) {
      options.putDefault(READ_ONLY, "on");
      options.putDefault(AUTO_READ_ONLY, OFF);
    } else {
      options.putDefault(READ_ONLY, parent);
      options.putDefault(AUTO_READ_ONLY, parent);
    }
    // Lower layers pass discards on: whether one comes that far is decided above them.
    options.putDefault(DISCARD, "unmap");
  }

  /**
   * Removes the options that a reopen may change and gives what all of them mean.
   *
   * @param before what the node has now; whether it passes discards on stays unless it is said
   */
  static NodeOptions takeForReopen(OptionMap options, NodeOptions before) throws BlockException {
    OptionMap all = options.copy();
    all.putDefault(DISCARD, before.discardUnmap() ? "unmap" : "ignore");
    // Whether the image is shared cannot change; who asks for it is told so later.
    all.remove(FORCE_SHARE);
    NodeOptions next = take(all).withForceShare(before.forceShare());
    for (String name : CHANGEABLE) {
      if (!name.equals(NODE_NAME)) {
        options.remove(name);
      }
    }
    options.remove(DRIVE_AIO);
    asText(options, FORCE_SHARE);
    asText(options, ACTIVE);
    return next;
  }

  /** So that it differs from the switch that it was: the reference refuses to keep these, too. */
  private static void asText(OptionMap options, String name) {
    String text = options.text(name);
    if (text != null) {
      options.put(name, text);
    }
  }

  /** Removes the common options from {@code options} and gives what they mean. */
  static NodeOptions take(OptionMap options) throws BlockException {
    boolean readOnly = RuntimeOption.flag(options, READ_ONLY, false);
    boolean autoReadOnly = RuntimeOption.flag(options, AUTO_READ_ONLY, false);
    boolean forceShare = RuntimeOption.flag(options, FORCE_SHARE, false);
    boolean direct = RuntimeOption.flag(options, DIRECT, false);
    boolean noFlush = RuntimeOption.flag(options, NO_FLUSH, false);
    RuntimeOption.flag(options, ACTIVE, true);
    if (forceShare && !readOnly) {
      throw BlockException.invalid("force-share=on can only be used with read-only images");
    }
    boolean unmap = discard(options.text(DISCARD));
    DetectZeroes detect = detectZeroes(options.text(DETECT_ZEROES));
    if (detect == DetectZeroes.UNMAP && !unmap) {
      throw BlockException.invalid(
          "setting detect-zeroes to unmap is not allowed without setting discard operation to"
              + " unmap");
    }
    remove(options);
    return new NodeOptions(readOnly, autoReadOnly, direct, noFlush, unmap, detect, forceShare);
  }

  /** Whether the node is active; the option stays among {@code options}. */
  static boolean active(OptionMap options, boolean usually) throws BlockException {
    return RuntimeOption.flag(options, ACTIVE, usually);
  }

  private static void remove(OptionMap options) {
    options.remove(NODE_NAME);
    options.remove(DRIVER);
    options.remove(READ_ONLY);
    options.remove(AUTO_READ_ONLY);
    options.remove(FORCE_SHARE);
    options.remove(DIRECT);
    options.remove(NO_FLUSH);
    options.remove(DISCARD);
    options.remove(DETECT_ZEROES);
    options.remove(ACTIVE);
    options.remove(DRIVE_AIO);
  }

  private static boolean discard(@Nullable String text) throws BlockException {
    if (text == null) {
      return false;
    }
    return switch (text) {
      case "off", "ignore" -> false;
      case "on", "unmap" -> true;
      default -> throw BlockException.invalid("Invalid discard option");
    };
  }

  private static DetectZeroes detectZeroes(@Nullable String text) throws BlockException {
    if (text == null) {
      return DetectZeroes.OFF;
    }
    return switch (text) {
      case "off" -> DetectZeroes.OFF;
      case "on" -> DetectZeroes.ON;
      case "unmap" -> DetectZeroes.UNMAP;
      default -> throw BlockException.invalid("invalid parameter value: " + text);
    };
  }
}
