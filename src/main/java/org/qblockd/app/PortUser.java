// SPDX-License-Identifier: Apache-2.0
package org.qblockd.app;

import java.util.List;
import org.qblockd.chardev.Connection;
import org.qblockd.chardev.FrontEnd;
import org.qblockd.chardev.Receiver;

/**
 * A serial or parallel port of a machine whose guest never runs: it says nothing and reads what
 * comes. Any thread.
 *
 * @param serial as in QEMU only serial ports let their device be exchanged
 */
record PortUser(boolean serial) implements FrontEnd {

  @Override
  public Receiver connect(Connection connection) {
    return new Port(connection);
  }

  @Override
  public boolean bearsChange() {
    return serial;
  }

  private record Port(Connection connection) implements Receiver {
    @Override
    public int receive(byte[] bytes, int from, int to) {
      return to;
    }

    @Override
    public void offerDescriptors(List<Integer> received) {
      received.forEach(connection::closeDescriptor);
    }

    @Override
    public void endOfInput() {}

    @Override
    public boolean writable() {
      return true;
    }

    @Override
    public void detach() {}
  }
}
