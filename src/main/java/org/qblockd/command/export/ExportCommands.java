// SPDX-License-Identifier: Apache-2.0
package org.qblockd.command.export;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.qblockd.base.BlockException;
import org.qblockd.block.BlockBackend;
import org.qblockd.block.BlockNode;
import org.qblockd.export.BlockExports;
import org.qblockd.export.ExportedBitmap;
import org.qblockd.export.NbdExportSpec;
import org.qblockd.export.NbdServerLimits;
import org.qblockd.export.TlsPolicy;
import org.qblockd.machine.Machine;
import org.qblockd.qapi.QmpException;
import org.qblockd.qapi.commands.BlockExportCommands;
import org.qblockd.qapi.types.BlockDirtyBitmapOrStr;
import org.qblockd.qapi.types.BlockExportInfo;
import org.qblockd.qapi.types.BlockExportOptions;
import org.qblockd.qapi.types.BlockExportRemoveMode;
import org.qblockd.qapi.types.BlockExportType;
import org.qblockd.qapi.types.NbdServerAddOptions;
import org.qblockd.qapi.types.NbdServerOptions;
import org.qblockd.qapi.types.SocketAddressLegacy;
import org.qblockd.tls.TlsCredentials;

/** The commands of {@code block-export.json}. Control lane. */
public final class ExportCommands implements BlockExportCommands {
  private static final long DEFAULT_HANDSHAKE_SECONDS = 10;
  private static final long DEFAULT_CONNECTIONS = 100;
  private static final long NANOS_PER_SECOND = 1_000_000_000;

  private final Machine machine;
  private final BlockExports exports;

  /** The commands for this machine. */
  public ExportCommands(Machine machine) {
    this.machine = machine;
    this.exports = machine.exports();
  }

  @Override
  public void nbdServerStart(
      Optional<Long> handshakeMaxSeconds,
      Optional<String> tlsCreds,
      Optional<String> tlsAuthz,
      Optional<Long> maxConnections,
      Optional<String> xServer,
      SocketAddressLegacy addr)
      throws QmpException, BlockException {
    start(
        new NbdServerOptions(
            handshakeMaxSeconds,
            tlsCreds,
            tlsAuthz,
            maxConnections,
            xServer,
            ServerAddress.plain(addr)));
  }

  /** Lets an NBD server listen. */
  public void start(NbdServerOptions options) throws QmpException, BlockException {
    String name = options.xServer().orElse("");
    if (exports.serverRunning(name)) {
      throw QmpException.generic(
          name.isEmpty()
              ? "NBD server already running"
              : "NBD server '" + name + "' already running");
    }
    TlsPolicy tls = null;
    if (options.tlsCreds().isPresent()) {
      TlsAccess access = new TlsAccess(machine);
      TlsCredentials credentials = access.serverCredentials(options.tlsCreds().get());
      tls = new TlsPolicy(credentials, access.authorization(options.tlsAuthz().orElse(null)));
    }
    long connections = options.maxConnections().orElse(DEFAULT_CONNECTIONS);
    long seconds = options.handshakeMaxSeconds().orElse(DEFAULT_HANDSHAKE_SECONDS);
    exports.startServer(
        name,
        ServerAddress.listen(options.addr()),
        new NbdServerLimits(
            (int) Math.min(connections, Integer.MAX_VALUE), seconds * NANOS_PER_SECOND),
        tls);
  }

  @Override
  public void nbdServerStop(Optional<String> xServer) throws BlockException {
    exports.stopServer(xServer.orElse(""));
  }

  @Override
  public void nbdServerAdd(NbdServerAddOptions arguments) throws QmpException, BlockException {
    String device = arguments.device();
    BlockNode node = machine.graph().lookup(device, device);
    String name = arguments.name().orElse(device);
    exports.checkId(name);
    List<ExportedBitmap> bitmaps =
        arguments.bitmap().map(bitmap -> new ExportedBitmap(null, bitmap)).stream().toList();
    exports.add(
        new NbdExportSpec(
            name,
            "",
            node,
            name,
            arguments.description().orElse(""),
            arguments.writable().orElse(false) && !node.readOnly(),
            false,
            false,
            bitmaps,
            false));
    BlockBackend drive = machine.graph().backend(device);
    if (drive != null) {
      exports.followMedium(name, drive);
    }
  }

  @Override
  public void nbdServerRemove(String name, Optional<BlockExportRemoveMode> mode)
      throws BlockException {
    blockExportDel(name, mode);
  }

  @Override
  public void blockExportAdd(BlockExportOptions arguments) throws QmpException, BlockException {
    exports.checkId(arguments.id());
    BlockNode node = machine.graph().lookup("", arguments.nodeName());
    if (node.readOnly() && arguments.writable().orElse(false)) {
      throw QmpException.generic("Cannot export read-only node as writable");
    }
    boolean fixed = arguments.fixedIothread().orElse(false);
    String iothread = arguments.iothread().orElse("");
    if (!iothread.isEmpty()) {
      moveTo(iothread, node, fixed);
    }
    switch (arguments) {
      case BlockExportOptions.Nbd nbd -> exports.add(spec(nbd, node));
    }
    exports.setThreadFixed(arguments.id(), fixed);
  }

  private void moveTo(String iothread, BlockNode node, boolean must)
      throws QmpException, BlockException {
    if (machine.objects().iothread(iothread) == null) {
      throw QmpException.generic("iothread \"" + iothread + "\" not found");
    }
    try {
      machine.graph().threads().move(node, iothread);
    } catch (BlockException stays) {
      if (must) {
        throw stays;
      }
    }
  }

  private static NbdExportSpec spec(BlockExportOptions.Nbd options, BlockNode node) {
    List<ExportedBitmap> bitmaps = new ArrayList<>();
    for (BlockDirtyBitmapOrStr bitmap : options.data().bitmaps().orElse(List.of())) {
      bitmaps.add(
          switch (bitmap) {
            case BlockDirtyBitmapOrStr.Local local -> new ExportedBitmap(null, local.value());
            case BlockDirtyBitmapOrStr.External external ->
                new ExportedBitmap(external.value().node(), external.value().name());
          });
    }
    return new NbdExportSpec(
        options.id(),
        options.data().xServer().orElse(""),
        node,
        options.data().name().orElse(options.nodeName()),
        options.data().description().orElse(""),
        options.writable().orElse(false),
        options.writethrough().orElse(false),
        options.data().allocationDepth().orElse(false),
        bitmaps,
        options.allowInactive().orElse(false));
  }

  @Override
  public void blockExportDel(String id, Optional<BlockExportRemoveMode> mode)
      throws BlockException {
    exports.remove(id, mode.orElse(BlockExportRemoveMode.SAFE) == BlockExportRemoveMode.HARD);
  }

  @Override
  public List<BlockExportInfo> queryBlockExports() {
    List<BlockExportInfo> infos = new ArrayList<>();
    for (BlockExports.Shown export : exports.all()) {
      infos.add(
          new BlockExportInfo(
              export.id(), BlockExportType.NBD, export.nodeName(), export.shuttingDown()));
    }
    return infos;
  }
}
