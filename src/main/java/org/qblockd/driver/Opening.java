// SPDX-License-Identifier: Apache-2.0
package org.qblockd.driver;

import java.nio.ByteBuffer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.qblockd.base.BlockException;
import org.qblockd.base.BufferPool;
import org.qblockd.base.Errno;
import org.qblockd.base.PooledBuffer;
import org.qblockd.block.BlockGraph;
import org.qblockd.block.BlockNode;
import org.qblockd.block.Child;
import org.qblockd.block.ChildRole;
import org.qblockd.block.GraphTransaction;
import org.qblockd.block.NodeOps;
import org.qblockd.block.NodeOptions;
import org.qblockd.block.Perms;
import org.qblockd.qapi.options.OptionMap;
import org.qblockd.qapi.types.BlockdevOptions;
import org.qblockd.qapi.types.BlockdevRef;

/** The opening of one node, step by step in QEMU's order. Used once, on the control lane. */
final class Opening implements OpenRequest {
  private static final String FILE = "file";
  private static final String BACKING = "backing";
  private final NodeOpener opener;
  private final BlockGraph graph;
  private final Consumer<String> standardError;

  /** All options of this node and its children, as the node's record keeps them. */
  private final OptionMap kept;

  /** Those that were given for this very node. */
  private final OptionMap explicit;

  /** What nobody has asked for yet. */
  private final OptionMap rest;

  private final ChildOptions childOptions = new ChildOptions();
  private final OptionMap hidden = new OptionMap();
  private boolean protocol;
  private boolean inactive;
  private boolean probed;
  private boolean withoutBacking;
  private @Nullable BlockDriver driver;
  private @Nullable BlockNode file;
  private boolean fileIsOwn;
  private @Nullable BlockNode node;
  private @Nullable BlockdevOptions typed;

  Opening(
      NodeOpener opener, Consumer<String> standardError, OptionMap options, OptionMap explicit) {
    this.explicit = explicit;
    this.opener = opener;
    this.graph = opener.graph();
    this.standardError = standardError;
    this.kept = options;
    this.rest = new OptionMap();
  }

  BlockNode run(@Nullable String filename, @Nullable Heritage heritage) throws BlockException {
    chooseDriver(filename, heritage != null && heritage.protocol());
    rest.putDefaults(kept);
    inactive = opener.inactive(rest, heritage);
    findBackingNull();
    try {
      if (!protocol) {
        openFile(filename);
      }
      probeFormat(filename == null ? "" : filename);
      openNode();
      if (!withoutBacking) {
        new BackingOpening(opener, opened(), chosen(), kept, rest).run();
      }
      refuseUnknown();
      opener.fileNames().refresh(opened());
      return opened();
    } catch (BlockException | RuntimeException failed) {
      cleanUp();
      throw failed;
    }
  }

  private void cleanUp() {
    if (node != null) {
      graph.closeIfUnused(node);
    }
    if (file != null) {
      graph.closeIfUnused(file);
    }
  }

  // ---- which driver ---------------------------------------------------------------------------

  private void chooseDriver(@Nullable String filename, boolean asProtocol) throws BlockException {
    String named = kept.string(CommonOptions.DRIVER);
    protocol = asProtocol;
    if (named != null) {
      driver = opener.drivers().get(named);
      protocol = driver.isProtocol();
    }
    boolean parse = false;
    if (protocol && filename != null) {
      if (kept.has(CommonOptions.FILENAME)) {
        throw BlockException.invalid(
            "Can't specify 'file' and 'filename' options at the same time");
      }
      kept.put(CommonOptions.FILENAME, filename);
      parse = true;
    }
    String name = kept.string(CommonOptions.FILENAME);
    if (protocol && driver == null) {
      if (name == null) {
        throw BlockException.invalid("Must specify either driver or file");
      }
      driver = opener.drivers().protocol(name, parse);
      kept.put(CommonOptions.DRIVER, driver.name());
      protocol = true;
    }
    if (driver != null && parse && name != null) {
      driver.parseFilename(name, kept);
      if (!driver.needsFilename()) {
        kept.remove(CommonOptions.FILENAME);
      }
    }
    if (driver != null) {
      driver.modernise(kept);
    }
  }

  private void findBackingNull() {
    String text = kept.string(BACKING);
    if (kept.isNull(BACKING) || (text != null && text.isEmpty())) {
      if (text != null) {
        standardError.accept(
            "warning: Use of \"backing\": \"\" is deprecated; use \"backing\": null instead");
      }
      withoutBacking = true;
      kept.remove(BACKING);
      rest.remove(BACKING);
    }
  }

  private void openFile(@Nullable String filename) throws BlockException {
    OptionMap below = rest.takeBelow(FILE + ".");
    String reference = rest.string(FILE);
    if (filename == null && reference == null && below.isEmpty()) {
      return;
    }
    Heritage heritage = new Heritage(kept, true, protocol, ChildRole.IMAGE, inactive);
    file = opener.open(filename, reference, below, heritage);
    fileIsOwn = reference == null;
    rest.remove(FILE);
  }

  private void probeFormat(String filename) throws BlockException {
    if (driver != null) {
      return;
    }
    if (file == null) {
      throw BlockException.invalid("Must specify either driver or file");
    }
    probed = true;
    driver = guess(file, filename);
    kept.put(CommonOptions.DRIVER, driver.name());
    rest.put(CommonOptions.DRIVER, driver.name());
  }

  private BlockDriver guess(BlockNode image, String filename) throws BlockException {
    long length = image.length();
    if (length == 0) {
      return opener.drivers().get("raw");
    }
    try (PooledBuffer taken = BufferPool.get(DriverRegistry.PROBE_BYTES)) {
      ByteBuffer head = taken.buffer();
      try {
        image.read(0, head, 0);
      } catch (BlockException e) {
        throw BlockException.withErrno(
            e.errno(), "Could not read image for determining its format");
      }
      return opener.drivers().probe(head.flip(), filename);
    }
  }

  // ---- the node -------------------------------------------------------------------------------

  private void openNode() throws BlockException {
    BlockDriver chosen = chosen();
    String nodeName = rest.text(CommonOptions.NODE_NAME);
    takeDriveAio(chosen);
    NodeOptions options = CommonOptions.take(rest);
    String filename = rest.string(CommonOptions.FILENAME);
    if (chosen.needsFilename() && (filename == null || filename.isEmpty())) {
      throw BlockException.invalid("The '" + chosen.name() + "' block driver requires a file name");
    }
    BlockNode created = graph.createNode(nodeName, chosen.name(), options);
    created.setInactive(inactive);
    node = created;
    opener.fileNames().record(created, chosen, kept, explicit);
    OptionMap own = takeOwn(chosen);
    typed = chosen.typed(own);
    NodeOps ops = chosen.open(this);
    created.opened(ops);
    graph.refresh(created);
  }

  private void takeDriveAio(BlockDriver chosen) {
    boolean accessesFiles =
        chosen.runtimeOptions().stream().anyMatch(option -> option.name().equals("aio"));
    String aio = rest.string(CommonOptions.DRIVE_AIO);
    if (accessesFiles && aio != null) {
      rest.putDefault("aio", aio);
    }
  }

  private OptionMap takeOwn(BlockDriver chosen) throws BlockException {
    OptionMap own = new OptionMap();
    for (RuntimeOption option : chosen.runtimeOptions()) {
      String name = option.name();
      switch (option.kind()) {
        case CHILD -> childOptions.take(rest, name, own);
        case CHILDREN -> childOptions.takeList(rest, name, own);
        case HIDDEN, HIDDEN_TREE -> option.move(rest, hidden);
        case TEXT, BOOL, NUMBER, SIZE, ENUM, TREE -> option.move(rest, own);
      }
    }
    return own;
  }

  private void refuseUnknown() throws BlockException {
    if (rest.isEmpty()) {
      return;
    }
    throw BlockException.invalid(
        protocol
            ? "Block protocol '%s' doesn't support the option '%s'"
                .formatted(chosen().name(), rest.firstName())
            : "Block format '%s' does not support the option '%s'"
                .formatted(chosen().name(), rest.firstName()));
  }

  private BlockDriver chosen() {
    if (driver == null) {
      throw new IllegalStateException("no driver chosen yet");
    }
    return driver;
  }

  private BlockNode opened() {
    if (node == null) {
      throw new IllegalStateException("no node made yet");
    }
    return node;
  }

  // ---- what the driver asks -------------------------------------------------------------------

  @Override
  public BlockNode node() {
    return opened();
  }

  @Override
  public BlockdevOptions options() {
    if (typed == null) {
      throw new IllegalStateException("options not decoded yet");
    }
    return typed;
  }

  @Override
  public @Nullable BlockNode node(String name) {
    return graph.node(name);
  }

  @Override
  public Child openChild(String edgeName, int role, BlockdevRef ref) throws BlockException {
    return openNamedChild(edgeName, role, null);
  }

  @Override
  public Child openNamedChild(String edgeName, int role, @Nullable String filename)
      throws BlockException {
    BlockNode given = edgeName.equals(FILE) ? file : null;
    BlockNode below = given != null ? given : openBelow(edgeName, role, filename);
    boolean own = given != null ? fileIsOwn : !childOptions.of(edgeName).has("");
    try {
      Child child = attach(edgeName, role, below);
      if (own) {
        opener.fileNames().setInherits(below, opened());
      }
      return child;
    } catch (BlockException refused) {
      graph.closeIfUnused(below);
      throw refused;
    }
  }

  /**
   * Takes the permissions that the role needs at once, since drivers read headers while they open.
   * Pure data is not touched before the driver can say what it needs, which may be less.
   */
  private Child attach(String edgeName, int role, BlockNode below) throws BlockException {
    if ((role & (ChildRole.METADATA | ChildRole.FILTERED)) != 0) {
      return graph.attach(opened(), edgeName, role, below, Perms.NONE);
    }
    GraphTransaction transaction = new GraphTransaction();
    Child child = graph.attach(transaction, opened(), edgeName, role, below, Perms.NONE);
    transaction.commit();
    return child;
  }

  private BlockNode openBelow(String edgeName, int role, @Nullable String filename)
      throws BlockException {
    OptionMap options = childOptions.of(edgeName).copy();
    String reference = options.string("");
    options.remove("");
    if (filename == null && reference == null && options.isEmpty()) {
      throw BlockException.invalid("A block device must be specified for \"" + edgeName + "\"");
    }
    Heritage heritage = new Heritage(kept, chosen().isFormat(), protocol, role, inactive);
    return opener.open(filename, reference, options, heritage);
  }

  @Override
  public @Nullable BlockNode lookup(String name) {
    try {
      return graph.lookup(name, name);
    } catch (BlockException unknown) {
      return null;
    }
  }

  @Override
  public int childCount(String name) {
    return childOptions.count(name);
  }

  @Override
  public @Nullable String hidden(String name) {
    return hidden.string(name);
  }

  @Override
  public OptionMap hiddenBelow(String prefix) {
    return hidden.copy().takeBelow(prefix);
  }

  @Override
  public boolean probed() {
    return probed;
  }

  @Override
  public String probe(ByteBuffer head) {
    try {
      return opener.drivers().probe(head, "").name();
    } catch (BlockException unknown) {
      return "";
    }
  }

  @Override
  public void warn(String line) {
    standardError.accept(line);
  }

  @Override
  public <T> T compute(Computation<T> work) throws BlockException {
    return Aside.run(graph.lane(), work);
  }

  @Override
  public void wakeLane() {
    graph.lane().kick();
  }

  @Override
  public String filenameOf(BlockNode other) {
    return opener.fileNames().refresh(other);
  }

  @Override
  public void fallBackToReadOnly(String refusal) throws BlockException {
    NodeOptions options = opened().options();
    if (options.readOnly()) {
      return;
    }
    if (!options.autoReadOnly()) {
      throw BlockException.of(Errno.EACCES, refusal);
    }
    opened().setOptions(options.withReadOnly(true));
  }
}
