// SPDX-License-Identifier: Apache-2.0
package org.qblockd.command.blockjob;

import org.jspecify.annotations.Nullable;
import org.qblockd.base.BlockException;
import org.qblockd.block.BlockNode;
import org.qblockd.block.BlockOp;
import org.qblockd.blockjob.Chains;
import org.qblockd.blockjob.stream.StreamJob;
import org.qblockd.blockjob.stream.StreamOptions;
import org.qblockd.machine.Machine;
import org.qblockd.qapi.QmpException;
import org.qblockd.qapi.types.BlockStreamArguments;

/** {@code block-stream}: its checks, in QEMU's order and words. Control lane. */
public final class StreamCommand {
  private final Machine machine;
  private final ChainNames names;

  /** The command for this machine. */
  public StreamCommand(Machine machine) {
    this.machine = machine;
    this.names = new ChainNames(machine.opener());
  }

  /** Starts the job. */
  public void run(BlockStreamArguments arguments) throws QmpException, BlockException {
    BlockNode node = machine.graph().lookup(arguments.device(), arguments.device());
    String base = arguments.base().orElse(null);
    String baseNode = arguments.baseNode().orElse(null);
    String bottom = arguments.bottom().orElse(null);
    refuseBoth("base", base, "base-node", baseNode);
    refuseBoth("base", base, "bottom", bottom);
    refuseBoth("bottom", bottom, "base-node", baseNode);
    String backingFile = arguments.backingFile().orElse(null);
    BlockNode above = base(node, base, baseNode, arguments.device());
    BlockNode last = bottom == null ? null : bottom(node, bottom, arguments.device());
    checkOps(node, last == null ? above : Chains.below(last));
    if (above == null && backingFile != null) {
      throw QmpException.generic("backing file specified, but streaming the entire chain");
    }
    StreamOptions.Builder options =
        StreamOptions.of(node)
            .downTo(above, last)
            .filterNodeName(arguments.filterNodeName().orElse(null))
            .backingFile(backingFile, arguments.backingMaskProtocol().orElse(false));
    CopyArguments.job(
        options,
        arguments.jobId(),
        arguments.speed(),
        arguments.autoFinalize(),
        arguments.autoDismiss());
    CopyArguments.onError(options, arguments.onError(), arguments.onError());
    StreamJob.start(machine.blockJobs(), options.build(), names);
  }

  private static void refuseBoth(
      String one, @Nullable String first, String other, @Nullable String second)
      throws QmpException {
    if (first != null && second != null) {
      throw QmpException.generic(
          "'" + one + "' and '" + other + "' cannot be specified at the same time");
    }
  }

  private @Nullable BlockNode base(
      BlockNode node, @Nullable String file, @Nullable String name, String device)
      throws QmpException, BlockException {
    if (file != null) {
      BlockNode found = names.find(node, file);
      if (found == null) {
        throw QmpException.generic("Can't find '" + file + "' in the backing chain");
      }
      return found;
    }
    if (name == null) {
      return null;
    }
    BlockNode found = machine.graph().lookup(null, name);
    if (node == found || !Chains.contains(node, found)) {
      throw QmpException.generic("Node '" + name + "' is not a backing image of '" + device + "'");
    }
    return found;
  }

  private BlockNode bottom(BlockNode node, String name, String device)
      throws QmpException, BlockException {
    BlockNode found = machine.graph().lookup(null, name);
    if (found.ejected()) {
      throw QmpException.generic("Node '" + name + "' is not open");
    }
    if (found.filtered() != null) {
      throw QmpException.generic(
          "Node '" + name + "' is a filter, use a non-filter node as 'bottom'");
    }
    if (!Chains.contains(node, found)) {
      throw QmpException.generic(
          "Node '" + name + "' is not in a chain starting from '" + device + "'");
    }
    return found;
  }

  private static void checkOps(BlockNode node, @Nullable BlockNode end) throws BlockException {
    for (BlockNode at = node; at != null && at != end; at = Chains.below(at)) {
      at.checkOp(BlockOp.STREAM);
    }
  }
}
