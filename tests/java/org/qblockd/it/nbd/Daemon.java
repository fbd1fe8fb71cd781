// SPDX-License-Identifier: Apache-2.0
package org.qblockd.it.nbd;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * A server of somebody else's in the background, which can be reached when {@code start} returns.
 * One test thread.
 */
final class Daemon implements AutoCloseable {
  private static final long WATCHDOG_SECONDS = 60;

  private final ProcessHandle process;

  private Daemon(ProcessHandle process) {
    this.process = process;
  }

  /** {@code qemu-nbd} on a unix socket, for any number of clients. */
  static Daemon qemuNbd(Path directory, String socket, String... arguments)
      throws IOException, InterruptedException {
    List<String> words = new ArrayList<>(List.of("qemu-nbd", "--fork", "-t"));
    words.add("--pid-file=" + directory.resolve(socket + ".pid"));
    words.addAll(List.of("-k", directory.resolve(socket).toString()));
    words.addAll(List.of(arguments));
    return start(directory, socket, words);
  }

  /** {@code nbdkit} on a unix socket. */
  static Daemon nbdkit(Path directory, String socket, String... arguments)
      throws IOException, InterruptedException {
    List<String> words = new ArrayList<>(List.of("nbdkit"));
    words.addAll(List.of("-P", directory.resolve(socket + ".pid").toString()));
    words.addAll(List.of("-U", directory.resolve(socket).toString()));
    words.addAll(List.of(arguments));
    return start(directory, socket, words);
  }

  /** {@code qemu-storage-daemon}. */
  static Daemon storage(Path directory, String name, String... arguments)
      throws IOException, InterruptedException {
    List<String> words = new ArrayList<>(List.of("qemu-storage-daemon", "--daemonize"));
    words.addAll(List.of("--pidfile", directory.resolve(name + ".pid").toString()));
    words.addAll(List.of(arguments));
    return start(directory, name, words);
  }

  private static Daemon start(Path directory, String name, List<String> words)
      throws IOException, InterruptedException {
    Path pid = directory.resolve(name + ".pid");
    Files.deleteIfExists(pid);
    Files.deleteIfExists(directory.resolve(name));
    try (WatchService watch = directory.getFileSystem().newWatchService()) {
      WatchKey changes =
          directory.register(
              watch, StandardWatchEventKinds.ENTRY_CREATE, StandardWatchEventKinds.ENTRY_MODIFY);
      String unused = new Command(directory).ok(words.toArray(String[]::new));
      // nbdkit writes it after the process in the foreground has ended.
      while (!Files.exists(pid) || !Files.readString(pid).endsWith("\n")) {
        if (watch.poll(WATCHDOG_SECONDS, TimeUnit.SECONDS) == null || !changes.reset()) {
          throw new AssertionError("no " + pid);
        }
      }
    }
    long number = Long.parseLong(Files.readString(pid).strip());
    return new Daemon(ProcessHandle.of(number).orElseThrow());
  }

  /** Ends the server as a crash would, and waits for it. */
  void kill() {
    boolean unused = process.destroyForcibly();
    awaitEnd();
  }

  /** Stops all of its threads, so that it says nothing any more. */
  void freeze() throws IOException, InterruptedException {
    signal("STOP");
  }

  /** Lets it go on. */
  void thaw() throws IOException, InterruptedException {
    signal("CONT");
  }

  private void signal(String name) throws IOException, InterruptedException {
    String pid = String.valueOf(process.pid());
    String unused = new Command(Path.of("/")).ok("/bin/kill", "-s", name, pid);
  }

  private void awaitEnd() {
    try {
      ProcessHandle unused = process.onExit().get(WATCHDOG_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException | ExecutionException | TimeoutException e) {
      throw new AssertionError("no end", e);
    }
  }

  @Override
  public void close() {
    kill();
  }
}
