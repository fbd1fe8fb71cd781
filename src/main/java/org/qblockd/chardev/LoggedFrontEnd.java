// SPDX-License-Identifier: Apache-2.0
package org.qblockd.chardev;

/** A front end whose output also goes to a file. Threads as for the front end. */
record LoggedFrontEnd(FrontEnd inner, LogFile log) implements FrontEnd {

  @Override
  public Receiver connect(Connection connection) {
    return inner.connect(new Copying(connection, log));
  }

  @Override
  public boolean bearsChange() {
    return inner.bearsChange();
  }

  private record Copying(Connection inner, LogFile log) implements Connection {
    @Override
    public int write(byte[] bytes, int from, int to) {
      int taken = inner.write(bytes, from, to);
      log.write(bytes, from, from + taken);
      return taken;
    }

    @Override
    public void resume() {
      inner.resume();
    }

    @Override
    public void close() {
      inner.close();
    }

    @Override
    public void closeDescriptor(int descriptor) {
      inner.closeDescriptor(descriptor);
    }

    @Override
    public boolean mayRunCommands() {
      return inner.mayRunCommands();
    }
  }
}
