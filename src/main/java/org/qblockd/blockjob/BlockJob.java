// SPDX-License-Identifier: Apache-2.0
package org.qblockd.blockjob;

import java.util.ArrayList;
import java.util.List;
import org.qblockd.base.BlockException;
import org.qblockd.base.Errno;
import org.qblockd.block.BlockGraph;
import org.qblockd.block.BlockNode;
import org.qblockd.block.Child;
import org.qblockd.block.OpBlocker;
import org.qblockd.block.Parent;
import org.qblockd.block.Perms;
import org.qblockd.job.Job;
import org.qblockd.job.JobOptions;
import org.qblockd.job.JobType;
import org.qblockd.job.JobVerb;
import org.qblockd.job.Progress;
import org.qblockd.job.RateLimit;

/**
 * A job on nodes: holds edges to them, refuses operations on them, has a speed and an I/O status.
 * Control lane, except {@link #rateDelay}, {@link #errorAction} and plain getters.
 */
public final class BlockJob extends Job {
  private final BlockGraph graph;
  private final BlockJobEvents events;
  private final BlockJobBody body;
  private final OpBlocker blocker;
  private final JobEdges parent = new JobEdges(this);
  private final List<Child> edges = new ArrayList<>();
  private final RateLimit limit;
  private final CopySteps steps;
  private volatile long speed;
  private volatile IoStatus ioStatus = IoStatus.OK;

  private BlockJob(BlockJobContext context, JobType type, JobOptions options, BlockJobBody body)
      throws BlockException {
    super(context.jobs(), type, options, body);
    this.graph = context.graph();
    this.events = context.events();
    this.body = body;
    this.limit = new RateLimit(context.jobs().clock());
    this.steps = new CopySteps(this, context.jobs().holds());
    this.blocker = new OpBlocker("block device is in use by block job: " + type.wireName());
  }

  /**
   * A created job that holds the edge {@code main node}. When it throws after the state created,
   * the job has gone to null again.
   *
   * @param speed bytes per second, 0 for no limit; negative is refused
   */
  public static BlockJob create(
      BlockJobContext context,
      JobType type,
      JobOptions options,
      BlockJobBody body,
      BlockNode mainNode,
      Perms perms,
      long speed)
      throws BlockException {
    BlockJob job = new BlockJob(context, type, options, body);
    try {
      job.addNode("main node", mainNode, perms);
      job.setSpeed(speed);
    } catch (BlockException refused) {
      job.failEarly();
      throw refused;
    }
    return job;
  }

  // ---- nodes ----------------------------------------------------------------------------------

  /** Holds one more node until {@link #removeNodes} and refuses all operations on it. */
  public Child addNode(String edge, BlockNode node, Perms perms) throws BlockException {
    Child child = graph.attach(parent, edge, 0, node, perms);
    edges.addFirst(child);
    node.blockAll(blocker);
    return child;
  }

  /** Lets all nodes go. */
  public void removeNodes() {
    while (!edges.isEmpty()) {
      Child edge = edges.removeFirst();
      edge.node().unblockAll(blocker);
      graph.detach(edge);
    }
  }

  /** The edges to the nodes that the job holds, newest first. */
  public List<Child> edges() {
    return List.copyOf(edges);
  }

  /** Whether the job holds this node. */
  public boolean holds(BlockNode node) {
    return edges.stream().anyMatch(edge -> edge.node() == node);
  }

  // ---- verbs ----------------------------------------------------------------------------------

  /** The limit in bytes per second; takes effect at once. */
  public void setSpeed(long bytesPerSecond) throws BlockException {
    check(JobVerb.SET_SPEED);
    if (bytesPerSecond < 0) {
      throw BlockException.invalid("Parameter 'speed' expects a non-negative value");
    }
    limit.setSpeed(bytesPerSecond);
    speed = bytesPerSecond;
    body.speedChanged(bytesPerSecond);
    kick();
  }

  /** Changes the copy mode: block-job-change. */
  public void change(CopyMode copyMode) throws BlockException {
    check(JobVerb.CHANGE);
    if (!body.changeable()) {
      throw BlockException.invalid("Job type does not support change");
    }
    body.change(copyMode);
  }

  /** Begins anew from the source's content of this moment; the source is drained. */
  public void checkpoint() throws BlockException {
    body.checkpoint();
  }

  /** The block-job-cancel command: without force it is refused while the user paused the job. */
  public void blockJobCancel(boolean force) throws BlockException {
    if (userPaused() && !force) {
      throw BlockException.invalid(
          "The block job for device '" + shownId() + "' is currently paused");
    }
    cancel(force);
  }

  /** What query-block-jobs shows. */
  public BlockJobInfo blockJobInfo() {
    Progress.Snapshot done = progress().snapshot();
    BlockException failure = error();
    return new BlockJobInfo(
        type(),
        shownId(),
        done.total(),
        done.current(),
        shownBusy(),
        pauseWanted(),
        speed,
        ioStatus,
        ready(),
        status(),
        autoFinalize(),
        autoDismiss(),
        failure == null ? null : failure.message(),
        body.activelySynced());
  }

  /** A ready job without copies under way only looks around, even when its thread is awake. */
  private boolean shownBusy() {
    return ready() ? body.copying() : busy();
  }

  /** The limit in bytes per second, 0 for none. Any thread. */
  public long speed() {
    return speed;
  }

  /** Whether an error stopped the job. Any thread. */
  public IoStatus ioStatus() {
    return ioStatus;
  }

  // ---- for the body ---------------------------------------------------------------------------

  /** How much may be copied before the job is held. On the body's thread. */
  public CopySteps steps() {
    return steps;
  }

  /** Accounts for bytes; returns for how many nanoseconds to start nothing more. Any thread. */
  public long rateDelay(long bytes) {
    return limit.delay(bytes);
  }

  /** Tells the user of the server something. */
  public void tell(String sentence) {
    events.told(sentence);
  }

  /**
   * Sleeps as long as the speed limit asks for, at least for a pause point. On the body's thread.
   */
  public void rateSleep() {
    pausePoint();
    long delay = limit.delay(0);
    while (delay > 0 && !cancelled()) {
      sleep(delay);
      delay = limit.delay(0);
    }
  }

  /** Applies the policy to a failed request: sends the event, pauses on stop. Not on the lane. */
  public ErrorAction errorAction(OnError policy, boolean read, Errno errno) {
    try {
      return onLane(() -> applyPolicy(policy, read, errno));
    } catch (BlockException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  private ErrorAction applyPolicy(OnError policy, boolean read, Errno errno) {
    ErrorAction action = policy.action(errno);
    String id = id();
    if (id != null) {
      events.error(id, read, action);
    }
    if (action == ErrorAction.STOP) {
      if (ioStatus == IoStatus.OK) {
        ioStatus = errno == Errno.ENOSPC ? IoStatus.NOSPACE : IoStatus.FAILED;
      }
      pauseForError();
    }
    return action;
  }

  // ---- events ---------------------------------------------------------------------------------

  /** Forgets past I/O errors, as cont does. */
  public void resetIoStatus() {
    ioStatus = IoStatus.OK;
  }

  @Override
  protected void userResumed() {
    ioStatus = IoStatus.OK;
  }

  @Override
  protected void onReady() {
    String id = id();
    if (id != null) {
      Progress.Snapshot done = progress().snapshot();
      events.ready(type(), id, done.total(), done.current(), speed);
    }
  }

  @Override
  protected void onPending() {
    String id = id();
    if (id != null) {
      events.pending(type(), id);
    }
  }

  @Override
  protected void onCompleted() {
    String id = id();
    if (id != null) {
      Progress.Snapshot done = progress().snapshot();
      BlockException failure = error();
      String text = failure == null ? null : failure.message();
      events.completed(type(), id, done.total(), done.current(), speed, text);
    }
  }

  @Override
  protected void onCancelled() {
    String id = id();
    if (id != null) {
      Progress.Snapshot done = progress().snapshot();
      events.cancelled(type(), id, done.total(), done.current(), speed);
    }
  }

  @Override
  protected void onVanish() {
    removeNodes();
  }

  /** The job as the holder of its edges: a drain of a node pauses the job. */
  private static final class JobEdges implements Parent {
    private final BlockJob job;

    JobEdges(BlockJob job) {
      this.job = job;
    }

    @Override
    public String describe() {
      return job.type().wireName() + " job '" + job.shownId() + "'";
    }

    @Override
    public void drainedBegin(Child child) {
      job.wantPause();
    }

    @Override
    public boolean drainedPoll(Child child) {
      return job.keepsDrainWaiting();
    }

    @Override
    public void drainedEnd(Child child) {
      job.unwantPause();
    }

    @Override
    public boolean staysAtNode() {
      return true;
    }

    @Override
    public List<Child> edges() {
      return List.copyOf(job.edges);
    }
  }
}
