// SPDX-License-Identifier: Apache-2.0
package org.qblockd.simulation;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.qblockd.base.BlockException;
import org.qblockd.block.BlockNode;
import org.qblockd.block.Child;
import org.qblockd.block.DirtyBitmap;
import org.qblockd.block.DirtyBitmaps;
import org.qblockd.blockjob.BitmapMode;
import org.qblockd.blockjob.BlockJob;
import org.qblockd.blockjob.CopyMode;
import org.qblockd.blockjob.SyncMode;
import org.qblockd.blockjob.backup.BackupJob;
import org.qblockd.blockjob.backup.BackupOptions;
import org.qblockd.blockjob.commit.CommitJob;
import org.qblockd.blockjob.commit.CommitOptions;
import org.qblockd.blockjob.mirror.BackingMode;
import org.qblockd.blockjob.mirror.MirrorJob;
import org.qblockd.blockjob.mirror.MirrorOptions;
import org.qblockd.blockjob.stream.StreamJob;
import org.qblockd.blockjob.stream.StreamOptions;
import org.qblockd.job.JobStatus;
import org.qblockd.qapi.json.JsonValue;

/** The jobs of a simulation, one at a time, while the client writes. One test thread. */
abstract class SimulatedJobs extends SimulatedDisk {
  SimulatedJobs(Path directory, Random random, StringBuilder log) throws Exception {
    super(directory, random, log);
  }

  private interface Starter {
    BlockJob start() throws BlockException;
  }

  /** Starts a job while nothing of the client is under way; null when it is refused. */
  private @Nullable BlockJob start(Starter starter) throws BlockException {
    try {
      return images.on(() -> images.graph.drained(top(), starter::start));
    } catch (BlockException refused) {
      say("  refused: %s".formatted(refused.message()));
      if (!faulted) {
        throw refused;
      }
      return null;
    }
  }

  private void await(BlockJob job, JobStatus... wanted) throws BlockException {
    List<JobStatus> any = Arrays.asList(wanted);
    boolean unused =
        images.on(() -> {
          images.lane.pollWhile(() -> !any.contains(job.status()));
          return true;
        });
  }

  private boolean ended(String id) throws BlockException {
    boolean succeeded = images.events.has(id + " succeeded");
    say("  %s %s".formatted(id, succeeded ? "succeeded" : "did not succeed"));
    if (!succeeded && !faulted && !images.events.has(id + " cancelled")) {
      throw new AssertionError(id + " failed without a fault: " + images.events);
    }
    return succeeded;
  }

  /** A command that must succeed. */
  final void command(String name, String arguments) throws BlockException {
    say("  %s %s".formatted(name, arguments));
    JsonValue unused = images.command(name, arguments);
  }

  final String id(String kind) {
    made++;
    say("%s%d".formatted(kind, made));
    return kind + made;
  }

  final void bitmap() throws Exception {
    String name = "b" + id("bitmap");
    BlockNode node = top();
    boolean persistent = node.driver().equals("qcow2") && random.nextBoolean();
    command(
        "block-dirty-bitmap-add",
        "{'node':'%s','name':'%s','granularity':%d,'persistent':%b}"
            .formatted(node.name(), name, 512L << random.nextInt(9), persistent));
    if (persistent && hasJournal(node)) {
      promises.watch(node.name(), name);
    }
    byte[] before = model.clone();
    plan(node);
    writes(0, 6);
    heal();
    DirtyBitmap bitmap = Objects.requireNonNull(DirtyBitmaps.find(node, name));
    for (int at = 0; at < model.length; at++) {
      if (before[at] != model[at] && !bitmap.isDirty(at)) {
        throw new AssertionError(name + " does not know of a write at " + at);
      }
    }
  }

  // ---- copies ---------------------------------------------------------------------------------

  private BlockNode target(String name) throws Exception {
    String format = random.nextBoolean() ? "qcow2" : "raw";
    String image = name + "." + format;
    images.create(image, format, model.length, "", "");
    return images.add(image(format, name, image, ""));
  }

  final void mirror() throws Exception {
    String id = id("mirror");
    BlockNode target = target("t" + id);
    BlockNode source = top();
    plan(source, target);
    BlockJob job =
        start(() ->
            MirrorJob.start(
                images.context,
                MirrorOptions.of(source, target, SyncMode.FULL)
                    .jobId(id)
                    .granularity(512L << random.nextInt(9))
                    .copyMode(random.nextBoolean() ? CopyMode.BACKGROUND : CopyMode.WRITE_BLOCKING)
                    .backing(BackingMode.LEAVE, image -> {})
                    .build()));
    if (job == null) {
      return;
    }
    writes(0, 8);
    await(job, JobStatus.READY, JobStatus.NULL);
    if (job.status() == JobStatus.NULL) {
      boolean unused = ended(id);
      return;
    }
    writes(0, 8);
    finishMirror(id, job, target, random.nextInt(4) > 0 && !source.driver().equals("quorum"));
  }

  private void finishMirror(String id, BlockJob job, BlockNode target, boolean pivot)
      throws Exception {
    BlockNode source = shown();
    boolean asked =
        images.on(() -> {
          if (job.status() != JobStatus.READY) {
            return false;
          }
          if (pivot) {
            job.complete();
          } else {
            job.blockJobCancel(false);
          }
          return true;
        });
    await(job, JobStatus.NULL);
    if (asked && ended(id)) {
      heal();
      compare("the mirror", images.content(target), model);
      say("  %s".formatted(pivot ? "pivoted" : "was cancelled"));
      if (pivot) {
        copyStarted = false;
        images.remove(source);
      }
    }
  }

  final void backup() throws Exception {
    String id = id("backup");
    BlockNode target = target("t" + id);
    byte[] moment = model.clone();
    BlockNode source = top();
    plan(source, target);
    BlockJob job =
        start(() ->
            BackupJob.start(
                images.context,
                BackupOptions.of(source, target, SyncMode.FULL)
                    .jobId(id)
                    .compress(target.driver().equals("qcow2") && random.nextInt(3) == 0)
                    .build()));
    if (job == null) {
      return;
    }
    writes(0, 12);
    await(job, JobStatus.NULL);
    if (ended(id)) {
      heal();
      compare("the backup", images.content(target), moment);
    }
  }

  /** The copy outside: once in full, then what the bitmap says, by backup or by mirror. */
  final void keepCopy() throws Exception {
    String id = id("keep");
    BlockNode source = top();
    byte[] moment = model.clone();
    if (!copyStarted) {
      boolean unused =
          images.on(() -> {
            DirtyBitmap old = DirtyBitmaps.find(source, "kept");
            if (old != null) {
              source.removeBitmap(old);
            }
            DirtyBitmap added = DirtyBitmaps.create(source, "kept", 4096L << random.nextInt(6));
            return added.enabled();
          });
    }
    plan(source, copy);
    boolean always = random.nextBoolean();
    BitmapMode mode = always ? BitmapMode.ALWAYS : BitmapMode.ON_SUCCESS;
    SyncMode sync = always ? SyncMode.BITMAP : SyncMode.INCREMENTAL;
    if (copyStarted && random.nextBoolean()) {
      keepByMirror(id, source, sync, mode);
      return;
    }
    BackupOptions options =
        copyStarted
            ? BackupOptions.of(source, copy, sync).jobId(id).bitmap("kept", mode).build()
            : BackupOptions.of(source, copy, SyncMode.FULL).jobId(id).build();
    BlockJob job = start(() -> BackupJob.start(images.context, options));
    if (job == null) {
      return;
    }
    writes(0, 10);
    await(job, JobStatus.NULL);
    if (ended(id)) {
      heal();
      compare("the kept copy", images.content(copy), moment);
      copyStarted = true;
    }
  }

  private void keepByMirror(String id, BlockNode source, SyncMode sync, BitmapMode mode)
      throws Exception {
    say("  by mirror, %s".formatted(mode));
    BlockJob job =
        start(() ->
            MirrorJob.start(
                images.context,
                MirrorOptions.of(source, copy, sync)
                    .jobId(id)
                    .bitmap("kept", mode)
                    .backing(BackingMode.LEAVE, image -> {})
                    .build()));
    if (job == null) {
      return;
    }
    writes(0, 8);
    await(job, JobStatus.READY, JobStatus.NULL);
    writes(0, 4);
    finishMirror(id, job, copy, false);
  }

  // ---- chains ---------------------------------------------------------------------------------

  final void stream() throws Exception {
    BlockNode node = top();
    if (node.backing() == null) {
      return;
    }
    String id = id("stream");
    plan(node, Objects.requireNonNull(node.backing()).node());
    BlockJob job =
        start(() ->
            StreamJob.start(images.context, StreamOptions.of(node).jobId(id).build(), images));
    if (job == null) {
      return;
    }
    writes(0, 8);
    await(job, JobStatus.NULL);
    boolean unused = ended(id);
  }

  final void commit() throws Exception {
    BlockNode node = top();
    Child backing = node.backing();
    if (backing == null || !writableBelow(backing.node())) {
      return;
    }
    Child deeper = backing.node().backing();
    if (deeper != null && random.nextBoolean()) {
      commitIntermediate(node, backing.node(), deeper.node());
      return;
    }
    String id = id("commit");
    BlockNode base = backing.node();
    plan(node, base);
    BlockJob job =
        start(() ->
            MirrorJob.start(
                images.context,
                MirrorOptions.commit(node, base)
                    .jobId(id)
                    .backing(BackingMode.LEAVE, image -> {})
                    .build()));
    if (job == null) {
      return;
    }
    writes(0, 8);
    await(job, JobStatus.READY, JobStatus.NULL);
    writes(0, 4);
    finishMirror(id, job, base, true);
  }

  private static boolean writableBelow(BlockNode node) {
    return !node.driver().equals("quorum");
  }

  private void commitIntermediate(BlockNode root, BlockNode top, BlockNode base) throws Exception {
    String id = id("commit");
    plan(top, base);
    BlockJob job =
        start(() ->
            CommitJob.start(
                images.context, CommitOptions.of(root, top, base).jobId(id).build(), images));
    if (job == null) {
      return;
    }
    writes(0, 8);
    await(job, JobStatus.NULL);
    if (ended(id)) {
      images.remove(top);
    }
  }
}
