// SPDX-License-Identifier: Apache-2.0
package org.qblockd.testkit;

import java.io.IOException;
import java.nio.file.ClosedWatchServiceException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A server as a process. One thread. */
final class ServerProcess {
  private static final long START_SECONDS = 60;
  private static final long END_SECONDS = 30;

  private final Process process;

  private ServerProcess(Process process) {
    this.process = process;
  }

  /** Starts it and waits until both its sockets are there. */
  static ServerProcess start(List<String> command, Path directory) throws IOException {
    Path errors = directory.resolve("stderr");
    try (WatchService watch = directory.getFileSystem().newWatchService()) {
      WatchKey unused = directory.register(watch, StandardWatchEventKinds.ENTRY_CREATE);
      Process process =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(errors.toFile())
              .start();
      process.getOutputStream().close();
      var whenGone = process.onExit().thenRun(() -> closeQuietly(watch));
      try {
        await(watch, directory.resolve("qmp.sock"));
      } catch (ClosedWatchServiceException e) {
        throw new IOException(command + " has ended: " + Files.readString(errors), e);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IOException("interrupted", e);
      } finally {
        whenGone.cancel(false);
      }
      return new ServerProcess(process);
    }
  }

  private static void await(WatchService watch, Path socket)
      throws IOException, InterruptedException {
    while (!Files.exists(socket)) {
      WatchKey key = watch.poll(START_SECONDS, TimeUnit.SECONDS);
      if (key == null) {
        throw new IOException("the server has not begun to listen");
      }
      key.pollEvents().clear();
      boolean more = key.reset();
      assert more;
    }
  }

  private static void closeQuietly(WatchService watch) {
    try {
      watch.close();
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  /** Ends it as a user would, by a signal. */
  void end() throws IOException {
    process.destroy();
    try {
      if (!process.waitFor(END_SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly();
        throw new IOException("the server has not ended within " + END_SECONDS + " s");
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
