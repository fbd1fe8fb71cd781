// SPDX-License-Identifier: Apache-2.0
package org.qblockd.machine.object;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateFactory;
import java.security.cert.CertificateNotYetValidException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.qblockd.qapi.QmpException;

/** Checks certificates before anybody connects, so that mistakes are told early. Any thread. */
final class Certificates {
  private static final String BASIC_CONSTRAINTS = "2.5.29.19";

  private Certificates() {}

  /**
   * Checks the certificates of an authority and, if there is one, that of this side.
   *
   * @param server whether this side is a server
   */
  static void check(Path authority, @Nullable Path own, boolean server) throws QmpException {
    List<X509Certificate> authorities = read(authority, "CA certificate");
    List<X509Certificate> mine =
        own == null ? List.of() : read(own, server ? "server certificate" : "client certificate");
    for (X509Certificate each : mine) {
      checkTime(each, own);
      if (each.getBasicConstraints() >= 0) {
        throw QmpException.generic(
            "The certificate "
                + own
                + " basic constraints show a CA, but we need one for a "
                + (server ? "server" : "client"));
      }
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
    List<X509Certificate> found = new ArrayList<>();
    try (InputStream in = Files.newInputStream(file)) {
      for (var each : CertificateFactory.getInstance("X.509").generateCertificates(in)) {
        found.add((X509Certificate) each);
      }
    } catch (IOException e) {
      throw QmpException.generic("Cannot load " + what + " list " + file + ": " + e.getMessage());
    } catch (CertificateException e) {
      throw unreadable(what, file);
    }
    if (found.isEmpty()) {
      throw unreadable(what, file);
    }
    return found;
  }

  private static QmpException unreadable(String what, Path file) {
    return QmpException.generic(
        "Unable to import " + what + " " + file + ": No certificate was found.");
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
