// SPDX-License-Identifier: Apache-2.0
package org.qblockd.driver;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.qblockd.base.BlockException;
import org.qblockd.block.NodeOps;
import org.qblockd.qapi.QmpException;
import org.qblockd.qapi.options.FullOptions;
import org.qblockd.qapi.options.OptionMap;
import org.qblockd.qapi.types.BlockdevOptions;

/** A block driver: how it is called, what it recognises, how it opens a node. Control lane. */
public interface BlockDriver {
  /** The name in options and queries: {@code qcow2}. */
  String name();

  /**
   * How sure the driver is that an image that begins with {@code head} (512 bytes, zero-padded) is
   * of its format: 0 not at all, 100 certain. Protocols and filters answer 0.
   */
  default int probe(ByteBuffer head, String filename) {
    return 0;
  }

  /**
   * Whether the driver can be named before the colon of a file name and needs no {@code file}
   * child: it talks to storage itself, or it is a filter such as blkdebug.
   */
  default boolean isProtocol() {
    return false;
  }

  /** Whether the driver is a filter. */
  default boolean isFilter() {
    return false;
  }

  /** Whether the driver is an image format. */
  default boolean isFormat() {
    return !isProtocol() && !isFilter();
  }

  /** Whether images of this format can have a backing file. */
  default boolean supportsBacking() {
    return false;
  }

  /** Whether the option {@code filename} must be there and not empty. */
  default boolean needsFilename() {
    return false;
  }

  /**
   * Turns a file name such as {@code blkdebug:config:image} into options. The option {@code
   * filename} is set already and is removed afterwards unless {@link #needsFilename}.
   */
  default void parseFilename(String filename, OptionMap options) throws BlockException {}

  /**
   * Turns options as older command lines have them into those that count now.
   *
   * @throws BlockException when both are given
   */
  default void modernise(OptionMap options) throws BlockException {}

  /**
   * The sentence for options that are given as strings and do not fit their types; null for the
   * usual one.
   */
  default @Nullable String complaint(OptionMap options) {
    return null;
  }

  /**
   * Options that can be spelled in several ways are brought into the one that QAPI knows.
   *
   * @param options the driver's own options
   */
  default void unify(OptionMap options) throws BlockException {}

  /** The driver's own options in typed form. */
  default BlockdevOptions typed(OptionMap options) throws BlockException {
    unify(options);
    try {
      return options.typed(name());
    } catch (QmpException wrong) {
      String complaint = complaint(options);
      throw BlockException.invalid(complaint == null ? wrong.text() : complaint);
    }
  }

  /** The driver's own options; anything else is refused. */
  default List<RuntimeOption> runtimeOptions() {
    return List.of();
  }

  /**
   * Names of the options without which opening the image by its name would not give the same
   * content; a name that ends in a dot means all below it.
   */
  default List<String> strongOptions() {
    return List.of();
  }

  /** Whether the driver makes up its nodes' file names by {@link #exactFilename}. */
  default boolean namesItself() {
    return false;
  }

  /** Whether the driver's nodes show the file name of their child. */
  default boolean namedAsFile() {
    return false;
  }

  /**
   * The file name that means the same as {@code options}, or the empty string.
   *
   * @param exactOf the plain file name of the child with this edge name, or the empty string
   */
  default String exactFilename(FullOptions options, UnaryOperator<String> exactOf) {
    return "";
  }

  /**
   * Whether open nodes can get other options; the driver's side may need {@link ReopensOptions}.
   */
  default boolean reopens() {
    return false;
  }

  /**
   * The driver's options that a reopen can change; a name that ends in a dot means all below it.
   */
  default List<String> mutableOptions() {
    return List.of();
  }

  /** What creates images of this format, or null. */
  default @Nullable FormatCreator creator() {
    return null;
  }

  /**
   * Opens the node. When it throws, the caller detaches the children that were opened.
   *
   * @throws BlockException with QEMU's sentence
   */
  NodeOps open(OpenRequest request) throws BlockException;
}
