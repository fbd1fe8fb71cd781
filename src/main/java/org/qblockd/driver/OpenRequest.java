// SPDX-License-Identifier: Apache-2.0
package org.qblockd.driver;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;
import org.qblockd.base.BlockException;
import org.qblockd.block.BlockNode;
import org.qblockd.block.Child;
import org.qblockd.qapi.options.OptionMap;
import org.qblockd.qapi.types.BlockdevOptions;
import org.qblockd.qapi.types.BlockdevRef;

/** What a driver is given to open a node. Control lane; valid during the open only. */
public interface OpenRequest {
  /** The node being opened, with its name and common options. */
  BlockNode node();

  /** The node's options; their branch is that of the driver asked. */
  BlockdevOptions options();

  /** Opens or looks up the node that {@code ref} means and attaches it under this edge name. */
  Child openChild(String edgeName, int role, BlockdevRef ref) throws BlockException;

  /**
   * Like {@link #openChild}, for a child that a file name may have named.
   *
   * @param filename the child's file name, or null when only options describe it
   */
  Child openNamedChild(String edgeName, int role, @Nullable String filename) throws BlockException;

  /** The node with this name, or of the drive with this name; or null. */
  @Nullable BlockNode lookup(String name);

  /** How many nodes an option of the kind {@link RuntimeOption.Kind#CHILDREN} names. */
  int childCount(String name);

  /** The node with this name, or null. */
  @Nullable BlockNode node(String name);

  /** An option of the kind {@link RuntimeOption.Kind#HIDDEN}, or null. */
  @Nullable String hidden(String name);

  /**
   * The options below one of the kind {@link RuntimeOption.Kind#HIDDEN_TREE}.
   *
   * @param prefix ends in a dot
   */
  OptionMap hiddenBelow(String prefix);

  /** Whether the format was guessed from the content. */
  boolean probed();

  /**
   * The name of the format that an image with this beginning seems to have. Any thread, any time.
   */
  String probe(ByteBuffer head);

  /** Computes something long, while the control lane does other work in between. */
  <T> T compute(Computation<T> work) throws BlockException;

  /** Prints a line on standard error, as it is. */
  void warn(String line);

  /** Wakes whoever waits on the control lane for a change of this node. Any thread, any time. */
  void wakeLane();

  /** The file name that queries would show for a node. */
  String filenameOf(BlockNode node);

  /**
   * Tells that the node can only be opened read-only; allowed when it is so already or when
   * auto-read-only is set.
   *
   * @param refusal the sentence to fail with otherwise
   */
  void fallBackToReadOnly(String refusal) throws BlockException;
}
