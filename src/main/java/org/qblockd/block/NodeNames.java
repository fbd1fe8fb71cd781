// SPDX-License-Identifier: Apache-2.0
package org.qblockd.block;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;
import org.qblockd.base.BlockException;
import org.qblockd.base.Errno;
import org.qblockd.base.Identifiers;

/** The names of nodes and backends, which share one name space. Control lane. */
final class NodeNames {
  /** The longest node name, in bytes. */
  static final int MAX_NODE_NAME = 31;

  private final IntSupplier twoRandomDigits;
  private final Map<String, BlockNode> nodes = new LinkedHashMap<>();
  private final List<BlockBackend> backends = new ArrayList<>();
  private long nextGenerated;

  NodeNames(IntSupplier twoRandomDigits) {
    this.twoRandomDigits = twoRandomDigits;
  }

  /** Oldest first. */
  Collection<BlockNode> nodes() {
    return nodes.values();
  }

  @Nullable BlockNode node(String name) {
    return nodes.get(name);
  }

  /** Oldest first. */
  List<BlockBackend> backends() {
    return backends;
  }

  @Nullable BlockBackend backend(String name) {
    for (BlockBackend backend : backends) {
      if (backend.name().equals(name) && !name.isEmpty()) {
        return backend;
      }
    }
    return null;
  }

  void add(BlockNode node) {
    nodes.put(node.name(), node);
  }

  void remove(BlockNode node) {
    nodes.remove(node.name());
  }

  void add(BlockBackend backend) {
    backends.add(backend);
  }

  void remove(BlockBackend backend) {
    backends.remove(backend);
  }

  BlockNode lookup(@Nullable String device, @Nullable String nodeName) throws BlockException {
    BlockBackend backend = device == null ? null : backend(device);
    if (backend != null) {
      BlockNode root = backend.node();
      if (root == null) {
        throw BlockException.of(Errno.ENOMEDIUM, "Device '" + device + "' has no medium");
      }
      return root;
    }
    BlockNode node = nodeName == null ? null : nodes.get(nodeName);
    if (node == null) {
      throw BlockException.of(
          Errno.ENODEV,
          "Cannot find device='%s' nor node-name='%s'"
              .formatted(device == null ? "" : device, nodeName == null ? "" : nodeName));
    }
    return node;
  }

  /** The name for a new node: the one asked for after all checks, or a generated one. */
  String choose(@Nullable String name) throws BlockException {
    if (name == null) {
      return generate();
    }
    if (!Identifiers.wellFormed(name)) {
      throw BlockException.invalid("Invalid node-name: '" + name + "'");
    }
    if (backend(name) != null) {
      throw BlockException.invalid("node-name=" + name + " is conflicting with a device id");
    }
    if (nodes.containsKey(name)) {
      throw BlockException.invalid("Duplicate nodes with node-name='" + name + "'");
    }
    if (name.length() > MAX_NODE_NAME) {
      throw BlockException.invalid("Node name too long");
    }
    return name;
  }

  private String generate() {
    String name;
    do {
      int digits = twoRandomDigits.getAsInt();
      name = "#block" + nextGenerated++ + (char) ('0' + digits / 10) + (char) ('0' + digits % 10);
    } while (nodes.containsKey(name));
    return name;
  }
}
