// SPDX-License-Identifier: Apache-2.0
package org.qblockd.block;

/**
 * What a node uses a child for: a mask of these bits. Source: QEMU, the roles of block children.
 */
public final class ChildRole {
  /** Guest data is stored in the child. */
  public static final int DATA = 1;

  /** Metadata of the format is stored in the child. */
  public static final int METADATA = 2;

  /** The child is what a filter filters. */
  public static final int FILTERED = 4;

  /** The child is read where the parent has nothing allocated. */
  public static final int COW = 8;

  /** The child that stands for the parent when one is looked for. */
  public static final int PRIMARY = 16;

  /** The usual role of a format's {@code file}. */
  public static final int IMAGE = DATA | METADATA | PRIMARY;

  private ChildRole() {}
}
