// SPDX-License-Identifier: Apache-2.0
package org.qblockd.driver;

import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.qblockd.base.BlockException;
import org.qblockd.block.BlockNode;
import org.qblockd.block.NodeOptions;
import org.qblockd.block.Reopens;
import org.qblockd.qapi.options.OptionMap;
import org.qblockd.qapi.types.BlockdevOptions;

/** One node that is about to get other options. Used once, on the control lane. */
final class ReopenState {
  final BlockNode node;

  /** All options that the node is to have, without those of children that are reopened, too. */
  OptionMap options = new OptionMap();

  /** Those of them that are not taken over from a parent. */
  OptionMap explicit = new OptionMap();

  /** Whether nothing is said about the backing file, and the old options do not count. */
  boolean backingMissing;

  private @Nullable NodeOptions next;
  private @Nullable ReopensOptions preparedOptions;
  private @Nullable Reopens prepared;

  ReopenState(BlockNode node) {
    this.node = node;
  }

  void setNext(NodeOptions options) {
    next = options;
  }

  NodeOptions next() {
    return Objects.requireNonNull(next, "not prepared");
  }

  /** Lets the driver's side check its options and get ready. */
  void prepare(BlockDriver driver) throws BlockException {
    ReopensOptions own = node.capability(ReopensOptions.class);
    if (own != null) {
      own.prepareOptions(typed(driver), next());
      preparedOptions = own;
    }
    Reopens whole = node.capability(Reopens.class);
    if (whole != null && !next().equals(node.options())) {
      whole.prepareReopen(next());
      prepared = whole;
    }
  }

  private BlockdevOptions typed(BlockDriver driver) throws BlockException {
    OptionMap from = options.copy();
    OptionMap own = new OptionMap();
    for (RuntimeOption option : driver.runtimeOptions()) {
      switch (option.kind()) {
        case CHILD -> {
          if (ChildOptions.REQUIRED.contains(option.name())) {
            own.put(option.name(), "");
          }
        }
        case CHILDREN -> own.put(option.name() + ".0", "");
        case HIDDEN, HIDDEN_TREE -> {}
        case TEXT, BOOL, NUMBER, SIZE, ENUM, TREE -> option.move(from, own);
      }
    }
    return driver.typed(own);
  }

  void commitDriver() {
    if (preparedOptions != null) {
      preparedOptions.commitOptions();
    }
    if (prepared != null) {
      prepared.commitReopen();
    }
  }

  /** Permissions are right, too; nothing can fail any more. */
  void reopened() {
    if (prepared != null) {
      prepared.reopened();
    }
  }

  void abortDriver() {
    if (preparedOptions != null) {
      preparedOptions.abortOptions();
    }
    if (prepared != null) {
      prepared.abortReopen();
    }
  }

  /** Gives the driver's side back what it had, after {@link #commitDriver}. */
  void revertDriver(NodeOptions before) throws BlockException {
    if (prepared != null) {
      prepared.prepareReopen(before);
      prepared.commitReopen();
    }
  }
}
