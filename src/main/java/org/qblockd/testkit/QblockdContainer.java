// SPDX-License-Identifier: Apache-2.0
package org.qblockd.testkit;

import java.io.IOException;
import org.qblockd.client.QmpAddress;
import org.qblockd.client.QmpClient;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.wait.strategy.Wait;
import org.testcontainers.utility.DockerImageName;

/**
 * qblockd in a container, with a QMP socket on TCP; for Testcontainers 2. One thread, as all
 * containers.
 */
public final class QblockdContainer extends GenericContainer<QblockdContainer> {
  /** The port of QMP in the container. */
  public static final int QMP_PORT = 4444;

  /** The port of the NBD server in the container, once {@code nbd-server-start} has opened it. */
  public static final int NBD_PORT = 10809;

  /**
   * A container that is not started yet.
   *
   * @param image one whose entry point is qblockd, as that of the project's docker directory
   */
  public QblockdContainer(DockerImageName image) {
    super(image);
    withExposedPorts(QMP_PORT, NBD_PORT);
    withArguments();
    waitingFor(Wait.forListeningPorts(QMP_PORT));
  }

  /** Starts the server with these arguments beside those for the machine and the QMP socket. */
  public QblockdContainer withArguments(String... arguments) {
    String[] usual = {
      "-display",
      "none",
      "-machine",
      "none",
      "-nodefaults",
      "-qmp",
      "tcp:0.0.0.0:" + QMP_PORT + ",server=on,wait=off"
    };
    String[] all = java.util.Arrays.copyOf(usual, usual.length + arguments.length);
    System.arraycopy(arguments, 0, all, usual.length, arguments.length);
    withCommand(all);
    return this;
  }

  /** Where QMP is reached from outside. */
  public String qmpAddress() {
    return getHost() + ":" + getMappedPort(QMP_PORT);
  }

  /** Begins a session; the caller closes it. */
  public QmpClient connect() throws IOException {
    return QmpClient.connect(QmpAddress.of(qmpAddress()));
  }
}
