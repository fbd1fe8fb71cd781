// SPDX-License-Identifier: Apache-2.0
package org.qblockd.chardev;

import org.jspecify.annotations.Nullable;
import org.qblockd.base.BlockException;
import org.qblockd.base.Errno;
import org.qblockd.qapi.QmpException;
import org.qblockd.qapi.types.InetSocketAddress;
import org.qblockd.qapi.types.SocketAddressLegacy;

/** A device that sends datagrams to one address and gets those from there. One thread reads. */
final class UdpDevice extends CharDevice {
  private static final int SOCK_DGRAM = 2;
  private static final int NONE = -1;

  private final SocketAddressLegacy remote;
  private final @Nullable SocketAddressLegacy local;
  private int fd = NONE;
  private @Nullable DescriptorStream stream;
  private @Nullable Thread reader;

  UdpDevice(String id, SocketAddressLegacy remote, @Nullable SocketAddressLegacy local) {
    super(id);
    this.remote = remote;
    this.local = local;
  }

  @Override
  public String filename() {
    return "udp";
  }

  @Override
  void open() throws BlockException, QmpException {
    InetSocketAddress to = inet(remote);
    if (to.port().isEmpty()) {
      throw BlockException.invalid("remote port not specified");
    }
    InetSocketAddress given =
        to.host().isEmpty()
            ? InetSocketAddress.builder().host("localhost").port(to.port()).build()
            : to;
    HostAddress peer = HostAddress.resolve(given, false).getFirst();
    InetSocketAddress from =
        local == null ? InetSocketAddress.builder().host("").port("0").build() : inet(local);
    HostAddress here = peer.sameFamily(HostAddress.resolve(from, true));
    SocketCalls calls = new SocketCalls();
    int made = peer.socket(SOCK_DGRAM);
    if (made < 0) {
      throw BlockException.withErrno(Errno.of(-made), "Failed to create socket family");
    }
    new HostCalls().setOption(made, HostCalls.SOL_SOCKET, HostCalls.SO_REUSEADDR, 1);
    check(calls, made, calls.bind(made, here.withPort(HostAddress.port(from))), "Failed to bind");
    check(
        calls, made, calls.connect(made, peer.withPort(HostAddress.port(to))), "Failed to connect");
    fd = made;
  }

  private static void check(SocketCalls calls, int made, int result, String what)
      throws BlockException {
    if (result < 0) {
      calls.close(made);
      throw BlockException.withErrno(Errno.of(-result), what + " socket");
    }
  }

  private static InetSocketAddress inet(SocketAddressLegacy address) throws BlockException {
    if (address instanceof SocketAddressLegacy.Inet inet) {
      return inet.data().data();
    }
    throw BlockException.invalid("socket type unsupported for datagram");
  }

  @Override
  void attached() {
    FrontEnd frontEnd = user();
    if (frontEnd != null) {
      DescriptorStream begun = DescriptorStream.ofDatagrams(frontEnd, fd);
      stream = begun;
      begun.connect();
      if (isStarted()) {
        serve(begun);
      }
    }
  }

  @Override
  void begin() {
    if (stream != null) {
      serve(stream);
    }
  }

  private void serve(DescriptorStream begun) {
    reader = Thread.ofPlatform().name("chardev-udp").daemon(true).start(begun::serve);
  }

  @Override
  void detached() {
    DescriptorStream ending = stream;
    stream = null;
    if (ending != null) {
      ending.close();
    }
    Thread reading = reader;
    reader = null;
    if (reading != null) {
      DescriptorStream.joinFully(reading);
    }
  }

  @Override
  void close() {
    detached();
    if (fd != NONE) {
      int unused = new SocketCalls().close(fd);
      fd = NONE;
    }
  }
}
