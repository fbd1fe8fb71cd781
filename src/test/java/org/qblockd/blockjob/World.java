// SPDX-License-Identifier: Apache-2.0
package org.qblockd.blockjob;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.qblockd.base.BlockException;
import org.qblockd.base.BufferPool;
import org.qblockd.base.ControlLane;
import org.qblockd.base.ManualClock;
import org.qblockd.block.BlockBackend;
import org.qblockd.block.BlockGraph;
import org.qblockd.block.BlockNode;
import org.qblockd.block.ChildRole;
import org.qblockd.block.DetectZeroes;
import org.qblockd.block.NodeOptions;
import org.qblockd.block.Permission;
import org.qblockd.block.Perms;
import org.qblockd.job.Commands;
import org.qblockd.job.Job;
import org.qblockd.job.JobStatus;
import org.qblockd.job.JobType;
import org.qblockd.job.Jobs;
import org.qblockd.job.LaneStep;

/** A graph, a lane, jobs and the events they sent, for tests in memory. */
public final class World implements AutoCloseable, BlockJobEvents {
  /** The lane. */
  public final ControlLane lane = new ControlLane();

  /** The clock of the jobs. */
  public final ManualClock clock = new ManualClock();

  /** The graph. */
  public final BlockGraph graph = new BlockGraph(lane, new BufferPool(32 << 20), () -> 0);

  private final List<String> events = new ArrayList<>();

  /** The jobs. */
  public final Jobs jobs =
      new Jobs(lane, clock, (id, status) -> add("status " + id + " " + status.wireName()));

  /** What jobs need. */
  public final BlockJobContext context = new BlockJobContext(graph, jobs, this);

  private void add(String event) {
    synchronized (events) {
      events.add(event);
    }
    lane.kick();
  }

  /** The events so far. */
  public List<String> events() {
    synchronized (events) {
      return List.copyOf(events);
    }
  }

  /** A step on the lane without a result. */
  public interface Step {
    /** Does it. */
    void run() throws BlockException;
  }

  /** Runs a step on the lane, as a command: never inside another one. */
  public void on(Step step) throws BlockException {
    boolean unused =
        get(() -> {
          step.run();
          return true;
        });
  }

  /** Runs a step on the lane, as a command. */
  public <T> T get(LaneStep<T> step) throws BlockException {
    return Commands.run(lane, step);
  }

  /** A node over a disk. */
  public BlockNode node(String name, MemoryDisk disk, @Nullable BlockNode backing)
      throws BlockException {
    return get(() -> {
      NodeOptions options =
          new NodeOptions(false, false, false, false, true, DetectZeroes.OFF, false);
      BlockNode node = graph.createNode(name, "memory", options);
      disk.serve(node);
      node.opened(disk);
      node.setMonitorOwned(true);
      if (backing != null) {
        graph.attach(node, "backing", ChildRole.COW, backing, Perms.NONE);
      }
      graph.refresh(node);
      return node;
    });
  }

  /** A drive that writes and lets others do everything. */
  public BlockBackend drive(String name, BlockNode node) throws BlockException {
    return get(() -> {
      BlockBackend backend =
          new BlockBackend(
              graph,
              name,
              new Perms(Permission.CONSISTENT_READ | Permission.WRITE, Permission.ALL));
      backend.insert(node);
      return backend;
    });
  }

  /** Waits until the job has this state. */
  public void await(Job job, JobStatus status) throws BlockException {
    on(() -> lane.pollWhile(() -> job.status() != status));
  }

  /** Waits until an event has come. */
  public void awaitEvent(String event) throws BlockException {
    on(() -> lane.pollWhile(() -> !events().contains(event)));
  }

  @Override
  public void ready(JobType type, String id, long len, long offset, long speed) {
    add("ready %s %d/%d".formatted(id, offset, len));
  }

  @Override
  public void pending(JobType type, String id) {
    add("pending " + id);
  }

  @Override
  public void completed(
      JobType type, String id, long len, long offset, long speed, @Nullable String error) {
    add("completed %s%s".formatted(id, error == null ? "" : " " + error));
  }

  @Override
  public void cancelled(JobType type, String id, long len, long offset, long speed) {
    add("cancelled " + id);
  }

  @Override
  public void told(String sentence) {}

  @Override
  public void error(String id, boolean read, ErrorAction action) {
    add("error %s %s %s".formatted(id, read ? "read" : "write", action));
  }

  @Override
  public void close() {
    lane.close();
  }
}
