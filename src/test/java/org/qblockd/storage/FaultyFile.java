// SPDX-License-Identifier: Apache-2.0
package org.qblockd.storage;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.qblockd.base.BlockException;
import org.qblockd.base.Errno;

/**
 * A file whose operations fail, tear or wait as planned; the first fault that matches strikes. Any
 * thread.
 */
public final class FaultyFile implements HostFile {
  private static final class Armed {
    final Fault fault;
    long seen;

    Armed(Fault fault) {
      this.fault = fault;
    }

    boolean strikes(Fault.Operation operation, long offset, long end) {
      if (fault.operation() != operation || end <= fault.offset() || offset >= fault.end()) {
        return false;
      }
      long index = seen++;
      return index >= fault.skip() && index - fault.skip() < fault.times();
    }
  }

  private final HostFile below;

  /** Guarded by itself. */
  private final List<Armed> plan = new ArrayList<>();

  /** Decorates {@code below}; without faults it only forwards. */
  public FaultyFile(HostFile below) {
    this.below = below;
  }

  /** Adds a fault behind those planned already. */
  public FaultyFile plan(Fault fault) {
    synchronized (plan) {
      plan.add(new Armed(fault));
    }
    return this;
  }

  /** Forgets all faults. */
  public void heal() {
    synchronized (plan) {
      plan.clear();
    }
  }

  private Fault.@Nullable Effect next(Fault.Operation operation, long offset, long length) {
    synchronized (plan) {
      for (Armed armed : plan) {
        if (armed.strikes(operation, offset, offset + Math.max(1, length))) {
          return armed.fault.effect();
        }
      }
      return null;
    }
  }

  private void meet(Fault.Operation operation, long offset, long length) throws BlockException {
    suffer(next(operation, offset, length));
  }

  private void meetAnywhere(Fault.Operation operation) throws BlockException {
    meet(operation, 0, Long.MAX_VALUE);
  }

  private static void suffer(Fault.@Nullable Effect effect) throws BlockException {
    switch (effect) {
      case null -> {}
      case Fault.Effect.Fail fail -> throw BlockException.io(fail.errno());
      case Fault.Effect.Tear tear -> throw BlockException.io(tear.errno());
      case Fault.Effect.Hold hold -> {
        try {
          hold.gate().pass();
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
          throw BlockException.io(Errno.EINTR, e);
        }
      }
    }
  }

  @Override
  public String path() {
    return below.path();
  }

  @Override
  public boolean writable() {
    return below.writable();
  }

  @Override
  public int alignment() {
    return below.alignment();
  }

  @Override
  public void read(long offset, ByteBuffer into) throws BlockException {
    meet(Fault.Operation.READ, offset, into.remaining());
    below.read(offset, into);
  }

  /** Never without waiting, so that every read meets its fault once. */
  @Override
  public boolean tryRead(long offset, ByteBuffer into) {
    return false;
  }

  @Override
  public void write(long offset, ByteBuffer from) throws BlockException {
    Fault.Effect effect = next(Fault.Operation.WRITE, offset, from.remaining());
    if (effect instanceof Fault.Effect.Tear tear) {
      below.write(offset, from.slice(from.position(), Math.min(tear.bytes(), from.remaining())));
    }
    suffer(effect);
    below.write(offset, from);
  }

  @Override
  public void flush() throws BlockException {
    meetAnywhere(Fault.Operation.FLUSH);
    below.flush();
  }

  @Override
  public long length() throws BlockException {
    meetAnywhere(Fault.Operation.LENGTH);
    return below.length();
  }

  @Override
  public void truncate(long length) throws BlockException {
    meetAnywhere(Fault.Operation.TRUNCATE);
    below.truncate(length);
  }

  @Override
  public void allocate(long offset, long length) throws BlockException {
    meet(Fault.Operation.ALLOCATE, offset, length);
    below.allocate(offset, length);
  }

  @Override
  public void punchHole(long offset, long length) throws BlockException {
    meet(Fault.Operation.PUNCH, offset, length);
    below.punchHole(offset, length);
  }

  @Override
  public void zeroRange(long offset, long length) throws BlockException {
    meet(Fault.Operation.ZERO, offset, length);
    below.zeroRange(offset, length);
  }

  @Override
  public HostExtent extentAt(long offset) throws BlockException {
    meet(Fault.Operation.EXTENT, offset, 1);
    return below.extentAt(offset);
  }

  @Override
  public long allocatedBytes() throws BlockException {
    return below.allocatedBytes();
  }

  @Override
  public void copyRange(long offset, HostFile target, long targetOffset, long length)
      throws BlockException {
    meet(Fault.Operation.COPY, offset, length);
    below.copyRange(offset, target, targetOffset, length);
  }

  @Override
  public ImageLocks locks() {
    return below.locks();
  }

  @Override
  public void close() {
    below.close();
  }
}
