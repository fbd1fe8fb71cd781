// SPDX-License-Identifier: Apache-2.0
package org.qblockd.command.qemuio;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.qblockd.base.BlockException;
import org.qblockd.block.BlockBackend;
import org.qblockd.block.BlockGraph;
import org.qblockd.block.BlockNode;
import org.qblockd.block.Permission;
import org.qblockd.block.Perms;
import org.qblockd.driver.NodeOpener;

/**
 * The command interpreter of qemu-io, run inside the server: finds the command, checks the number
 * of its arguments, widens the backend's permissions and runs it. Control lane.
 */
public final class QemuIo {
  private final BlockGraph graph;
  private final Io io;
  private final TreeMap<String, QemuIoCommand> commands = new TreeMap<>();

  /** An interpreter with all commands that this server has. */
  public QemuIo(NodeOpener opener, Io io) {
    this.graph = opener.graph();
    this.io = io;
    for (TransferForm form : TransferForm.values()) {
      add(new Transfer(form));
    }
    add(DeviceCommands.discard());
    add(DeviceCommands.flush());
    add(DeviceCommands.aioFlush());
    add(DeviceCommands.length());
    add(DeviceCommands.alloc());
    add(DeviceCommands.map());
    add(DeviceCommands.truncate());
    add(ReopenCommand.create(opener));
    add(OtherCommands.sleep());
    add(OtherCommands.breakAt());
    add(OtherCommands.resume());
    add(OtherCommands.removeBreak());
    add(OtherCommands.waitBreak());
    add(InfoCommand.create());
    add(SignalCommands.sigraise());
    add(SignalCommands.abort());
    ZoneCommands.all().forEach(this::add);
    add(new Help(this));
  }

  private void add(QemuIoCommand command) {
    commands.put(command.description().name(), command);
  }

  Iterable<QemuIoCommand> commands() {
    return commands.values();
  }

  @Nullable QemuIoCommand find(String name) {
    for (QemuIoCommand command : commands.values()) {
      QemuIoCommand.Description description = command.description();
      if (description.name().equals(name)
          || (!name.isEmpty() && description.alias().equals(name))) {
        return command;
      }
    }
    return null;
  }

  /**
   * Runs one line.
   *
   * @return what the monitor's user is to see; everything else went to standard output
   */
  public String run(BlockBackend backend, String line) {
    List<String> words = words(line);
    if (words.isEmpty()) {
      return "";
    }
    Device device = new Device(backend, io, new StringBuilder());
    QemuIoCommand command = find(words.getFirst());
    if (command == null) {
      device.complain("command \"" + words.getFirst() + "\" not found");
      return "";
    }
    List<String> arguments = words.subList(1, words.size());
    String count = wrongCount(command.description(), arguments.size());
    if (count != null) {
      device.complain(count);
      return "";
    }
    try {
      widen(backend, command.description().permissions());
      command.run(device, arguments);
    } catch (QemuIoCommand.Misuse misuse) {
      reportMisuse(device, command, misuse);
    } catch (BlockException failure) {
      device.monitor().append(failure.message()).append("\n");
    }
    return device.monitor().toString();
  }

  /**
   * Runs one line on the drive or node of this name; on a node through a backend of the moment, as
   * QEMU does.
   *
   * @return what the monitor's user is to see; everything else went to standard output
   * @throws BlockException when there is none
   */
  public String runOn(String device, String line) throws BlockException {
    BlockBackend backend = graph.backend(device);
    if (backend != null) {
      return run(backend, line);
    }
    BlockNode node = graph.lookup(null, device);
    BlockBackend temporary = new BlockBackend(graph, "", new Perms(0, Permission.ALL));
    try {
      temporary.insert(node);
      return run(temporary, line);
    } finally {
      io.awaitAll();
      temporary.close();
    }
  }

  private static void reportMisuse(
      Device device, QemuIoCommand command, QemuIoCommand.Misuse misuse) {
    String message = misuse.getMessage();
    if (message != null && !message.isEmpty()) {
      device.print(message);
    }
    if (misuse.showUsage()) {
      device.print(command.description().usage());
    }
  }

  /** Permissions are widened, and stay so, as in QEMU. */
  private static void widen(BlockBackend backend, int needed) throws BlockException {
    Perms perms = backend.perms();
    if (backend.node() != null && (perms.used() & needed) != needed) {
      backend.setPerms(new Perms(perms.used() | needed, perms.shared()));
    }
  }

  private static @Nullable String wrongCount(QemuIoCommand.Description command, int count) {
    int min = command.minArguments();
    int max = command.maxArguments();
    if (count >= min && (max < 0 || count <= max)) {
      return null;
    }
    String expected;
    if (max < 0) {
      expected = "at least " + min + " arguments";
    } else if (min == max) {
      expected = min + " arguments";
    } else {
      expected = "between " + min + " and " + max + " arguments";
    }
    return "bad argument count %d to %s, expected %s".formatted(count, command.name(), expected);
  }

  private static List<String> words(String line) {
    List<String> words = new ArrayList<>();
    for (String word : line.split(" ", -1)) {
      if (!word.isEmpty()) {
        words.add(word);
      }
    }
    return words;
  }
}
