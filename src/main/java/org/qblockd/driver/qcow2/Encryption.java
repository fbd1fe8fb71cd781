// SPDX-License-Identifier: Apache-2.0
package org.qblockd.driver.qcow2;

import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.qblockd.base.BlockException;
import org.qblockd.crypto.LuksHeader;
import org.qblockd.crypto.LuksVolume;
import org.qblockd.crypto.Secrets;
import org.qblockd.driver.OpenRequest;
import org.qblockd.qapi.types.BlockdevQcow2Encryption;
import org.qblockd.qapi.types.BlockdevQcow2EncryptionFormat;

/** Finds the key of an encrypted image. Control lane, during open. */
final class Encryption {
  private final Header header;
  private final ImageFile file;
  private final Secrets secrets;

  Encryption(Header header, ImageFile file, Secrets secrets) {
    this.header = header;
    this.file = file;
    this.secrets = secrets;
  }

  /** The volume whose cipher the image's data have, or null; QEMU's sentences for refusals. */
  @Nullable LuksVolume open(OpenRequest request, Optional<BlockdevQcow2Encryption> options)
      throws BlockException {
    if (header.cryptMethod != Header.LUKS) {
      return null;
    }
    checkFormat(options);
    Header.CryptoPlace place = header.cryptoPlace;
    if (place == null) {
      throw new IllegalStateException("the parser checks this");
    }
    CryptoArea area = new CryptoArea(file, place.offset(), place.length());
    String id =
        switch (options.orElse(null)) {
          case BlockdevQcow2Encryption.Luks luks -> luks.data().keySecret().orElse(null);
          case null, default -> null;
        };
    if (id == null) {
      throw BlockException.invalid("Parameter 'encrypt.key-secret' is required for cipher");
    }
    LuksHeader found = LuksVolume.readHeader(area);
    byte[] password = secrets.password(id);
    return request.compute(() -> LuksVolume.open(found, area, password));
  }

  private void checkFormat(Optional<BlockdevQcow2Encryption> options) throws BlockException {
    if (options.isPresent() && options.get().format() != BlockdevQcow2EncryptionFormat.LUKS) {
      throw BlockException.invalid(
          "Header reported 'luks' encryption format but options specify '"
              + options.get().format().wireName()
              + "'");
    }
  }
}
