// SPDX-License-Identifier: Apache-2.0
package org.qblockd.storage;

import java.lang.foreign.MemorySegment;
import java.lang.ref.Reference;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.qblockd.base.BlockException;
import org.qblockd.base.Errno;
import org.qblockd.base.Pages;

/**
 * A file of the host by its descriptor.
 *
 * <p>Threads as {@link HostFile} says. On a virtual thread, a read is first tried on the page cache
 * alone; what is not there, and every call that may wait for the disk, goes to {@link
 * BlockingCalls}. Writes into the page cache are made in place: they cost a copy, and pin the
 * carrier for that time.
 */
final class PosixFile implements HostFile {
  private static final int EAGAIN = -Errno.EAGAIN.number();
  private static final int EOPNOTSUPP = -Errno.ENOTSUP.number();

  private final String path;
  private final int fd;
  private final boolean writable;
  private final boolean direct;
  private final int alignment;
  private final ImageLocks locks;
  private final FdSets.@Nullable Duplicate duplicate;
  private final AtomicBoolean closed = new AtomicBoolean();

  /** False once the file system has said that it cannot read without waiting. */
  private volatile boolean noWaitWorks;

  private volatile @Nullable Errno failedFlush;

  /** Takes over {@code fd}; {@code alignment} is 1 unless {@code how} is direct. */
  PosixFile(
      String path, int fd, HostOpen how, int alignment, FdSets.@Nullable Duplicate duplicate) {
    this.duplicate = duplicate;
    this.path = path;
    this.fd = fd;
    this.writable = how.writable();
    this.direct = how.direct();
    this.alignment = alignment;
    this.noWaitWorks = !direct;
    this.locks = new ImageLocks(how.locking() ? new DescriptorLocks(fd) : ByteLocks.NONE);
  }

  @Override
  public String path() {
    return path;
  }

  @Override
  public boolean writable() {
    return writable;
  }

  @Override
  public int alignment() {
    return alignment;
  }

  @Override
  public void read(long offset, ByteBuffer into) throws BlockException {
    if (fits(into)) {
      readInto(offset, into);
      return;
    }
    long at = offset;
    try (BounceBuffer bounce = BounceBuffer.take(into.remaining())) {
      while (into.hasRemaining()) {
        ByteBuffer piece = bounce.piece(into.remaining());
        readInto(at, piece);
        at += piece.position();
        into.put(piece.flip());
      }
    }
  }

  @Override
  public boolean tryRead(long offset, ByteBuffer into) throws BlockException {
    int start = into.position();
    if (!noWaitWorks || !fits(into)) {
      return false;
    }
    boolean done = readCached(offset, into);
    if (!done) {
      into.position(start);
    }
    return done;
  }

  private void readInto(long offset, ByteBuffer into) throws BlockException {
    int start = into.position();
    if (noWaitWorks && Thread.currentThread().isVirtual() && readCached(offset, into)) {
      return;
    }
    long position = offset + into.position() - start;
    while (into.hasRemaining()) {
      long read = Native.check(pread(position, into));
      into.position(into.position() + (int) read);
      position += read;
      // O_DIRECT gives an odd count only at the end of the file, and refuses to go on from there.
      if (read == 0 || read % alignment != 0) {
        zero(into);
      }
    }
  }

  private long pread(long position, ByteBuffer into) {
    long address = address(into);
    int bytes = into.remaining();
    boolean inPlace = !direct && !noWaitWorks;
    try {
      return waiting(() -> Native.pread(open(), address, bytes, position), inPlace);
    } finally {
      Reference.reachabilityFence(into);
    }
  }

  /** Reads what the page cache holds; true when that filled the buffer (zeroes at the end). */
  private boolean readCached(long offset, ByteBuffer into) throws BlockException {
    long position = offset;
    while (into.hasRemaining()) {
      long read = preadNoWait(position, into);
      if (read == EAGAIN) {
        return false;
      }
      if (read == EOPNOTSUPP) {
        noWaitWorks = false;
        return false;
      }
      into.position(into.position() + (int) Native.check(read));
      position += read;
      if (read == 0) {
        zero(into);
      }
    }
    return true;
  }

  private long preadNoWait(long position, ByteBuffer into) {
    try {
      return Native.preadNoWait(open(), address(into), into.remaining(), position);
    } finally {
      Reference.reachabilityFence(into);
    }
  }

  @Override
  public void write(long offset, ByteBuffer from) throws BlockException {
    if (fits(from)) {
      writeFrom(offset, from);
      return;
    }
    long at = offset;
    try (BounceBuffer bounce = BounceBuffer.take(from.remaining())) {
      while (from.hasRemaining()) {
        ByteBuffer piece = bounce.piece(from.remaining());
        int bytes = piece.remaining();
        piece.put(from.slice(from.position(), bytes)).flip();
        from.position(from.position() + bytes);
        writeFrom(at, piece);
        at += bytes;
      }
    }
  }

  private void writeFrom(long offset, ByteBuffer from) throws BlockException {
    long position = offset;
    while (from.hasRemaining()) {
      long written = Native.check(pwrite(position, from));
      if (written == 0) {
        throw BlockException.io(Errno.EIO);
      }
      from.position(from.position() + (int) written);
      position += written;
    }
  }

  private long pwrite(long position, ByteBuffer from) {
    long address = address(from);
    int bytes = from.remaining();
    try {
      return waiting(() -> Native.pwrite(open(), address, bytes, position), !direct);
    } finally {
      Reference.reachabilityFence(from);
    }
  }

  @Override
  public void startWriteback() {
    int unused = Native.startWriteback(fd);
  }

  @Override
  public void flush() throws BlockException {
    Errno failed = failedFlush;
    if (failed != null) {
      throw BlockException.io(failed);
    }
    try {
      Native.check(waiting(() -> Native.fdatasync(open()), false));
    } catch (BlockException e) {
      if (!direct) {
        failedFlush = e.errno();
      }
      throw e;
    }
  }

  @Override
  public long length() throws BlockException {
    return Native.check(Native.lseek(open(), 0, Native.SEEK_END));
  }

  @Override
  public void truncate(long length) throws BlockException {
    Native.check(waiting(() -> Native.ftruncate(open(), length), false));
  }

  @Override
  public void allocate(long offset, long length) throws BlockException {
    fallocate(0, offset, length);
  }

  @Override
  public void punchHole(long offset, long length) throws BlockException {
    fallocate(Native.FALLOC_PUNCH_HOLE | Native.FALLOC_KEEP_SIZE, offset, length);
  }

  @Override
  public void zeroRange(long offset, long length) throws BlockException {
    fallocate(Native.FALLOC_ZERO_RANGE, offset, length);
  }

  private void fallocate(int mode, long offset, long length) throws BlockException {
    if (length == 0) {
      return;
    }
    long result = waiting(() -> Native.fallocate(open(), mode, offset, length), false);
    if (result < 0) {
      throw BlockException.io(unsupportedOr(Errno.of((int) -result), mode != 0));
    }
  }

  /**
   * ENOTSUP for every number by which file systems say that they cannot. XFS says EINVAL for modes
   * that it does not know.
   */
  private static Errno unsupportedOr(Errno errno, boolean invalidToo) {
    return switch (errno) {
      case ENOSYS, ENOTSUP, ENODEV, ENOTTY -> Errno.ENOTSUP;
      case EINVAL -> invalidToo ? Errno.ENOTSUP : errno;
      default -> errno;
    };
  }

  @Override
  public HostExtent extentAt(long offset) throws BlockException {
    long data = Native.lseek(open(), offset, Native.SEEK_DATA);
    if (data > offset) {
      return new HostExtent(false, data);
    }
    long hole = data == offset ? Native.lseek(open(), offset, Native.SEEK_HOLE) : -1;
    if (hole > offset) {
      return new HostExtent(true, hole);
    }
    long length = length();
    if (offset >= length) {
      return new HostExtent(false, Long.MAX_VALUE);
    }
    // ENXIO: a hole up to the end. Otherwise the file system knows no holes, or a writer was
    // faster;
    // to say data is never wrong.
    return new HostExtent(data != -Errno.ENXIO.number(), length);
  }

  @Override
  public long allocatedBytes() throws BlockException {
    return Native.status(open()).blocks() * 512;
  }

  @Override
  public void copyRange(long offset, HostFile target, long targetOffset, long length)
      throws BlockException {
    if (!(target instanceof PosixFile other)) {
      throw BlockException.io(Errno.ENOTSUP);
    }
    long done = 0;
    while (done < length) {
      long from = offset + done;
      long to = targetOffset + done;
      long left = length - done;
      long copied =
          waiting(() -> Native.copyFileRange(open(), from, other.open(), to, left), false);
      if (copied < 0) {
        throw BlockException.io(copyError(Errno.of((int) -copied)));
      }
      if (copied == 0) {
        throw BlockException.io(Errno.ENOTSUP);
      }
      done += copied;
    }
  }

  /** EXDEV and EINVAL (overlap, special files) only say that the kernel cannot do it for us. */
  private static Errno copyError(Errno errno) {
    return errno == Errno.EXDEV ? Errno.ENOTSUP : unsupportedOr(errno, true);
  }

  @Override
  public @Nullable Pages pages(long offset, int bytes) {
    if (direct || closed.get() || Thread.currentThread().isVirtual()) {
      return null;
    }
    return PagePipe.take(fd, offset, bytes);
  }

  @Override
  public ImageLocks locks() {
    return locks;
  }

  @Override
  public void close() {
    if (closed.compareAndSet(false, true)) {
      // The descriptor is gone whatever close(2) says; an error would be one of writing back, and
      // whoever needs to know of those has flushed.
      int unused = Native.close(fd);
      if (duplicate != null) {
        duplicate.closed();
      }
    }
  }

  /**
   * The descriptor; -1, which the kernel answers with EBADF, once it may belong to another file.
   */
  private int open() {
    return closed.get() ? -1 : fd;
  }

  private static long waiting(LongSupplier call, boolean inPlace) {
    return inPlace ? call.getAsLong() : BlockingCalls.run(call);
  }

  /** Whether the kernel can use this memory as it is. */
  private boolean fits(ByteBuffer buffer) {
    return buffer.isDirect() && (alignment == 1 || address(buffer) % alignment == 0);
  }

  private static long address(ByteBuffer buffer) {
    return MemorySegment.ofBuffer(buffer).address();
  }

  static void zero(ByteBuffer buffer) {
    MemorySegment.ofBuffer(buffer).fill((byte) 0);
    buffer.position(buffer.limit());
  }
}
