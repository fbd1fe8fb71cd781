// SPDX-License-Identifier: Apache-2.0
package org.qblockd.app.commandline;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.qblockd.qapi.OptsParser;
import org.qblockd.qapi.OptsParser.Parsed;
import org.qblockd.qapi.QmpException;
import org.qblockd.qapi.types.ChardevBackend;
import org.qblockd.qapi.types.ChardevCommon;
import org.qblockd.qapi.types.ChardevCommonWrapper;
import org.qblockd.qapi.types.ChardevFile;
import org.qblockd.qapi.types.ChardevFileWrapper;
import org.qblockd.qapi.types.ChardevHostdev;
import org.qblockd.qapi.types.ChardevHostdevWrapper;
import org.qblockd.qapi.types.ChardevHub;
import org.qblockd.qapi.types.ChardevHubWrapper;
import org.qblockd.qapi.types.ChardevMux;
import org.qblockd.qapi.types.ChardevMuxWrapper;
import org.qblockd.qapi.types.ChardevPty;
import org.qblockd.qapi.types.ChardevPtyWrapper;
import org.qblockd.qapi.types.ChardevQemuVDAgent;
import org.qblockd.qapi.types.ChardevQemuVDAgentWrapper;
import org.qblockd.qapi.types.ChardevRingbuf;
import org.qblockd.qapi.types.ChardevRingbufWrapper;
import org.qblockd.qapi.types.ChardevSocketWrapper;
import org.qblockd.qapi.types.ChardevStdio;
import org.qblockd.qapi.types.ChardevStdioWrapper;
import org.qblockd.qapi.types.ChardevUdpWrapper;
import org.qblockd.qapi.types.ChardevVC;
import org.qblockd.qapi.types.ChardevVCWrapper;

/** Makes of the flat options of {@code -chardev} what chardev-add takes. Stateless; any thread. */
final class ChardevReader {
  private static final int MAX_HUB = 4;

  private final Parsed options;
  private final Optional<String> logFile;
  private final Optional<Boolean> logAppend;

  private ChardevReader(Parsed options) throws QmpException {
    this.options = options;
    logFile = text("logfile");
    logAppend = flag("logappend");
  }

  static ChardevBackend read(String kind, Parsed options) throws QmpException {
    return new ChardevReader(options).read(kind);
  }

  private Optional<String> text(String name) {
    return Optional.ofNullable(options.get(name));
  }

  private Optional<Boolean> flag(String name) throws QmpException {
    @Nullable String value = options.get(name);
    return value == null ? Optional.empty() : Optional.of(OptsParser.bool(name, value));
  }

  private Optional<Long> number(String name) throws QmpException {
    @Nullable String value = options.get(name);
    return value == null ? Optional.empty() : Optional.of(OptsParser.number(name, value));
  }

  private String needed(String name, String sentence) throws QmpException {
    @Nullable String value = options.get(name);
    if (value == null) {
      throw QmpException.generic(sentence);
    }
    return value;
  }

  private ChardevBackend read(String kind) throws QmpException {
    // What most starts use comes first, and takes no further classes.
    if (kind.equals("socket")) {
      return new ChardevBackend.Socket(
          new ChardevSocketWrapper(SocketReader.socket(options, logFile, logAppend)));
    }
    if (kind.equals("stdio")) {
      return new ChardevBackend.Stdio(
          new ChardevStdioWrapper(new ChardevStdio(logFile, logAppend, flag("signal"))));
    }
    return switch (kind) {
      case "null" -> new ChardevBackend.Null(plain());
      case "msmouse" -> new ChardevBackend.Msmouse(plain());
      case "wctablet" -> new ChardevBackend.Wctablet(plain());
      case "testdev" -> new ChardevBackend.Testdev(plain());
      case "braille" -> new ChardevBackend.Braille(plain());
      case "file" -> new ChardevBackend.File(new ChardevFileWrapper(file()));
      case "pipe" -> new ChardevBackend.Pipe(device("chardev: pipe: no device path given"));
      case "serial" ->
          new ChardevBackend.Serial(device("chardev: serial/tty: no device path given"));
      case "parallel" ->
          new ChardevBackend.Parallel(device("chardev: parallel: no device path given"));
      case "pty" ->
          new ChardevBackend.Pty(
              new ChardevPtyWrapper(new ChardevPty(logFile, logAppend, text("path"))));
      case "udp" ->
          new ChardevBackend.Udp(
              new ChardevUdpWrapper(SocketReader.udp(options, logFile, logAppend)));
      case "mux" -> new ChardevBackend.Mux(new ChardevMuxWrapper(mux()));
      case "hub" ->
          new ChardevBackend.Hub(new ChardevHubWrapper(new ChardevHub(logFile, logAppend, hub())));
      case "vc" -> new ChardevBackend.Vc(new ChardevVCWrapper(console()));
      case "ringbuf" -> new ChardevBackend.Ringbuf(new ChardevRingbufWrapper(ring()));
      case "memory" -> new ChardevBackend.Memory(new ChardevRingbufWrapper(ring()));
      case "qemu-vdagent" ->
          new ChardevBackend.QemuVdagent(
              new ChardevQemuVDAgentWrapper(
                  new ChardevQemuVDAgent(logFile, logAppend, flag("mouse"), flag("clipboard"))));
      default -> throw QmpException.generic("'" + kind + "' is not a valid char driver name");
    };
  }

  private ChardevCommonWrapper plain() {
    return new ChardevCommonWrapper(new ChardevCommon(logFile, logAppend));
  }

  private ChardevFile file() throws QmpException {
    return new ChardevFile(
        logFile,
        logAppend,
        text("input-path"),
        needed("path", "chardev: file: no filename given"),
        flag("append"));
  }

  private ChardevHostdevWrapper device(String missing) throws QmpException {
    return new ChardevHostdevWrapper(
        new ChardevHostdev(logFile, logAppend, needed("path", missing)));
  }

  private ChardevMux mux() throws QmpException {
    return new ChardevMux(logFile, logAppend, needed("chardev", "chardev: mux: no chardev given"));
  }

  private List<String> hub() {
    List<String> names = new ArrayList<>();
    for (int i = 0; i < MAX_HUB; i++) {
      @Nullable String name = options.get("chardevs." + i);
      if (name == null) {
        break;
      }
      names.add(name);
    }
    return names;
  }

  private ChardevVC console() throws QmpException {
    return new ChardevVC(
        logFile, logAppend, number("width"), number("height"), number("cols"), number("rows"));
  }

  private ChardevRingbuf ring() throws QmpException {
    @Nullable String size = options.get("size");
    return new ChardevRingbuf(
        logFile,
        logAppend,
        size == null ? Optional.empty() : Optional.of(OptsParser.size("size", size)));
  }
}
