// SPDX-License-Identifier: Apache-2.0
package org.qblockd.app;

import io.vertx.core.Vertx;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.qblockd.app.commandline.ChardevBackend;
import org.qblockd.app.commandline.ChardevBackend.Descriptor;
import org.qblockd.app.commandline.ChardevBackend.Socket;
import org.qblockd.app.commandline.ChardevBackend.Tcp;
import org.qblockd.app.commandline.ChardevBackend.Unix;
import org.qblockd.app.commandline.ChardevOptions;
import org.qblockd.app.commandline.CommandLineException;
import org.qblockd.app.commandline.Located;
import org.qblockd.app.commandline.MonitorOptions;
import org.qblockd.base.BlockException;
import org.qblockd.chardev.ConnectedTransport;
import org.qblockd.chardev.FrontEnd;
import org.qblockd.chardev.StdioTransport;
import org.qblockd.chardev.TcpClientTransport;
import org.qblockd.chardev.TcpServerTransport;
import org.qblockd.chardev.Transport;
import org.qblockd.chardev.UnixAddress;
import org.qblockd.chardev.UnixTransport;
import org.qblockd.machine.Machine;
import org.qblockd.monitor.Monitor;
import org.qblockd.qapi.QmpException;
import org.qblockd.qtest.QtestServer;

/**
 * The character devices of the command line and the monitors on them. Main thread; {@link #close}
 * on the control lane or, while the server starts, on the thread of a signal.
 */
final class Transports {
  private final Core core;
  private final Messages messages;
  private final Runnable beforeWaiting;
  private final List<Transport> opened = new ArrayList<>();
  private final List<Transport> served = new ArrayList<>();
  private final Set<String> ids = new HashSet<>();
  private boolean stdioTaken;
  private @Nullable TcpServerTransport lastTcp;
  private @Nullable Vertx vertx;
  private @Nullable String testDriver;
  private @Nullable PrintStream testLog;

  /**
   * No devices yet.
   *
   * @param beforeWaiting run before the start waits for a client
   */
  Transports(Core core, Messages messages, Runnable beforeWaiting) {
    this.core = core;
    this.messages = messages;
    this.beforeWaiting = beforeWaiting;
  }

  /** Says which device leads to a test driver, and who is told what it says. */
  void serveTestDriver(String id, @Nullable PrintStream log) {
    testDriver = id;
    testLog = log;
  }

  private FrontEnd qtest() {
    Machine machine = core.machine();
    return new QtestServer(machine.lane(), machine.clock(), machine.virtualClock(), testLog);
  }

  /** Opens a character device; {@code user} is the monitor that the command line puts on it. */
  void open(Located<ChardevOptions> chardev, @Nullable MonitorOptions user)
      throws CommandLineException {
    messages.locate(chardev.location());
    try {
      ChardevBackend backend = chardev.value().backend();
      boolean pretty = user != null && Boolean.TRUE.equals(user.pretty());
      Monitor monitor = new Monitor(core.backend(), pretty, true);
      boolean tested = testDriver != null && testDriver.equals(chardev.value().id());
      Transport transport = transport(backend, tested ? qtest() : monitor);
      if (transport != null) {
        add(transport);
        if (backend instanceof Socket socket && socket.waits()) {
          beforeWaiting.run();
        }
        transport.open();
      }
      if (transport != null && tested) {
        served.add(transport);
      } else if (transport != null && user != null && user.control()) {
        served.add(transport);
        core.events().add(monitor);
      }
    } catch (QmpException e) {
      throw new CommandLineException(chardev.location(), e);
    } catch (BlockException e) {
      throw new CommandLineException(chardev.location(), e);
    }
    if (chardev.value().id() != null) {
      ids.add(chardev.value().id());
    }
  }

  private synchronized void add(Transport transport) {
    opened.add(transport);
  }

  /** Refuses a monitor that cannot be, in the order in which QEMU makes them. */
  void check(List<Located<MonitorOptions>> monitors) throws CommandLineException {
    Set<String> free = new HashSet<>(ids);
    for (Located<MonitorOptions> monitor : monitors) {
      monitor.value().check(monitor.location());
      String id = monitor.value().chardev();
      if (id == null || !ids.contains(id)) {
        throw new CommandLineException(monitor.location(), "chardev \"" + id + "\" not found");
      }
      if (!free.remove(id)) {
        throw new CommandLineException(
            monitor.location(), "chardev '" + id + "' is already in use");
      }
    }
  }

  private @Nullable Transport transport(ChardevBackend backend, FrontEnd frontEnd)
      throws QmpException {
    // No switch over types: the first one costs milliseconds of each start.
    if (backend instanceof ChardevBackend.Null) {
      return null;
    }
    if (backend instanceof Socket socket) {
      return socket(socket, frontEnd);
    }
    return stdio(frontEnd);
  }

  private Transport socket(Socket socket, FrontEnd frontEnd) throws QmpException {
    if (socket.address() instanceof Unix unix) {
      return unix(socket, unix, frontEnd);
    }
    if (socket.address() instanceof Tcp tcp) {
      return tcp(socket, tcp, frontEnd);
    }
    int fd = ((Descriptor) socket.address()).number();
    return socket.server()
        ? UnixTransport.ofDescriptor(frontEnd, fd, socket.waits(), messages::reportHere)
        : ConnectedTransport.ofDescriptor(frontEnd, fd);
  }

  private Transport stdio(FrontEnd frontEnd) throws QmpException {
    if (stdioTaken) {
      throw QmpException.generic("cannot use stdio by multiple character devices");
    }
    stdioTaken = true;
    return new StdioTransport(frontEnd);
  }

  private Transport unix(Socket socket, Unix unix, FrontEnd frontEnd) {
    UnixAddress address = new UnixAddress(unix.path(), unix.isAbstract(), unix.tight());
    return socket.server()
        ? UnixTransport.listen(frontEnd, address, socket.waits(), messages::reportHere)
        : ConnectedTransport.to(frontEnd, address);
  }

  private Transport tcp(Socket socket, Tcp tcp, FrontEnd frontEnd) throws QmpException {
    int port = port(tcp);
    if (!socket.server()) {
      if (tcp.host().isEmpty()) {
        throw unresolved(tcp, "Name or service not known");
      }
      return new TcpClientTransport(frontEnd, this::vertx, tcp.host(), port);
    }
    TcpServerTransport transport =
        new TcpServerTransport(
            frontEnd, this::vertx, tcp.host(), port, socket.waits(), messages::reportHere);
    lastTcp = transport;
    return transport;
  }

  private static int port(Tcp tcp) throws QmpException {
    if (tcp.to() != null) {
      throw QmpException.generic("chardev: socket: option 'to' is not served");
    }
    try {
      return Integer.parseUnsignedInt(tcp.port()) & 0xFFFF;
    } catch (NumberFormatException e) {
      throw unresolved(tcp, "Servname not supported for ai_socktype");
    }
  }

  private static QmpException unresolved(Tcp tcp, String why) {
    return QmpException.generic(
        "address resolution failed for " + tcp.host() + ":" + tcp.port() + ": " + why);
  }

  /** The port that the last TCP listener got, or -1. */
  int lastTcpPort() {
    return lastTcp == null ? -1 : lastTcp.actualPort();
  }

  private Vertx vertx() {
    if (vertx == null) {
      vertx = Vertx.vertx();
    }
    return vertx;
  }

  /** Begins to serve all monitors. */
  void start() {
    for (Transport transport : served) {
      transport.start();
    }
  }

  /** Drops all clients and removes the sockets. */
  synchronized void close() {
    for (Transport transport : opened) {
      transport.close();
    }
    opened.clear();
  }
}
