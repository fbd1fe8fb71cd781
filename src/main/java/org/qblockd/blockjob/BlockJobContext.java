// SPDX-License-Identifier: Apache-2.0
package org.qblockd.blockjob;

import org.qblockd.block.BlockGraph;
import org.qblockd.job.Jobs;

/** Where block jobs live: the graph, the list of jobs, and who hears their events. */
public record BlockJobContext(BlockGraph graph, Jobs jobs, BlockJobEvents events) {}
