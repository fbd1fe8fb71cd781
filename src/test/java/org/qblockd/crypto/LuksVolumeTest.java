// SPDX-License-Identifier: Apache-2.0
package org.qblockd.crypto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.qblockd.base.BlockException;
import org.qblockd.base.SystemClock;

class LuksVolumeTest {
  private static final byte[] PASSWORD = "sesame".getBytes(StandardCharsets.UTF_8);

  /** Memory that holds a header and its keys. */
  private record Memory(byte[] bytes) implements LuksVolume.Area {
    @Override
    public void read(long offset, ByteBuffer into) {
      into.put(bytes, (int) offset, into.remaining());
    }

    @Override
    public void write(long offset, ByteBuffer from) {
      from.get(bytes, (int) offset, from.remaining());
    }
  }

  /** IEEE 1619, vector 2 of XTS-AES-128: data unit 0x3333333333, here as the sector's number. */
  @Test
  void xtsIsThatOfTheStandard() {
    byte[] key = HexFormat.of().parseHex("11".repeat(16) + "22".repeat(16));
    AesSectors cipher = new AesSectors(new CipherSpec("aes-128", "xts", "plain64", null), key);
    ByteBuffer data = ByteBuffer.wrap(HexFormat.of().parseHex("44".repeat(32)));
    cipher.encrypt(0x3333333333L * SectorCipher.SECTOR_BYTES, data);
    assertThat(HexFormat.of().formatHex(data.array()))
        .isEqualTo("c454185e6a16936e39334038acef838bfb186fff7480adc4289382ecd6d394f0");
  }

  /** RFC 6070, second vector. */
  @Test
  void passwordsAreStretchedAsTheStandardSays() {
    byte[] key =
        Hash.pbkdf2(
            "sha1",
            "password".getBytes(StandardCharsets.UTF_8),
            "salt".getBytes(StandardCharsets.UTF_8),
            2,
            20);
    assertThat(HexFormat.of().formatHex(key)).isEqualTo("ea6c014dc72d6f8ccd1ed92ace1d41f0d8de8957");
  }

  @ParameterizedTest
  @CsvSource({
    "aes-256,xts,plain64,,sha256",
    "aes-128,cbc,essiv,sha256,sha1",
    "aes-192,cbc,plain,,sha512",
    "aes-128,ctr,plain64,,sha256"
  })
  void opensWithItsPasswordOnly(
      String algorithm, String mode, String generator, String ivHash, String hash)
      throws BlockException {
    CipherSpec spec = new CipherSpec(algorithm, mode, generator, ivHash);
    LuksVolume made =
        LuksVolume.create(new LuksVolume.Parameters(spec, hash, 1), false, SystemClock.INSTANCE);
    Memory area = new Memory(new byte[(int) made.header().payloadOffset()]);
    made.write(made.derive(3, PASSWORD, 1, SystemClock.INSTANCE), area);
    LuksHeader header = LuksVolume.readHeader(area);
    LuksVolume opened = LuksVolume.open(header, area, PASSWORD);
    byte[] data = new byte[4096];
    ByteBuffer sealed = ByteBuffer.wrap(data.clone());
    made.cipher().encrypt(512, sealed);
    assertThat(sealed.array()).isNotEqualTo(data);
    opened.cipher().decrypt(512, sealed);
    assertThat(sealed.array()).isEqualTo(data);
    assertThatThrownBy(() -> LuksVolume.open(header, area, new byte[0]))
        .hasMessageContaining("Invalid password, cannot unlock any keyslot");
    made.erase(3, area);
    assertThatThrownBy(() -> LuksVolume.open(LuksVolume.readHeader(area), area, PASSWORD))
        .hasMessageContaining("Invalid password, cannot unlock any keyslot");
  }
}
