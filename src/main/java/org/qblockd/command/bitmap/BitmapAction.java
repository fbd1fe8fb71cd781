// SPDX-License-Identifier: Apache-2.0
package org.qblockd.command.bitmap;

import org.jspecify.annotations.Nullable;
import org.qblockd.base.BlockException;
import org.qblockd.command.transaction.Action;
import org.qblockd.qapi.QmpException;

/** A command about a bitmap as an action of a transaction. Control lane. */
public final class BitmapAction implements Action {
  /** Does what the command does, for now. */
  public interface Verb {
    /** Makes the change. */
    BitmapChange apply() throws QmpException, BlockException;
  }

  private final Verb verb;
  private @Nullable BitmapChange change;

  /** The action that does this. */
  public BitmapAction(Verb verb) {
    this.verb = verb;
  }

  @Override
  public void prepare() throws QmpException, BlockException {
    change = verb.apply();
  }

  @Override
  public void commit() {
    if (change != null) {
      change.commit();
    }
  }

  @Override
  public void abort() {
    if (change != null) {
      change.abort();
    }
  }
}
