// SPDX-License-Identifier: Apache-2.0
package org.qblockd.machine.object;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.qblockd.chardev.CharDevice;
import org.qblockd.chardev.CharDevices;
import org.qblockd.chardev.Connection;
import org.qblockd.chardev.FrontEnd;
import org.qblockd.chardev.Receiver;
import org.qblockd.qapi.ErrorClass;
import org.qblockd.qapi.QmpException;

/**
 * A character device in the hands of a network object. What comes in is dropped: the packets' way
 * would lead to a guest. Control lane; the receiver on the device's thread.
 */
final class NetPort implements FrontEnd {
  private @Nullable CharDevice device;

  /**
   * The device of this id.
   *
   * @param prefix what the message begins with when there is none
   */
  static CharDevice find(CharDevices devices, String id, String prefix) throws QmpException {
    CharDevice device = devices.find(id);
    if (device == null) {
      throw new QmpException(ErrorClass.DEVICE_NOT_FOUND, prefix + "Device '" + id + "' not found");
    }
    return device;
  }

  /** Takes a device to read from. */
  void read(CharDevice wanted) throws QmpException {
    wanted.claim(this);
    device = wanted;
  }

  /** Takes a device only to write to: it shows no open front end. */
  void write(CharDevice wanted) throws QmpException {
    wanted.reserve();
    device = wanted;
  }

  /** Gives the device back, if it was taken. */
  void release() {
    CharDevice taken = device;
    device = null;
    if (taken != null) {
      taken.unreserve();
    }
  }

  @Override
  public Receiver connect(Connection connection) {
    return new Sink(connection);
  }

  private record Sink(Connection connection) implements Receiver {
    @Override
    public int receive(byte[] bytes, int from, int to) {
      return to;
    }

    @Override
    public void offerDescriptors(List<Integer> received) {
      for (int descriptor : received) {
        connection.closeDescriptor(descriptor);
      }
    }

    @Override
    public void endOfInput() {
      connection.close();
    }

    @Override
    public boolean writable() {
      return true;
    }

    @Override
    public void detach() {}
  }
}
