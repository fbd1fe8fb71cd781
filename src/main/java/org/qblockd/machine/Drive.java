// SPDX-License-Identifier: Apache-2.0
package org.qblockd.machine;

import org.qblockd.block.BlockBackend;

/**
 * A drive of the command line.
 *
 * @param backend its named backend
 * @param accountInvalid whether refused requests count as accesses
 * @param accountFailed whether failed requests count in the latencies
 */
public record Drive(BlockBackend backend, boolean accountInvalid, boolean accountFailed) {}
