// SPDX-License-Identifier: Apache-2.0
package org.qblockd.crypto;

import org.jspecify.annotations.Nullable;
import org.qblockd.base.BlockException;
import org.qblockd.base.Errno;

/**
 * How sectors are encrypted, in the words of QAPI. Immutable; any thread.
 *
 * @param algorithm {@code aes-128}, {@code aes-192} or {@code aes-256}
 * @param mode {@code ecb}, {@code cbc}, {@code xts} or {@code ctr}
 * @param ivGenerator {@code plain}, {@code plain64} or {@code essiv}
 * @param ivHash the digest for essiv, else as the header has it, or null
 */
public record CipherSpec(
    String algorithm, String mode, String ivGenerator, @Nullable String ivHash) {
  /** The bytes of the key, both halves for XTS. */
  public int keyBytes() {
    int single = singleKeyBytes();
    return mode.equals("xts") ? 2 * single : single;
  }

  private int singleKeyBytes() {
    return Integer.parseInt(algorithm.substring("aes-".length())) / 8;
  }

  /** Refuses what cannot be done here. */
  public void check() throws BlockException {
    if (!algorithm.matches("aes-(128|192|256)")) {
      throw BlockException.of(Errno.ENOTSUP, "Algorithm '" + algorithm + "' not supported");
    }
    if (mode.equals("xts") && algorithm.equals("aes-192")) {
      throw BlockException.invalid("XTS mode requires a cipher key of 16 or 32 bytes");
    }
  }

  /** As a LUKS header names it: {@code xts-plain64}, {@code cbc-essiv:sha256}. */
  String luksMode() {
    String text = mode + "-" + ivGenerator;
    return ivHash == null ? text : text + ":" + ivHash;
  }

  /**
   * The inverse of {@link #luksMode}.
   *
   * @param keyBytes the length of the key, which tells the algorithm
   */
  static CipherSpec ofLuks(String cipher, String modeText, int keyBytes) throws BlockException {
    int dash = modeText.indexOf('-');
    if (dash < 0) {
      throw BlockException.invalid("Unexpected cipher mode string format '" + modeText + "'");
    }
    String mode = modeText.substring(0, dash);
    String rest = modeText.substring(dash + 1);
    int colon = rest.indexOf(':');
    String generator = colon < 0 ? rest : rest.substring(0, colon);
    String hash = colon < 0 ? null : rest.substring(colon + 1);
    known(mode, "ecb cbc xts ctr", "cipher mode");
    if (!cipher.equals("aes")) {
      throw BlockException.of(
          Errno.ENOTSUP,
          "Algorithm '" + cipher + "' with key size " + keyBytes + " bytes not supported");
    }
    int single = mode.equals("xts") ? keyBytes / 2 : keyBytes;
    boolean odd = mode.equals("xts") && keyBytes % 2 != 0;
    if (odd) {
      throw BlockException.invalid("XTS cipher key length should be a multiple of 2");
    }
    if (single != 16 && single != 24 && single != 32) {
      throw BlockException.invalid(
          "Algorithm 'aes' with key size " + single + " bytes not supported");
    }
    known(generator, "plain plain64 essiv", "IV generator");
    if (hash != null && !Hash.known(hash)) {
      throw BlockException.invalid("Hash algorithm '" + hash + "' is not recognized");
    }
    if (generator.equals("essiv") && hash == null) {
      throw BlockException.invalid("Missing IV generator hash specification");
    }
    return new CipherSpec("aes-" + single * 8, mode, generator, hash);
  }

  private static void known(String name, String all, String what) throws BlockException {
    if (!java.util.List.of(all.split(" ")).contains(name)) {
      String upper = Character.toUpperCase(what.charAt(0)) + what.substring(1);
      throw BlockException.invalid(upper + " '" + name + "' is not recognized");
    }
  }
}
