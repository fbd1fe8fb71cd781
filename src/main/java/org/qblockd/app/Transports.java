// SPDX-License-Identifier: Apache-2.0
package org.qblockd.app;

import java.io.PrintStream;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.qblockd.app.commandline.ChardevOptions;
import org.qblockd.app.commandline.CommandLineException;
import org.qblockd.app.commandline.CompatChardev;
import org.qblockd.app.commandline.GuestPort;
import org.qblockd.app.commandline.Located;
import org.qblockd.app.commandline.MonitorOptions;
import org.qblockd.base.BlockException;
import org.qblockd.chardev.CharDevice;
import org.qblockd.chardev.CharDevices;
import org.qblockd.chardev.DescriptorNames;
import org.qblockd.machine.Machine;
import org.qblockd.monitor.Monitor;
import org.qblockd.monitor.Recording;
import org.qblockd.qapi.QmpException;
import org.qblockd.qapi.types.ChardevBackend;
import org.qblockd.qtest.QtestServer;

/**
 * The character devices of the command line, and the monitors, ports and the test driver on them.
 * Main thread; {@link #close} on the control lane or, while the server starts, on the thread of a
 * signal.
 */
final class Transports {
  private static final String BY_ID = "chardev:";
  private static final String NONE = "none";

  private final Core core;
  private final CharDevices devices;
  private final Messages messages;
  private final Runnable beforeWaiting;
  private int lastTcpPort = -1;
  private @Nullable Recording recording;
  private int serialPorts;
  private int parallelPorts;

  /**
   * No devices yet.
   *
   * @param beforeWaiting run before the start waits for a client
   */
  Transports(Core core, Messages messages, Runnable beforeWaiting) {
    this.core = core;
    this.devices = core.machine().charDevices();
    this.messages = messages;
    this.beforeWaiting = beforeWaiting;
  }

  /** Opens a character device. */
  void open(Located<ChardevOptions> chardev) throws CommandLineException {
    messages.locate(chardev.location());
    try {
      CharDevice unused = open(chardev.value());
    } catch (QmpException e) {
      throw new CommandLineException(chardev.location(), e);
    } catch (BlockException e) {
      throw new CommandLineException(chardev.location(), e);
    }
  }

  private CharDevice open(ChardevOptions options) throws QmpException, BlockException {
    ChardevBackend backend = options.backend();
    String id = String.valueOf(options.id());
    boolean waits =
        backend instanceof ChardevBackend.Socket socket
            && socket.data().data().wait_().orElse(false);
    if (waits) {
      beforeWaiting.run();
    }
    CharDevice device =
        options.shared()
            ? devices.addShared(id, backend, new Numbers())
            : devices.add(id, backend, new Numbers());
    if (backend instanceof ChardevBackend.Socket) {
      int port = devices.port(id);
      lastTcpPort = port < 0 ? lastTcpPort : port;
    }
    return device;
  }

  /** A class, since a reference to a method costs each start more. */
  private static final class Numbers implements DescriptorNames {
    @Override
    public int take(String text) throws QmpException {
      return DescriptorNames.number(text);
    }
  }

  /**
   * A device in the short form, or the name of one that is there; null when there is none, without
   * a sentence that says why.
   */
  private @Nullable CharDevice named(String label, String text)
      throws QmpException, BlockException {
    if (text.startsWith(BY_ID)) {
      return devices.find(text.substring(BY_ID.length()));
    }
    ChardevOptions options = CompatChardev.parse(label, text);
    return options == null ? null : open(options);
  }

  /** Monitors that are opened from now on write down what is said. */
  void recordTo(@Nullable Recording newRecording) {
    recording = newRecording;
  }

  // ---- front ends -----------------------------------------------------------------------------

  /** Puts monitors on their devices, or refuses what cannot be, in the order of the options. */
  void monitors(List<Located<MonitorOptions>> monitors) throws CommandLineException {
    for (Located<MonitorOptions> monitor : monitors) {
      monitor(monitor, true);
    }
  }

  /**
   * Puts a monitor on its device.
   *
   * @param humans whether it may be a human monitor
   */
  void monitor(Located<MonitorOptions> monitor, boolean humans) throws CommandLineException {
    MonitorOptions options = monitor.value();
    options.check(monitor.location());
    String id = options.chardev();
    CharDevice device = id == null ? null : devices.find(id);
    if (device == null) {
      throw new CommandLineException(monitor.location(), "chardev \"" + id + "\" not found");
    }
    if (!humans && !options.control()) {
      throw new CommandLineException(monitor.location(), "Only QMP is supported");
    }
    try {
      if (options.control()) {
        boolean pretty = Boolean.TRUE.equals(options.pretty());
        Monitor speaker = new Monitor(core.backend(), pretty, true);
        Recording written = recording;
        if (written != null) {
          speaker.recordTo(written);
        }
        device.claim(speaker);
        core.events().add(speaker);
      } else {
        device.claim(core.humanMonitor());
      }
    } catch (QmpException e) {
      throw new CommandLineException(monitor.location(), e);
    }
  }

  /** Connects a test driver. */
  void testDriver(String text, @Nullable PrintStream log) throws CommandLineException {
    messages.locate("");
    String failure = "Failed to initialize device for qtest: \"" + text + "\"";
    try {
      CharDevice device = named("qtest", text);
      if (device == null) {
        throw new CommandLineException("", failure);
      }
      Machine machine = core.machine();
      device.claim(new QtestServer(machine.lane(), machine.clock(), machine.virtualClock(), log));
    } catch (QmpException e) {
      throw new CommandLineException("", e.text(), failure);
    } catch (BlockException e) {
      throw new CommandLineException("", e.message(), failure);
    }
  }

  /**
   * Opens the devices of the machine's ports.
   *
   * @param connected whether the machine has ports that use them
   */
  void ports(List<Located<GuestPort>> ports, boolean connected) throws CommandLineException {
    for (GuestPort.Kind kind : GuestPort.Kind.values()) {
      for (Located<GuestPort> port : ports) {
        if (port.value().kind() == kind && !port.value().device().equals(NONE)) {
          port(port, connected);
        }
      }
    }
  }

  private void port(Located<GuestPort> port, boolean connected) throws CommandLineException {
    GuestPort.Kind kind = port.value().kind();
    String text = port.value().device();
    messages.locate(port.location());
    if (kind == GuestPort.Kind.DEBUGCON) {
      throw new CommandLineException(port.location(), "a debug console is not served");
    }
    boolean serial = kind == GuestPort.Kind.SERIAL;
    String label = kind.text() + (serial ? serialPorts++ : parallelPorts++);
    String failure =
        "could not connect " + kind.text() + " device to character backend '" + text + "'";
    try {
      CharDevice device = named(label, text);
      if (device == null) {
        throw new CommandLineException(port.location(), failure);
      }
      if (text.startsWith("mon:")) {
        device.claim(core.humanMonitor());
      }
      if (connected) {
        device.claim(new PortUser(serial));
      }
    } catch (QmpException e) {
      throw new CommandLineException(port.location(), e.text(), failure);
    } catch (BlockException e) {
      throw new CommandLineException(port.location(), e.message(), failure);
    }
  }

  /** The port that the last TCP listener got, or -1. */
  int lastTcpPort() {
    return lastTcpPort;
  }

  /** Begins to serve all devices and the clients of exports. */
  void start() {
    devices.start();
    core.machine().lane().execute(core.machine().exports()::admitClients);
  }

  /** Drops all clients and removes the sockets. */
  void close() {
    devices.close();
  }
}
