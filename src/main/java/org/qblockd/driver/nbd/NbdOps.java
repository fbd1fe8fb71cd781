// SPDX-License-Identifier: Apache-2.0
package org.qblockd.driver.nbd;

import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicBoolean;
import org.qblockd.base.BlockException;
import org.qblockd.base.Errno;
import org.qblockd.base.YankInstances;
import org.qblockd.block.BlockNode;
import org.qblockd.block.Child;
import org.qblockd.block.Discards;
import org.qblockd.block.Extent;
import org.qblockd.block.GivesUpWaiting;
import org.qblockd.block.Limits;
import org.qblockd.block.NodeOps;
import org.qblockd.block.Perms;
import org.qblockd.block.ReportsExtents;
import org.qblockd.block.RequestFlags;
import org.qblockd.block.WritesZeroes;
import org.qblockd.nbd.ClientAgreement;
import org.qblockd.nbd.HeaderMode;
import org.qblockd.nbd.Nbd;

/** A node that is an export of another server. Any thread. */
final class NbdOps implements NodeOps, WritesZeroes, Discards, ReportsExtents, GivesUpWaiting {
  private static final int SECTOR = 512;
  private static final long MAX_COMPACT = 0xFFFF_FFFFL;

  private final BlockNode node;
  private final NbdClient client;
  private final YankInstances yanks;
  private final YankInstances.Node name;
  private final ClientAgreement agreement;
  private final Limits limits;

  /** Whether something was written since the last flush: a flush without that is none. */
  private final AtomicBoolean written = new AtomicBoolean();

  /** The node's operations; until it is closed, yank may end its connection for good. */
  NbdOps(BlockNode node, NbdClient client, YankInstances yanks) {
    this.yanks = yanks;
    this.name = new YankInstances.Node(node.name());
    yanks.add(name, client::cut);
    this.node = node;
    this.client = client;
    this.agreement = client.agreement();
    this.limits = limits(agreement);
  }

  private static Limits limits(ClientAgreement agreement) {
    int alignment = agreement.minimumBlock();
    if (alignment == 0) {
      alignment = agreement.size() % SECTOR == 0 ? SECTOR : 1;
    }
    int most = agreement.maximumBlock();
    int transfer = most == 0 ? Nbd.MAX_BUFFER : Math.min(Nbd.MAX_BUFFER, most);
    transfer -= transfer % alignment;
    boolean wide = agreement.mode() == HeaderMode.EXTENDED;
    long effect = wide ? 0 : MAX_COMPACT - MAX_COMPACT % Math.max(alignment, SECTOR);
    return new Limits(alignment, transfer, alignment, effect, alignment, effect);
  }

  @Override
  public long length() {
    return agreement.size();
  }

  @Override
  public Limits limits() {
    return limits;
  }

  @Override
  public boolean writesThrough() {
    return agreement.has(Nbd.SEND_FUA);
  }

  @Override
  public void read(long offset, ByteBuffer into, int flags) throws BlockException {
    int length = into.remaining();
    if (length > 0) {
      Exchange unused = client.request(Nbd.CMD_READ, 0, offset, length, null, into);
      ByteBuffer done = into.position(into.limit());
      assert !done.hasRemaining();
    }
  }

  @Override
  public void write(long offset, ByteBuffer from, int flags) throws BlockException {
    int length = from.remaining();
    if (length > 0) {
      int wire = fua(flags);
      if (agreement.mode() == HeaderMode.EXTENDED) {
        wire |= Nbd.CMD_FLAG_PAYLOAD_LEN;
      }
      Exchange unused = client.request(Nbd.CMD_WRITE, wire, offset, length, from, null);
      written.set(true);
      ByteBuffer done = from.position(from.limit());
      assert !done.hasRemaining();
    }
  }

  private static int fua(int flags) {
    return (flags & RequestFlags.FUA) != 0 ? Nbd.CMD_FLAG_FUA : 0;
  }

  @Override
  public void flush() throws BlockException {
    if (agreement.has(Nbd.SEND_FLUSH) && written.getAndSet(false)) {
      try {
        Exchange unused = client.request(Nbd.CMD_FLUSH, 0, 0, 0, null, null);
      } catch (BlockException e) {
        written.set(true);
        throw e;
      }
    }
  }

  @Override
  public void writeZeroes(long offset, long bytes, int flags) throws BlockException {
    if (!agreement.has(Nbd.SEND_WRITE_ZEROES)) {
      throw BlockException.io(Errno.ENOTSUP);
    }
    int wire = (flags & RequestFlags.MAY_UNMAP) == 0 ? Nbd.CMD_FLAG_NO_HOLE : 0;
    if (agreement.has(Nbd.SEND_FUA)) {
      wire |= fua(flags);
    }
    if ((flags & RequestFlags.NO_FALLBACK) != 0) {
      if (!agreement.has(Nbd.SEND_FAST_ZERO)) {
        throw BlockException.io(Errno.ENOTSUP);
      }
      wire |= Nbd.CMD_FLAG_FAST_ZERO;
    }
    Exchange unused = client.request(Nbd.CMD_WRITE_ZEROES, wire, offset, bytes, null, null);
    written.set(true);
  }

  @Override
  public void discard(long offset, long bytes) throws BlockException {
    if (agreement.has(Nbd.SEND_TRIM) && bytes > 0) {
      Exchange unused = client.request(Nbd.CMD_TRIM, 0, offset, bytes, null, null);
    }
  }

  @Override
  public Extent extentAt(long offset, long bytes, boolean wantZero) throws BlockException {
    if (agreement.context() < 0) {
      return new Extent(bytes, Extent.DATA | Extent.OFFSET_VALID, offset, node);
    }
    long asked = agreement.mode() == HeaderMode.EXTENDED ? bytes : Math.min(bytes, 1 << 30);
    Exchange answer =
        client.request(Nbd.CMD_BLOCK_STATUS, Nbd.CMD_FLAG_REQ_ONE, offset, asked, null, null);
    if (answer.extentLength() <= 0) {
      throw BlockException.io(Errno.EIO);
    }
    long flags = answer.extentFlags();
    int status = (flags & Nbd.STATE_HOLE) == 0 ? Extent.DATA : 0;
    status |= (flags & Nbd.STATE_ZERO) == 0 ? 0 : Extent.ZERO;
    long length = Math.min(bytes, answer.extentLength());
    return new Extent(length, status | Extent.OFFSET_VALID, offset, node);
  }

  @Override
  public void giveUpWaiting() {
    client.giveUpWaiting();
  }

  @Override
  public void close() {
    yanks.remove(name);
    client.close();
  }

  @Override
  public Perms childPerms(Child child, Perms wanted) {
    throw new IllegalStateException("an NBD node has no children");
  }
}
