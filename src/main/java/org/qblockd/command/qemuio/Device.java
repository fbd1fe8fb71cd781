// SPDX-License-Identifier: Apache-2.0
package org.qblockd.command.qemuio;

import org.qblockd.block.BlockBackend;

/**
 * What a command works on.
 *
 * @param backend the backend
 * @param io runs requests
 * @param monitor collects what the monitor's user sees
 */
record Device(BlockBackend backend, Io io, StringBuilder monitor) {
  void complain(String line) {
    io.err().println(line);
  }

  void print(String line) {
    io.out().println(line);
  }
}
