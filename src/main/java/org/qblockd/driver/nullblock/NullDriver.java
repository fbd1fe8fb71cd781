// SPDX-License-Identifier: Apache-2.0
package org.qblockd.driver.nullblock;

import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.qblockd.base.BlockException;
import org.qblockd.base.Clock;
import org.qblockd.block.NodeOps;
import org.qblockd.driver.BlockDriver;
import org.qblockd.driver.OpenRequest;
import org.qblockd.driver.RuntimeOption;
import org.qblockd.driver.RuntimeOption.Kind;
import org.qblockd.qapi.options.FullOptions;
import org.qblockd.qapi.options.OptionMap;
import org.qblockd.qapi.types.BlockdevOptions;
import org.qblockd.qapi.types.BlockdevOptionsNull;

/** The drivers {@code null-co} and {@code null-aio}, which differ in name only. Control lane. */
public final class NullDriver implements BlockDriver {
  private static final long DEFAULT_SIZE = 1L << 30;
  private static final Set<String> NEUTRAL = Set.of("driver", "filename");

  private final String name;
  private final Clock clock;

  /** A driver with this name, {@code null-co} or {@code null-aio}. */
  public NullDriver(String name, Clock clock) {
    this.name = name;
    this.clock = clock;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public boolean isProtocol() {
    return true;
  }

  @Override
  public void parseFilename(String filename, OptionMap options) throws BlockException {
    if (!filename.equals(plainName())) {
      throw BlockException.invalid(
          "The only allowed filename for this driver is '" + plainName() + "'");
    }
  }

  private String plainName() {
    return name + "://";
  }

  @Override
  public List<RuntimeOption> runtimeOptions() {
    return List.of(
        RuntimeOption.of("size", Kind.SIZE),
        RuntimeOption.of("latency-ns", Kind.NUMBER),
        RuntimeOption.of("read-zeroes", Kind.BOOL));
  }

  @Override
  public List<String> strongOptions() {
    return List.of("size", "read-zeroes");
  }

  @Override
  public boolean namesItself() {
    return true;
  }

  @Override
  public String exactFilename(FullOptions options, UnaryOperator<String> exactOf) {
    return NEUTRAL.containsAll(options.names()) ? plainName() : "";
  }

  @Override
  public boolean reopens() {
    return true;
  }

  @Override
  public NodeOps open(OpenRequest request) throws BlockException {
    BlockdevOptionsNull options =
        switch (request.options()) {
          case BlockdevOptions.NullCo co -> co.data();
          case BlockdevOptions.NullAio aio -> aio.data();
          default -> throw new IllegalArgumentException("options of another driver");
        };
    long size = options.size().orElse(DEFAULT_SIZE);
    if (size < 0) {
      throw BlockException.invalid("Value '" + size + "' is out of range for parameter 'size'");
    }
    long latency = options.latencyNs().orElse(0L);
    if (latency < 0) {
      throw BlockException.invalid("latency-ns is invalid");
    }
    boolean zeroes = options.readZeroes().orElse(false);
    return new NullOps(request.node(), size, zeroes, new Latency(clock, latency));
  }
}
