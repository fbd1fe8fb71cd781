// SPDX-License-Identifier: Apache-2.0
package org.qblockd.it.copy;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.Writer;
import java.nio.file.Path;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * A client that writes at random places of an NBD export without a pause, several requests at a
 * time: the real qemu-io. Two threads of its own; one test thread does everything else.
 */
final class BusyWriter implements AutoCloseable {
  private static final long WATCHDOG_SECONDS = 60;
  private static final int BLOCK = 4096;
  private static final int AT_ONCE = 12;
  private static final int MOST_BLOCKS = 24;

  /** What the command {@code length} prints, once after each round. */
  private static final String MARK = " MiB";

  private final Process process;
  private final Random random;
  private final int blocks;
  private final Semaphore rounds = new Semaphore(0);
  private final Queue<String> output = new ConcurrentLinkedQueue<>();
  private final Thread writer;
  private final Thread reader;
  private volatile boolean stopped;

  private BusyWriter(Process process, Random random, int blocks) {
    this.process = process;
    this.random = random;
    this.blocks = blocks;
    this.writer = Thread.ofVirtual().name("busy writer").start(this::write);
    this.reader = Thread.ofVirtual().name("busy reader").start(this::read);
  }

  /** Begins to write to the export {@code disk} of the server at a socket in a directory. */
  static BusyWriter start(Path directory, String socket, int size, Random random)
      throws IOException {
    Process process =
        new ProcessBuilder("qemu-io", "-f", "raw", "nbd+unix:///disk?socket=" + socket)
            .directory(directory.toFile())
            .redirectErrorStream(true)
            .start();
    return new BusyWriter(process, random, size / BLOCK);
  }

  private void write() {
    try (Writer commands = process.outputWriter(UTF_8)) {
      while (!stopped) {
        for (int i = 0; i < AT_ONCE; i++) {
          // Apart from each other: the order of requests in flight would be open.
          int part = blocks / AT_ONCE;
          int block = i * part + random.nextInt(part - MOST_BLOCKS);
          int count = 1 + random.nextInt(MOST_BLOCKS);
          commands.write(
              "aio_write -q -P %d %d %d\n"
                  .formatted(random.nextInt(1, 256), (long) block * BLOCK, count * BLOCK));
        }
        commands.write("aio_flush\nlength\n");
        commands.flush();
      }
    } catch (IOException gone) {
      output.add("broken off: " + gone.getMessage());
    }
  }

  private void read() {
    try (BufferedReader lines = process.inputReader(UTF_8)) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        if (line.endsWith(MARK)) {
          rounds.release();
        } else {
          output.add(line);
        }
      }
    } catch (IOException gone) {
      output.add("broken off: " + gone.getMessage());
    }
  }

  /** Waits until so many more rounds of writes were answered. */
  void awaitRounds(int count) throws InterruptedException {
    rounds.drainPermits();
    if (!rounds.tryAcquire(count, WATCHDOG_SECONDS, TimeUnit.SECONDS)) {
      throw new AssertionError("the writer does not get on: " + output);
    }
  }

  /** Ends it when all its writes were answered; none may have failed. */
  void stop() throws InterruptedException {
    stopped = true;
    writer.join();
    reader.join();
    int status = process.waitFor();
    String said = String.join("\n", output);
    if (status != 0 || said.contains("ailed") || said.contains("broken")) {
      throw new AssertionError("the writer ended with " + status + ": " + said);
    }
  }

  @Override
  public void close() {
    stopped = true;
    process.destroyForcibly();
  }
}
