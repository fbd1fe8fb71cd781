// SPDX-License-Identifier: Apache-2.0
/**
 * The node graph: nodes, edges, permissions, graph transactions, drain, request checks and
 * emulation, dirty bitmaps.
 *
 * <p>Threads: the graph (nodes, edges, permissions, names, blockers) is changed on the control lane
 * only. Requests come from any thread; they read an edge's target and count themselves in flight.
 */
@NullMarked
package org.qblockd.block;

import org.jspecify.annotations.NullMarked;
