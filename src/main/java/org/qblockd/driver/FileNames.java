// SPDX-License-Identifier: Apache-2.0
package org.qblockd.driver;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.WeakHashMap;
import org.jspecify.annotations.Nullable;
import org.qblockd.base.BlockException;
import org.qblockd.block.BlockNode;
import org.qblockd.block.Child;
import org.qblockd.block.ChildRole;
import org.qblockd.block.HasBackingFile;
import org.qblockd.qapi.options.FullOptions;
import org.qblockd.qapi.options.OptionMap;

/**
 * The file names that queries show: a plain name where opening it would give the same nodes again,
 * else {@code json:} with the options that matter. Names follow the graph, so they are worked out
 * when asked for. Control lane. Rules: asked of QEMU 10.0.2's query-named-block-nodes.
 */
public final class FileNames {
  /** A name longer than QEMU's buffer is cut. */
  private static final int MAX_BYTES = 4095;

  /** What is known of a node that was opened here. */
  private static final class Origin {
    final BlockDriver driver;
    OptionMap options;

    /** The options that were given for this very node. */
    OptionMap explicit;

    /** The node that it was opened for, as its child; null if it was opened for its own sake. */
    @Nullable BlockNode inheritsFrom;

    /** What the image named when {@link #autoBacking} was found out. */
    @Nullable String inImage;

    /** The backing file that opening the image by its name would give. */
    @Nullable String autoBacking;

    Origin(BlockDriver driver, OptionMap options, OptionMap explicit) {
      this.explicit = explicit;
      this.driver = driver;
      this.options = options;
    }
  }

  /** A node's name: {@code exact} is empty when only options say it all. */
  private record Name(String exact, FullOptions options) {
    String shown() {
      if (!exact.isEmpty()) {
        return exact;
      }
      String json = "json:" + options.toText();
      return json.length() > MAX_BYTES ? json.substring(0, MAX_BYTES - 3) + "..." : json;
    }
  }

  private final DriverRegistry drivers;
  private final Map<BlockNode, Origin> origins = new WeakHashMap<>();

  FileNames(DriverRegistry drivers) {
    this.drivers = drivers;
  }

  void record(BlockNode node, BlockDriver driver, OptionMap options, OptionMap explicit) {
    origins.put(node, new Origin(driver, options, explicit));
  }

  /** The driver that opened the node, or null for a node that a job made. */
  @Nullable BlockDriver driverIfOpened(BlockNode node) {
    Origin origin = origins.get(node);
    return origin == null ? null : origin.driver;
  }

  /** The node was opened as a child of {@code parent}; null: it stands for itself now. */
  void setInherits(BlockNode node, @Nullable BlockNode parent) {
    Origin origin = origins.get(node);
    if (origin != null) {
      origin.inheritsFrom = parent;
    }
  }

  /** Whether the node was opened as a child of {@code parent} and takes options over from it. */
  boolean inherits(BlockNode node, BlockNode parent) {
    // A node between them may have gone: what it had opened belongs to its own parent then.
    Origin origin = origins.get(node);
    while (origin != null && origin.inheritsFrom != null) {
      if (parent.equals(origin.inheritsFrom)) {
        return true;
      }
      origin = origins.get(origin.inheritsFrom);
    }
    return false;
  }

  /** The options in effect, without those of children. */
  OptionMap ownOptions(BlockNode node) {
    return withoutChildren(node, originOf(node).options);
  }

  /** The options that were given for this very node, without those of children. */
  OptionMap explicitOptions(BlockNode node) {
    return withoutChildren(node, originOf(node).explicit);
  }

  private static OptionMap withoutChildren(BlockNode node, OptionMap options) {
    OptionMap own = options.copy();
    own.remove("backing");
    own.takeBelow("backing.");
    for (Child child : node.children()) {
      own.remove(child.name());
      own.takeBelow(child.name() + ".");
    }
    return own;
  }

  /** The node has other options now. */
  void reopened(BlockNode node, OptionMap options, OptionMap explicit) {
    Origin origin = originOf(node);
    origin.options = withoutChildren(node, options);
    origin.explicit = withoutChildren(node, explicit);
  }

  /** The driver that opened the node. */
  BlockDriver driverOf(BlockNode node) {
    return originOf(node).driver;
  }

  /** The options that the node was opened with. */
  OptionMap optionsOf(BlockNode node) {
    return originOf(node).options;
  }

  private Origin originOf(BlockNode node) {
    return Objects.requireNonNull(origins.get(node), "not opened here");
  }

  /** The name that queries show; also remembered by the node. */
  public String refresh(BlockNode node) {
    String shown = name(node).shown();
    node.setFilename(shown);
    return shown;
  }

  /** The plain name, or an empty string if there is none. */
  public String exact(BlockNode node) {
    return name(node).exact();
  }

  /** The name of the backing node, or null; {@code backing_file} of queries. */
  public @Nullable String backingFile(BlockNode node) {
    Child backing = overlaid(node);
    return backing == null ? null : refresh(backing.node());
  }

  /**
   * How many nodes {@code backing_file_depth} counts below this one: filtered nodes and backing
   * images.
   *
   * @param skipImplicit whether filters that the server put in do not count, as in query-block
   */
  public static int backingDepth(BlockNode node, boolean skipImplicit) {
    int depth = 0;
    for (Child next = node.filteredOrBacking(); next != null; depth++) {
      BlockNode below = next.node();
      next = below.filteredOrBacking();
      while (skipImplicit && below.implicit() && next != null) {
        below = next.node();
        next = below.filteredOrBacking();
      }
    }
    return depth;
  }

  /** The edge to the backing image; a filter's child may be called backing too, but is none. */
  private static @Nullable Child overlaid(BlockNode node) {
    Child backing = node.backing();
    return backing != null && backing.hasRole(ChildRole.COW) ? backing : null;
  }

  /** The backing file's name in the image as seen from this process, or null if it names none. */
  public @Nullable String fullBackingFilename(BlockNode node) throws BlockException {
    HasBackingFile image = node.capability(HasBackingFile.class);
    String backing = image == null ? null : image.backingFile();
    if (backing == null || backing.isEmpty()) {
      return null;
    }
    return absolute(node, backing);
  }

  /** A name that stands in the image, as seen from this process. */
  String absolute(BlockNode node, String name) throws BlockException {
    if (ImagePath.protocol(name) != null || ImagePath.isAbsolute(name)) {
      return name;
    }
    return directory(node) + name;
  }

  private String directory(BlockNode node) throws BlockException {
    Child primary = node.primary();
    if (primary != null) {
      return directory(primary.node());
    }
    String exact = exact(node);
    if (exact.isEmpty()) {
      throw BlockException.invalid(
          "Cannot generate a base directory for " + node.driver() + " nodes");
    }
    return ImagePath.combine(exact, "");
  }

  /** Tells what the backing file is called that was opened because the image names it. */
  void setAutoBacking(BlockNode node, String backing) {
    Origin origin = origins.get(node);
    HasBackingFile image = node.capability(HasBackingFile.class);
    if (origin != null && image != null) {
      origin.autoBacking = backing;
      origin.inImage = image.backingFile();
    }
  }

  /** The image names another file now. */
  void forgetAutoBacking(BlockNode node) {
    Origin origin = origins.get(node);
    if (origin != null) {
      origin.autoBacking = null;
    }
  }

  private Name name(BlockNode node) {
    Origin origin = origins.get(node);
    if (origin == null) {
      return ofInternalFilter(node);
    }
    boolean overridden = backingOverridden(node, origin);
    FullOptions options = new FullOptions();
    boolean strong = origin.options.copyTo(options, origin.driver.strongOptions());
    options.put(CommonOptions.DRIVER, node.driver());
    if (origin.driver.needsFilename()) {
      String filename = origin.options.string(CommonOptions.FILENAME);
      options.put(CommonOptions.FILENAME, filename == null ? "" : filename);
    }
    putLists(node, origin.driver, options);
    for (Child child : node.children()) {
      if (child.name().indexOf('.') < 0 && (child != node.backing() || overridden)) {
        options.putChild(child.name(), name(child.node()).options());
      }
    }
    if (overridden && node.backing() == null) {
      options.putNull("backing");
    }
    return new Name(exact(node, origin, options, strong || overridden), options);
  }

  /** Edges of a list are numbered as they came; the list has no gaps. */
  private void putLists(BlockNode node, BlockDriver driver, FullOptions options) {
    for (RuntimeOption option : driver.runtimeOptions()) {
      if (option.kind() == RuntimeOption.Kind.CHILDREN) {
        options.putChildren(option.name(), listed(node, option.name() + "."));
      }
    }
  }

  private List<FullOptions> listed(BlockNode node, String prefix) {
    List<FullOptions> items = new ArrayList<>();
    for (Child child : node.children()) {
      if (child.name().startsWith(prefix)) {
        items.add(name(child.node()).options());
      }
    }
    return items;
  }

  private String exact(BlockNode node, Origin origin, FullOptions options, boolean special) {
    if (origin.driver.needsFilename()) {
      return options.string(CommonOptions.FILENAME);
    }
    if (origin.driver.namesItself()) {
      return origin.driver.exactFilename(options, edge -> exactOf(node, edge));
    }
    Child primary = node.primary();
    if (primary != null && origin.driver.namedAsFile()) {
      return name(primary.node()).shown();
    }
    if (primary == null || special || origin.driver.isFilter()) {
      return "";
    }
    BlockDriver below = drivers.find(primary.node().driver());
    return below != null && below.isProtocol() ? exact(primary.node()) : "";
  }

  private String exactOf(BlockNode node, String edge) {
    Child child = node.child(edge);
    return child == null ? "" : exact(child.node());
  }

  /** A filter that a job put in is shown as what it filters. */
  private Name ofInternalFilter(BlockNode node) {
    Child filtered = node.filteredOrBacking();
    if (filtered == null) {
      FullOptions options = new FullOptions();
      options.put(CommonOptions.DRIVER, node.driver());
      return new Name(node.filename(), options);
    }
    Name below = name(filtered.node());
    if (node.implicit()) {
      return below;
    }
    FullOptions options = new FullOptions();
    options.put(CommonOptions.DRIVER, node.driver());
    for (Child child : node.children()) {
      options.putChild(child.name(), name(child.node()).options());
    }
    BlockDriver driver = drivers.find(node.driver());
    boolean plain =
        driver != null && driver.isFilter() && !driver.namesItself() && !driver.namedAsFile();
    return new Name(plain ? "" : below.shown(), options);
  }

  /** Whether the backing node is another one than opening the image by its name would give. */
  boolean backingOverridden(BlockNode node) {
    Origin origin = origins.get(node);
    return origin != null && backingOverridden(node, origin);
  }

  private boolean backingOverridden(BlockNode node, Origin origin) {
    HasBackingFile image = node.capability(HasBackingFile.class);
    if (image == null) {
      return false;
    }
    String inImage = image.backingFile();
    boolean known = origin.autoBacking != null && Objects.equals(inImage, origin.inImage);
    String expected = Objects.requireNonNullElse(known ? origin.autoBacking : inImage, "");
    Child backing = node.backing();
    return backing == null ? !expected.isEmpty() : !expected.equals(name(backing.node()).shown());
  }
}
