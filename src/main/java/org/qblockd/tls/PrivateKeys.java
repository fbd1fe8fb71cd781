// SPDX-License-Identifier: Apache-2.0
package org.qblockd.tls;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.interfaces.RSAKey;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.crypto.EncryptedPrivateKeyInfo;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;
import org.jspecify.annotations.Nullable;

/** Reads private keys in PEM files: PKCS #8, encrypted or not, PKCS #1, RFC 5915. Any thread. */
final class PrivateKeys {
  private static final Pattern BLOCK =
      Pattern.compile("-----BEGIN ([A-Z ]*PRIVATE KEY)-----([^-]*)-----END \\1-----");

  private static final List<String> ALGORITHMS = List.of("RSA", "EC", "EdDSA", "RSASSA-PSS");

  private PrivateKeys() {}

  /**
   * The first key of a file.
   *
   * @param password opens an encrypted key; null if there is none
   * @throws GeneralSecurityException with a sentence, when there is none that can be read
   */
  static PrivateKey read(Path file, @Nullable String password)
      throws IOException, GeneralSecurityException {
    String text = Files.readString(file, StandardCharsets.ISO_8859_1);
    Matcher block = BLOCK.matcher(text);
    if (!block.find()) {
      throw new InvalidKeyException("The requested data were not available.");
    }
    byte[] bytes;
    try {
      bytes = Base64.getMimeDecoder().decode(block.group(2).strip());
    } catch (IllegalArgumentException e) {
      throw new InvalidKeyException("Base64 decoding error.", e);
    }
    byte[] plain =
        switch (block.group(1)) {
          case "RSA PRIVATE KEY" -> Der.ofRsa(bytes);
          case "EC PRIVATE KEY" -> Der.ofEllipticCurve(bytes);
          case "ENCRYPTED PRIVATE KEY" -> decrypted(bytes, password);
          default -> bytes;
        };
    if (plain == null) {
      throw new InvalidKeyException("ASN1 parser: Error in DER parsing.");
    }
    return decode(plain);
  }

  private static byte[] decrypted(byte[] bytes, @Nullable String password)
      throws IOException, GeneralSecurityException {
    if (password == null) {
      throw new InvalidKeyException("Decryption has failed.");
    }
    try {
      EncryptedPrivateKeyInfo info = new EncryptedPrivateKeyInfo(bytes);
      SecretKeyFactory factory = SecretKeyFactory.getInstance(info.getAlgName());
      return info.getKeySpec(factory.generateSecret(new PBEKeySpec(password.toCharArray())))
          .getEncoded();
    } catch (GeneralSecurityException e) {
      throw new InvalidKeyException("Decryption has failed.", e);
    }
  }

  private static PrivateKey decode(byte[] bytes) throws GeneralSecurityException {
    for (String algorithm : ALGORITHMS) {
      try {
        return KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(bytes));
      } catch (InvalidKeySpecException another) {
        // The next one may fit.
      }
    }
    throw new InvalidKeyException("The public key algorithm is unsupported.");
  }

  /** Whether both are halves of one key. */
  static boolean match(PrivateKey mine, PublicKey shown) {
    if (mine instanceof RSAKey first && shown instanceof RSAKey second) {
      return first.getModulus().equals(second.getModulus());
    }
    try {
      byte[] probe = {1, 2, 3};
      Signature signature =
          Signature.getInstance(mine.getAlgorithm().equals("EC") ? "SHA256withECDSA" : "EdDSA");
      signature.initSign(mine);
      signature.update(probe);
      byte[] signed = signature.sign();
      signature.initVerify(shown);
      signature.update(probe);
      return signature.verify(signed);
    } catch (GeneralSecurityException differentKinds) {
      return false;
    }
  }
}
