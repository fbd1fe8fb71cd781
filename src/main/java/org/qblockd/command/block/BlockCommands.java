// SPDX-License-Identifier: Apache-2.0
package org.qblockd.command.block;

import java.io.PrintStream;
import java.util.List;
import java.util.Optional;
import org.qblockd.base.BlockException;
import org.qblockd.blockjob.BlockJob;
import org.qblockd.command.bitmap.BitmapCommands;
import org.qblockd.command.bitmap.BitmapReader;
import org.qblockd.command.bitmap.EpochCommand;
import org.qblockd.command.blockjob.BackupCommands;
import org.qblockd.command.blockjob.CommitCommands;
import org.qblockd.command.blockjob.CreateCommand;
import org.qblockd.command.blockjob.MirrorCommands;
import org.qblockd.command.blockjob.StreamCommand;
import org.qblockd.command.job.BlockJobVerbs;
import org.qblockd.command.snapshot.SnapshotCommands;
import org.qblockd.driver.ImageCreator;
import org.qblockd.machine.Machine;
import org.qblockd.qapi.QmpException;
import org.qblockd.qapi.commands.BlockCoreCommands;
import org.qblockd.qapi.commands.TransactionCommands;
import org.qblockd.qapi.types.BlockCommitArguments;
import org.qblockd.qapi.types.BlockDeviceInfo;
import org.qblockd.qapi.types.BlockDirtyBitmap;
import org.qblockd.qapi.types.BlockDirtyBitmapAdd;
import org.qblockd.qapi.types.BlockDirtyBitmapContent;
import org.qblockd.qapi.types.BlockDirtyBitmapEpoch;
import org.qblockd.qapi.types.BlockDirtyBitmapOrStr;
import org.qblockd.qapi.types.BlockDirtyBitmapSha256;
import org.qblockd.qapi.types.BlockInfo;
import org.qblockd.qapi.types.BlockJobChangeOptions;
import org.qblockd.qapi.types.BlockJobInfo;
import org.qblockd.qapi.types.BlockStats;
import org.qblockd.qapi.types.BlockStreamArguments;
import org.qblockd.qapi.types.BlockdevBackup;
import org.qblockd.qapi.types.BlockdevCreateOptions;
import org.qblockd.qapi.types.BlockdevMirrorArguments;
import org.qblockd.qapi.types.BlockdevOptions;
import org.qblockd.qapi.types.BlockdevSnapshot;
import org.qblockd.qapi.types.BlockdevSnapshotInternal;
import org.qblockd.qapi.types.BlockdevSnapshotSync;
import org.qblockd.qapi.types.DriveBackup;
import org.qblockd.qapi.types.DriveMirror;
import org.qblockd.qapi.types.SnapshotInfo;
import org.qblockd.qapi.types.StrOrNull;
import org.qblockd.qapi.types.XBlockDirtyBitmapReadArguments;
import org.qblockd.qapi.types.XDbgBlockGraph;

/** The commands of {@code block-core.json}, handed to the class of each group. Control lane. */
public final class BlockCommands implements BlockCoreCommands {
  private final Machine machine;
  private final QueryBlock queries;
  private final NodeCommands nodes;
  private final BlockJobVerbs jobs;
  private final MirrorCommands mirror;
  private final BackupCommands backup;
  private final CreateCommand create;
  private final BitmapCommands bitmaps;
  private final SnapshotCommands snapshots;

  /**
   * The commands of this machine.
   *
   * @param out the server's standard output, where the creation of images is told
   */
  public BlockCommands(Machine machine, PrintStream out) {
    ImageCreator creator = new ImageCreator(machine.opener(), out::println);
    this.machine = machine;
    this.queries = new QueryBlock(machine);
    this.nodes = new NodeCommands(machine);
    this.jobs = new BlockJobVerbs(machine.jobs());
    this.mirror = new MirrorCommands(machine, creator);
    this.backup = new BackupCommands(machine, creator);
    this.create = new CreateCommand(machine, creator);
    this.bitmaps = new BitmapCommands(machine.graph());
    this.snapshots = new SnapshotCommands(machine, creator);
  }

  /** The commands of {@code transaction.json}, whose actions are these commands. */
  public TransactionCommands transactions() {
    return new TransactionVerbs(machine, backup, bitmaps, snapshots);
  }

  @Override
  public List<BlockInfo> queryBlock() throws BlockException {
    return queries.drives();
  }

  @Override
  public List<BlockStats> queryBlockstats(Optional<Boolean> queryNodes) {
    return queries.statistics(queryNodes.orElse(false));
  }

  @Override
  public List<BlockDeviceInfo> queryNamedBlockNodes(Optional<Boolean> flat) throws BlockException {
    return queries.nodes(flat.orElse(false));
  }

  @Override
  public XDbgBlockGraph xDebugQueryBlockGraph() {
    return new GraphQuery(machine).run();
  }

  @Override
  public void blockSetWriteThreshold(String nodeName, long writeThreshold) throws QmpException {
    nodes.setWriteThreshold(nodeName, writeThreshold);
  }

  @Override
  public void blockdevAdd(BlockdevOptions options) throws BlockException {
    nodes.add(options);
  }

  @Override
  public void blockdevReopen(List<BlockdevOptions> options) throws QmpException, BlockException {
    nodes.reopen(options);
  }

  @Override
  public void xBlockdevChange(String parent, Optional<String> child, Optional<String> node)
      throws QmpException, BlockException {
    new ChildCommand(machine.graph()).run(parent, child.orElse(null), node.orElse(null));
  }

  @Override
  public void xBlockdevSetIothread(String nodeName, StrOrNull iothread, Optional<Boolean> force)
      throws QmpException, BlockException {
    nodes.setThread(nodeName, iothread, force.orElse(false));
  }

  @Override
  public void blockdevDel(String nodeName) throws QmpException, BlockException {
    nodes.delete(nodeName);
  }

  @Override
  public void blockdevSetActive(Optional<String> nodeName, boolean active)
      throws QmpException, BlockException {
    nodes.setActive(nodeName.orElse(null), active);
  }

  @Override
  public void blockResize(Optional<String> device, Optional<String> nodeName, long size)
      throws QmpException, BlockException {
    nodes.resize(device.orElse(null), nodeName.orElse(null), size);
  }

  @Override
  public void blockdevCreate(String jobId, BlockdevCreateOptions options)
      throws QmpException, BlockException {
    create.run(jobId, options);
  }

  @Override
  public void blockdevSnapshotSync(BlockdevSnapshotSync arguments)
      throws QmpException, BlockException {
    snapshots.run(arguments);
  }

  @Override
  public void blockdevSnapshot(String node, String overlay) throws QmpException, BlockException {
    snapshots.run(new BlockdevSnapshot(node, overlay));
  }

  @Override
  public void blockdevSnapshotInternalSync(String device, String name)
      throws QmpException, BlockException {
    snapshots.run(new BlockdevSnapshotInternal(device, name));
  }

  @Override
  public SnapshotInfo blockdevSnapshotDeleteInternalSync(
      String device, Optional<String> id, Optional<String> name)
      throws QmpException, BlockException {
    return snapshots.deleteInternal(device, id.orElse(null), name.orElse(null));
  }

  @Override
  public void driveMirror(DriveMirror arguments) throws QmpException, BlockException {
    mirror.driveMirror(arguments);
  }

  @Override
  public void blockdevMirror(BlockdevMirrorArguments arguments)
      throws QmpException, BlockException {
    mirror.blockdevMirror(arguments);
  }

  @Override
  public void driveBackup(DriveBackup arguments) throws QmpException, BlockException {
    backup.driveBackup(arguments);
  }

  @Override
  public void blockdevBackup(BlockdevBackup arguments) throws QmpException, BlockException {
    backup.blockdevBackup(arguments);
  }

  @Override
  public void blockDirtyBitmapAdd(BlockDirtyBitmapAdd arguments)
      throws QmpException, BlockException {
    bitmaps.add(arguments).commit();
  }

  @Override
  public void blockDirtyBitmapRemove(String node, String name) throws QmpException, BlockException {
    bitmaps.remove(node, name).commit();
  }

  @Override
  public void blockDirtyBitmapClear(String node, String name) throws QmpException, BlockException {
    bitmaps.clear(node, name).commit();
  }

  @Override
  public void blockDirtyBitmapEnable(String node, String name) throws QmpException, BlockException {
    bitmaps.enable(node, name, true).commit();
  }

  @Override
  public void blockDirtyBitmapDisable(String node, String name)
      throws QmpException, BlockException {
    bitmaps.enable(node, name, false).commit();
  }

  @Override
  public void blockDirtyBitmapMerge(String node, String target, List<BlockDirtyBitmapOrStr> sources)
      throws QmpException, BlockException {
    bitmaps.merge(node, target, sources).commit();
  }

  @Override
  public BlockDirtyBitmapSha256 xDebugBlockDirtyBitmapSha256(String node, String name)
      throws QmpException {
    return new BlockDirtyBitmapSha256(bitmaps.sha256(node, name));
  }

  @Override
  public void blockStream(BlockStreamArguments arguments) throws QmpException, BlockException {
    new StreamCommand(machine).run(arguments);
  }

  @Override
  public void blockCommit(BlockCommitArguments arguments) throws QmpException, BlockException {
    new CommitCommands(machine).commit(arguments);
  }

  @Override
  public void changeBackingFile(String device, String imageNodeName, String backingFile)
      throws QmpException, BlockException {
    new CommitCommands(machine).changeBackingFile(device, imageNodeName, backingFile);
  }

  @Override
  public BlockDirtyBitmapContent xBlockDirtyBitmapRead(XBlockDirtyBitmapReadArguments arguments)
      throws QmpException, BlockException {
    return new BitmapReader(bitmaps).read(arguments);
  }

  @Override
  public List<BlockDirtyBitmapEpoch> xBlockDirtyBitmapRotate(
      String epoch, List<BlockDirtyBitmap> asked) throws QmpException, BlockException {
    return new EpochCommand(machine.graph(), bitmaps).rotate(epoch, asked);
  }

  @Override
  public List<BlockJobInfo> queryBlockJobs() {
    return jobs.query();
  }

  @Override
  public void blockJobSetSpeed(String device, long speed) throws QmpException, BlockException {
    jobs.find(device).setSpeed(speed);
  }

  @Override
  public void blockJobCancel(String device, Optional<Boolean> force)
      throws QmpException, BlockException {
    BlockJob job = jobs.find(device);
    job.blockJobCancel(force.orElse(false));
  }

  @Override
  public void blockJobPause(String device) throws QmpException, BlockException {
    jobs.find(device).pause();
  }

  @Override
  public void blockJobResume(String device) throws QmpException, BlockException {
    jobs.find(device).resume();
  }

  @Override
  public void blockJobComplete(String device) throws QmpException, BlockException {
    jobs.find(device).complete();
  }

  @Override
  public void blockJobDismiss(String id) throws QmpException, BlockException {
    jobs.find(id).dismiss();
  }

  @Override
  public void blockJobFinalize(String id) throws QmpException, BlockException {
    jobs.find(id).finalizeJob();
  }

  @Override
  public void blockJobChange(BlockJobChangeOptions options) throws QmpException, BlockException {
    jobs.change(options);
  }
}
