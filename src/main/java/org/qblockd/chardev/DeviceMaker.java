// SPDX-License-Identifier: Apache-2.0
package org.qblockd.chardev;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.qblockd.base.BlockException;
import org.qblockd.qapi.QmpException;
import org.qblockd.qapi.types.ChardevBackend;
import org.qblockd.qapi.types.ChardevBackend.Socket;
import org.qblockd.qapi.types.ChardevFile;
import org.qblockd.qapi.types.ChardevHub;
import org.qblockd.qapi.types.ChardevMux;
import org.qblockd.qapi.types.ChardevRingbuf;
import org.qblockd.qapi.types.ChardevStdio;
import org.qblockd.qapi.types.ChardevUdp;

/** Makes the device that a back end describes; it is not open yet. Stateless; any thread. */
final class DeviceMaker {
  private DeviceMaker() {}

  static CharDevice make(
      String id,
      ChardevBackend backend,
      CharDevices devices,
      DeviceHost host,
      DescriptorNames names)
      throws QmpException, BlockException {
    // No switch over types: the first one costs milliseconds of each start.
    if (backend instanceof Socket socket) {
      return SocketMaker.make(id, socket.data().data(), host, names);
    }
    if (backend instanceof ChardevBackend.Stdio stdio) {
      ChardevStdio options = stdio.data().data();
      return new StreamDevice(id, "stdio", new StandardStreams(options.signal().orElse(true)));
    }
    if (backend instanceof ChardevBackend.Null) {
      return new QuietDevice(id, "null");
    }
    return other(id, backend, devices, host);
  }

  private static CharDevice other(
      String id, ChardevBackend backend, CharDevices devices, DeviceHost host) throws QmpException {
    return switch (backend) {
      case ChardevBackend.File file -> file(id, file.data().data());
      case ChardevBackend.Serial serial ->
          new StreamDevice(id, "serial", StreamDevice.serial(serial.data().data().device()));
      case ChardevBackend.Parallel parallel ->
          new StreamDevice(id, "parallel", StreamDevice.parallel(parallel.data().data().device()));
      case ChardevBackend.Pipe pipe ->
          new StreamDevice(id, "pipe", StreamDevice.pipes(pipe.data().data().device()));
      case ChardevBackend.Udp udp -> udp(id, udp.data().data());
      case ChardevBackend.Pty pty ->
          new PtyDevice(id, pty.data().data().path().orElse(null), host.announcements());
      case ChardevBackend.Mux mux -> mux(id, mux.data().data(), devices, host);
      case ChardevBackend.Hub hub -> hub(id, hub.data().data(), devices);
      case ChardevBackend.Vc vc -> new QuietDevice(id, "vc");
      case ChardevBackend.Ringbuf ring -> ring(id, "ringbuf", ring.data().data());
      case ChardevBackend.Memory ring -> ring(id, "memory", ring.data().data());
      case ChardevBackend.Msmouse mouse -> new QuietDevice(id, "msmouse");
      case ChardevBackend.Wctablet tablet -> new QuietDevice(id, "wctablet");
      case ChardevBackend.Testdev test -> new QuietDevice(id, "testdev");
      case ChardevBackend.QemuVdagent agent -> new QuietDevice(id, "qemu-vdagent");
      case ChardevBackend.Braille braille ->
          throw QmpException.generic("brlapi__openConnection: connect: No such file or directory");
      case ChardevBackend.Spicevmc spice -> throw unknown("spicevmc");
      case ChardevBackend.Spiceport spice -> throw unknown("spiceport");
      case ChardevBackend.Dbus bus -> throw unknown("dbus");
      case ChardevBackend.Socket socket -> throw new IllegalStateException("made elsewhere");
      case ChardevBackend.Stdio stdio -> throw new IllegalStateException("made elsewhere");
      case ChardevBackend.Null none -> throw new IllegalStateException("made elsewhere");
    };
  }

  private static QmpException unknown(String kind) {
    return QmpException.generic("'" + kind + "' is not a valid char driver name");
  }

  private static CharDevice file(String id, ChardevFile file) {
    boolean append = file.append().orElse(false);
    String in = file.in_().orElse(null);
    return new StreamDevice(id, "file", StreamDevice.files(file.out_(), in, append));
  }

  private static CharDevice udp(String id, ChardevUdp udp) {
    return new UdpDevice(id, udp.remote(), udp.local().orElse(null));
  }

  private static CharDevice mux(String id, ChardevMux mux, CharDevices devices, DeviceHost host)
      throws QmpException {
    CharDevice below = devices.find(mux.chardev());
    if (below == null) {
      throw QmpException.generic("mux: base chardev " + mux.chardev() + " not found");
    }
    return new MuxDevice(id, below, host.keys(), host.clock());
  }

  private static CharDevice hub(String id, ChardevHub hub, CharDevices devices) {
    return new HubDevice(id, List.copyOf(hub.chardevs()), devices::find);
  }

  private static CharDevice ring(String id, String kind, ChardevRingbuf ring) {
    return RingBuffer.of(id, kind, ring.size());
  }

  /** The file that gets a copy of the output, or null. */
  static @Nullable LogFile log(ChardevBackend backend) throws BlockException {
    if (backend instanceof Socket socket) {
      return log(socket.data().data().logfile(), socket.data().data().logappend());
    }
    if (backend instanceof ChardevBackend.Stdio stdio) {
      return log(stdio.data().data().logfile(), stdio.data().data().logappend());
    }
    return Logs.of(backend);
  }

  static @Nullable LogFile log(Optional<String> file, Optional<Boolean> append)
      throws BlockException {
    return file.isPresent() ? LogFile.create(file.get(), append) : null;
  }
}
