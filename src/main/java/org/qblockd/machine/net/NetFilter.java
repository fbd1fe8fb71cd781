// SPDX-License-Identifier: Apache-2.0
package org.qblockd.machine.net;

import org.qblockd.qapi.QmpException;

/** A filter on a network back end, as the back end sees it. Control lane. */
public interface NetFilter {
  /** Its id among the user's objects. */
  String name();

  /** Its type and properties, as the human monitor shows them. */
  String description() throws QmpException;

  /** The back end goes, and takes the filter with it. */
  void backEndGone();
}
