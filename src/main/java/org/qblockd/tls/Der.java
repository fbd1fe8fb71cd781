// SPDX-License-Identifier: Apache-2.0
package org.qblockd.tls;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** As much of DER as private keys need: to put one into PKCS #8 (RFC 5208). Pure. */
final class Der {
  private static final int SEQUENCE = 0x30;
  private static final int OCTETS = 0x04;
  private static final int PARAMETERS = 0xA0;
  private static final byte[] VERSION_0 = {2, 1, 0};

  /** rsaEncryption, with its empty parameters. */
  private static final byte[] RSA = {
    0x30, 13, 6, 9, 0x2A, (byte) 0x86, 0x48, (byte) 0x86, (byte) 0xF7, 13, 1, 1, 1, 5, 0
  };

  /** id-ecPublicKey. */
  private static final byte[] EC = {6, 7, 0x2A, (byte) 0x86, 0x48, (byte) 0xCE, 0x3D, 2, 1};

  private Der() {}

  /** PKCS #8 around the RSA key of PKCS #1. */
  static byte[] ofRsa(byte[] key) {
    return value(SEQUENCE, VERSION_0, RSA, value(OCTETS, key));
  }

  /** PKCS #8 around an elliptic curve's key of RFC 5915; null when that names no curve. */
  static byte @Nullable [] ofEllipticCurve(byte[] key) {
    byte[] curve = curve(key);
    return curve == null
        ? null
        : value(SEQUENCE, VERSION_0, value(SEQUENCE, EC, curve), value(OCTETS, key));
  }

  /** The tagged parameters behind version and private key. */
  private static byte @Nullable [] curve(byte[] key) {
    int at = content(key, 0);
    for (int i = 0; i < 3 && at >= 0 && at < key.length; i++) {
      int inside = content(key, at);
      int end = inside < 0 ? -1 : inside + length(key, at);
      if (end < 0 || end > key.length) {
        return null;
      }
      if ((key[at] & 0xFF) == PARAMETERS) {
        return Arrays.copyOfRange(key, inside, end);
      }
      at = end;
    }
    return null;
  }

  /** Where the content of the value at {@code at} begins; -1 when it is not there. */
  private static int content(byte[] der, int at) {
    if (at + 2 > der.length) {
      return -1;
    }
    int first = der[at + 1] & 0xFF;
    int extra = first < 0x80 ? 0 : first & 0x7F;
    return extra > 2 || at + 2 + extra > der.length ? -1 : at + 2 + extra;
  }

  private static int length(byte[] der, int at) {
    int first = der[at + 1] & 0xFF;
    if (first < 0x80) {
      return first;
    }
    int length = 0;
    for (int i = 0; i < (first & 0x7F); i++) {
      length = length << 8 | der[at + 2 + i] & 0xFF;
    }
    return length;
  }

  private static byte[] value(int tag, byte[]... parts) {
    int length = Arrays.stream(parts).mapToInt(part -> part.length).sum();
    ByteArrayOutputStream out = new ByteArrayOutputStream(length + 5);
    out.write(tag);
    if (length < 0x80) {
      out.write(length);
    } else {
      out.write(0x82);
      out.write(length >> 8);
      out.write(length);
    }
    for (byte[] part : parts) {
      out.writeBytes(part);
    }
    return out.toByteArray();
  }
}
