// SPDX-License-Identifier: Apache-2.0
package org.qblockd.machine.object;

import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.qblockd.qapi.QmpException;
import org.qblockd.tls.TlsFailure;
import org.qblockd.tls.TlsFileReader;

/** Checks certificates before anybody connects, so that mistakes are told early. Any thread. */
final class Certificates {
  private static final String BASIC_CONSTRAINTS = "2.5.29.19";
  private static final String KEY_USAGE = "2.5.29.15";

  // Bits of key usages, RFC 5280.
  private static final int DIGITAL_SIGNATURE = 0;
  private static final int KEY_ENCIPHERMENT = 2;
  private static final int CERTIFICATE_SIGNING = 5;

  private Certificates() {}

  /**
   * Checks the certificates of an authority and, if there is one, that of this side.
   *
   * @param server whether this side is a server
   */
  static void check(Path authority, @Nullable Path own, boolean server) throws QmpException {
    List<X509Certificate> mine =
        own == null ? List.of() : read(own, server ? "server certificate" : "client certificate");
    List<X509Certificate> authorities = read(authority, "CA certificate list");
    for (X509Certificate each : mine) {
      checkTime(each, own);
      if (each.getBasicConstraints() >= 0) {
        throw QmpException.generic(
            "The certificate "
                + own
                + " basic constraints show a CA, but we need one for a "
                + (server ? "server" : "client"));
      }
      checkUsage(each, own, DIGITAL_SIGNATURE, "digital signature");
      checkUsage(each, own, KEY_ENCIPHERMENT, "key encipherment");
    }
    for (X509Certificate each : authorities) {
      checkTime(each, authority);
      if (each.getExtensionValue(BASIC_CONSTRAINTS) == null) {
        throw QmpException.generic(
            "The certificate " + authority + " is missing basic constraints for a CA");
      }
      if (each.getBasicConstraints() < 0) {
        throw QmpException.generic(
            "The certificate " + authority + " basic constraints do not show a CA");
      }
      checkUsage(each, authority, CERTIFICATE_SIGNING, "certificate signing");
    }
    if (!mine.isEmpty() && !issued(mine.getFirst(), authorities)) {
      throw QmpException.generic(
          "Our own certificate "
              + own
              + " failed validation against "
              + authority
              + ": The certificate hasn't got a known issuer");
    }
  }

  private static List<X509Certificate> read(Path file, String what) throws QmpException {
    try {
      List<X509Certificate> found = TlsFileReader.certificates(file, what);
      if (!found.isEmpty()) {
        return found;
      }
    } catch (TlsFailure e) {
      throw QmpException.generic(e.message());
    }
    String text = "Unable to import " + what + " " + file;
    throw QmpException.generic(what.endsWith("list") ? text : text + ": No certificate was found.");
  }

  /** Only a critical extension forbids what it does not name. */
  private static void checkUsage(
      X509Certificate certificate, @Nullable Path file, int usage, String what)
      throws QmpException {
    boolean[] usages = certificate.getKeyUsage();
    Set<String> critical = certificate.getCriticalExtensionOIDs();
    if (usages != null && critical != null && critical.contains(KEY_USAGE) && !usages[usage]) {
      throw QmpException.generic("Certificate " + file + " usage does not permit " + what);
    }
  }

  private static void checkTime(X509Certificate certificate, @Nullable Path file)
      throws QmpException {
    try {
      certificate.checkValidity();
    } catch (CertificateExpiredException e) {
      throw QmpException.generic("The certificate " + file + " has expired");
    } catch (CertificateNotYetValidException e) {
      throw QmpException.generic("The certificate " + file + " is not yet active");
    }
  }

  private static boolean issued(X509Certificate certificate, List<X509Certificate> authorities) {
    for (X509Certificate authority : authorities) {
      if (isSignedBy(certificate, authority)) {
        return true;
      }
    }
    return false;
  }

  private static boolean isSignedBy(X509Certificate certificate, X509Certificate authority) {
    try {
      certificate.verify(authority.getPublicKey());
      return true;
    } catch (GeneralSecurityException another) {
      return false;
    }
  }
}
