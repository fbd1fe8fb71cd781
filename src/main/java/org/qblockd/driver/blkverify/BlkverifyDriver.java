// SPDX-License-Identifier: Apache-2.0
package org.qblockd.driver.blkverify;

import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.qblockd.base.BlockException;
import org.qblockd.block.Child;
import org.qblockd.block.ChildRole;
import org.qblockd.block.NodeOps;
import org.qblockd.driver.BlockDriver;
import org.qblockd.driver.OpenRequest;
import org.qblockd.driver.RuntimeOption;
import org.qblockd.driver.RuntimeOption.Kind;
import org.qblockd.qapi.options.FullOptions;
import org.qblockd.qapi.options.OptionMap;
import org.qblockd.qapi.types.BlockdevOptions;

/** The driver {@code blkverify}: two children that must stay equal. Control lane. */
public final class BlkverifyDriver implements BlockDriver {
  private static final String PREFIX = "blkverify:";
  private static final String RAW = "raw";
  private static final String TEST = "test";
  private static final String RAW_NAME = "x-raw";
  private static final String TEST_NAME = "x-image";
  private static final Set<String> NEUTRAL = Set.of("driver", RAW, TEST);

  private final Consumer<String> mismatch;

  /**
   * The driver.
   *
   * @param mismatch takes the line about a difference, and ends the process
   */
  public BlkverifyDriver(Consumer<String> mismatch) {
    this.mismatch = mismatch;
  }

  @Override
  public String name() {
    return "blkverify";
  }

  @Override
  public boolean isProtocol() {
    return true;
  }

  @Override
  public boolean isFilter() {
    return true;
  }

  @Override
  public void parseFilename(String filename, OptionMap options) throws BlockException {
    if (!filename.startsWith(PREFIX)) {
      options.put(TEST_NAME, filename);
      return;
    }
    String rest = filename.substring(PREFIX.length());
    int colon = rest.indexOf(':');
    if (colon < 0) {
      throw BlockException.invalid("blkverify requires raw copy and original image path");
    }
    options.put(RAW_NAME, rest.substring(0, colon));
    options.put(TEST_NAME, rest.substring(colon + 1));
  }

  @Override
  public List<RuntimeOption> runtimeOptions() {
    return List.of(
        RuntimeOption.of(RAW, Kind.CHILD),
        RuntimeOption.of(TEST, Kind.CHILD),
        RuntimeOption.of(RAW_NAME, Kind.HIDDEN),
        RuntimeOption.of(TEST_NAME, Kind.HIDDEN));
  }

  @Override
  public boolean namesItself() {
    return true;
  }

  @Override
  public String exactFilename(FullOptions options, UnaryOperator<String> exactOf) {
    String raw = exactOf.apply(RAW);
    String test = exactOf.apply(TEST);
    if (raw.isEmpty() || test.isEmpty() || !NEUTRAL.containsAll(options.names())) {
      return "";
    }
    return PREFIX + raw + ":" + test;
  }

  @Override
  public NodeOps open(OpenRequest request) throws BlockException {
    int filtered = ChildRole.FILTERED | ChildRole.PRIMARY;
    Child raw = request.openNamedChild(RAW, filtered, request.hidden(RAW_NAME));
    Child test = request.openNamedChild(TEST, ChildRole.DATA, request.hidden(TEST_NAME));
    if (!(request.options() instanceof BlockdevOptions.Blkverify)) {
      throw new IllegalArgumentException("options of another driver");
    }
    return new BlkverifyOps(raw, test, mismatch);
  }
}
