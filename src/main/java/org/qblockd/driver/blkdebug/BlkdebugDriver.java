// SPDX-License-Identifier: Apache-2.0
package org.qblockd.driver.blkdebug;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.qblockd.base.BlockException;
import org.qblockd.block.Child;
import org.qblockd.block.ChildRole;
import org.qblockd.block.NodeOps;
import org.qblockd.driver.BlockDriver;
import org.qblockd.driver.OpenRequest;
import org.qblockd.driver.RuntimeOption;
import org.qblockd.driver.RuntimeOption.Kind;
import org.qblockd.qapi.options.FullOptions;
import org.qblockd.qapi.options.OptionMap;
import org.qblockd.qapi.types.BlockPermission;
import org.qblockd.qapi.types.BlockdevOptions;
import org.qblockd.qapi.types.BlockdevOptionsBlkdebug;

/** The driver {@code blkdebug}. Control lane. */
public final class BlkdebugDriver implements BlockDriver {
  private static final String PREFIX = "blkdebug:";
  private static final String IMAGE = "image";
  private static final String FILE_NAME = "x-image";
  private static final String CONFIG = "config";
  private static final Set<String> NEUTRAL = Set.of(CONFIG, IMAGE, "driver", FILE_NAME);
  private static final List<String> SIZES =
      List.of(
          "align",
          "max-transfer",
          "opt-write-zero",
          "max-write-zero",
          "opt-discard",
          "max-discard");

  private final Consumer<String> output;

  /**
   * The driver.
   *
   * @param output takes lines that tell of stopped requests: standard output
   */
  public BlkdebugDriver(Consumer<String> output) {
    this.output = output;
  }

  @Override
  public String name() {
    return "blkdebug";
  }

  @Override
  public boolean isProtocol() {
    return true;
  }

  @Override
  public boolean isFilter() {
    return true;
  }

  @Override
  public void parseFilename(String filename, OptionMap options) throws BlockException {
    if (!filename.startsWith(PREFIX)) {
      options.put(FILE_NAME, filename);
      return;
    }
    String rest = filename.substring(PREFIX.length());
    int colon = rest.indexOf(':');
    if (colon < 0) {
      throw BlockException.invalid("blkdebug requires both config file and image path");
    }
    if (colon > 0) {
      options.put(CONFIG, rest.substring(0, colon));
    }
    options.put(FILE_NAME, rest.substring(colon + 1));
  }

  @Override
  public List<RuntimeOption> runtimeOptions() {
    List<RuntimeOption> options = new ArrayList<>();
    options.add(RuntimeOption.of(IMAGE, Kind.CHILD));
    options.add(RuntimeOption.of(FILE_NAME, Kind.HIDDEN));
    options.add(RuntimeOption.of(CONFIG, Kind.TEXT));
    options.add(RuntimeOption.of(RuleParser.INJECT_ERROR, Kind.HIDDEN_TREE));
    options.add(RuntimeOption.of(RuleParser.SET_STATE, Kind.HIDDEN_TREE));
    options.add(RuntimeOption.of("take-child-perms", Kind.TREE));
    options.add(RuntimeOption.of("unshare-child-perms", Kind.TREE));
    for (String size : SIZES) {
      options.add(RuntimeOption.of(size, Kind.SIZE));
    }
    return options;
  }

  @Override
  public List<String> strongOptions() {
    List<String> options = new ArrayList<>(SIZES);
    options.add(CONFIG);
    options.add(RuleParser.INJECT_ERROR + ".");
    options.add(RuleParser.SET_STATE + ".");
    return options;
  }

  @Override
  public boolean namesItself() {
    return true;
  }

  @Override
  public String exactFilename(FullOptions options, UnaryOperator<String> exactOf) {
    String image = exactOf.apply(IMAGE);
    if (image.isEmpty() || !NEUTRAL.containsAll(options.names())) {
      return "";
    }
    return PREFIX + options.string(CONFIG) + ":" + image;
  }

  @Override
  public boolean reopens() {
    return true;
  }

  @Override
  public NodeOps open(OpenRequest request) throws BlockException {
    if (!(request.options() instanceof BlockdevOptions.Blkdebug blkdebug)) {
      throw new IllegalArgumentException("options of another driver");
    }
    BlockdevOptionsBlkdebug options = blkdebug.data();
    RuleParser parser = new RuleParser();
    if (options.config().isPresent()) {
      parser.config(options.config().get());
    }
    parser.options(RuleParser.INJECT_ERROR, request.hiddenBelow(RuleParser.INJECT_ERROR + "."));
    parser.options(RuleParser.SET_STATE, request.hiddenBelow(RuleParser.SET_STATE + "."));
    Child image =
        request.openNamedChild(
            IMAGE, ChildRole.FILTERED | ChildRole.PRIMARY, request.hidden(FILE_NAME));
    NarrowLimits limits = NarrowLimits.of(options, image);
    RuleBook rules = new RuleBook(parser.rules(), output);
    BlkdebugOps ops =
        new BlkdebugOps(
            image,
            rules,
            limits.limits(),
            mask(options.takeChildPerms().orElse(List.of())),
            mask(options.unshareChildPerms().orElse(List.of())));
    rules.onStop(request::wakeLane);
    rules.event("none");
    return ops;
  }

  private static int mask(List<BlockPermission> permissions) {
    int mask = 0;
    for (BlockPermission permission : permissions) {
      // QAPI lists the permissions in the order of the bits.
      mask |= 1 << permission.ordinal();
    }
    return mask;
  }
}
