// SPDX-License-Identifier: Apache-2.0
package org.qblockd.block;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.qblockd.base.BlockException;
import org.qblockd.base.Errno;

/**
 * Works out anew what each edge below some nodes needs and shares, checks that the users of every
 * node get on with each other, and takes host locks. Control lane. The sentences are QEMU's.
 */
public final class PermissionUpdate {
  private PermissionUpdate() {}

  /** Updates the nodes and all that is below them; the transaction undoes it. */
  public static void refresh(GraphTransaction transaction, Collection<BlockNode> changed)
      throws BlockException {
    for (BlockNode node : parentsFirst(changed)) {
      checkUsers(node, Set.of());
      refreshNode(transaction, node, true);
    }
  }

  /**
   * Like {@link #refresh}, but takes no host locks: whether users within this process get on.
   *
   * @param closing nodes that are about to become read-only
   */
  public static void check(
      GraphTransaction transaction, Collection<BlockNode> changed, Set<BlockNode> closing)
      throws BlockException {
    for (BlockNode node : parentsFirst(changed)) {
      checkUsers(node, closing);
      refreshNode(transaction, node, false);
    }
  }

  /** What the users of a node need together, and what all of them share. */
  public static Perms cumulative(BlockNode node) {
    int used = 0;
    int shared = Permission.ALL;
    for (Child parent : node.parents()) {
      used |= parent.perms().used();
      shared &= parent.perms().shared();
    }
    return new Perms(used, shared);
  }

  /** The sentence of the first conflict between two users of the node, or null. */
  static @Nullable String conflict(BlockNode node) {
    for (Child holder : node.parents()) {
      for (Child user : node.parents()) {
        int clash = user.perms().used() & ~holder.perms().shared();
        if (holder != user && clash != 0) {
          return "Permission conflict on node '%s': permissions '%s' are both required by %s and unshared by %s."
              .formatted(node.name(), Permission.names(clash), userOf(user), userOf(holder));
        }
      }
    }
    return null;
  }

  private static String userOf(Child edge) {
    return "%s (uses node '%s' as '%s' child)"
        .formatted(edge.parent().describe(), edge.node().name(), edge.name());
  }

  private static void checkUsers(BlockNode node, Set<BlockNode> closing) throws BlockException {
    String conflict = conflict(node);
    if (conflict != null) {
      throw BlockException.of(Errno.EPERM, conflict);
    }
    checkWritable(node, cumulative(node), closing.contains(node));
  }

  private static void refreshNode(GraphTransaction transaction, BlockNode node, boolean locks)
      throws BlockException {
    Perms wanted = cumulative(node);
    if (locks) {
      enforce(transaction, node, wanted);
    }
    NodeOps ops = node.capability(NodeOps.class);
    for (Child child : node.children()) {
      Perms perms = ops == null ? beforeOpening(child, wanted) : ops.childPerms(child, wanted);
      set(transaction, child, perms);
    }
  }

  /** Of data beside the main child nobody knows the use yet but who attached it. */
  private static Perms beforeOpening(Child child, Perms wanted) {
    BlockNode node = child.parent().asNode();
    boolean readOnly = node != null && node.readOnly();
    return child.role() == ChildRole.DATA
        ? child.perms()
        : DefaultPerms.byRole(child, wanted, readOnly);
  }

  private static void checkWritable(BlockNode node, Perms wanted, boolean closing)
      throws BlockException {
    checkActive(node, wanted);
    boolean writes = (wanted.used() & (Permission.WRITE | Permission.WRITE_UNCHANGED)) != 0;
    if (writes && node.readOnly()) {
      throw BlockException.of(
          Errno.EPERM,
          closing
              ? "Read-only block node '" + node.name() + "' cannot support read-write users"
              : "Block node is read-only");
    }
    boolean cannotGrow = (wanted.used() & Permission.RESIZE) == 0;
    NodeOps ops = node.capability(NodeOps.class);
    if ((wanted.used() & Permission.WRITE) != 0
        && cannotGrow
        && ops != null
        && !Align.is(Align.up(ops.length(), 512), ops.limits().requestAlignment())) {
      throw BlockException.of(
          Errno.EINVAL,
          "Cannot get 'write' permission without 'resize': Image size is not a multiple of request"
              + " alignment");
    }
  }

  private static void checkActive(BlockNode node, Perms wanted) throws BlockException {
    int lacking =
        wanted.used() & (Permission.WRITE | Permission.WRITE_UNCHANGED | Permission.RESIZE);
    if (node.inactive() && lacking != 0) {
      throw BlockException.of(
          Errno.EPERM,
          "Permission '"
              + Permission.names(Integer.lowestOneBit(lacking))
              + "' unavailable on inactive node");
    }
  }

  private static void enforce(GraphTransaction transaction, BlockNode node, Perms wanted)
      throws BlockException {
    EnforcesPermissions host = node.capability(EnforcesPermissions.class);
    if (host == null) {
      return;
    }
    host.preparePermissions(wanted);
    transaction.add(
        new GraphTransaction.Step() {
          @Override
          public void commit() {
            host.commitPermissions(wanted);
          }

          @Override
          public void abort() {
            host.abortPermissions();
          }
        });
  }

  static void set(GraphTransaction transaction, Child child, Perms perms) {
    Perms old = child.perms();
    child.setPerms(perms);
    transaction.onAbort(() -> child.setPerms(old));
  }

  private static List<BlockNode> parentsFirst(Collection<BlockNode> roots) {
    List<BlockNode> order = new ArrayList<>();
    Set<BlockNode> seen = new HashSet<>();
    for (BlockNode root : roots) {
      visit(root, seen, order);
    }
    Collections.reverse(order);
    return order;
  }

  private static void visit(BlockNode node, Set<BlockNode> seen, List<BlockNode> order) {
    if (seen.add(node)) {
      for (Child child : node.children()) {
        visit(child.node(), seen, order);
      }
      order.add(node);
    }
  }
}
