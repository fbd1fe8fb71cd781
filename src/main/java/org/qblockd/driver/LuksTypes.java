// SPDX-License-Identifier: Apache-2.0
package org.qblockd.driver;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.qblockd.crypto.CipherSpec;
import org.qblockd.crypto.LuksHeader;
import org.qblockd.crypto.LuksSlot;
import org.qblockd.crypto.LuksVolume;
import org.qblockd.qapi.types.QCryptoBlockCreateOptionsLUKS;
import org.qblockd.qapi.types.QCryptoBlockInfoLUKS;
import org.qblockd.qapi.types.QCryptoBlockInfoLUKSSlot;
import org.qblockd.qapi.types.QCryptoCipherAlgo;
import org.qblockd.qapi.types.QCryptoCipherMode;
import org.qblockd.qapi.types.QCryptoHashAlgo;
import org.qblockd.qapi.types.QCryptoIVGenAlgo;

/** LUKS volumes in the words of QAPI. Stateless; any thread. */
public final class LuksTypes {
  private static final long DEFAULT_ITERATION_MILLIS = 2000;

  private LuksTypes() {}

  /** What a new volume shall be like; QEMU's defaults. */
  public static LuksVolume.Parameters parameters(QCryptoBlockCreateOptionsLUKS options) {
    String generator = options.ivgenAlg().map(QCryptoIVGenAlgo::wireName).orElse("plain64");
    String ivHash = options.ivgenHashAlg().map(QCryptoHashAlgo::wireName).orElse(null);
    if (generator.equals("essiv") && ivHash == null) {
      ivHash = "sha256";
    }
    CipherSpec cipher =
        new CipherSpec(
            options.cipherAlg().map(QCryptoCipherAlgo::wireName).orElse("aes-256"),
            options.cipherMode().map(QCryptoCipherMode::wireName).orElse("xts"),
            generator,
            ivHash);
    String hash = options.hashAlg().map(QCryptoHashAlgo::wireName).orElse("sha256");
    return new LuksVolume.Parameters(cipher, hash, iterationMillis(options.iterTime()));
  }

  /** How long key derivation shall take, milliseconds. */
  public static long iterationMillis(Optional<Long> given) {
    return given.orElse(DEFAULT_ITERATION_MILLIS);
  }

  /**
   * The facts that queries show.
   *
   * @param detached whether header and data lie apart
   */
  public static QCryptoBlockInfoLUKS info(LuksHeader header, boolean detached) {
    List<QCryptoBlockInfoLUKSSlot> slots = new ArrayList<>();
    for (LuksSlot slot : header.slots()) {
      slots.add(
          new QCryptoBlockInfoLUKSSlot(
              slot.active(),
              slot.active() ? Optional.of((long) slot.iterations()) : Optional.empty(),
              slot.active() ? Optional.of((long) slot.stripes()) : Optional.empty(),
              slot.keyOffset()));
    }
    CipherSpec cipher = header.cipher();
    return new QCryptoBlockInfoLUKS(
        known(QCryptoCipherAlgo.fromWire(cipher.algorithm())),
        known(QCryptoCipherMode.fromWire(cipher.mode())),
        known(QCryptoIVGenAlgo.fromWire(cipher.ivGenerator())),
        Optional.ofNullable(cipher.ivHash()).map(QCryptoHashAlgo::fromWire),
        known(QCryptoHashAlgo.fromWire(header.hash())),
        detached,
        header.payloadOffset(),
        header.digestIterations(),
        header.uuid(),
        slots);
  }

  private static <T> T known(@Nullable T value) {
    return Objects.requireNonNull(value, "the header was checked");
  }
}
