// SPDX-License-Identifier: Apache-2.0
package org.qblockd.driver.luks;

import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.qblockd.base.BlockException;
import org.qblockd.base.Clock;
import org.qblockd.base.Errno;
import org.qblockd.block.BlockBackend;
import org.qblockd.block.Child;
import org.qblockd.crypto.LuksVolume;
import org.qblockd.crypto.Secrets;
import org.qblockd.driver.Computation;
import org.qblockd.driver.FormatCreator;
import org.qblockd.driver.ImageCreator;
import org.qblockd.driver.LuksTypes;
import org.qblockd.qapi.types.BlockdevCreateOptions;
import org.qblockd.qapi.types.BlockdevCreateOptionsLUKS;
import org.qblockd.qapi.types.BlockdevRef;
import org.qblockd.qapi.types.PreallocMode;
import org.qblockd.qapi.types.QCryptoBlockCreateOptionsLUKS;

/**
 * Makes LUKS volumes, the header in the file itself or in one of its own. Control lane; the keys
 * are derived before, elsewhere.
 */
final class LuksCreator implements FormatCreator {
  private static final String NO_SECRET = "Parameter 'key-secret' is required for cipher";

  private record New(LuksVolume volume, LuksVolume.NewKey key) {}

  private final Secrets secrets;
  private final Clock clock;
  private volatile @Nullable New prepared;

  LuksCreator(Secrets secrets, Clock clock) {
    this.secrets = secrets;
    this.clock = clock;
  }

  /** Names alone do not tell a secret. */
  @Override
  public BlockdevCreateOptions options(ImageCreator.NewImage image, BlockdevRef file)
      throws BlockException {
    throw BlockException.invalid(NO_SECRET);
  }

  @Override
  public Optional<Computation<Boolean>> preparation(BlockdevCreateOptions options) {
    try {
      Computation<New> work = computation(typed(options));
      return Optional.of(() -> {
        prepared = work.run();
        return true;
      });
    } catch (BlockException refused) {
      // Told by create, in the order of QEMU's checks.
      return Optional.empty();
    }
  }

  private Computation<New> computation(BlockdevCreateOptionsLUKS typed) throws BlockException {
    if (typed.keySecret().isEmpty()) {
      throw BlockException.invalid(NO_SECRET);
    }
    LuksVolume.Parameters wanted =
        LuksTypes.parameters(
            new QCryptoBlockCreateOptionsLUKS(
                typed.keySecret(),
                typed.cipherAlg(),
                typed.cipherMode(),
                typed.ivgenAlg(),
                typed.ivgenHashAlg(),
                typed.hashAlg(),
                typed.iterTime()));
    byte[] password = secrets.password(typed.keySecret().get());
    boolean detached = typed.header().isPresent();
    return () -> {
      LuksVolume volume = LuksVolume.create(wanted, detached, clock);
      return new New(volume, volume.derive(0, password, wanted.iterationMillis(), clock));
    };
  }

  private static BlockdevCreateOptionsLUKS typed(BlockdevCreateOptions options) {
    if (!(options instanceof BlockdevCreateOptions.Luks luks)) {
      throw new IllegalArgumentException("options of another driver");
    }
    return luks.data();
  }

  @Override
  public void create(BlockdevCreateOptions options, Nodes nodes) throws BlockException {
    BlockdevCreateOptionsLUKS typed = typed(options);
    if (typed.file().isEmpty() && typed.header().isEmpty()) {
      throw BlockException.invalid("Either the parameter 'header' or 'file' must be specified");
    }
    String preallocation = typed.preallocation().map(PreallocMode::wireName).orElse("off");
    if (!preallocation.equals("off") && typed.file().isEmpty()) {
      throw BlockException.invalid(
          "Parameter 'preallocation' requires 'file' to be specified for formatting LUKS disk");
    }
    New made = prepared;
    if (made == null) {
      made = computation(typed).run();
    }
    if (typed.header().isPresent()) {
      writeHeader(made, typed.header().get(), 0, "off", nodes);
      if (typed.file().isPresent()) {
        resize(typed.file().get(), typed.size(), preallocation, nodes);
      }
    } else {
      long payload = made.volume.header().payloadOffset();
      if (typed.size() > Long.MAX_VALUE - payload || typed.size() < 0) {
        throw BlockException.of(Errno.EFBIG, "The requested file size is too large");
      }
      writeHeader(made, typed.file().get(), typed.size() + payload, preallocation, nodes);
    }
  }

  private static void writeHeader(
      New made, BlockdevRef where, long length, String preallocation, Nodes nodes)
      throws BlockException {
    BlockBackend backend = nodes.open(where);
    try {
      Child child = root(backend);
      long area = LuksVolume.headerBytes(made.volume.header().cipher());
      child.resize(Math.max(area, length), false, preallocation, false);
      made.volume.write(made.key, new ChildArea(child));
      child.flush();
    } finally {
      backend.close();
    }
  }

  private static void resize(BlockdevRef where, long length, String preallocation, Nodes nodes)
      throws BlockException {
    BlockBackend backend = nodes.open(where);
    try {
      root(backend).resize(length, false, preallocation, false);
    } finally {
      backend.close();
    }
  }

  private static Child root(BlockBackend backend) throws BlockException {
    Child root = backend.root();
    if (root == null) {
      throw BlockException.io(Errno.ENOMEDIUM);
    }
    return root;
  }
}
