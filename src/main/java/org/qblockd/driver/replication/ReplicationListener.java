// SPDX-License-Identifier: Apache-2.0
package org.qblockd.driver.replication;

/** Who drives replication nodes. Control lane. */
public interface ReplicationListener {
  /** The node has been opened and stands in stage none. */
  void opened(ReplicationOps node);

  /** The node is about to be closed, with all its children still there. */
  void closing(ReplicationOps node);
}
