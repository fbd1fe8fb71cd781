// SPDX-License-Identifier: Apache-2.0
package org.qblockd.chardev;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.qblockd.base.BlockException;
import org.qblockd.base.SystemClock;
import org.qblockd.base.YankInstances;
import org.qblockd.qapi.QmpException;
import org.qblockd.qapi.types.ChardevBackend;
import org.qblockd.qapi.types.ChardevSocket;
import org.qblockd.qapi.types.ChardevSocketWrapper;
import org.qblockd.qapi.types.FdSocketAddress;
import org.qblockd.qapi.types.FdSocketAddressWrapper;
import org.qblockd.qapi.types.InetSocketAddress;
import org.qblockd.qapi.types.InetSocketAddressWrapper;
import org.qblockd.qapi.types.SocketAddressLegacy;
import org.qblockd.qapi.types.UnixSocketAddress;
import org.qblockd.qapi.types.UnixSocketAddressWrapper;

/** Socket devices with a front end, as a server would make them. */
final class Sockets implements AutoCloseable {
  static final String ID = "socket";

  final List<String> notices = Collections.synchronizedList(new ArrayList<>());
  final CharDevices devices;

  Sockets() {
    this(notice -> {});
  }

  Sockets(Consumer<String> listener) {
    MuxKeys keys =
        new MuxKeys() {
          @Override
          public void quit() {}

          @Override
          public void commitAll() {}
        };
    Consumer<String> reports =
        notice -> {
          notices.add(notice);
          listener.accept(notice);
        };
    devices =
        new CharDevices(
            new DeviceHost(reports, notice -> {}, SystemClock.INSTANCE, keys, new YankInstances()));
  }

  /** Opens a device and serves it to {@code frontEnd}. */
  void start(ChardevBackend backend, FrontEnd frontEnd) throws BlockException, QmpException {
    devices.add(ID, backend, DescriptorNames::number).claim(frontEnd);
    devices.start();
  }

  void open(ChardevBackend backend) throws BlockException, QmpException {
    CharDevice unused = devices.add(ID, backend, DescriptorNames::number);
  }

  static SocketAddressLegacy unix(String path) {
    return unix(path, false);
  }

  static SocketAddressLegacy unix(String path, boolean isAbstract) {
    return new SocketAddressLegacy.Unix(
        new UnixSocketAddressWrapper(
            new UnixSocketAddress(path, Optional.of(isAbstract), Optional.empty())));
  }

  static SocketAddressLegacy inet(String host, int port) {
    return new SocketAddressLegacy.Inet(
        new InetSocketAddressWrapper(
            InetSocketAddress.builder().host(host).port(Integer.toString(port)).build()));
  }

  static SocketAddressLegacy fd(int fd) {
    return new SocketAddressLegacy.Fd(
        new FdSocketAddressWrapper(new FdSocketAddress(Integer.toString(fd))));
  }

  static ChardevBackend server(SocketAddressLegacy address, boolean waits) {
    return backend(
        ChardevSocket.builder().addr(address).server(true).wait_(waits).nodelay(true).build());
  }

  static ChardevBackend client(SocketAddressLegacy address) {
    return backend(ChardevSocket.builder().addr(address).server(false).build());
  }

  static ChardevBackend backend(ChardevSocket socket) {
    return new ChardevBackend.Socket(new ChardevSocketWrapper(socket));
  }

  @Override
  public void close() {
    devices.close();
  }
}
