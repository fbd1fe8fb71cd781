// SPDX-License-Identifier: Apache-2.0
package org.qblockd.blockjob;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import org.qblockd.base.BlockException;
import org.qblockd.block.BlockBackend;

/** Threads that write at random places of a drive until they are told to stop, from a seed. */
public final class Writers {
  private final BlockBackend drive;
  private final int length;
  private final List<Thread> threads = new ArrayList<>();
  private final AtomicBoolean stop = new AtomicBoolean();
  private int writes;
  private volatile Throwable failure;

  /** Starts so many writers. */
  public Writers(BlockBackend drive, int length, long seed, int count) {
    this.drive = drive;
    this.length = length;
    for (int i = 0; i < count; i++) {
      long own = seed * 31 + i;
      threads.add(Thread.ofVirtual().start(() -> run(new Random(own))));
    }
  }

  /**
   * Yields after each write: virtual threads that do not would keep the mirror off the processor.
   */
  @SuppressWarnings("ThreadPriorityCheck")
  private void run(Random random) {
    try {
      while (!stop.get()) {
        writeOnce(drive, length, random);
        count();
        Thread.yield();
      }
    } catch (Throwable failed) {
      failure = failed;
      count();
    }
  }

  /** One write or write of zeroes or discard at a random place. */
  public static void writeOnce(BlockBackend drive, int length, Random random)
      throws BlockException {
    int offset = random.nextInt(length);
    int bytes = 1 + random.nextInt(Math.min(200_000, length - offset));
    if (random.nextInt(3) > 0) {
      bytes = Math.min(bytes, 8192);
    }
    switch (random.nextInt(8)) {
      case 0 -> drive.writeZeroes(offset, bytes, 0);
      case 1 -> drive.discard(offset, bytes);
      default -> {
        byte[] data = new byte[bytes];
        random.nextBytes(data);
        drive.write(offset, ByteBuffer.wrap(data), 0);
      }
    }
  }

  private synchronized void count() {
    writes++;
    notifyAll();
  }

  /** Waits until so many writes have been done since the start. */
  public synchronized void awaitWrites(int count) throws InterruptedException {
    while (writes < count && failure == null) {
      wait();
    }
  }

  /** Stops them; throws what one of them met. */
  public void stop() throws Exception {
    stop.set(true);
    for (Thread thread : threads) {
      thread.join();
    }
    if (failure != null) {
      throw new AssertionError(failure);
    }
  }
}
