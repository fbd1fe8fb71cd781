// SPDX-License-Identifier: Apache-2.0
package org.qblockd.command.block;

import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import org.qblockd.block.BlockBackend;
import org.qblockd.block.BlockNode;
import org.qblockd.block.Child;
import org.qblockd.block.Permission;
import org.qblockd.blockjob.BlockJob;
import org.qblockd.job.Job;
import org.qblockd.machine.Machine;
import org.qblockd.machine.drive.Drive;
import org.qblockd.qapi.types.BlockPermission;
import org.qblockd.qapi.types.XDbgBlockGraph;
import org.qblockd.qapi.types.XDbgBlockGraphEdge;
import org.qblockd.qapi.types.XDbgBlockGraphNode;
import org.qblockd.qapi.types.XDbgBlockGraphNodeType;

/**
 * {@code x-debug-query-block-graph}: numbers everything in the order in which it is met, and lists
 * what was found last first, as QEMU does. Control lane; used once.
 */
final class GraphQuery {
  private final Machine machine;
  private final IdentityHashMap<Object, Long> numbers = new IdentityHashMap<>();
  private final List<XDbgBlockGraphNode> nodes = new ArrayList<>();
  private final List<XDbgBlockGraphEdge> edges = new ArrayList<>();

  GraphQuery(Machine machine) {
    this.machine = machine;
  }

  XDbgBlockGraph run() {
    for (BlockBackend backend : machine.graph().backends()) {
      node(backend, XDbgBlockGraphNodeType.BLOCK_BACKEND, name(backend));
      Child root = backend.root();
      if (root != null) {
        edge(backend, root);
      }
    }
    for (Job job : machine.jobs().all()) {
      if (job instanceof BlockJob blockJob) {
        String id = job.id();
        node(job, XDbgBlockGraphNodeType.BLOCK_JOB, id == null ? "" : id);
        for (Child held : blockJob.edges()) {
          edge(job, held);
        }
      }
    }
    for (BlockNode node : machine.graph().nodes()) {
      node(node, XDbgBlockGraphNodeType.BLOCK_DRIVER, node.name());
      for (Child child : List.copyOf(node.children()).reversed()) {
        edge(node, child);
      }
    }
    return new XDbgBlockGraph(nodes.reversed(), edges.reversed());
  }

  private String name(BlockBackend backend) {
    if (!backend.name().isEmpty()) {
      return backend.name();
    }
    Drive drive = machine.drives().of(backend);
    return drive == null ? "" : drive.userName();
  }

  private void node(Object part, XDbgBlockGraphNodeType type, String name) {
    nodes.add(new XDbgBlockGraphNode(number(part), type, name));
  }

  private void edge(Object parent, Child child) {
    long above = number(parent);
    edges.add(
        new XDbgBlockGraphEdge(
            above,
            number(child.node()),
            child.name(),
            permissions(child.perms().used()),
            permissions(child.perms().shared())));
  }

  private long number(Object part) {
    Long known = numbers.get(part);
    long number = known == null ? numbers.size() + 1L : known;
    if (known == null) {
      numbers.put(part, number);
    }
    return number;
  }

  private static List<BlockPermission> permissions(int mask) {
    List<BlockPermission> all = new ArrayList<>(4);
    add(all, mask & Permission.RESIZE, BlockPermission.RESIZE);
    add(all, mask & Permission.WRITE_UNCHANGED, BlockPermission.WRITE_UNCHANGED);
    add(all, mask & Permission.WRITE, BlockPermission.WRITE);
    add(all, mask & Permission.CONSISTENT_READ, BlockPermission.CONSISTENT_READ);
    return all;
  }

  private static void add(List<BlockPermission> all, int bit, BlockPermission permission) {
    if (bit != 0) {
      all.add(permission);
    }
  }
}
