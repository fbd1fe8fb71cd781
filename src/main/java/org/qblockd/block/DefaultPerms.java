// SPDX-License-Identifier: Apache-2.0
package org.qblockd.block;

/**
 * What filters, formats and overlays usually need of their children. Pure functions; the rules are
 * those that QEMU's permission conflicts show.
 */
public final class DefaultPerms {
  private DefaultPerms() {}

  /** A filter passes on what its users want. */
  public static Perms filter(Perms wanted) {
    return wanted;
  }

  /** By role: filtered child, backing child, or a format's image. */
  public static Perms byRole(Child child, Perms wanted, boolean readOnly) {
    if (child.hasRole(ChildRole.FILTERED)) {
      return filter(wanted);
    }
    BlockNode above = child.parent().asNode();
    boolean inactive = above != null && above.inactive();
    Perms perms =
        child.hasRole(ChildRole.COW)
            ? backing(wanted)
            : image(child.role(), wanted, readOnly || inactive);
    return inactive
        ? new Perms(perms.used(), perms.shared() | Permission.WRITE | Permission.RESIZE)
        : perms;
  }

  /** A backing file is read, and may only be written by others if our users could bear that. */
  static Perms backing(Perms wanted) {
    int used = wanted.used() & Permission.CONSISTENT_READ;
    int shared = Permission.CONSISTENT_READ | Permission.WRITE_UNCHANGED;
    if ((wanted.shared() & Permission.WRITE) != 0) {
      shared |= Permission.WRITE | Permission.RESIZE;
    }
    return new Perms(used, shared);
  }

  /** Metadata is read and, on a writable node, written at any time; nobody else may change it. */
  public static Perms image(int role, Perms wanted, boolean readOnly) {
    int used = wanted.used();
    int shared = wanted.shared();
    if ((role & ChildRole.METADATA) != 0) {
      if (!readOnly) {
        used |= Permission.WRITE | Permission.RESIZE;
      }
      used |= Permission.CONSISTENT_READ;
      shared &= ~(Permission.WRITE | Permission.RESIZE);
    }
    if ((role & ChildRole.DATA) != 0) {
      if ((used & Permission.WRITE) != 0) {
        used |= Permission.RESIZE;
      }
      shared &= ~Permission.RESIZE;
    }
    return new Perms(used, shared);
  }
}
