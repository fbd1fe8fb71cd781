// SPDX-License-Identifier: Apache-2.0
package org.qblockd.command.qemuio;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.qblockd.base.BlockException;
import org.qblockd.base.Errno;
import org.qblockd.block.BlockBackend;
import org.qblockd.block.BlockGraph;
import org.qblockd.block.BlockNode;
import org.qblockd.block.NodeReopen;
import org.qblockd.block.Permission;
import org.qblockd.block.Perms;
import org.qblockd.qapi.OptsParser;
import org.qblockd.qapi.QmpException;

/** {@code reopen}: makes the image read-only or writable, or changes its cache. Control lane. */
final class ReopenCommand {
  private static final int WRITING =
      Permission.WRITE | Permission.WRITE_UNCHANGED | Permission.RESIZE;

  private final BlockGraph graph;

  private ReopenCommand(BlockGraph graph) {
    this.graph = graph;
  }

  static QemuIoCommand create(BlockGraph graph) {
    return new SimpleCommand(
        new QemuIoCommand.Description(
            "reopen",
            "",
            0,
            -1,
            0,
            "[(-r|-w)] [-c cache] [-o options]",
            "reopens an image with new options"),
        new ReopenCommand(graph)::run);
  }

  /** A cache mode: of the node, and of the backend. */
  private record Cache(boolean direct, boolean noFlush, boolean writeback) {
    static Cache of(String mode) throws BlockException {
      return switch (mode) {
        case "none", "off" -> new Cache(true, false, true);
        case "directsync" -> new Cache(true, false, false);
        case "writeback" -> new Cache(false, false, true);
        case "writethrough" -> new Cache(false, false, false);
        case "unsafe" -> new Cache(false, true, true);
        default -> throw BlockException.invalid("Invalid cache option: " + mode);
      };
    }
  }

  private void run(Device device, List<String> arguments)
      throws BlockException, QemuIoCommand.Misuse {
    Options options = SimpleCommand.options(device, "reopen", arguments, "c:o:rw");
    if (!options.operands().isEmpty()) {
      throw new QemuIoCommand.Misuse("", true);
    }
    if (options.has('r') && options.has('w')) {
      throw BlockException.invalid("Only one -r/-w option may be given");
    }
    String mode = options.value('c');
    Cache cache = mode == null ? null : Cache.of(mode);
    List<OptsParser.Option> named = named(device, options.value('o'));
    NodeReopen.Change change = change(options, cache, named);
    BlockBackend backend = device.backend();
    BlockNode node = backend.node();
    if (node == null) {
      throw BlockException.io(Errno.ENOMEDIUM);
    }
    reopen(backend, node, change);
    if (cache != null) {
      backend.setWriteCache(cache.writeback());
    }
  }

  private static List<OptsParser.Option> named(Device device, @Nullable String text)
      throws BlockException {
    if (text == null) {
      return List.of();
    }
    List<String> warnings = new ArrayList<>();
    try {
      return OptsParser.acceptingAny(null).parse(text, warnings::add).options();
    } catch (QmpException wrong) {
      throw BlockException.invalid(wrong.text());
    } finally {
      warnings.forEach(line -> device.monitor().append(line).append('\n'));
    }
  }

  private static NodeReopen.Change change(
      Options options, @Nullable Cache cache, List<OptsParser.Option> named) throws BlockException {
    Boolean readOnly = options.has('r') ? Boolean.TRUE : options.has('w') ? Boolean.FALSE : null;
    Boolean direct = cache == null ? null : (Boolean) cache.direct();
    Boolean noFlush = cache == null ? null : (Boolean) cache.noFlush();
    for (OptsParser.Option option : named) {
      switch (option.name()) {
        case "read-only" -> {
          if (readOnly != null) {
            throw BlockException.invalid("Cannot set both -r/-w and 'read-only'");
          }
          readOnly = onOff(option);
        }
        case "cache.direct" -> direct = cacheOption(cache, option);
        case "cache.no-flush" -> noFlush = cacheOption(cache, option);
        default -> throw BlockException.invalid("Cannot change the option '" + option.name() + "'");
      }
    }
    return new NodeReopen.Change(readOnly, direct, noFlush);
  }

  private static Boolean cacheOption(@Nullable Cache cache, OptsParser.Option option)
      throws BlockException {
    if (cache != null) {
      throw BlockException.invalid("Cannot set both -c and the cache options");
    }
    return onOff(option);
  }

  private static Boolean onOff(OptsParser.Option option) throws BlockException {
    return switch (option.value()) {
      case "on" -> Boolean.TRUE;
      case "off" -> Boolean.FALSE;
      default ->
          throw BlockException.invalid("Parameter '" + option.name() + "' expects 'on' or 'off'");
    };
  }

  /** A backend that wrote gives that up first; it gets it back when it writes again. */
  private void reopen(BlockBackend backend, BlockNode node, NodeReopen.Change change)
      throws BlockException {
    Perms before = backend.perms();
    if (Boolean.TRUE.equals(change.readOnly())) {
      backend.setPerms(new Perms(before.used() & ~WRITING, before.shared()));
    }
    List<BlockNode> drained = graph.drainAllBegin();
    try {
      NodeReopen.apply(graph, node, change);
    } catch (BlockException refused) {
      backend.setPerms(before);
      throw refused;
    } finally {
      graph.drainAllEnd(drained);
    }
  }
}
