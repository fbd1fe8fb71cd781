// SPDX-License-Identifier: Apache-2.0
package org.qblockd.driver.qcow2;

import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.qblockd.base.BlockException;
import org.qblockd.base.Clock;
import org.qblockd.base.Errno;
import org.qblockd.block.BlockBackend;
import org.qblockd.block.Child;
import org.qblockd.crypto.Secrets;
import org.qblockd.driver.Computation;
import org.qblockd.driver.FormatCreator;
import org.qblockd.driver.ImageCreator;
import org.qblockd.qapi.types.BlockdevCreateOptions;
import org.qblockd.qapi.types.BlockdevCreateOptionsQcow2;
import org.qblockd.qapi.types.BlockdevDriver;
import org.qblockd.qapi.types.BlockdevQcow2Version;
import org.qblockd.qapi.types.BlockdevRef;
import org.qblockd.qapi.types.PreallocMode;
import org.qblockd.qapi.types.QCryptoBlockCreateOptions;
import org.qblockd.qapi.types.Qcow2CompressionType;

/** Creates qcow2 images from typed options. Control lane. */
final class Qcow2FormatCreator implements FormatCreator {
  private static final long DEFAULT_CLUSTER_SIZE = 65536;
  private static final long DEFAULT_REFCOUNT_BITS = 16;

  private final Secrets secrets;
  private final Clock clock;
  private volatile @Nullable NewEncryption prepared;

  Qcow2FormatCreator(Secrets secrets, Clock clock) {
    this.secrets = secrets;
    this.clock = clock;
  }

  @Override
  public Optional<Computation<Boolean>> preparation(BlockdevCreateOptions options) {
    if (options instanceof BlockdevCreateOptions.Qcow2 qcow2
        && qcow2.data().encrypt().orElse(null) instanceof QCryptoBlockCreateOptions.Luks luks) {
      try {
        Computation<NewEncryption> work = NewEncryption.of(luks.data(), secrets, clock);
        return Optional.of(() -> {
          prepared = work.run();
          return true;
        });
      } catch (BlockException refused) {
        // Told by create, in the order of QEMU's checks.
        return Optional.empty();
      }
    }
    return Optional.empty();
  }

  private @Nullable NewEncryption encryption(BlockdevCreateOptionsQcow2 typed)
      throws BlockException {
    if (typed.encrypt().isEmpty()) {
      return null;
    }
    NewEncryption ready = prepared;
    return switch (typed.encrypt().get()) {
      case QCryptoBlockCreateOptions.Luks luks ->
          ready != null ? ready : NewEncryption.of(luks.data(), secrets, clock).run();
      case QCryptoBlockCreateOptions.Qcow aes ->
          throw BlockException.of(
              Errno.ENOTSUP, "New images with the legacy AES encryption are not made here");
    };
  }

  @Override
  public void create(BlockdevCreateOptions options, Nodes nodes) throws BlockException {
    if (!(options instanceof BlockdevCreateOptions.Qcow2 qcow2)) {
      throw new IllegalArgumentException("options of another driver");
    }
    BlockdevCreateOptionsQcow2 typed = qcow2.data();
    Qcow2Creator.Options wanted = options(typed);
    BlockBackend backend = nodes.open(typed.file());
    try {
      Qcow2Creator.check(wanted, typed.dataFile().isPresent());
      NewEncryption crypto = encryption(typed);
      ImageFile image = new ChildFile(root(backend));
      if (typed.dataFile().isPresent()) {
        createWithData(typed.dataFile().get(), image, crypto, wanted, nodes);
      } else {
        Qcow2Creator.write(image, null, crypto, wanted);
      }
    } finally {
      backend.close();
    }
  }

  private static void createWithData(
      BlockdevRef ref,
      ImageFile image,
      @Nullable NewEncryption crypto,
      Qcow2Creator.Options wanted,
      Nodes nodes)
      throws BlockException {
    BlockBackend data = nodes.open(ref);
    try {
      Child root = root(data);
      String name = nodes.filenameOf(root.node());
      Qcow2Creator.DataFile file = new Qcow2Creator.DataFile(new ChildFile(root), name);
      Qcow2Creator.write(image, file, crypto, wanted);
    } finally {
      data.close();
    }
  }

  private static Child root(BlockBackend backend) throws BlockException {
    Child root = backend.root();
    if (root == null) {
      throw BlockException.io(Errno.ENOMEDIUM);
    }
    return root;
  }

  private static Qcow2Creator.Options options(BlockdevCreateOptionsQcow2 typed) {
    BlockdevQcow2Version version = typed.version().orElse(BlockdevQcow2Version.V3);
    return new Qcow2Creator.Options(
        typed.size(),
        version == BlockdevQcow2Version.V2 ? 2 : 3,
        typed.backingFile().orElse(null),
        typed.backingFmt().map(BlockdevDriver::wireName).orElse(null),
        typed.clusterSize().orElse(DEFAULT_CLUSTER_SIZE),
        typed.preallocation().map(PreallocMode::wireName).orElse("off"),
        typed.lazyRefcounts().orElse(false),
        typed.refcountBits().orElse(DEFAULT_REFCOUNT_BITS),
        typed.compressionType().filter(t -> t == Qcow2CompressionType.ZSTD).isPresent()
            ? Compression.ZSTD
            : Compression.ZLIB,
        typed.extendedL2().orElse(false),
        typed.dataFileRaw().orElse(false));
  }

  @Override
  public BlockdevCreateOptions options(ImageCreator.NewImage image, BlockdevRef file)
      throws BlockException {
    String format = image.backingFormat();
    BlockdevDriver driver = format == null ? null : BlockdevDriver.fromWire(format);
    if (format != null && driver == null) {
      throw BlockException.invalid(
          "Parameter 'backing-fmt' does not accept value '" + format + "'");
    }
    return new BlockdevCreateOptions.Qcow2(
        BlockdevCreateOptionsQcow2.builder()
            .file(file)
            .size((image.size() + 511) & -512)
            .backingFile(Optional.ofNullable(image.backing()))
            .backingFmt(Optional.ofNullable(driver))
            .build());
  }

  @Override
  public String describe(ImageCreator.NewImage image) {
    StringBuilder text =
        new StringBuilder("cluster_size=65536 extended_l2=off compression_type=zlib size=");
    text.append(image.size());
    if (image.backing() != null) {
      text.append(" backing_file=").append(image.backing());
    }
    if (image.backingFormat() != null) {
      text.append(" backing_fmt=").append(image.backingFormat());
    }
    return text.append(" lazy_refcounts=off refcount_bits=16").toString();
  }

  @Override
  public String tooLargeHint() {
    return " (try using a larger cluster size)";
  }
}
