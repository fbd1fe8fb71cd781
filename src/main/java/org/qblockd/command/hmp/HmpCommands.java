// SPDX-License-Identifier: Apache-2.0
package org.qblockd.command.hmp;

import java.io.PrintStream;
import java.util.List;
import java.util.Map;
import org.qblockd.base.BlockException;
import org.qblockd.block.BlockBackend;
import org.qblockd.block.BlockGraph;
import org.qblockd.block.BlockNode;
import org.qblockd.block.Permission;
import org.qblockd.block.Perms;
import org.qblockd.command.qemuio.QemuIo;
import org.qblockd.qapi.ErrorClass;
import org.qblockd.qapi.QmpException;
import org.qblockd.qapi.commands.CommandDispatcher;
import org.qblockd.qapi.json.JsonValue.JsonBool;
import org.qblockd.qapi.json.JsonValue.JsonObject;
import org.qblockd.qapi.json.JsonValue.JsonString;

/** The commands of the human monitor that this server has. Control lane. */
public final class HmpCommands {
  private final BlockGraph graph;
  private final QemuIo qemuIo;
  private final CommandDispatcher qmp;

  private HmpCommands(BlockGraph graph, QemuIo qemuIo, CommandDispatcher qmp) {
    this.graph = graph;
    this.qemuIo = qemuIo;
    this.qmp = qmp;
  }

  /**
   * An interpreter with all commands.
   *
   * @param qmp runs the QMP commands that human commands stand for
   * @param out the server's standard output
   */
  public static Hmp interpreter(
      BlockGraph graph, QemuIo qemuIo, CommandDispatcher qmp, PrintStream out) {
    HmpCommands commands = new HmpCommands(graph, qemuIo, qmp);
    return new Hmp(out, commands.commands(), commands.infos());
  }

  private List<HmpCommand> commands() {
    return List.of(
        plain(List.of("cont", "c"), "resume emulation", () -> quietly("cont")),
        new HmpCommand(
            List.of("qemu-io"),
            List.of(
                new HmpCommand.Parameter("d", HmpCommand.Kind.FLAG),
                new HmpCommand.Parameter("device", HmpCommand.Kind.DEVICE),
                new HmpCommand.Parameter("command", HmpCommand.Kind.STRING)),
            "[-d] [device] \"[command]\"",
            "run a qemu-io command on a block device\n"
                + "\t\t\t-d: [device] is a device ID rather than a drive ID or node name",
            this::runQemuIo),
        plain(List.of("quit", "q"), "quit the emulator", () -> quietly("quit")),
        plain(List.of("stop", "s"), "stop emulation", () -> quietly("stop")));
  }

  private List<HmpCommand> infos() {
    return List.of(
        plain(List.of("name"), "show the current VM name", this::name),
        plain(List.of("status"), "show the current VM status (running|paused)", this::status),
        plain(List.of("version"), "show the version of QEMU", this::version));
  }

  private interface Action {
    String run() throws QmpException, BlockException;
  }

  private static HmpCommand plain(List<String> names, String summary, Action action) {
    return new HmpCommand(names, List.of(), "", summary, arguments -> action.run());
  }

  private String quietly(String command) throws QmpException, BlockException {
    qmp.dispatch(command, JsonObject.EMPTY);
    return "";
  }

  private JsonObject query(String command) throws QmpException, BlockException {
    return (JsonObject) qmp.dispatch(command, JsonObject.EMPTY);
  }

  private static String text(JsonObject object, String member) {
    return object.get(member) instanceof JsonString string ? string.value() : "";
  }

  private String status() throws QmpException, BlockException {
    JsonObject info = query("query-status");
    String status = text(info, "status");
    boolean running = info.get("running") instanceof JsonBool bool && bool.value();
    String more = running || status.equals("paused") ? "" : " (" + status + ")";
    return "VM status: " + (running ? "running" : "paused") + more + "\r\n";
  }

  private String name() throws QmpException, BlockException {
    String name = text(query("query-name"), "name");
    return name.isEmpty() ? "" : name + "\r\n";
  }

  private String version() throws QmpException, BlockException {
    JsonObject info = query("query-version");
    JsonObject version = (JsonObject) java.util.Objects.requireNonNull(info.get("qemu"));
    return "%s.%s.%s%s\r\n"
        .formatted(
            number(version, "major"),
            number(version, "minor"),
            number(version, "micro"),
            text(info, "package"));
  }

  private static String number(JsonObject object, String member) {
    return object.get(member) instanceof org.qblockd.qapi.json.JsonValue.JsonInteger integer
        ? Long.toString(integer.value())
        : "";
  }

  private String runQemuIo(Map<String, String> arguments) throws QmpException, BlockException {
    String device = arguments.getOrDefault("device", "");
    String command = arguments.getOrDefault("command", "");
    if (arguments.containsKey("d")) {
      throw new QmpException(
          ErrorClass.DEVICE_NOT_FOUND, "Device '" + device + "' not found");
    }
    BlockBackend backend = graph.backend(device);
    if (backend != null) {
      return qemuIo.run(backend, command);
    }
    BlockNode node = graph.lookup(null, device);
    BlockBackend temporary = new BlockBackend(graph, "", new Perms(0, Permission.ALL));
    try {
      temporary.insert(node);
      return qemuIo.run(temporary, command);
    } finally {
      qemuIo.settle();
      temporary.close();
    }
  }
}
