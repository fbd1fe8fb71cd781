// SPDX-License-Identifier: Apache-2.0
package org.qblockd.driver;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicReference;
import org.qblockd.base.BlockException;
import org.qblockd.base.BufferPool;
import org.qblockd.base.Clock;
import org.qblockd.base.ControlLane;
import org.qblockd.base.ManualClock;
import org.qblockd.base.YankInstances;
import org.qblockd.block.BlockBackend;
import org.qblockd.block.BlockGraph;
import org.qblockd.block.BlockNode;
import org.qblockd.block.Permission;
import org.qblockd.block.Perms;
import org.qblockd.chardev.DescriptorNames;
import org.qblockd.driver.replication.ReplicationListener;
import org.qblockd.driver.replication.ReplicationOps;
import org.qblockd.machine.BlockDrivers;
import org.qblockd.machine.object.UserObjects;
import org.qblockd.machine.qom.ObjectTree;
import org.qblockd.qapi.InputVisitor;
import org.qblockd.qapi.json.JsonStream;
import org.qblockd.qapi.options.OptionMap;
import org.qblockd.qapi.types.BlockdevOptions;
import org.qblockd.storage.FdSets;

/** A graph, its lane and an opener over files of a test's own directory. */
public final class OpenerFixture implements AutoCloseable {
  /** Replication nodes can be opened; nobody drives them. */
  private static final ReplicationListener NOBODY =
      new ReplicationListener() {
        @Override
        public void opened(ReplicationOps node) {}

        @Override
        public void closing(ReplicationOps node) {}
      };

  private final ControlLane lane = new ControlLane();
  private final BlockGraph graph = new BlockGraph(lane, BufferPool.shared(), () -> 42);
  private final List<String> standardError = new ArrayList<>();
  private final ManualClock clock = new ManualClock();
  private final NodeOpener opener = new NodeOpener(graph, drivers(clock), standardError::add);

  /** All drivers, in a server without any objects. */
  public static DriverRegistry drivers(Clock clock) {
    return BlockDrivers.all(
        clock,
        new FdSets(),
        DescriptorNames::number,
        (name, data) -> {},
        new UserObjects(new ObjectTree("none"), clock),
        new YankInstances(),
        NOBODY,
        line -> {},
        line -> {});
  }

  public NodeOpener opener() {
    return opener;
  }

  public BlockGraph graph() {
    return graph;
  }

  public ManualClock clock() {
    return clock;
  }

  public List<String> standardError() {
    return standardError;
  }

  /** Runs on the lane; what is thrown is thrown here. */
  public <T> T onLane(Callable<T> action) throws Exception {
    AtomicReference<T> result = new AtomicReference<>();
    AtomicReference<Throwable> failure = new AtomicReference<>();
    lane.executeHere(() -> {
      try {
        result.set(action.call());
      } catch (Exception | AssertionError thrown) {
        failure.set(thrown);
      }
    });
    if (failure.get() instanceof Exception thrown) {
      throw thrown;
    }
    if (failure.get() instanceof AssertionError thrown) {
      throw thrown;
    }
    return result.get();
  }

  /** blockdev-add with these arguments, single quotes allowed. */
  public BlockNode add(String json) throws Exception {
    BlockdevOptions options =
        BlockdevOptions.decode(InputVisitor.strict(JsonStream.parse(json)), null);
    return onLane(() -> opener.add(options));
  }

  /** Opens as -drive does: {@code key=value} pairs, {@code file} for the file name. */
  public BlockNode drive(String... pairs) throws Exception {
    Map<String, String> options = new LinkedHashMap<>();
    for (String pair : pairs) {
      int equals = pair.indexOf('=');
      options.put(pair.substring(0, equals), pair.substring(equals + 1));
    }
    String file = options.remove("file");
    BlockNode node = onLane(() -> opener.open(file, OptionMap.ofTexts(options)));
    node.setMonitorOwned(true);
    return node;
  }

  /** The sentence with which blockdev-add fails; nothing must be left of the nodes. */
  public String refusal(String json) throws Exception {
    return failure(() -> add(json));
  }

  /** The sentence with which {@link #drive} fails. */
  public String driveRefusal(String... pairs) throws Exception {
    return failure(() -> drive(pairs));
  }

  private String failure(Callable<BlockNode> open) throws Exception {
    int before = graph.nodes().size();
    try {
      BlockNode node = open.call();
      throw new AssertionError("opened: " + node);
    } catch (BlockException e) {
      if (graph.nodes().size() != before) {
        throw new AssertionError("left behind: " + graph.nodes(), e);
      }
      return e.message();
    }
  }

  /** A backend that may do everything. */
  public BlockBackend backend(BlockNode node) throws Exception {
    return onLane(() -> {
      BlockBackend backend = new BlockBackend(graph, "", new Perms(Permission.ALL, Permission.ALL));
      backend.insert(node);
      return backend;
    });
  }

  public String nameOf(BlockNode node) throws Exception {
    return onLane(() -> opener.fileNames().refresh(node));
  }

  /** Takes the node away as blockdev-del does. */
  public void remove(BlockNode node) throws Exception {
    Object unused =
        onLane(() -> {
          node.setMonitorOwned(false);
          graph.closeIfUnused(node);
          return node;
        });
  }

  /** A path as text, to be put in quotes. */
  public static String text(Path path) {
    return path.toString();
  }

  @Override
  public void close() {
    try {
      for (BlockBackend backend : graph.backends()) {
        Object unused =
            onLane(() -> {
              backend.close();
              return backend;
            });
      }
      for (BlockNode node : graph.nodes()) {
        remove(node);
      }
    } catch (Exception e) {
      throw new AssertionError("nodes could not be closed", e);
    } finally {
      lane.close();
    }
  }
}
