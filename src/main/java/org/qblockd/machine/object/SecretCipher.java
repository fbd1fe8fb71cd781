// SPDX-License-Identifier: Apache-2.0
package org.qblockd.machine.object;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import javax.crypto.Cipher;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;
import org.qblockd.qapi.QmpException;

/** How secrets are written: base64, and encrypted with AES-256 in CBC mode. Any thread. */
final class SecretCipher {
  private static final int KEY_BYTES = 32;
  private static final int BLOCK_BYTES = 16;
  private static final String DIGITS =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

  private SecretCipher() {}

  /** Decodes base64; groups that are cut short and line ends do not matter. */
  static byte[] base64(byte[] text) throws QmpException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    int bits = 0;
    int digits = 0;
    int padding = 0;
    for (byte b : text) {
      int digit = DIGITS.indexOf(b);
      if (b == '\n') {
        continue;
      }
      if (digit < 0 && b != '=') {
        throw QmpException.generic("Base64 data contains invalid characters");
      }
      padding += b == '=' ? 1 : 0;
      bits = bits << 6 | Math.max(digit, 0);
      digits++;
      if (digits == 4) {
        byte[] group = {(byte) (bits >> 16), (byte) (bits >> 8), (byte) bits};
        out.write(group, 0, Math.max(1, 3 - padding));
        bits = 0;
        digits = 0;
        padding = 0;
      }
    }
    return out.toByteArray();
  }

  /** Decrypts a secret. */
  static byte[] decrypt(byte[] given, boolean base64, byte[] key, @Nullable String iv)
      throws QmpException {
    if (key.length != KEY_BYTES) {
      throw QmpException.generic("Key should be 32 bytes in length");
    }
    if (iv == null) {
      throw QmpException.generic("IV is required to decrypt secret");
    }
    byte[] vector = base64(iv.getBytes(StandardCharsets.UTF_8));
    if (vector.length != BLOCK_BYTES) {
      throw QmpException.generic("IV should be 16 bytes in length not " + vector.length);
    }
    byte[] sealed = base64 ? base64(given) : given;
    if (sealed.length % BLOCK_BYTES != 0) {
      throw QmpException.generic(
          "Length " + sealed.length + " must be a multiple of block size " + BLOCK_BYTES);
    }
    return unpadded(decrypt(sealed, key, vector));
  }

  private static byte[] decrypt(byte[] sealed, byte[] key, byte[] iv) {
    try {
      Cipher cipher = Cipher.getInstance("AES/CBC/NoPadding");
      cipher.init(Cipher.DECRYPT_MODE, new SecretKeySpec(key, "AES"), new IvParameterSpec(iv));
      return cipher.doFinal(sealed);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("AES is part of every JDK", e);
    }
  }

  private static byte[] unpadded(byte[] plain) throws QmpException {
    if (plain.length == 0) {
      return plain;
    }
    int padding = plain[plain.length - 1] & 0xFF;
    if (padding > BLOCK_BYTES) {
      throw QmpException.generic(
          "Incorrect number of padding bytes (" + padding + ") found on decrypted data");
    }
    return Arrays.copyOf(plain, plain.length - padding);
  }
}
