// SPDX-License-Identifier: Apache-2.0
package org.qblockd.export;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.qblockd.base.BlockException;
import org.qblockd.base.Clock;
import org.qblockd.base.Identifiers;
import org.qblockd.block.Activation;
import org.qblockd.block.BlockBackend;
import org.qblockd.block.BlockGraph;
import org.qblockd.block.BlockNode;
import org.qblockd.block.DirtyBitmap;
import org.qblockd.block.Permission;
import org.qblockd.block.Perms;
import org.qblockd.export.transport.Listener;
import org.qblockd.nbd.Nbd;
import org.qblockd.nbd.OfferedExport;

/**
 * All exports and the NBD server. Control lane, but for what connections ask at their beginning and
 * end.
 */
public final class BlockExports {
  /** How long a safe removal waits for the end of connections that are about to end. */
  private static final long NOTICE_NANOS = 20_000_000;

  /** How long a removal that disconnects waits for clients without requests. */
  private static final long LEAVING_NANOS = 1_000_000_000;

  private final BlockGraph graph;
  private final Clock clock;
  private final Consumer<String> deleted;
  private final Consumer<String> reports;

  private final Memory memory = new Memory();

  /** Guards the list, so that a client cannot enter an export that is being removed. */
  private final ReentrantLock lock = new ReentrantLock();

  /** Oldest first. */
  private final List<NbdExport> exports = new ArrayList<>();

  /** Those that listen, by name; the usual one has the empty name. */
  private final Map<String, NbdServer> servers = new LinkedHashMap<>();

  /** Whether clients wait in the sockets' queues. */
  private boolean clientsWait;

  /**
   * No exports.
   *
   * @param deleted gets the id of an export that has gone
   * @param reports gets sentences for standard error; any thread
   */
  public BlockExports(
      BlockGraph graph, Clock clock, Consumer<String> deleted, Consumer<String> reports) {
    this.graph = graph;
    this.clock = clock;
    this.deleted = deleted;
    this.reports = reports;
  }

  // ---- the server -------------------------------------------------------------------------------

  /** Whether the NBD server of this name listens; the usual one has the empty name. */
  public boolean serverRunning(String name) {
    return servers.containsKey(name);
  }

  /**
   * Lets an NBD server listen; there is none of its name yet.
   *
   * @param tls null for plain connections
   */
  public void startServer(
      String name, Listener listener, NbdServerLimits limits, @Nullable TlsPolicy tls) {
    NbdServer started = new NbdServer(name, listener, clock, limits, tls, this, reports);
    servers.put(name, started);
    if (!clientsWait) {
      started.start();
    }
  }

  /**
   * Servers listen, but answer nobody until {@link #admitClients}: while the command line is still
   * being worked off, a client would miss the exports that come behind the server.
   */
  public void holdClients() {
    clientsWait = true;
  }

  /** Answers clients from now on. */
  public void admitClients() {
    if (clientsWait) {
      clientsWait = false;
      servers.values().forEach(NbdServer::start);
    }
  }

  /** Ends an NBD server: clients and its exports go. Waits for requests under way. */
  public void stopServer(String name) throws BlockException {
    end(name, true);
  }

  private void end(String name, boolean removeSocket) throws BlockException {
    NbdServer running = running(name);
    running.close(removeSocket);
    for (NbdExport export : newestFirst(running)) {
      shutDown(export);
    }
    graph.lane().pollWhile(() -> !newestFirst(running).isEmpty());
    servers.remove(name);
  }

  /** The end of the process: everything goes, but as in QEMU the names of sockets stay. */
  public void closeAll() {
    for (String name : List.copyOf(servers.keySet())) {
      try {
        end(name, false);
      } catch (BlockException e) {
        throw new IllegalStateException("it is running", e);
      }
    }
  }

  private NbdServer running(String name) throws BlockException {
    NbdServer current = servers.get(name);
    if (current == null) {
      throw BlockException.invalid(
          name.isEmpty() ? "NBD server not running" : "NBD server '" + name + "' not running");
    }
    return current;
  }

  // ---- exports ----------------------------------------------------------------------------------

  /**
   * What there is to tell of an export.
   *
   * @param clients the number of connections that use it
   */
  public record Shown(String id, String nodeName, boolean shuttingDown, int clients) {}

  /** All exports, the newest first. */
  public List<Shown> all() {
    List<Shown> all = new ArrayList<>();
    for (NbdExport export : newestFirst()) {
      BlockNode node = export.backend().node();
      String name = node == null ? "" : node.name();
      all.add(new Shown(export.id(), name, export.shuttingDown(), export.clients().size()));
    }
    return all;
  }

  /** Refuses an id that is not well formed or in use. */
  public void checkId(String id) throws BlockException {
    if (!Identifiers.wellFormed(id)) {
      throw BlockException.invalid("Invalid block export id");
    }
    if (find(id) != null) {
      throw BlockException.invalid("Block export id '" + id + "' is already in use");
    }
  }

  /** Exports a node, whose id has been checked. Its bitmaps are in use from now on. */
  public void add(NbdExportSpec spec) throws BlockException {
    if (spec.node().readOnly() && spec.writable()) {
      throw BlockException.invalid("Cannot export read-only node as writable");
    }
    int used = Permission.CONSISTENT_READ | (spec.writable() ? Permission.WRITE : 0);
    BlockBackend backend = new BlockBackend(graph, "", new Perms(used, Permission.ALL));
    try {
      if (spec.allowInactive()) {
        backend.allowInactive();
      } else {
        new Activation(graph).activate(spec.node());
      }
      backend.insert(spec.node());
      backend.setWriteCache(!spec.writethrough());
      checkNbd(spec);
      backend.setPerms(new Perms(used, Permission.ALL & ~Permission.RESIZE));
      List<DirtyBitmap> bitmaps = new ArrayList<>();
      for (ExportedBitmap wanted : spec.bitmaps()) {
        bitmaps.add(wanted.find(graph, spec.node(), spec.writable()));
      }
      NbdExport export =
          new NbdExport(
              spec,
              running(spec.server()),
              backend,
              bitmaps,
              backend.length(),
              spec.node().ops().limits().requestAlignment());
      for (DirtyBitmap bitmap : bitmaps) {
        bitmap.setBusy(true);
      }
      enlist(export);
    } catch (BlockException e) {
      backend.close();
      throw e;
    }
  }

  /** The export's node stays in its I/O thread, or may follow others to theirs. */
  public void setThreadFixed(String id, boolean fixed) {
    NbdExport export = find(id);
    if (export != null) {
      export.backend().setThreadFixed(fixed);
    }
  }

  /** The export goes when the medium leaves this drive. */
  public void followMedium(String id, BlockBackend drive) {
    NbdExport export = find(id);
    if (export != null) {
      drive.onEject(() -> {
        if (!export.shuttingDown()) {
          shutDown(export);
        }
      });
    }
  }

  private void checkNbd(NbdExportSpec spec) throws BlockException {
    NbdServer server = running(spec.server());
    checkLength("export name", spec.name());
    checkLength("description", spec.description());
    for (NbdExport export : newestFirst(server)) {
      if (export.offered().name().equals(spec.name())) {
        throw BlockException.invalid("NBD server already has export named '" + spec.name() + "'");
      }
    }
  }

  private static void checkLength(String what, String text) throws BlockException {
    if (text.getBytes(java.nio.charset.StandardCharsets.UTF_8).length > Nbd.MAX_STRING) {
      throw BlockException.invalid(what + " '" + text + "' too long");
    }
  }

  /**
   * Removes an export.
   *
   * @param hard whether its clients are disconnected; without that there must be none
   */
  public void remove(String id, boolean hard) throws BlockException {
    NbdExport export = find(id);
    if (export == null) {
      throw BlockException.invalid("Export '" + id + "' is not found");
    }
    if (export.shuttingDown()) {
      throw BlockException.invalid("Export '" + id + "' is already shutting down");
    }
    if (!hard && staysInUse(export)) {
      throw BlockException.invalid("export '" + id + "' still in use");
    }
    shutDown(export);
    // Behind the reply, but before the next command.
    graph.lane().post(() -> awaitIdle(export));
  }

  /** A client that has just gone may not have been noticed yet. */
  private boolean staysInUse(NbdExport export) {
    graph.lane().pollWhile(() -> !export.clients().isEmpty(), clock, NOTICE_NANOS);
    return !export.clients().isEmpty();
  }

  /** Clients that were disconnected go at once, but for those whose requests are under way. */
  private void awaitIdle(NbdExport export) {
    graph
        .lane()
        .pollWhile(() -> !export.clients().isEmpty() && export.idle(), clock, LEAVING_NANOS);
  }

  private void shutDown(NbdExport export) {
    boolean unused;
    lock.lock();
    try {
      export.shutDown();
      unused = export.clients().isEmpty();
    } finally {
      lock.unlock();
    }
    if (unused) {
      forget(export);
    }
  }

  private void forget(NbdExport export) {
    lock.lock();
    try {
      if (!exports.remove(export)) {
        return;
      }
    } finally {
      lock.unlock();
    }
    export.release();
    deleted.accept(export.id());
  }

  private void enlist(NbdExport export) {
    lock.lock();
    try {
      exports.add(export);
    } finally {
      lock.unlock();
    }
  }

  private @Nullable NbdExport find(String id) {
    for (NbdExport export : newestFirst()) {
      if (export.id().equals(id)) {
        return export;
      }
    }
    return null;
  }

  private List<NbdExport> newestFirst() {
    lock.lock();
    try {
      return List.copyOf(exports).reversed();
    } finally {
      lock.unlock();
    }
  }

  private List<NbdExport> newestFirst(NbdServer server) {
    return newestFirst().stream().filter(export -> export.server().equals(server)).toList();
  }

  // ---- for connections --------------------------------------------------------------------------

  /** What connections share. Any thread. */
  Memory memory() {
    return memory;
  }

  /** What clients may choose from, oldest first. Any thread. */
  List<OfferedExport> offered(NbdServer server) {
    List<OfferedExport> offered = new ArrayList<>();
    for (NbdExport export : newestFirst(server).reversed()) {
      if (!export.shuttingDown()) {
        offered.add(export.offered());
      }
    }
    return offered;
  }

  /** A client begins to use an export; null when that has gone. Any thread. */
  @Nullable NbdExport enter(NbdServer server, OfferedExport chosen, ClientConnection connection) {
    lock.lock();
    try {
      for (NbdExport export : exports) {
        if (export.server().equals(server)
            && export.offered().equals(chosen)
            && !export.shuttingDown()) {
          export.clients().add(connection);
          return export;
        }
      }
      return null;
    } finally {
      lock.unlock();
    }
  }

  /** A client does not use the export any more. Any thread. */
  void left(NbdExport export, ClientConnection connection) {
    boolean last;
    lock.lock();
    try {
      export.clients().remove(connection);
      last = export.shuttingDown() && export.clients().isEmpty();
    } finally {
      lock.unlock();
    }
    if (last) {
      graph.lane().post(() -> forget(export));
    } else {
      graph.lane().kick();
    }
  }
}
