// SPDX-License-Identifier: Apache-2.0
package org.qblockd.monitor;

import org.qblockd.qapi.json.JsonStream.Message;

/**
 * A message of a client that waits for its turn. Immutable; any thread.
 *
 * @param bytes its length on the wire, about
 * @param descriptors what came with it by SCM_RIGHTS; mostly nothing
 */
record Request(Message message, int bytes, int[] descriptors) {
  static final int[] NO_DESCRIPTORS = {};
}
