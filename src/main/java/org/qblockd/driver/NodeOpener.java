// SPDX-License-Identifier: Apache-2.0
package org.qblockd.driver;

import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.qblockd.base.BlockException;
import org.qblockd.block.BlockGraph;
import org.qblockd.block.BlockNode;
import org.qblockd.block.NodeOrigins;
import org.qblockd.qapi.QmpException;
import org.qblockd.qapi.options.OptionMap;
import org.qblockd.qapi.types.BlockdevOptions;
import org.qblockd.qapi.types.BlockdevRef;

/**
 * Opens nodes with all that is below them, from typed options or from file names. What fails leaves
 * nothing behind. Control lane.
 *
 * <p>A node that is returned has no parents: the caller attaches it or marks it as owned by the
 * monitor, or gives it back to {@link BlockGraph#closeIfUnused}. Rules and sentences are those of
 * QEMU's opening of block devices.
 */
public final class NodeOpener implements NodeOrigins {
  /** The option of {@code -drive} that says how files below are accessed: {@code aio}. */
  public static final String DRIVE_AIO = CommonOptions.DRIVE_AIO;

  private final BlockGraph graph;
  private final DriverRegistry drivers;
  private final FileNames names;
  private final Consumer<String> standardError;
  private BooleanSupplier incoming = () -> false;
  private boolean inactiveUnlessSaid;

  /**
   * An opener of nodes in {@code graph}.
   *
   * @param standardError takes lines of warnings, without line end
   */
  public NodeOpener(BlockGraph graph, DriverRegistry drivers, Consumer<String> standardError) {
    this.graph = graph;
    this.drivers = drivers;
    this.names = new FileNames(drivers);
    this.standardError = standardError;
    graph.setOrigins(this);
  }

  @Override
  public void setReadOnly(BlockNode node, boolean readOnly) throws BlockException {
    OptionMap change = new OptionMap();
    change.putSwitch(CommonOptions.READ_ONLY, readOnly);
    GraphReopen reopen = new GraphReopen(this);
    reopen.add(node, change, true);
    reopen.run();
  }

  @Override
  public void backingFileChanged(BlockNode node) {
    names.forgetAutoBacking(node);
  }

  /** Prints a warning on standard error. */
  public void warn(String sentence) {
    standardError.accept("warning: " + sentence);
  }

  /** The names under which nodes are shown. */
  public FileNames fileNames() {
    return names;
  }

  /** The graph that nodes are opened in. */
  public BlockGraph graph() {
    return graph;
  }

  /** The drivers. */
  public DriverRegistry drivers() {
    return drivers;
  }

  /** Opens a node that the monitor owns: {@code blockdev-add} and {@code -blockdev}. */
  public BlockNode add(BlockdevOptions options) throws BlockException {
    if (options.nodeName().isEmpty()) {
      throw BlockException.invalid("'node-name' must be specified for the root node");
    }
    BlockNode node = ofUser(() -> open(options));
    node.setMonitorOwned(true);
    return node;
  }

  /**
   * Tells when the images of the user still belong to another process, which a migration comes
   * from: then they are opened inactive.
   */
  public void setIncoming(BooleanSupplier awaited) {
    incoming = awaited;
  }

  /** Opens a node of the user: a guest's drive. As {@link #open(String, OptionMap)} otherwise. */
  public BlockNode openForUser(@Nullable String filename, OptionMap options) throws BlockException {
    return ofUser(() -> open(filename, options));
  }

  /** Whether a node is opened inactive: as it says itself, or as its parent, or as all are. */
  boolean inactive(OptionMap options, @Nullable Heritage heritage) throws BlockException {
    boolean inherited = heritage == null ? inactiveUnlessSaid : heritage.inactive();
    return !CommonOptions.active(options, !inherited);
  }

  private BlockNode ofUser(BlockGraph.Section<BlockNode> opening) throws BlockException {
    inactiveUnlessSaid = incoming.getAsBoolean();
    try {
      return opening.run();
    } finally {
      inactiveUnlessSaid = false;
    }
  }

  /** Opens a node from typed options. */
  public BlockNode open(BlockdevOptions options) throws BlockException {
    return open(null, OptionMap.of(options));
  }

  /** Opens a node from typed options, or looks it up. */
  public BlockNode open(BlockdevRef ref) throws BlockException {
    return switch (ref) {
      case BlockdevRef.Definition definition -> open(definition.value());
      case BlockdevRef.Reference reference -> graph.lookup(reference.value(), reference.value());
    };
  }

  /**
   * Opens a node as {@code -drive} and image targets of jobs do.
   *
   * @param filename a path, perhaps with a protocol, or {@code json:{…}}; null when the options
   *     tell
   * @param options flat options with dotted names: {@code driver}, {@code read-only}, {@code
   *     cache.direct}, …; what is absent is off. Without {@code driver} the format is guessed.
   */
  public BlockNode open(@Nullable String filename, OptionMap options) throws BlockException {
    return open(filename, null, options.copy(), null);
  }

  /** Opens what the image of an open node names as its backing file, and attaches it. */
  public void openBacking(BlockNode overlay) throws BlockException {
    BlockDriver driver = names.driverOf(overlay);
    new BackingOpening(this, overlay, driver, names.optionsOf(overlay), new OptionMap()).run();
  }

  /** One level: a reference, or a node to open with what is below it. */
  BlockNode open(
      @Nullable String filename,
      @Nullable String reference,
      OptionMap options,
      @Nullable Heritage heritage)
      throws BlockException {
    graph.lane().check();
    if (reference != null) {
      if (filename != null || !options.isEmpty()) {
        throw BlockException.invalid(
            "Cannot reference an existing block device with additional options or a new filename");
      }
      return graph.lookup(reference, reference);
    }
    String name = filename;
    String json = ImagePath.json(filename);
    if (json != null) {
      options.putDefaults(parse(json));
      name = null;
    }
    OptionMap explicit = options.copy();
    if (heritage == null) {
      CommonOptions.setDefaults(options);
    } else {
      CommonOptions.inherit(options, heritage.parent(), heritage.role());
    }
    return new Opening(this, standardError, options, explicit).run(name, heritage);
  }

  private static OptionMap parse(String json) throws BlockException {
    try {
      return OptionMap.ofJson(json);
    } catch (QmpException e) {
      throw BlockException.invalid(e.text());
    }
  }
}
