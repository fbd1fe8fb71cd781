// SPDX-License-Identifier: Apache-2.0
package org.qblockd.tls;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.cert.CRL;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509CRL;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads the files of TLS credentials, with QEMU's sentences for what is wrong. Any thread. */
public final class TlsFileReader {
  private TlsFileReader() {}

  /**
   * Certificates of a PEM file; an empty list when it holds none that can be read.
   *
   * @throws TlsFailure when the file cannot be read
   */
  public static List<X509Certificate> certificates(Path file, String what) throws TlsFailure {
    List<X509Certificate> found = new ArrayList<>();
    try (InputStream in = Files.newInputStream(file)) {
      for (Certificate each : CertificateFactory.getInstance("X.509").generateCertificates(in)) {
        found.add((X509Certificate) each);
      }
    } catch (IOException e) {
      throw new TlsFailure("Cannot load " + what + " list " + file + ": " + e.getMessage(), e);
    } catch (CertificateException unreadable) {
      return List.of();
    }
    return List.copyOf(found);
  }

  /**
   * The key of a certificate.
   *
   * @param password opens an encrypted key; null if there is none
   * @throws TlsFailure when it cannot be read or belongs to another certificate
   */
  public static PrivateKey key(
      Path file, Path certificateFile, X509Certificate certificate, @Nullable String password)
      throws TlsFailure {
    String what = "Cannot load certificate '" + certificateFile + "' & key '" + file + "': ";
    PrivateKey key;
    try {
      key = PrivateKeys.read(file, password);
    } catch (IOException | GeneralSecurityException e) {
      throw new TlsFailure(what + e.getMessage(), e);
    }
    if (!PrivateKeys.match(key, certificate.getPublicKey())) {
      throw new TlsFailure(what + "The certificate and the given key do not match.");
    }
    return key;
  }

  /**
   * A file's lists of revoked certificates.
   *
   * @throws TlsFailure when it cannot be read
   */
  public static List<X509CRL> revoked(Path file) throws TlsFailure {
    List<X509CRL> found = new ArrayList<>();
    try (InputStream in = Files.newInputStream(file)) {
      for (CRL each : CertificateFactory.getInstance("X.509").generateCRLs(in)) {
        found.add((X509CRL) each);
      }
    } catch (IOException | GeneralSecurityException e) {
      throw new TlsFailure("Cannot load CRL '" + file + "': " + e.getMessage(), e);
    }
    if (found.isEmpty()) {
      throw new TlsFailure("Cannot load CRL '" + file + "': Base64 decoding error.");
    }
    return List.copyOf(found);
  }
}
