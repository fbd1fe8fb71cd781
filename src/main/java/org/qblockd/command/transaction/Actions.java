// SPDX-License-Identifier: Apache-2.0
package org.qblockd.command.transaction;

import java.util.ArrayList;
import java.util.List;
import org.qblockd.base.BlockException;
import org.qblockd.block.BlockGraph;
import org.qblockd.qapi.QmpException;

/** Does actions: all or none. Control lane. */
public final class Actions {
  private Actions() {}

  /** Does one action. */
  public static void run(BlockGraph graph, Action action) throws QmpException, BlockException {
    run(graph, List.of(action));
  }

  /**
   * Lets requests end, then does the actions.
   *
   * @throws QmpException why the first that failed did
   * @throws BlockException the same; either way nothing has changed
   */
  public static void run(BlockGraph graph, List<Action> actions)
      throws QmpException, BlockException {
    graph.drainAllEnd(graph.drainAllBegin());
    List<Action> prepared = new ArrayList<>();
    boolean all = false;
    try {
      for (Action action : actions) {
        action.prepare();
        prepared.addFirst(action);
      }
      all = true;
    } finally {
      for (Action action : prepared) {
        if (all) {
          action.commit();
        } else {
          action.abort();
        }
      }
      prepared.forEach(Action::clean);
    }
  }
}
