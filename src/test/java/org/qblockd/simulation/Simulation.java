// SPDX-License-Identifier: Apache-2.0
package org.qblockd.simulation;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.qblockd.base.BlockException;
import org.qblockd.block.BlockNode;
import org.qblockd.block.Child;
import org.qblockd.block.DirtyBitmap;
import org.qblockd.block.DirtyBitmaps;

/**
 * One seed: a disk of one to four images, a client, and step by step jobs, snapshots, transactions,
 * reopened nodes and other lengths, while the client writes and storage fails at times. A copy
 * outside is kept up to date by incremental copies. After each step the disk holds what the model
 * holds; after each copy that succeeds its target does; after a power cut, what was flushed. One
 * test thread.
 */
final class Simulation extends SimulatedJobs {
  private static final int STEPS = 12;
  private static final int MOST_IMAGES = 6;
  private static final int SECTOR = 512;
  private static final int CLUSTER = 65536;

  Simulation(Path directory, Random random, StringBuilder log) throws Exception {
    super(directory, random, log);
  }

  void run() throws Exception {
    for (int step = 0; step < STEPS; step++) {
      writes(0, 4);
      faulted = false;
      switch (random.nextInt(13)) {
        case 0 -> mirror();
        case 1 -> backup();
        case 2 -> stream();
        case 3, 4 -> commit();
        case 5 -> bitmap();
        case 6, 7 -> snapshot();
        case 8 -> transaction();
        case 9 -> reopen();
        case 10 -> resize();
        default -> keepCopy();
      }
      heal();
      compare("the disk", images.content(top()), model);
    }
    flush(false);
    images.finish();
  }

  private boolean isChain() {
    return !top().driver().equals("quorum");
  }

  // ---- snapshots ------------------------------------------------------------------------------

  /** blockdev-snapshot alone, or with a bitmap that goes on in the overlay; or -snapshot-sync. */
  private void snapshot() throws Exception {
    if (!isChain() || depth() >= MOST_IMAGES) {
      return;
    }
    String id = id("snapshot");
    BlockNode below = top();
    String name = "o" + id;
    if (random.nextInt(4) == 0) {
      String options = image("qcow2", name, name + ".qcow2", "'backing':null,");
      setOptions(name, each -> each.replace("'x-bitmap-journal':true,", ""));
      plan(below);
      boolean taken =
          tried(
              "blockdev-snapshot-sync",
              "{'node-name':'%s','snapshot-file':'%s','snapshot-node-name':'%s'}"
                  .formatted(below.name(), images.path(name + ".qcow2"), name));
      check(below, name, taken);
      copyStarted &= !taken;
      say("  %s".formatted(options));
      return;
    }
    images.create(name + ".qcow2", "qcow2", model.length, "", "");
    BlockNode overlay = images.add(image("qcow2", name, name + ".qcow2", "'backing':null,"));
    plan(below, overlay);
    String actions =
        "{'type':'blockdev-snapshot','data':{'node':'%s','overlay':'%s'}}"
            .formatted(below.name(), name);
    DirtyBitmap kept = DirtyBitmaps.find(below, "kept");
    boolean goesOn = copyStarted && kept != null && random.nextBoolean();
    if (goesOn) {
      actions = keptGoesOn(below, name, Objects.requireNonNull(kept)) + actions;
    }
    boolean taken = tried("transaction", "{'actions':[%s]}".formatted(actions));
    check(below, name, taken);
    if (!taken) {
      images.remove(overlay);
    } else {
      copyStarted &= goesOn;
    }
  }

  private static String keptGoesOn(BlockNode below, String overlay, DirtyBitmap kept) {
    return """
    {'type':'block-dirty-bitmap-add',
     'data':{'node':'%2$s','name':'kept','granularity':%3$d}},
    {'type':'block-dirty-bitmap-merge',
     'data':{'node':'%2$s','target':'kept','bitmaps':[{'node':'%1$s','name':'kept'}]}},
    """
        .formatted(below.name(), overlay, kept.granularity());
  }

  private void check(BlockNode below, String overlay, boolean taken) {
    boolean above = top().name().equals(overlay);
    if (above != taken || (!taken && top() != below)) {
      throw new AssertionError("snapshot taken: %b, but the disk is %s".formatted(taken, top()));
    }
  }

  private int depth() {
    int depth = 1;
    for (Child below = top().backing(); below != null; below = below.node().backing()) {
      depth++;
    }
    return depth;
  }

  /** A command that may fail only for a fault. */
  private boolean tried(String name, String arguments) throws BlockException {
    try {
      command(name, arguments);
      return true;
    } catch (BlockException failed) {
      if (!faulted) {
        throw failed;
      }
      say("  refused: %s".formatted(failed.message()));
      return false;
    }
  }

  // ---- transactions ---------------------------------------------------------------------------

  /** Actions on bitmaps, of which the last may fail: all happen or none. */
  private void transaction() throws Exception {
    String id = id("transaction");
    String node = top().name();
    List<String> before = bitmaps();
    List<String> actions = new ArrayList<>();
    for (int i = random.nextInt(1, 5); i > 0; i--) {
      String name = id + "n" + i;
      actions.add(action("add", node, name, ",'granularity':%d".formatted(512 << i)));
      actions.add(action(random.nextBoolean() ? "clear" : "disable", node, name, ""));
      if (random.nextBoolean()) {
        actions.add(merge(node, name));
      }
      if (random.nextInt(3) == 0) {
        actions.add(action("remove", node, name, ""));
      }
    }
    boolean fails = random.nextBoolean();
    if (fails) {
      actions.add(
          random.nextBoolean()
              ? "{'type':'abort','data':{}}"
              : action("clear", node, "nobody", ""));
    }
    String arguments = "{'actions':[%s]}".formatted(String.join(",", actions));
    boolean failed = false;
    try {
      command("transaction", arguments);
    } catch (BlockException refused) {
      failed = true;
      say("  refused: %s".formatted(refused.message()));
    }
    if (failed != fails || (fails && !bitmaps().equals(before))) {
      throw new AssertionError(
          "transaction failed: %b\nbefore %s\nnow %s".formatted(failed, before, bitmaps()));
    }
  }

  private static String action(String verb, String node, String name, String more) {
    return "{'type':'block-dirty-bitmap-%s','data':{'node':'%s','name':'%s'%s}}"
        .formatted(verb, node, name, more);
  }

  /** Merges all other bitmaps of the node that have bits. */
  private String merge(String node, String name) {
    List<String> others = new ArrayList<>();
    for (DirtyBitmap bitmap : top().bitmaps()) {
      if (bitmap.name() != null && !bitmap.inconsistent()) {
        others.add("'" + bitmap.name() + "'");
      }
    }
    return "{'type':'block-dirty-bitmap-merge','data':{'node':'%s','target':'%s','bitmaps':[%s]}}"
        .formatted(node, name, String.join(",", others));
  }

  private List<String> bitmaps() {
    List<String> all = new ArrayList<>();
    for (BlockNode node : images.graph.nodes()) {
      for (DirtyBitmap bitmap : node.bitmaps()) {
        all.add(
            "%s of %s: %b %b %s"
                .formatted(
                    bitmap.name(),
                    node,
                    bitmap.enabled(),
                    bitmap.busy(),
                    Arrays.hashCode(bitmap.bits())));
      }
    }
    return all;
  }

  // ---- reopened nodes and lengths -------------------------------------------------------------

  /** Other options for an image of the chain: read-only for a backing file, others for all. */
  private void reopen() throws Exception {
    if (!isChain()) {
      return;
    }
    String id = id("reopen");
    BlockNode node = top();
    for (int i = random.nextInt(depth()); i > 0; i--) {
      node = Objects.requireNonNull(node.backing()).node();
    }
    boolean readOnly = node != top() && random.nextBoolean();
    String more = readOnly ? "'read-only':true," : "";
    if (node.driver().equals("qcow2")) {
      Child below = node.backing();
      more += below == null ? "'backing':null," : "'backing':'" + below.node().name() + "',";
      more += "'lazy-refcounts':%b,".formatted(random.nextInt(4) == 0);
    }
    plan(node);
    String options = optionsOf(node, more);
    boolean done = tried("blockdev-reopen", "{'options':[%s]}".formatted(options));
    if (done && node.readOnly() != readOnly) {
      throw new AssertionError("%s: %s is read-only: %b".formatted(id, node, node.readOnly()));
    }
  }

  /**
   * Another length; shorter only where no backing file would show through later, and by whole
   * clusters: what is left of one comes back, as in QEMU, when the disk grows again.
   */
  private void resize() throws Exception {
    BlockNode node = top();
    if (!isChain()) {
      return;
    }
    String id = id("resize");
    flush(true);
    boolean shorter = node.backing() == null && random.nextBoolean();
    int change = SECTOR * random.nextInt(1, 300);
    int length = shorter ? (model.length - change) / CLUSTER * CLUSTER : model.length + change;
    if (length <= 0) {
      return;
    }
    plan(node);
    String arguments = "{'node-name':'%s','size':%d}".formatted(node.name(), length);
    if (!tried("block_resize", arguments)) {
      heal();
      command("block_resize", arguments);
    }
    heal();
    command("block_resize", "{'node-name':'copy','size':%d}".formatted(length));
    model = Arrays.copyOf(model, length);
    flush(false);
    say("  %s to %d".formatted(id, length));
  }
}
