// SPDX-License-Identifier: Apache-2.0
package org.qblockd.driver.raw;

import java.nio.ByteBuffer;
import java.util.List;
import org.qblockd.base.BlockException;
import org.qblockd.block.Child;
import org.qblockd.block.ChildRole;
import org.qblockd.block.NodeOps;
import org.qblockd.driver.BlockDriver;
import org.qblockd.driver.FormatCreator;
import org.qblockd.driver.OpenRequest;
import org.qblockd.driver.RuntimeOption;
import org.qblockd.driver.RuntimeOption.Kind;
import org.qblockd.qapi.types.BlockdevOptions;
import org.qblockd.qapi.types.BlockdevOptionsRaw;

/** The driver {@code raw}: the bytes of its child, or a range of them. Control lane. */
public final class RawDriver implements BlockDriver {
  private static final String OFFSET = "offset";
  private static final String SIZE = "size";

  /** The option, and the edge to the side file. */
  static final String BITMAP_FILE = "x-bitmap-file";

  private static final String BITMAP_JOURNAL = "x-bitmap-journal";

  @Override
  public String name() {
    return "raw";
  }

  /** Anything is raw, if nothing else. */
  @Override
  public int probe(ByteBuffer head, String filename) {
    return 1;
  }

  @Override
  public List<RuntimeOption> runtimeOptions() {
    return List.of(
        RuntimeOption.of("file", Kind.CHILD),
        RuntimeOption.of(OFFSET, Kind.SIZE),
        RuntimeOption.of(SIZE, Kind.SIZE),
        RuntimeOption.of(BITMAP_FILE, Kind.CHILD),
        RuntimeOption.of(BITMAP_JOURNAL, Kind.BOOL));
  }

  @Override
  public List<String> strongOptions() {
    return List.of(OFFSET, SIZE);
  }

  @Override
  public FormatCreator creator() {
    return new RawCreator();
  }

  @Override
  public boolean reopens() {
    return true;
  }

  @Override
  public List<String> mutableOptions() {
    return List.of("offset", "size");
  }

  @Override
  public NodeOps open(OpenRequest request) throws BlockException {
    if (!(request.options() instanceof BlockdevOptions.Raw raw)) {
      throw new IllegalArgumentException("options of another driver");
    }
    BlockdevOptionsRaw options = raw.data();
    long offset = checked(OFFSET, options.offset().orElse(0L));
    long size = checked(SIZE, options.size().orElse(0L));
    Child file = request.openChild("file", ChildRole.DATA | ChildRole.PRIMARY, options.file());
    if (request.probed() && !request.node().readOnly()) {
      warn(request, file);
    }
    RawRange range = RawRange.of(file, offset, options.size().isPresent() ? size : -1);
    SectorGuard guard = request.probed() ? new SectorGuard(request::probe) : SectorGuard.NONE;
    if (options.xBitmapFile().isPresent()) {
      return withBitmaps(request, options, file, range, guard);
    }
    if (options.xBitmapJournal().orElse(false)) {
      throw BlockException.invalid("A bitmap journal needs a bitmap file");
    }
    return RawOps.informed(file.node()) == null
        ? new RawOps(file, range, guard)
        : new RawOps.OverInformedFile(file, range, guard);
  }

  private static NodeOps withBitmaps(
      OpenRequest request,
      BlockdevOptionsRaw options,
      Child file,
      RawRange range,
      SectorGuard guard)
      throws BlockException {
    Child side =
        request.openChild(BITMAP_FILE, ChildRole.METADATA, options.xBitmapFile().orElseThrow());
    boolean journaled = options.xBitmapJournal().orElse(false);
    RawWithBitmaps ops =
        new RawWithBitmaps(request.node(), file, side, range, guard, journaled, request::warn);
    ops.loadBitmaps();
    return ops;
  }

  /** What an open node is to show from now on. */
  static RawRange range(Child file, BlockdevOptionsRaw options) throws BlockException {
    long offset = checked(OFFSET, options.offset().orElse(0L));
    long size = checked(SIZE, options.size().orElse(0L));
    return RawRange.of(file, offset, options.size().isPresent() ? size : -1);
  }

  /** As a size in QEMU's options, where a minus sign is refused. */
  private static long checked(String name, long value) throws BlockException {
    if (value < 0) {
      throw BlockException.invalid(
          "Value '" + value + "' is out of range for parameter '" + name + "'");
    }
    return value;
  }

  private static void warn(OpenRequest request, Child file) {
    request.warn(
        "WARNING: Image format was not specified for '"
            + request.filenameOf(file.node())
            + "' and probing guessed raw.");
    request.warn(
        "         Automatically detecting the format is dangerous for raw images, write operations"
            + " on block 0 will be restricted.");
    request.warn("         Specify the 'raw' format explicitly to remove the restrictions.");
  }
}
