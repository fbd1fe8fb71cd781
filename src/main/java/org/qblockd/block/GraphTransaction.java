// SPDX-License-Identifier: Apache-2.0
package org.qblockd.block;

import java.util.ArrayList;
import java.util.List;

/**
 * Steps on the graph that are done at once and can be undone together: what {@code transaction},
 * {@code blockdev-reopen} and every single change of the graph are built on. Control lane.
 */
public final class GraphTransaction {
  /** What happens to a step that was done. */
  public interface Step {
    /** The step stays. */
    default void commit() {}

    /** Undoes the step; steps are undone in reverse order. */
    default void abort() {}
  }

  private final List<Step> steps = new ArrayList<>();

  /** Adds a step that has just been done. */
  public void add(Step step) {
    steps.add(step);
  }

  /** Adds the undoing of a step that has just been done. */
  public void onAbort(Runnable undo) {
    steps.add(
        new Step() {
          @Override
          public void abort() {
            undo.run();
          }
        });
  }

  /** Adds what is to be done when everything has succeeded. */
  public void onCommit(Runnable action) {
    steps.add(
        new Step() {
          @Override
          public void commit() {
            action.run();
          }
        });
  }

  /** All steps stay. */
  public void commit() {
    for (Step step : List.copyOf(steps)) {
      step.commit();
    }
    steps.clear();
  }

  /** All steps are undone. */
  public void abort() {
    for (Step step : List.copyOf(steps).reversed()) {
      step.abort();
    }
    steps.clear();
  }
}
