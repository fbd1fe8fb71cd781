// SPDX-License-Identifier: Apache-2.0
package org.qblockd.export;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.qblockd.block.BlockBackend;
import org.qblockd.block.Child;
import org.qblockd.block.DirtyBitmap;
import org.qblockd.nbd.Nbd;
import org.qblockd.nbd.OfferedExport;

/** A node as NBD clients see it. Control lane; what connections use is immutable or says so. */
final class NbdExport {
  private static final int SECTOR = 512;
  private static final int READER = Nbd.HAS_FLAGS | Nbd.SEND_FLUSH | Nbd.SEND_FUA | Nbd.SEND_CACHE;
  private static final int WRITER = Nbd.SEND_TRIM | Nbd.SEND_WRITE_ZEROES | Nbd.SEND_FAST_ZERO;

  private final String id;
  private final NbdServer server;
  private final BlockBackend backend;
  private final List<StatusCommand.Context> contexts;
  private final List<DirtyBitmap> bitmaps;
  private final OfferedExport offered;
  private final Set<ClientConnection> clients = ConcurrentHashMap.newKeySet();
  private volatile boolean shuttingDown;

  NbdExport(
      NbdExportSpec spec,
      NbdServer server,
      BlockBackend backend,
      List<DirtyBitmap> bitmaps,
      long length,
      int minimumBlock) {
    this.id = spec.id();
    this.server = server;
    this.backend = backend;
    this.bitmaps = List.copyOf(bitmaps);
    List<String> names = new ArrayList<>();
    List<StatusCommand.Context> kinds = new ArrayList<>();
    names.add(OfferedExport.BASE_ALLOCATION);
    kinds.add(new StatusCommand.Context.Allocation());
    if (spec.allocationDepth()) {
      names.add(OfferedExport.ALLOCATION_DEPTH);
      kinds.add(new StatusCommand.Context.Depth());
    }
    for (DirtyBitmap bitmap : bitmaps) {
      names.add(OfferedExport.DIRTY_BITMAP + bitmap.name());
      kinds.add(new StatusCommand.Context.Bitmap(bitmap));
    }
    this.contexts = List.copyOf(kinds);
    int flags = READER | (spec.writable() ? WRITER : Nbd.READ_ONLY);
    this.offered =
        new OfferedExport(
            spec.name(),
            spec.description(),
            length / SECTOR * SECTOR,
            server.multiConn() ? flags | Nbd.CAN_MULTI_CONN : flags,
            minimumBlock,
            List.copyOf(names));
  }

  String id() {
    return id;
  }

  /** The server that offers it. Any thread. */
  NbdServer server() {
    return server;
  }

  /** Any thread. */
  BlockBackend backend() {
    return backend;
  }

  /** Any thread. */
  OfferedExport offered() {
    return offered;
  }

  /** What the metadata contexts tell, by their numbers. Any thread. */
  List<StatusCommand.Context> contexts() {
    return contexts;
  }

  /** The connections that use the export. Any thread. */
  Set<ClientConnection> clients() {
    return clients;
  }

  /** Whether no request is under way. */
  boolean idle() {
    Child root = backend.root();
    return root != null && !backend.drainedPoll(root);
  }

  boolean shuttingDown() {
    return shuttingDown;
  }

  /** Clients are being disconnected; the export goes when the last has gone. */
  void shutDown() {
    shuttingDown = true;
    for (ClientConnection client : clients) {
      client.close();
    }
  }

  /** Gives up what the export holds. */
  void release() {
    for (DirtyBitmap bitmap : bitmaps) {
      bitmap.setBusy(false);
    }
    backend.close();
  }
}
