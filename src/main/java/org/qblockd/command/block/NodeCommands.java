// SPDX-License-Identifier: Apache-2.0
package org.qblockd.command.block;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.qblockd.base.BlockException;
import org.qblockd.block.Activation;
import org.qblockd.block.BlockBackend;
import org.qblockd.block.BlockGraph;
import org.qblockd.block.BlockNode;
import org.qblockd.block.BlockOp;
import org.qblockd.block.Child;
import org.qblockd.block.NodeThreads;
import org.qblockd.block.Permission;
import org.qblockd.block.Perms;
import org.qblockd.block.WriteThreshold;
import org.qblockd.driver.GraphReopen;
import org.qblockd.machine.Machine;
import org.qblockd.qapi.EventSink;
import org.qblockd.qapi.QmpException;
import org.qblockd.qapi.options.OptionMap;
import org.qblockd.qapi.types.BlockWriteThresholdEvent;
import org.qblockd.qapi.types.BlockdevOptions;
import org.qblockd.qapi.types.StrOrNull;

/** {@code blockdev-add}, {@code blockdev-del}, {@code block_resize}. Control lane. */
final class NodeCommands {
  private final Machine machine;

  NodeCommands(Machine machine) {
    this.machine = machine;
  }

  void add(BlockdevOptions options) throws BlockException {
    machine.opener().add(options);
  }

  void reopen(List<BlockdevOptions> all) throws QmpException, BlockException {
    BlockGraph graph = machine.graph();
    List<BlockNode> drained = graph.drainAllBegin();
    try {
      GraphReopen reopen = new GraphReopen(machine.opener());
      for (BlockdevOptions options : all) {
        String name = options.nodeName().orElse(null);
        if (name == null) {
          throw QmpException.generic("node-name not specified");
        }
        BlockNode node = graph.node(name);
        if (node == null) {
          throw QmpException.generic("Failed to find node with node-name='" + name + "'");
        }
        reopen.add(node, OptionMap.of(options), false);
      }
      reopen.run();
    } finally {
      graph.drainAllEnd(drained);
    }
  }

  void delete(String name) throws QmpException, BlockException {
    BlockGraph graph = machine.graph();
    BlockNode node = graph.node(name);
    if (node == null) {
      throw QmpException.generic("Failed to find node with node-name='" + name + "'");
    }
    if (hasBackend(node)) {
      throw QmpException.generic("Node " + name + " is in use");
    }
    node.checkOp(BlockOp.DRIVE_DEL);
    if (!node.monitorOwned()) {
      throw QmpException.generic("Node " + name + " is not owned by the monitor");
    }
    if (!node.parents().isEmpty()) {
      throw QmpException.generic("Block device " + node.displayName() + " is in use");
    }
    node.setMonitorOwned(false);
    graph.closeIfUnused(node);
  }

  void setThread(String name, StrOrNull thread, boolean force) throws QmpException, BlockException {
    BlockNode node = machine.graph().node(name);
    if (node == null) {
      throw QmpException.generic("Failed to find node with node-name='" + name + "'");
    }
    if (!force && hasBackend(node)) {
      throw QmpException.generic(
          "Node "
              + name
              + " is associated with a BlockBackend and could be in use (use force=true to override"
              + " this check)");
    }
    machine.graph().threads().move(node, threadName(thread));
  }

  private String threadName(StrOrNull thread) throws QmpException {
    return switch (thread) {
      case StrOrNull.S id -> {
        if (machine.objects().iothread(id.value()) == null) {
          throw QmpException.generic("Cannot find iothread " + id.value());
        }
        yield id.value();
      }
      case StrOrNull.N none -> NodeThreads.MAIN;
    };
  }

  void setActive(@Nullable String name, boolean active) throws QmpException, BlockException {
    BlockGraph graph = machine.graph();
    Activation activation = new Activation(graph);
    if (name == null) {
      setAllActive(activation, active);
      return;
    }
    BlockNode node = graph.node(name);
    if (node == null) {
      throw QmpException.generic("Failed to find node with node-name='" + name + "'");
    }
    if (active) {
      activation.activate(node);
    } else {
      activation.inactivate(node);
    }
  }

  private static void setAllActive(Activation activation, boolean active) throws BlockException {
    if (active) {
      activation.activateAll();
      return;
    }
    try {
      activation.inactivateAll();
    } catch (BlockException failed) {
      throw BlockException.withErrno(failed.errno(), "Failed to inactivate all nodes");
    }
  }

  private static boolean hasBackend(BlockNode node) {
    for (Child parent : node.parents()) {
      if (parent.parent() instanceof BlockBackend) {
        return true;
      }
    }
    return false;
  }

  void setWriteThreshold(String name, long bytes) throws QmpException {
    BlockNode node = machine.graph().node(name);
    if (node == null) {
      throw QmpException.generic("Device '" + name + "' not found");
    }
    EventSink events = machine.events();
    WriteThreshold.set(
        node,
        bytes,
        (threshold, exceeded) ->
            events.emit(new BlockWriteThresholdEvent(name, exceeded, threshold)));
  }

  void resize(@Nullable String device, @Nullable String nodeName, long size)
      throws QmpException, BlockException {
    BlockGraph graph = machine.graph();
    BlockNode node = graph.lookup(device, nodeName);
    if (size < 0) {
      throw QmpException.generic("Parameter 'size' expects a >0 size");
    }
    node.checkOp(BlockOp.RESIZE);
    BlockBackend resizer =
        new BlockBackend(graph, "", new Perms(Permission.RESIZE, Permission.ALL));
    try {
      resizer.insert(node);
      graph.drained(
          node,
          () -> {
            node.resize(size, false, "off", false);
            return node;
          });
    } finally {
      resizer.close();
    }
  }
}
