// SPDX-License-Identifier: Apache-2.0
package org.qblockd.app;

import org.qblockd.chardev.SocketPreparation;

/**
 * Links system calls beside the reading of the command line: half of the time between the start of
 * the program and its greeting goes there. A class, since a lambda that the training run does not
 * reach would cost more than this saves. Its own thread.
 */
final class Preparation implements Runnable {
  private Preparation() {}

  static void start() {
    Thread thread = new Thread(new Preparation(), "preparation");
    thread.setDaemon(true);
    thread.start();
  }

  @Override
  public void run() {
    SocketPreparation.prepare();
  }
}
