// SPDX-License-Identifier: Apache-2.0
package org.qblockd.driver.qcow2;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.qblockd.base.BlockException;
import org.qblockd.base.Clock;
import org.qblockd.block.BlockNode;
import org.qblockd.block.Child;
import org.qblockd.block.ChildRole;
import org.qblockd.block.NodeOps;
import org.qblockd.crypto.LuksVolume;
import org.qblockd.crypto.Secrets;
import org.qblockd.driver.BlockDriver;
import org.qblockd.driver.FormatCreator;
import org.qblockd.driver.OpenRequest;
import org.qblockd.driver.RuntimeOption;
import org.qblockd.driver.RuntimeOption.Kind;
import org.qblockd.qapi.options.OptionMap;
import org.qblockd.qapi.types.BlockdevOptions;
import org.qblockd.qapi.types.BlockdevOptionsQcow2;

/** The driver {@code qcow2}. Control lane. */
public final class Qcow2Driver implements BlockDriver {
  private static final String CHECKS = "overlap-check";
  private static final String CHECKS_TEMPLATE = "overlap-check.template";
  private static final int CERTAIN = 100;

  private final Secrets secrets;
  private final Clock clock;
  private final BiFunction<BlockNode, Consumer<String>, CorruptionListener> listeners;

  /**
   * A driver whose images report damage.
   *
   * @param secrets has the passwords of encrypted images
   * @param listeners makes the listener for a node; its second argument prints a line on standard
   *     error
   */
  public Qcow2Driver(
      Secrets secrets,
      Clock clock,
      BiFunction<BlockNode, Consumer<String>, CorruptionListener> listeners) {
    this.secrets = secrets;
    this.clock = clock;
    this.listeners = listeners;
  }

  @Override
  public String name() {
    return "qcow2";
  }

  @Override
  public int probe(ByteBuffer head, String filename) {
    ByteBuffer bytes = head.duplicate();
    boolean magic = bytes.remaining() >= 8 && bytes.getInt() == Format.MAGIC;
    return magic && bytes.getInt() >= 2 ? CERTAIN : 0;
  }

  @Override
  public boolean supportsBacking() {
    return true;
  }

  @Override
  public @Nullable String complaint(OptionMap options) {
    String mode = options.string(CHECKS);
    String checks = mode == null ? options.string(CHECKS_TEMPLATE) : mode;
    return checks == null || List.of("none", "constant", "cached", "all").contains(checks)
        ? null
        : "Unsupported value '%s' for qcow2 option 'overlap-check'. Allowed are any of the following: none, constant, cached, all"
            .formatted(checks);
  }

  /** A mode of checks goes with switches for single areas, where it is called a template. */
  @Override
  public void unify(OptionMap options) throws BlockException {
    String mode = options.string(CHECKS);
    if (mode == null || options.copy().takeBelow(CHECKS + ".").isEmpty()) {
      return;
    }
    String template = options.string(CHECKS_TEMPLATE);
    if (template != null && !template.equals(mode)) {
      throw BlockException.invalid(
          "Conflicting values for qcow2 options '%s' ('%s') and '%s' ('%s')"
              .formatted(CHECKS, mode, CHECKS_TEMPLATE, template));
    }
    options.remove(CHECKS);
    options.put(CHECKS_TEMPLATE, mode);
  }

  @Override
  public List<RuntimeOption> runtimeOptions() {
    return List.of(
        RuntimeOption.of("file", Kind.CHILD),
        RuntimeOption.of("lazy-refcounts", Kind.BOOL),
        RuntimeOption.of("pass-discard-request", Kind.BOOL),
        RuntimeOption.of("pass-discard-snapshot", Kind.BOOL),
        RuntimeOption.of("pass-discard-other", Kind.BOOL),
        RuntimeOption.of("discard-no-unref", Kind.BOOL),
        RuntimeOption.of(CHECKS, Kind.TEXT),
        RuntimeOption.of(CHECKS_TEMPLATE, Kind.TEXT),
        RuntimeOption.of("overlap-check.main-header", Kind.BOOL),
        RuntimeOption.of("overlap-check.active-l1", Kind.BOOL),
        RuntimeOption.of("overlap-check.active-l2", Kind.BOOL),
        RuntimeOption.of("overlap-check.refcount-table", Kind.BOOL),
        RuntimeOption.of("overlap-check.refcount-block", Kind.BOOL),
        RuntimeOption.of("overlap-check.snapshot-table", Kind.BOOL),
        RuntimeOption.of("overlap-check.inactive-l1", Kind.BOOL),
        RuntimeOption.of("overlap-check.inactive-l2", Kind.BOOL),
        RuntimeOption.of("overlap-check.bitmap-directory", Kind.BOOL),
        RuntimeOption.of("cache-size", Kind.SIZE),
        RuntimeOption.of("l2-cache-size", Kind.SIZE),
        RuntimeOption.of("l2-cache-entry-size", Kind.SIZE),
        RuntimeOption.of("refcount-cache-size", Kind.SIZE),
        RuntimeOption.of("cache-clean-interval", Kind.NUMBER),
        RuntimeOption.of("encrypt", Kind.TREE),
        RuntimeOption.of("data-file", Kind.CHILD),
        RuntimeOption.of("x-bitmap-journal", Kind.BOOL));
  }

  @Override
  public List<String> strongOptions() {
    return List.of("encrypt.key-secret");
  }

  @Override
  public FormatCreator creator() {
    return new Qcow2FormatCreator(secrets, clock);
  }

  @Override
  public boolean reopens() {
    return true;
  }

  @Override
  public List<String> mutableOptions() {
    return List.of(
        "lazy-refcounts",
        "pass-discard-request",
        "pass-discard-snapshot",
        "pass-discard-other",
        "discard-no-unref",
        "overlap-check",
        "overlap-check.",
        "cache-size",
        "l2-cache-size",
        "l2-cache-entry-size",
        "refcount-cache-size",
        "cache-clean-interval");
  }

  @Override
  public NodeOps open(OpenRequest request) throws BlockException {
    if (!(request.options() instanceof BlockdevOptions.Qcow2 qcow2)) {
      throw new IllegalArgumentException("options of another driver");
    }
    BlockdevOptionsQcow2 typed = qcow2.data();
    Child file = request.openChild("file", ChildRole.IMAGE, typed.file());
    BlockNode node = request.node();
    ImageFile bytes = new ChildFile(file);
    Header header = HeaderParser.parse(bytes, node.readOnly());
    Child dataFile = openDataFile(request, typed, header);
    if (dataFile != null) {
      file.setRole(file.role() & ~ChildRole.DATA);
    }
    OpenOptions options = new DriverOptions(typed, node.options(), header).resolve();
    CorruptionListener listener = listeners.apply(node, request::warn);
    LuksVolume volume = new Encryption(header, bytes, secrets).open(request, typed.encrypt());
    GuestData data =
        new GuestData(
            dataFile == null ? bytes : new ChildFile(dataFile),
            dataFile != null,
            header.dataFileRaw(),
            volume == null ? null : volume.cipher(),
            false);
    Qcow2Image image = Qcow2Image.open(data, bytes, new NodeBacking(node), options, listener);
    boolean journal = typed.xBitmapJournal().orElse(false);
    Qcow2Ops ops = new Qcow2Ops(node, file, dataFile, image, listener, journal);
    ops.setVolume(volume);
    ops.loadBitmaps();
    return ops;
  }

  /** The child with the guest's data: named by the options, else by the image itself. */
  private static @Nullable Child openDataFile(
      OpenRequest request, BlockdevOptionsQcow2 typed, Header header) throws BlockException {
    boolean wanted = header.is(Format.INCOMPATIBLE_DATA_FILE);
    if (typed.dataFile().isPresent()) {
      Child given = request.openChild("data-file", ChildRole.DATA, typed.dataFile().get());
      if (!wanted) {
        throw BlockException.invalid(
            "'data-file' can only be set for images with an external data file");
      }
      return given;
    }
    if (!wanted) {
      return null;
    }
    String name = header.dataFile;
    if (name == null || name.isEmpty()) {
      throw BlockException.invalid("'data-file' is required for this image");
    }
    return request.openNamedChild("data-file", ChildRole.DATA, name);
  }
}
