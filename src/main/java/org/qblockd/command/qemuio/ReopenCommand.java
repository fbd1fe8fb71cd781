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
import org.qblockd.block.Permission;
import org.qblockd.block.Perms;
import org.qblockd.driver.GraphReopen;
import org.qblockd.driver.NodeOpener;
import org.qblockd.qapi.OptsParser;
import org.qblockd.qapi.QmpException;
import org.qblockd.qapi.options.OptionMap;

/** {@code reopen}: gives the image of the backend other options. Control lane. */
final class ReopenCommand {
  private static final int WRITING =
      Permission.WRITE | Permission.WRITE_UNCHANGED | Permission.RESIZE;

  private static final String READ_ONLY = "read-only";
  private static final String DIRECT = "cache.direct";
  private static final String NO_FLUSH = "cache.no-flush";

  private final NodeOpener opener;

  private ReopenCommand(NodeOpener opener) {
    this.opener = opener;
  }

  static QemuIoCommand create(NodeOpener opener) {
    return new SimpleCommand(
        new QemuIoCommand.Description(
            "reopen",
            "",
            0,
            -1,
            0,
            "[(-r|-w)] [-c cache] [-o options]",
            "reopens an image with new options"),
        new ReopenCommand(opener)::run);
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
    OptionMap named = named(device, options.values('o'));
    BlockBackend backend = device.backend();
    BlockNode node = backend.node();
    if (node == null) {
      throw BlockException.io(Errno.ENOMEDIUM);
    }
    if (readOnly(node, options)) {
      // What wrote gives that up first; it gets it back when it writes again.
      backend.setPerms(new Perms(backend.perms().used() & ~WRITING, backend.perms().shared()));
    }
    reopen(node, change(node, options, cache, named));
    if (cache != null) {
      backend.setWriteCache(cache.writeback());
    }
  }

  /** Of options that are named several times the last counts, wherever it stands. */
  private static OptionMap named(Device device, List<String> texts) throws BlockException {
    OptionMap all = new OptionMap();
    List<String> warnings = new ArrayList<>();
    try {
      for (String text : texts) {
        for (OptsParser.Option option :
            OptsParser.acceptingAny(null).parse(text, warnings::add).options()) {
          all.put(option.name(), option.value());
        }
      }
      return all;
    } catch (QmpException wrong) {
      throw BlockException.invalid(wrong.text());
    } finally {
      warnings.forEach(line -> device.monitor().append(line).append('\n'));
    }
  }

  private static OptionMap change(
      BlockNode node, Options options, @Nullable Cache cache, OptionMap named)
      throws BlockException {
    OptionMap change = named.copy();
    boolean switched = options.has('r') || options.has('w');
    if (!named.has(READ_ONLY)) {
      change.putSwitch(READ_ONLY, readOnly(node, options));
    } else if (switched) {
      throw BlockException.invalid("Cannot set both -r/-w and 'read-only'");
    }
    if (!named.has(DIRECT) && !named.has(NO_FLUSH)) {
      change.putSwitch(DIRECT, cache == null ? node.options().cacheDirect() : cache.direct());
      change.putSwitch(NO_FLUSH, cache == null ? node.options().cacheNoFlush() : cache.noFlush());
    } else if (cache != null) {
      throw BlockException.invalid("Cannot set both -c and the cache options");
    }
    return change;
  }

  private static boolean readOnly(BlockNode node, Options options) {
    return options.has('r') || (node.readOnly() && !options.has('w'));
  }

  private void reopen(BlockNode node, OptionMap change) throws BlockException {
    BlockGraph graph = opener.graph();
    List<BlockNode> drained = graph.drainAllBegin();
    try {
      GraphReopen reopen = new GraphReopen(opener);
      reopen.add(node, change, true);
      reopen.run();
    } finally {
      graph.drainAllEnd(drained);
    }
  }
}
