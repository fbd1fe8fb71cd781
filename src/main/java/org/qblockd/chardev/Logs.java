// SPDX-License-Identifier: Apache-2.0
package org.qblockd.chardev;

import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.qblockd.base.BlockException;
import org.qblockd.qapi.types.ChardevBackend;
import org.qblockd.qapi.types.ChardevCommon;

/** Finds what each back end says about its log. Stateless; any thread. */
final class Logs {
  private Logs() {}

  static @Nullable LogFile of(ChardevBackend backend) throws BlockException {
    ChardevCommon common = common(backend);
    return DeviceMaker.log(common.logfile(), common.logappend());
  }

  private static ChardevCommon common(ChardevBackend backend) {
    return switch (backend) {
      case ChardevBackend.File file ->
          of(file.data().data().logfile(), file.data().data().logappend());
      case ChardevBackend.Serial host ->
          of(host.data().data().logfile(), host.data().data().logappend());
      case ChardevBackend.Parallel host ->
          of(host.data().data().logfile(), host.data().data().logappend());
      case ChardevBackend.Pipe host ->
          of(host.data().data().logfile(), host.data().data().logappend());
      case ChardevBackend.Socket socket ->
          of(socket.data().data().logfile(), socket.data().data().logappend());
      case ChardevBackend.Udp udp -> of(udp.data().data().logfile(), udp.data().data().logappend());
      case ChardevBackend.Pty pty -> of(pty.data().data().logfile(), pty.data().data().logappend());
      case ChardevBackend.Null other -> other.data().data();
      case ChardevBackend.Mux mux -> of(mux.data().data().logfile(), mux.data().data().logappend());
      case ChardevBackend.Hub hub -> of(hub.data().data().logfile(), hub.data().data().logappend());
      case ChardevBackend.Msmouse other -> other.data().data();
      case ChardevBackend.Wctablet other -> other.data().data();
      case ChardevBackend.Braille other -> other.data().data();
      case ChardevBackend.Testdev other -> other.data().data();
      case ChardevBackend.Stdio stdio ->
          of(stdio.data().data().logfile(), stdio.data().data().logappend());
      case ChardevBackend.Spicevmc spice ->
          of(spice.data().data().logfile(), spice.data().data().logappend());
      case ChardevBackend.Spiceport spice ->
          of(spice.data().data().logfile(), spice.data().data().logappend());
      case ChardevBackend.QemuVdagent agent ->
          of(agent.data().data().logfile(), agent.data().data().logappend());
      case ChardevBackend.Dbus bus ->
          of(bus.data().data().logfile(), bus.data().data().logappend());
      case ChardevBackend.Vc vc -> of(vc.data().data().logfile(), vc.data().data().logappend());
      case ChardevBackend.Ringbuf ring ->
          of(ring.data().data().logfile(), ring.data().data().logappend());
      case ChardevBackend.Memory ring ->
          of(ring.data().data().logfile(), ring.data().data().logappend());
    };
  }

  private static ChardevCommon of(Optional<String> file, Optional<Boolean> append) {
    return new ChardevCommon(file, append);
  }
}
