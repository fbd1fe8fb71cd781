// SPDX-License-Identifier: Apache-2.0
package org.qblockd.driver;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.qblockd.block.BlockNode;
import org.qblockd.block.Child;
import org.qblockd.qapi.options.OptionMap;

/**
 * Works out which nodes a reopen changes, parents first, and their options: those given, else the
 * old ones where they are to be kept, else what the parent hands down. Used once, on the control
 * lane. Rules: asked of QEMU's blockdev-reopen.
 */
final class ReopenQueue {
  private final FileNames names;
  private final List<ReopenState> states = new ArrayList<>();

  ReopenQueue(FileNames names) {
    this.names = names;
  }

  List<ReopenState> states() {
    return states;
  }

  /**
   * Adds a node and the children that were opened with it.
   *
   * @param keepOld whether options that are not given stay as they are, instead of being reset
   */
  void add(BlockNode node, OptionMap given, boolean keepOld) {
    add(node, given, null, 0, keepOld);
  }

  private void add(
      BlockNode node, OptionMap given, @Nullable OptionMap parent, int role, boolean keepOld) {
    boolean ours = names.driverIfOpened(node) != null;
    ReopenState known = find(node);
    OptionMap options = given.copy();
    if (known != null) {
      options.putDefaults(known.explicit);
    } else if (keepOld && ours) {
      options.putDefaults(names.explicitOptions(node));
    }
    OptionMap explicit = options.copy();
    if (parent != null) {
      CommonOptions.inherit(options, parent, role);
    }
    if (keepOld && ours) {
      options.putDefaults(names.ownOptions(node));
    }
    ReopenState state = known == null ? new ReopenState(node) : known;
    if (known == null) {
      states.add(state);
    }
    state.options = options;
    state.explicit = explicit;
    if (!keepOld) {
      state.backingMissing = !options.has("backing") && !options.has("backing.driver");
    }
    for (Child child : node.children()) {
      if (names.inherits(child.node(), node)) {
        addChild(state, child, keepOld);
      }
    }
  }

  private void addChild(ReopenState state, Child child, boolean keepOld) {
    OptionMap options = state.options;
    BlockNode below = child.node();
    if (options.has(child.name())) {
      // Pointing to the child that is there keeps its options; another one is not touched.
      if (below.name().equals(options.string(child.name()))) {
        add(below, new OptionMap(), options, child.role(), true);
      }
      return;
    }
    state.explicit.takeBelow(child.name() + ".");
    OptionMap own = options.takeBelow(child.name() + ".");
    add(below, own, options, child.role(), keepOld);
  }

  private @Nullable ReopenState find(BlockNode node) {
    for (ReopenState state : states) {
      if (state.node.equals(node)) {
        return state;
      }
    }
    return null;
  }
}
