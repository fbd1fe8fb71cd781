// SPDX-License-Identifier: Apache-2.0
package org.qblockd.command.blockjob;

import org.qblockd.base.BlockException;
import org.qblockd.block.BlockGraph;
import org.qblockd.block.BlockNode;
import org.qblockd.block.BlockOp;
import org.qblockd.block.Permission;
import org.qblockd.block.PermissionUpdate;
import org.qblockd.blockjob.BackingFiles;
import org.qblockd.blockjob.Chains;
import org.qblockd.blockjob.commit.CommitJob;
import org.qblockd.blockjob.commit.CommitOptions;
import org.qblockd.blockjob.mirror.MirrorJob;
import org.qblockd.blockjob.mirror.MirrorOptions;
import org.qblockd.machine.Machine;
import org.qblockd.machine.Nodes;
import org.qblockd.qapi.ErrorClass;
import org.qblockd.qapi.QmpException;
import org.qblockd.qapi.types.BlockCommitArguments;

/**
 * {@code block-commit} and {@code change-backing-file}: their checks, in QEMU's order and words.
 * Control lane.
 */
public final class CommitCommands {
  private final Machine machine;
  private final BlockGraph graph;
  private final ChainNames names;

  /** The commands for this machine. */
  public CommitCommands(Machine machine) {
    this.machine = machine;
    this.graph = machine.graph();
    this.names = new ChainNames(machine.opener());
  }

  /** {@code block-commit}. */
  public void commit(BlockCommitArguments arguments) throws QmpException, BlockException {
    BlockNode root = root(arguments.device());
    root.checkOp(BlockOp.COMMIT_SOURCE);
    BlockNode top = top(root, arguments);
    BlockNode base = base(top, arguments);
    BlockNode end = Chains.below(base);
    for (BlockNode at = top; at != null && at != end; at = Chains.below(at)) {
      at.checkOp(BlockOp.COMMIT_TARGET);
    }
    if (top == base) {
      throw QmpException.generic("cannot commit an image into itself");
    }
    boolean active = Chains.skipFilters(top) == Chains.skipFilters(root);
    if (active || (PermissionUpdate.cumulative(top).used() & Permission.WRITE) != 0) {
      refuseBackingFile(arguments, active);
      startActive(arguments, root, top, base);
    } else {
      BlockNode overlay = Chains.overlayOf(root, top);
      if (overlay != null) {
        overlay.checkOp(BlockOp.COMMIT_TARGET);
      }
      startIntermediate(arguments, root, top, base);
    }
  }

  /** Management programs find out what the command can do by the class of this error. */
  private BlockNode root(String device) throws QmpException, BlockException {
    if (graph.backend(device) == null && graph.node(device) == null) {
      throw new QmpException(ErrorClass.DEVICE_NOT_FOUND, "Device '" + device + "' not found");
    }
    return Nodes.rootOf(graph, device);
  }

  private BlockNode top(BlockNode root, BlockCommitArguments arguments)
      throws QmpException, BlockException {
    String file = arguments.top().orElse(null);
    String name = arguments.topNode().orElse(null);
    if (file != null && name != null) {
      throw QmpException.generic("'top-node' and 'top' are mutually exclusive");
    }
    if (name != null) {
      return inChain(root, name);
    }
    if (file == null || file.equals(names.filename(root))) {
      return root;
    }
    BlockNode found = names.find(root, file);
    if (found == null) {
      throw QmpException.generic("Top image file " + file + " not found");
    }
    return found;
  }

  private BlockNode base(BlockNode top, BlockCommitArguments arguments)
      throws QmpException, BlockException {
    String file = arguments.base().orElse(null);
    String name = arguments.baseNode().orElse(null);
    if (file != null && name != null) {
      throw QmpException.generic("'base-node' and 'base' are mutually exclusive");
    }
    if (name != null) {
      return inChain(top, name);
    }
    BlockNode found = file == null ? lowest(top) : names.find(top, file);
    if (found == null) {
      throw QmpException.generic("Can't find '" + file + "' in the backing chain");
    }
    return found;
  }

  private static BlockNode lowest(BlockNode top) {
    BlockNode lowest = Chains.skipFilters(top);
    for (BlockNode next = lowest; next != null; next = Chains.backingChainNext(next)) {
      lowest = next;
    }
    return lowest;
  }

  private BlockNode inChain(BlockNode from, String name) throws QmpException, BlockException {
    BlockNode found = graph.lookup(null, name);
    if (!Chains.contains(from, found)) {
      throw QmpException.generic("'" + name + "' is not in this backing file chain");
    }
    return found;
  }

  private static void refuseBackingFile(BlockCommitArguments arguments, boolean active)
      throws QmpException {
    if (arguments.backingFile().isPresent()) {
      throw QmpException.generic(
          active
              ? "'backing-file' specified, but 'top' is the active layer"
              : "'backing-file' specified, but 'top' has a writer on it");
    }
  }

  private void startActive(
      BlockCommitArguments arguments, BlockNode root, BlockNode top, BlockNode base)
      throws BlockException {
    MirrorOptions.Builder options =
        MirrorOptions.commit(top, base).filterNodeName(arguments.filterNodeName().orElse(null));
    CopyArguments.job(
        options,
        arguments.jobId(),
        arguments.speed(),
        arguments.autoFinalize(),
        arguments.autoDismiss());
    CopyArguments.onError(options, arguments.onError(), arguments.onError());
    options.jobId(arguments.jobId().orElse(root.deviceName()));
    MirrorJob.start(machine.blockJobs(), options.build());
  }

  private void startIntermediate(
      BlockCommitArguments arguments, BlockNode root, BlockNode top, BlockNode base)
      throws BlockException {
    CommitOptions.Builder options =
        CommitOptions.of(root, top, base)
            .filterNodeName(arguments.filterNodeName().orElse(null))
            .backingFile(
                arguments.backingFile().orElse(null),
                arguments.backingMaskProtocol().orElse(false));
    CopyArguments.job(
        options,
        arguments.jobId(),
        arguments.speed(),
        arguments.autoFinalize(),
        arguments.autoDismiss());
    CopyArguments.onError(options, arguments.onError(), arguments.onError());
    CommitJob.start(machine.blockJobs(), options.build(), names);
  }

  /** {@code change-backing-file}. */
  public void changeBackingFile(String device, String imageNode, String backingFile)
      throws QmpException, BlockException {
    BlockNode root = Nodes.rootOf(graph, device);
    BlockNode image = graph.lookup(null, imageNode);
    if (lowest(image) == image) {
      throw QmpException.generic(
          "not allowing backing file change on an image without a backing file");
    }
    root.checkOp(BlockOp.CHANGE);
    if (!Chains.contains(root, image)) {
      throw QmpException.generic("'" + device + "' and image file are not in the same chain");
    }
    write(image, backingFile);
  }

  private void write(BlockNode image, String backingFile) throws BlockException {
    boolean readOnly = image.readOnly();
    if (readOnly) {
      BackingFiles.setReadOnly(graph, image, false);
    }
    try {
      BackingFiles.change(graph, image, backingFile, image.driver());
    } catch (BlockException failed) {
      throw BlockException.withErrno(
          failed.errno(), "Could not change backing file to '" + backingFile + "'");
    } finally {
      if (readOnly) {
        BackingFiles.setReadOnly(graph, image, true);
      }
    }
  }
}
