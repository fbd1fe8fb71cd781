// SPDX-License-Identifier: Apache-2.0
package org.qblockd.driver;

import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.qblockd.base.BlockException;
import org.qblockd.base.Errno;
import org.qblockd.block.BlockBackend;
import org.qblockd.block.BlockGraph;
import org.qblockd.block.BlockNode;
import org.qblockd.block.Permission;
import org.qblockd.block.Perms;
import org.qblockd.qapi.options.OptionMap;
import org.qblockd.qapi.types.BlockdevCreateOptions;
import org.qblockd.qapi.types.BlockdevCreateOptionsFile;
import org.qblockd.qapi.types.BlockdevRef;

/**
 * Creates images by file name, as drive-mirror and drive-backup do, and from typed options, as
 * blockdev-create does. Control lane.
 */
public final class ImageCreator {
  /** The size of a new image is that of its backing file. */
  public static final long SIZE_OF_BACKING = -1;

  private final NodeOpener opener;
  private final Consumer<String> standardOutput;

  /**
   * A creator that opens nodes by {@code opener}.
   *
   * @param standardOutput takes the line {@code Formatting …} that QEMU prints for each new image
   */
  public ImageCreator(NodeOpener opener, Consumer<String> standardOutput) {
    this.opener = opener;
    this.standardOutput = standardOutput;
  }

  /**
   * A new image to make.
   *
   * @param filename where, perhaps with a protocol
   * @param format the driver's name
   * @param size in bytes, or {@link #SIZE_OF_BACKING}
   * @param backing the backing file's name as the image shall have it, or null
   * @param backingFormat its driver's name, or null
   */
  public record NewImage(
      String filename,
      String format,
      long size,
      @Nullable String backing,
      @Nullable String backingFormat) {}

  /** Creates the image; an error leaves a new file behind only where QEMU does, too. */
  public void create(NewImage image) throws BlockException {
    create(image, true);
  }

  /** The same for a backing file that is open already: it is not opened to see that it is there. */
  public void createOver(NewImage image) throws BlockException {
    create(image, false);
  }

  private void create(NewImage image, boolean lookAtBacking) throws BlockException {
    BlockDriver driver = opener.drivers().find(image.format());
    if (driver == null) {
      throw BlockException.invalid("Unknown file format '" + image.format() + "'");
    }
    BlockDriver protocol = opener.drivers().protocol(image.filename(), true);
    FormatCreator creator = driver.creator();
    FormatCreator below = protocol.creator();
    if (creator == null) {
      throw BlockException.invalid(
          "Format driver '" + driver.name() + "' does not support image creation");
    }
    if (below == null) {
      throw BlockException.invalid(
          "Protocol driver '" + protocol.name() + "' does not support image creation");
    }
    checkBacking(image, driver);
    boolean looks = lookAtBacking && image.backing() != null;
    NewImage sized = looks ? sizedByBacking(image) : image;
    if (sized.size() < 0) {
      throw BlockException.invalid("Image creation needs a size parameter");
    }
    standardOutput.accept(
        "Formatting '%s', fmt=%s %s"
            .formatted(image.filename(), image.format(), creator.describe(sized)));
    try {
      create(sized, driver, creator, below);
    } catch (BlockException e) {
      throw e.errno() == Errno.EFBIG ? tooLarge(image, creator) : e;
    }
  }

  private static BlockException tooLarge(NewImage image, FormatCreator creator) {
    return BlockException.of(
        Errno.EFBIG,
        "The image size is too large for file format '%s'%s"
            .formatted(image.format(), creator.tooLargeHint()));
  }

  private static void checkBacking(NewImage image, BlockDriver driver) throws BlockException {
    String backing = image.backing();
    if (backing != null && !driver.supportsBacking()) {
      throw BlockException.invalid(
          "Backing file not supported for file format '" + driver.name() + "'");
    }
    if (image.backingFormat() != null && !driver.supportsBacking()) {
      throw BlockException.invalid(
          "Backing file format not supported for file format '" + driver.name() + "'");
    }
    if (image.filename().equals(backing)) {
      throw BlockException.invalid(
          "Error: Trying to create an image with the same filename as the backing file");
    }
    if (backing != null && backing.isEmpty()) {
      throw BlockException.invalid("Expected backing file name, got empty string");
    }
  }

  private NewImage sizedByBacking(NewImage image) throws BlockException {
    String backing = image.backing() == null ? "" : image.backing();
    OptionMap options = new OptionMap();
    if (image.backingFormat() != null) {
      options.put(CommonOptions.DRIVER, image.backingFormat());
    }
    options.put(CommonOptions.READ_ONLY, "on");
    options.put(CommonOptions.FORCE_SHARE, "on");
    BlockNode node = opener.open(ImagePath.backing(image.filename(), backing), options);
    try {
      if (image.backingFormat() == null) {
        throw BlockException.invalid("Backing file specified without backing format");
      }
      long size = image.size() == SIZE_OF_BACKING ? node.length() : image.size();
      return new NewImage(image.filename(), image.format(), size, backing, image.backingFormat());
    } finally {
      opener.graph().closeIfUnused(node);
    }
  }

  private void create(
      NewImage image, BlockDriver driver, FormatCreator creator, FormatCreator below)
      throws BlockException {
    boolean format = driver.isFormat() && creator.needsFile();
    createFile(image.filename(), format ? 0 : image.size(), below);
    if (!format) {
      return;
    }
    try {
      createIn(image, creator);
    } catch (BlockException failed) {
      below.delete(plain(image.filename()));
      throw failed;
    }
  }

  private static void createFile(String filename, long size, FormatCreator below)
      throws BlockException {
    BlockdevCreateOptionsFile file =
        new BlockdevCreateOptionsFile(
            plain(filename), size, Optional.empty(), Optional.empty(), Optional.empty());
    below.create(new BlockdevCreateOptions.File(file), new NoNodes());
  }

  private static final class NoNodes implements FormatCreator.Nodes {
    @Override
    public BlockBackend open(BlockdevRef ref) {
      throw new IllegalStateException("a protocol has no file below");
    }

    @Override
    public String filenameOf(BlockNode node) {
      throw new IllegalStateException("a protocol has no file below");
    }
  }

  private final class OwnNodes implements FormatCreator.Nodes {
    @Override
    public BlockBackend open(BlockdevRef ref) throws BlockException {
      return backend(ref);
    }

    @Override
    public String filenameOf(BlockNode node) {
      return opener.fileNames().refresh(node);
    }
  }

  private static String plain(String filename) {
    return filename.startsWith("file:") ? filename.substring("file:".length()) : filename;
  }

  private void createIn(NewImage image, FormatCreator creator) throws BlockException {
    OptionMap options = new OptionMap();
    options.put(CommonOptions.DRIVER, "file");
    options.put(CommonOptions.FILENAME, plain(image.filename()));
    BlockNode file = opener.open(null, options);
    boolean owned = file.monitorOwned();
    // The creator looks the node up and lets it go again; it must survive that.
    file.setMonitorOwned(true);
    try {
      BlockdevRef ref = new BlockdevRef.Reference(file.name());
      creator.create(creator.options(image, ref), new OwnNodes());
    } finally {
      file.setMonitorOwned(owned);
      opener.graph().closeIfUnused(file);
    }
  }

  /** What creates images from these options. */
  public FormatCreator creator(BlockdevCreateOptions options) throws BlockException {
    BlockDriver driver = opener.drivers().get(options.driver().wireName());
    FormatCreator creator = driver.creator();
    if (creator == null || (driver.isFormat() && !creator.needsFile())) {
      throw BlockException.invalid("Driver does not support blockdev-create");
    }
    return creator;
  }

  /** Creates an image from typed options. */
  public void create(BlockdevCreateOptions options) throws BlockException {
    create(creator(options), options);
  }

  /** The same by a creator that may have prepared something. */
  public void create(FormatCreator creator, BlockdevCreateOptions options) throws BlockException {
    creator.create(options, new OwnNodes());
  }

  private BlockBackend backend(BlockdevRef ref) throws BlockException {
    BlockGraph graph = opener.graph();
    BlockNode node = opener.open(ref);
    int used = Permission.CONSISTENT_READ | Permission.WRITE | Permission.RESIZE;
    BlockBackend backend = new BlockBackend(graph, "", new Perms(used, Permission.ALL));
    try {
      backend.insert(node);
      return backend;
    } catch (BlockException refused) {
      backend.close();
      graph.closeIfUnused(node);
      throw refused;
    }
  }
}
