// SPDX-License-Identifier: Apache-2.0
package org.qblockd.monitor;

import java.util.List;
import org.qblockd.qapi.json.JsonStream.Message;

/**
 * A message of a client that waits for its turn. Immutable; any thread.
 *
 * @param bytes its length on the wire, about
 * @param descriptors what came with it by SCM_RIGHTS; mostly nothing
 */
record Request(Message message, int bytes, List<Integer> descriptors) {}
