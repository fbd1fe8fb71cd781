// SPDX-License-Identifier: Apache-2.0
/** Block replication of the whole server: start, checkpoints, failover. */
@NullMarked
package org.qblockd.replication;

import org.jspecify.annotations.NullMarked;
