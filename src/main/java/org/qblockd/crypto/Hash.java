// SPDX-License-Identifier: Apache-2.0
package org.qblockd.crypto;

import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Map;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.qblockd.base.BlockException;
import org.qblockd.base.Errno;

/** The digests that LUKS headers name, and what is made of them. Stateless; any thread. */
final class Hash {
  private static final Map<String, String> NAMES =
      Map.of(
          "md5", "MD5",
          "sha1", "SHA-1",
          "sha224", "SHA-224",
          "sha256", "SHA-256",
          "sha384", "SHA-384",
          "sha512", "SHA-512");

  private Hash() {}

  /** Whether a name means a digest, here or elsewhere. */
  static boolean known(String name) {
    return NAMES.containsKey(name) || name.equals("ripemd160") || name.equals("sm3");
  }

  static void check(String name) throws BlockException {
    if (!NAMES.containsKey(name)) {
      throw BlockException.of(Errno.ENOTSUP, "Hash algorithm '" + name + "' is not supported");
    }
  }

  static MessageDigest digest(String name) {
    try {
      return MessageDigest.getInstance(NAMES.getOrDefault(name, name));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("digests are checked before", e);
    }
  }

  /**
   * Derives a key from a password. Source: RFC 8018, PBKDF2.
   *
   * @param iterations at least 1
   */
  static byte[] pbkdf2(String name, byte[] password, byte[] salt, long iterations, int bytes) {
    Mac mac = mac(name, password);
    int digestBytes = mac.getMacLength();
    byte[] out = new byte[bytes];
    byte[] block = new byte[digestBytes];
    for (int at = 0, number = 1; at < bytes; at += digestBytes, number++) {
      mac.update(salt);
      mac.update(
          new byte[] {
            (byte) (number >> 24), (byte) (number >> 16), (byte) (number >> 8), (byte) number
          });
      byte[] round = mac.doFinal();
      System.arraycopy(round, 0, block, 0, digestBytes);
      repeat(mac, round, block, iterations);
      System.arraycopy(block, 0, out, at, Math.min(digestBytes, bytes - at));
    }
    return out;
  }

  private static void repeat(Mac mac, byte[] round, byte[] block, long iterations) {
    try {
      for (long i = 1; i < iterations; i++) {
        mac.update(round);
        mac.doFinal(round, 0);
        for (int b = 0; b < block.length; b++) {
          block[b] ^= round[b];
        }
      }
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("the buffer is as long as the digest", e);
    }
  }

  private static Mac mac(String name, byte[] password) {
    try {
      String digest = NAMES.getOrDefault(name, name).replace("-", "");
      Mac mac = Mac.getInstance("Hmac" + digest);
      // Keys are padded by zeroes, so that one zero is the same as nothing.
      byte[] key = password.length == 0 ? new byte[1] : password;
      mac.init(new SecretKeySpec(key, mac.getAlgorithm()));
      return mac;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("digests are checked before", e);
    }
  }

  // ---- anti-forensic splitter: LUKS1 specification, "Anti-forensic stripes" --------------------

  /** Spreads a key over {@code filler} and one more stripe, all of which are needed to read it. */
  static byte[] split(String name, byte[] key, byte[] filler) {
    byte[] out = java.util.Arrays.copyOf(filler, filler.length + key.length);
    byte[] block = mixed(name, out, key.length);
    for (int i = 0; i < key.length; i++) {
      out[filler.length + i] = (byte) (block[i] ^ key[i]);
    }
    return out;
  }

  /** The inverse of {@link #split}. */
  static byte[] merge(String name, byte[] stripes, int keyBytes) {
    byte[] key = mixed(name, stripes, keyBytes);
    for (int i = 0; i < keyBytes; i++) {
      key[i] ^= stripes[stripes.length - keyBytes + i];
    }
    return key;
  }

  /** What all stripes but the last come to. */
  private static byte[] mixed(String name, byte[] stripes, int keyBytes) {
    MessageDigest digest = digest(name);
    byte[] block = new byte[keyBytes];
    for (int at = 0; at + keyBytes < stripes.length; at += keyBytes) {
      for (int i = 0; i < keyBytes; i++) {
        block[i] ^= stripes[at + i];
      }
      diffuse(digest, block);
    }
    return block;
  }

  private static void diffuse(MessageDigest digest, byte[] block) {
    int size = digest.getDigestLength();
    for (int at = 0, number = 0; at < block.length; at += size, number++) {
      digest.update(
          new byte[] {
            (byte) (number >> 24), (byte) (number >> 16), (byte) (number >> 8), (byte) number
          });
      int bytes = Math.min(size, block.length - at);
      digest.update(block, at, bytes);
      System.arraycopy(digest.digest(), 0, block, at, bytes);
    }
  }
}
