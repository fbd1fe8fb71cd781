// SPDX-License-Identifier: Apache-2.0
package org.qblockd.block;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.qblockd.base.BlockException;
import org.qblockd.base.Errno;

/** Which operations on a node are refused, and why. Control lane. */
final class OpBlockers {
  private final Map<BlockOp, List<OpBlocker>> reasons = new EnumMap<>(BlockOp.class);

  void add(BlockOp op, OpBlocker reason) {
    reasons.computeIfAbsent(op, key -> new ArrayList<>()).addFirst(reason);
  }

  void addToAll(OpBlocker reason) {
    for (BlockOp op : BlockOp.values()) {
      add(op, reason);
    }
  }

  void remove(BlockOp op, OpBlocker reason) {
    List<OpBlocker> current = reasons.get(op);
    if (current != null) {
      current.remove(reason);
    }
  }

  void removeFromAll(OpBlocker reason) {
    for (BlockOp op : BlockOp.values()) {
      remove(op, reason);
    }
  }

  /** Throws the newest reason why the operation on {@code node} is refused, if there is one. */
  void check(BlockOp op, BlockNode node) throws BlockException {
    List<OpBlocker> current = reasons.getOrDefault(op, List.of());
    if (!current.isEmpty()) {
      throw BlockException.of(
          Errno.EBUSY,
          "Node '" + node.displayName() + "' is busy: " + current.getFirst().sentence());
    }
  }
}
