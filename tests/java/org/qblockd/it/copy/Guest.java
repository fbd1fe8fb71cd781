// SPDX-License-Identifier: Apache-2.0
package org.qblockd.it.copy;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * Random requests to the drive of a server by qemu-io, and the same to a model. Requests in flight
 * never overlap: their order would be open. One test thread.
 */
final class Guest {
  /** A multiple of every cluster size, so that discards of whole clusters are among them. */
  private static final int DISCARD_ALIGNMENT = 256 << 10;

  private static final int MAX_IN_FLIGHT = 8;

  private final BlockServer server;
  private final DiskModel disk;
  private final Random random;
  private final List<Range> inFlight = new ArrayList<>();

  /** Some bytes of the disk. */
  record Range(int offset, int length) {
    boolean overlaps(Range other) {
      return offset < other.offset + other.length && other.offset < offset + length;
    }

    @Override
    public String toString() {
      return offset + " " + length;
    }
  }

  Guest(BlockServer server, DiskModel disk, Random random) {
    this.server = server;
    this.disk = disk;
    this.random = random;
  }

  /** Sends from {@code least} to {@code most} requests. */
  void requests(int least, int most) throws IOException, InterruptedException {
    int count = random.nextInt(least, most + 1);
    for (int i = 0; i < count; i++) {
      request();
    }
  }

  /** Waits for all that is in flight. */
  void settle() throws IOException, InterruptedException {
    if (!inFlight.isEmpty()) {
      server.io("aio_flush");
      inFlight.clear();
    }
  }

  private void request() throws IOException, InterruptedException {
    int kind = random.nextInt(100);
    if (kind < 45) {
      write("write", range());
    } else if (kind < 65) {
      startWrite(range());
    } else if (kind < 73) {
      zero("write -z", range());
    } else if (kind < 81) {
      zero("write -z -u", range());
    } else if (kind < 85) {
      startZero(range());
    } else if (kind < 93) {
      discard();
    } else {
      read(range());
    }
  }

  private void write(String command, Range range) throws IOException, InterruptedException {
    int pattern = random.nextInt(8) == 0 ? 0 : random.nextInt(256);
    keepApart(range);
    server.io(command + " -P " + pattern + " " + range);
    disk.fill(range.offset(), range.length(), pattern);
  }

  private void startWrite(Range range) throws IOException, InterruptedException {
    write("aio_write", range);
    inFlight.add(range);
  }

  private void zero(String command, Range range) throws IOException, InterruptedException {
    keepApart(range);
    server.io(command + " " + range);
    disk.fill(range.offset(), range.length(), 0);
  }

  private void startZero(Range range) throws IOException, InterruptedException {
    zero("aio_write -z", range);
    inFlight.add(range);
  }

  private void discard() throws IOException, InterruptedException {
    int units = disk.size() / DISCARD_ALIGNMENT;
    int first = random.nextInt(units);
    int count = 1 + random.nextInt(Math.min(4, units - first));
    Range aligned = new Range(first * DISCARD_ALIGNMENT, count * DISCARD_ALIGNMENT);
    Range range = random.nextInt(4) == 0 ? range() : aligned;
    keepApart(range);
    server.io("discard " + range);
    disk.discard(range.offset(), range.length());
  }

  private void read(Range range) throws IOException, InterruptedException {
    keepApart(range);
    if (range.length() > 1 && disk.isUniform(range.offset(), range.length())) {
      server.io("read -P " + disk.at(range.offset()) + " " + range);
    } else {
      server.io("read " + range);
    }
  }

  private void keepApart(Range range) throws IOException, InterruptedException {
    if (inFlight.size() == MAX_IN_FLIGHT || inFlight.stream().anyMatch(range::overlaps)) {
      settle();
    }
  }

  private Range range() {
    int unit = List.of(1, 512, 4096, 65536).get(random.nextInt(4));
    int length = unit * (1 + random.nextInt(unit == 1 ? 5000 : 16));
    if (random.nextInt(40) == 0) {
      length = 2 << 20;
    }
    int offset = random.nextInt((disk.size() - length) / unit + 1) * unit;
    return new Range(offset, length);
  }
}
