// SPDX-License-Identifier: Apache-2.0
package org.qblockd.driver.nbd;

import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import org.qblockd.base.BlockException;
import org.qblockd.base.Clock;
import org.qblockd.base.YankInstances;
import org.qblockd.block.NodeOps;
import org.qblockd.driver.BlockDriver;
import org.qblockd.driver.OpenRequest;
import org.qblockd.driver.RuntimeOption;
import org.qblockd.driver.RuntimeOption.Kind;
import org.qblockd.nbd.Nbd;
import org.qblockd.nbd.OfferedExport;
import org.qblockd.qapi.options.FullOptions;
import org.qblockd.qapi.options.OptionMap;
import org.qblockd.qapi.types.BlockdevOptions;
import org.qblockd.qapi.types.BlockdevOptionsNbd;

/** The driver {@code nbd}. Control lane. */
public final class NbdDriver implements BlockDriver {
  private final Clock clock;
  private final YankInstances yanks;
  private final Predicate<String> credentials;

  /**
   * The driver.
   *
   * @param clock measures how long to wait for servers
   * @param yanks knows the connections that may be cut
   * @param credentials whether there are TLS credentials with an id
   */
  public NbdDriver(Clock clock, YankInstances yanks, Predicate<String> credentials) {
    this.clock = clock;
    this.yanks = yanks;
    this.credentials = credentials;
  }

  @Override
  public String name() {
    return "nbd";
  }

  @Override
  public boolean isProtocol() {
    return true;
  }

  @Override
  public void parseFilename(String filename, OptionMap options) throws BlockException {
    NbdNames.parse(filename, options);
  }

  @Override
  public List<RuntimeOption> runtimeOptions() {
    return List.of(
        RuntimeOption.of("server", Kind.TREE),
        RuntimeOption.of("export", Kind.TEXT),
        RuntimeOption.of("tls-creds", Kind.TEXT),
        RuntimeOption.of("tls-hostname", Kind.TEXT),
        RuntimeOption.of("x-dirty-bitmap", Kind.TEXT),
        RuntimeOption.of("reconnect-delay", Kind.NUMBER),
        RuntimeOption.of("open-timeout", Kind.NUMBER));
  }

  @Override
  public List<String> strongOptions() {
    return List.of("server.", "export", "tls-creds", "tls-hostname");
  }

  @Override
  public boolean namesItself() {
    return true;
  }

  @Override
  public String exactFilename(FullOptions options, UnaryOperator<String> exactOf) {
    return NbdNames.of(options);
  }

  @Override
  public NodeOps open(OpenRequest request) throws BlockException {
    if (!(request.options() instanceof BlockdevOptions.Nbd nbd)) {
      throw new IllegalArgumentException("options of another driver");
    }
    BlockdevOptionsNbd options = nbd.data();
    if (options.tlsCreds().isPresent()) {
      String id = options.tlsCreds().get();
      if (!credentials.test(id)) {
        throw BlockException.invalid("No TLS credentials with id '" + id + "'");
      }
      throw BlockException.invalid("TLS is not served by the driver nbd");
    }
    String export = options.export().orElse("");
    if (export.length() > Nbd.MAX_STRING) {
      throw BlockException.invalid("export name too long to send to server");
    }
    String context = options.xDirtyBitmap().orElse(OfferedExport.BASE_ALLOCATION);
    NbdClient client =
        NbdClient.open(
            new NbdClient.Target(
                options.server(),
                export,
                context,
                TimeUnit.SECONDS.toNanos(options.reconnectDelay().orElse(0L))),
            clock,
            TimeUnit.SECONDS.toNanos(options.openTimeout().orElse(0L)));
    try {
      if (options.xDirtyBitmap().isPresent() && client.agreement().context() < 0) {
        throw BlockException.invalid("Could not open image: Invalid argument");
      }
      if (client.agreement().has(Nbd.READ_ONLY)) {
        request.fallBackToReadOnly("Could not open image: Permission denied");
      }
      return new NbdOps(request.node(), client, yanks);
    } catch (BlockException e) {
      client.close();
      throw e;
    }
  }
}
