// SPDX-License-Identifier: Apache-2.0
package org.qblockd.app;

import java.io.IOException;
import org.qblockd.app.commandline.CommandLine;
import org.qblockd.app.commandline.CommandLineException;
import org.qblockd.app.commandline.HelpException;
import org.qblockd.app.commandline.Program;
import org.qblockd.qapi.types.ShutdownCause;

/**
 * A server inside of another program, for its tests. It takes no signals and says nothing on
 * standard output. One thread starts and closes it.
 */
public final class EmbeddedServer implements AutoCloseable {
  private static final String NAME = "qblockd";

  private final Server server;

  private EmbeddedServer(Server server) {
    this.server = server;
  }

  /**
   * Starts a server; when this returns it listens.
   *
   * @param arguments those of the emulator's command line
   * @throws IOException with what a user of the command line would be told
   */
  public static EmbeddedServer start(String... arguments) throws IOException {
    Messages messages = new Messages(NAME);
    try {
      CommandLine line =
          CommandLine.parse(Program.SYSTEM_EMULATOR, NAME, "embedded", arguments, messages::print);
      Server server = new Server(line, "embedded", messages);
      server.startEmbedded();
      return new EmbeddedServer(server);
    } catch (CommandLineException e) {
      throw new IOException(e.getMessage(), e);
    } catch (HelpException e) {
      throw new IOException(e.text(), e);
    }
  }

  /** Ends it as a signal would, and waits until all is closed. */
  @Override
  public void close() {
    server
        .core()
        .machine()
        .lane()
        .execute(() -> server.core().machine().shutdown().request(ShutdownCause.HOST_SIGNAL));
    try {
      server.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
