// SPDX-License-Identifier: Apache-2.0
package org.qblockd.it.copy;

import java.io.IOException;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Random;
import org.qblockd.it.copy.Copy.Format;
import org.qblockd.it.copy.Copy.Sync;
import org.qblockd.qapi.json.JsonValue.JsonNull;
import org.qblockd.qapi.json.JsonValue.JsonObject;

/**
 * Where a job copies to: an image made before the job, or by it. One test thread.
 *
 * @param start what the image holds at first
 */
record CopyTarget(Copy copy, String node, String file, Start start) {
  /** Untouched pieces of this many bytes stay untouched whatever granularity a job has. */
  private static final int PIECE = 1 << 20;

  /** What an image holds before the job. */
  enum Start {
    /** The job makes it ({@code mode} absolute-paths). */
    ABSENT,
    /** Zeroes. */
    BLANK,
    /** Something that a full copy must overwrite. */
    GARBAGE,
    /** What the disk's backing file holds. */
    BELOW,
    /** What the disk holds. */
    SAME,
    /** An overlay over the disk itself, opened over the disk's node. */
    OVER_SOURCE
  }

  Format format() {
    return copy.format();
  }

  /** Makes an image for a job that copies this chain. */
  static CopyTarget create(ImageTools tools, Random random, Copy copy, String node, World world)
      throws IOException, InterruptedException {
    String file = node + "." + copy.format().wireName();
    CopyTarget target = new CopyTarget(copy, node, file, start(random, copy, world.chain()));
    target.makeImage(tools, world);
    return target;
  }

  /**
   * The disk as it is when the job starts.
   *
   * @param content nothing of the guest is in flight
   */
  record World(Chain chain, byte[] content) {}

  private static Start start(Random random, Copy copy, Chain chain) {
    boolean shallow = copy.sync() == Sync.TOP && chain.hasBacking();
    boolean raw = copy.format() == Format.RAW;
    boolean canBeMade = !raw || (!shallow && copy.sync() != Sync.NONE);
    if (copy.command().opensTarget() && canBeMade && random.nextBoolean()) {
      return Start.ABSENT;
    }
    if (shallow) {
      return Start.BELOW;
    }
    if (copy.sync() != Sync.NONE) {
      boolean full = copy.sync() == Sync.FULL;
      return full && random.nextInt(3) == 0 ? Start.GARBAGE : Start.BLANK;
    }
    if (!copy.command().isMirror()) {
      boolean over = copy.command() == Copy.Command.BLOCKDEV_BACKUP && !raw && random.nextBoolean();
      return over ? Start.OVER_SOURCE : Start.BLANK;
    }
    return random.nextInt(3) == 0 ? Start.BLANK : Start.SAME;
  }

  private void makeImage(ImageTools tools, World world) throws IOException, InterruptedException {
    int size = world.content().length;
    Chain chain = world.chain();
    switch (start) {
      case ABSENT -> {}
      case BLANK -> tools.create(format(), "", file, size);
      case GARBAGE -> {
        byte[] garbage = new byte[size];
        Arrays.fill(garbage, size / 3, size / 2, (byte) 0xee);
        tools.write(garbage, format(), file);
      }
      case SAME -> tools.write(world.content(), format(), file);
      case BELOW -> {
        if (format() == Format.RAW) {
          tools.write(chain.below(), Format.RAW, file);
        } else {
          tools.create(format(), "", file, size, chain.backingOptions());
        }
      }
      case OVER_SOURCE ->
          tools.create(
              format(), "", file, size, "-u", "-b", chain.file(), "-F", chain.format().wireName());
    }
  }

  /** Arguments of {@code blockdev-add} for it. */
  JsonObject node(Chain chain, boolean withoutBacking) {
    JsonObject protocol = QmpClient.object("driver", "file", "filename", file);
    String driver = format().wireName();
    if (start == Start.OVER_SOURCE) {
      return QmpClient.object(
          "driver", driver, "node-name", node, "file", protocol, "backing", chain.node());
    }
    if (withoutBacking) {
      return QmpClient.object(
          "driver",
          driver,
          "node-name",
          node,
          "discard",
          "unmap",
          "file",
          protocol,
          "backing",
          JsonNull.NULL);
    }
    return QmpClient.object(
        "driver", driver, "node-name", node, "discard", "unmap", "file", protocol);
  }

  /** Whether a disk that becomes this image has its old image as backing file. */
  boolean endsOverSource() {
    return start == Start.ABSENT && copy.sync() == Sync.NONE;
  }

  /** The chain of a disk that has become this image. */
  Chain pivoted(Chain chain, byte[] content) {
    if (endsOverSource()) {
      return new Chain(node, file, format(), chain.file(), chain.format(), content);
    }
    if (copy.sync() == Sync.TOP && chain.hasBacking() && format() == Format.QCOW2) {
      return new Chain(node, file, format(), chain.backing(), chain.backingFormat(), chain.below());
    }
    return Chain.alone(node, file, format());
  }

  /**
   * Asserts that the image holds what it must, and is clean.
   *
   * @param expected the content that was to be copied
   * @param disk knows what the guest did while the job ran
   */
  void verify(ImageTools tools, byte[] expected, DiskModel disk)
      throws IOException, InterruptedException {
    if (copy.sync() == Sync.NONE && start == Start.BLANK) {
      verifyTouched(tools.read(format(), file), expected, disk);
    } else {
      tools.assertHolds(expected, format(), file);
    }
    tools.assertClean(format(), file);
  }

  private void verifyTouched(byte[] actual, byte[] expected, DiskModel disk) {
    BitSet touched = disk.touched();
    for (int at = 0; at < expected.length; at++) {
      boolean allowed = actual[at] == expected[at] || (actual[at] == 0 && !touched.get(at));
      if (!allowed) {
        throw new AssertionError(
            "%s at %d: %d instead of %d".formatted(file, at, actual[at], expected[at]));
      }
    }
    touched.or(disk.discarded());
    byte[] zeroes = new byte[PIECE];
    for (int from = 0; from < expected.length; from += PIECE) {
      int to = Math.min(from + PIECE, expected.length);
      int first = touched.nextSetBit(from);
      boolean untouched = first < 0 || first >= to;
      if (untouched && !Arrays.equals(actual, from, to, zeroes, 0, to - from)) {
        throw new AssertionError(file + ": copied at " + from + " what nobody wrote");
      }
    }
  }

  /** All formats and starts in one word each. */
  @Override
  public String toString() {
    return String.join(" ", List.of(copy.toString(), node, start.toString()));
  }
}
