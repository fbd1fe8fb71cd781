// SPDX-License-Identifier: Apache-2.0
package org.qblockd.driver.quorum;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.qblockd.base.BlockException;
import org.qblockd.base.Errno;
import org.qblockd.block.Child;
import org.qblockd.block.ChildRole;
import org.qblockd.block.NodeOps;
import org.qblockd.driver.BlockDriver;
import org.qblockd.driver.OpenRequest;
import org.qblockd.driver.RuntimeOption;
import org.qblockd.driver.RuntimeOption.Kind;
import org.qblockd.qapi.options.OptionMap;
import org.qblockd.qapi.types.BlockdevOptions;
import org.qblockd.qapi.types.BlockdevOptionsQuorum;
import org.qblockd.qapi.types.BlockdevRef;
import org.qblockd.qapi.types.QuorumReadPattern;

/** The driver {@code quorum}: what enough of its children agree on. Control lane. */
public final class QuorumDriver implements BlockDriver {
  private static final String CHILDREN = "children";
  private static final String THRESHOLD = "vote-threshold";
  private static final String PATTERN = "read-pattern";
  private static final String BLKVERIFY = "blkverify";
  private static final String REWRITE = "rewrite-corrupted";

  private final QuorumListener listener;

  /** The driver. */
  public QuorumDriver(QuorumListener listener) {
    this.listener = listener;
  }

  @Override
  public String name() {
    return "quorum";
  }

  @Override
  public boolean isFormat() {
    return false;
  }

  @Override
  public List<RuntimeOption> runtimeOptions() {
    return List.of(
        RuntimeOption.of(CHILDREN, Kind.CHILDREN),
        RuntimeOption.of(THRESHOLD, Kind.NUMBER),
        RuntimeOption.of(BLKVERIFY, Kind.BOOL),
        RuntimeOption.of(REWRITE, Kind.BOOL),
        RuntimeOption.of(PATTERN, Kind.TEXT));
  }

  @Override
  public List<String> strongOptions() {
    return List.of(THRESHOLD, BLKVERIFY, REWRITE, PATTERN);
  }

  @Override
  public @Nullable String complaint(OptionMap options) {
    if (!options.has(CHILDREN + ".0")) {
      return "Number of provided children must be 1 or more";
    }
    return options.has(THRESHOLD)
        ? "Please set read-pattern as fifo or quorum"
        : "Parameter 'vote-threshold' expects a value >= 1";
  }

  @Override
  public NodeOps open(OpenRequest request) throws BlockException {
    if (!(request.options() instanceof BlockdevOptions.Quorum quorum)) {
      throw new IllegalArgumentException("options of another driver");
    }
    BlockdevOptionsQuorum options = quorum.data();
    int count = request.childCount(CHILDREN);
    // QEMU keeps 32 bits of the number.
    int threshold = (int) options.voteThreshold();
    check(options, threshold, count);
    List<Child> children = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      BlockdevRef ref = options.children().get(i);
      children.add(request.openChild(CHILDREN + "." + i, ChildRole.DATA, ref));
    }
    boolean fifo = fifo(options);
    QuorumOps.Rules rules =
        new QuorumOps.Rules(
            threshold,
            fifo,
            !fifo && options.blkverify().orElse(false),
            !fifo && options.rewriteCorrupted().orElse(false));
    return new QuorumOps(request.node(), children, length(children), rules, listener);
  }

  private static boolean fifo(BlockdevOptionsQuorum options) {
    return options.readPattern().orElse(QuorumReadPattern.QUORUM) == QuorumReadPattern.FIFO;
  }

  private static void check(BlockdevOptionsQuorum options, int threshold, int count)
      throws BlockException {
    if (threshold < 1) {
      throw BlockException.invalid("Parameter 'vote-threshold' expects a value >= 1");
    }
    if (threshold > count) {
      throw BlockException.invalid("threshold may not exceed children count");
    }
    if (fifo(options) || !options.blkverify().orElse(false)) {
      return;
    }
    if (count != 2 || threshold != 2) {
      throw BlockException.invalid(
          "blkverify=on can only be set if there are exactly two files and vote-threshold is 2");
    }
    if (options.rewriteCorrupted().orElse(false)) {
      throw BlockException.invalid("rewrite-corrupted=on cannot be used with blkverify=on");
    }
  }

  private static long length(List<Child> children) throws BlockException {
    long length = children.getFirst().length();
    for (Child child : children) {
      if (child.length() != length) {
        throw BlockException.withErrno(Errno.EIO, "Could not refresh total sector count");
      }
    }
    return length;
  }
}
