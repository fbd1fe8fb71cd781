// SPDX-License-Identifier: Apache-2.0
package org.qblockd.chardev;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The connections below a hub, as one for its front end. That one begins with the first of them and
 * ends with the last. Any thread.
 */
final class HubPorts implements Connection {
  private final FrontEnd frontEnd;
  private final ReentrantLock lock = new ReentrantLock();
  private final List<Port> ports = new ArrayList<>();
  private @Nullable Receiver receiver;
  private boolean begun;

  /** Only one device at a time may hand in what it read. */
  private final ReentrantLock input = new ReentrantLock();

  HubPorts(FrontEnd frontEnd) {
    this.frontEnd = frontEnd;
  }

  /** What the next device has as its front end. */
  FrontEnd port() {
    return connection -> {
      Port come = new Port(connection);
      lock.lock();
      try {
        ports.add(come);
        if (receiver == null) {
          receiver = frontEnd.connect(this);
        }
      } finally {
        lock.unlock();
      }
      return come;
    };
  }

  private List<Port> all() {
    lock.lock();
    try {
      return List.copyOf(ports);
    } finally {
      lock.unlock();
    }
  }

  private @Nullable Receiver receiver() {
    lock.lock();
    try {
      return receiver;
    } finally {
      lock.unlock();
    }
  }

  private void beginOnce() {
    Receiver first;
    lock.lock();
    try {
      first = begun ? null : receiver;
      begun = true;
    } finally {
      lock.unlock();
    }
    if (first != null) {
      first.begin();
    }
  }

  private void leave(Port gone) {
    Receiver last;
    lock.lock();
    try {
      ports.remove(gone);
      last = ports.isEmpty() ? receiver : null;
      if (last != null) {
        receiver = null;
        begun = false;
      }
    } finally {
      lock.unlock();
    }
    if (last != null) {
      last.detach();
    }
  }

  /** What the slowest device has taken is taken; the others remember how far ahead they are. */
  @Override
  public int write(byte[] bytes, int from, int to) {
    List<Port> listening = all();
    int taken = to - from;
    for (Port port : listening) {
      if (port.ahead < to - from) {
        port.ahead += port.connection.write(bytes, from + port.ahead, to);
      }
      taken = Math.min(taken, port.ahead);
    }
    for (Port port : listening) {
      port.ahead -= taken;
    }
    return taken;
  }

  @Override
  public void resume() {
    for (Port port : all()) {
      port.connection.resume();
    }
  }

  @Override
  public void close() {
    for (Port port : all()) {
      port.connection.close();
    }
  }

  @Override
  public void closeDescriptor(int descriptor) {
    List<Port> any = all();
    if (!any.isEmpty()) {
      any.getFirst().connection.closeDescriptor(descriptor);
    }
  }

  @Override
  public boolean mayRunCommands() {
    return false;
  }

  /** One device below. */
  private final class Port implements Receiver {
    private final Connection connection;

    /** Bytes taken beyond those that the front end knows of; under its output lock. */
    private int ahead;

    private Port(Connection connection) {
      this.connection = connection;
    }

    @Override
    public void begin() {
      beginOnce();
    }

    @Override
    public int receive(byte[] bytes, int from, int to) {
      Receiver heard = receiver();
      if (heard == null) {
        return to;
      }
      input.lock();
      try {
        return heard.receive(bytes, from, to);
      } finally {
        input.unlock();
      }
    }

    @Override
    public void offerDescriptors(List<Integer> received) {
      received.forEach(connection::closeDescriptor);
    }

    @Override
    public void endOfInput() {}

    @Override
    public boolean writable() {
      Receiver heard = receiver();
      return heard == null || heard.writable();
    }

    @Override
    public void detach() {
      leave(this);
    }
  }
}
