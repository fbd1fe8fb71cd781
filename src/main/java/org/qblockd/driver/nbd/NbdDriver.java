// SPDX-License-Identifier: Apache-2.0
package org.qblockd.driver.nbd;

import java.util.List;
import java.util.concurrent.TimeUnit;
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
import org.qblockd.qapi.types.FdSocketAddress;
import org.qblockd.qapi.types.SocketAddress;
import org.qblockd.tls.TlsCredentials;

/** The driver {@code nbd}. Control lane. */
public final class NbdDriver implements BlockDriver {
  private final Clock clock;
  private final YankInstances yanks;
  private final Surroundings surroundings;

  /** What addresses and options name outside of the driver. Control lane. */
  public interface Surroundings {
    /**
     * The TLS credentials with this id.
     *
     * @throws BlockException when there are none that can be used
     */
    TlsCredentials credentials(String id) throws BlockException;

    /**
     * The descriptor of this name, which from now on belongs to the caller.
     *
     * @throws BlockException when there is none
     */
    int descriptor(String name) throws BlockException;
  }

  /**
   * The driver.
   *
   * @param clock measures how long to wait for servers
   * @param yanks knows the connections that may be cut
   */
  public NbdDriver(Clock clock, YankInstances yanks, Surroundings surroundings) {
    this.clock = clock;
    this.yanks = yanks;
    this.surroundings = surroundings;
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

  /** Older command lines give the server's address without {@code server}. */
  @Override
  public void modernise(OptionMap options) throws BlockException {
    String path = options.string("path");
    String host = options.string("host");
    String port = options.string("port");
    boolean modern = options.hasBelow("server") || options.has("server");
    if (path == null && host == null) {
      if (!modern) {
        throw BlockException.invalid("NBD server address missing");
      }
      return;
    }
    if (modern) {
      throw BlockException.invalid("Cannot use 'server' and path/host/port at the same time");
    }
    if (path != null && host != null) {
      throw BlockException.invalid("path and host may not be used at the same time");
    }
    if (path != null && port != null) {
      throw BlockException.invalid("port may not be used without host");
    }
    if (path != null) {
      options.put("server.type", "unix");
      options.put("server.path", path);
    } else if (host != null) {
      options.put("server.type", "inet");
      options.put("server.host", host);
      options.put("server.port", port == null ? NbdNames.DEFAULT_PORT : port);
    }
    List.of("path", "host", "port").forEach(options::remove);
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
    TlsCredentials tls = null;
    if (options.tlsCreds().isPresent()) {
      tls = surroundings.credentials(options.tlsCreds().get());
      if (tls.server()) {
        throw BlockException.invalid("Expected TLS credentials for a client endpoint");
      }
    }
    String host = options.tlsHostname().orElse(ServerAddress.host(options.server()));
    String export = options.export().orElse("");
    if (export.length() > Nbd.MAX_STRING) {
      throw BlockException.invalid("export name too long to send to server");
    }
    SocketAddress server = options.server();
    if (server instanceof SocketAddress.Fd fd) {
      int descriptor = surroundings.descriptor(fd.data().str());
      server = new SocketAddress.Fd(new FdSocketAddress(String.valueOf(descriptor)));
    }
    String context = options.xDirtyBitmap().orElse(OfferedExport.BASE_ALLOCATION);
    NbdClient client =
        NbdClient.open(
            new NbdClient.Target(
                server,
                export,
                context,
                tls,
                host.isEmpty() ? null : host,
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
