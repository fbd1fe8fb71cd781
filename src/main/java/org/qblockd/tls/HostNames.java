// SPDX-License-Identifier: Apache-2.0
package org.qblockd.tls;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import javax.security.auth.x500.X500Principal;

/** Who a certificate is for (RFC 6125). Pure. */
final class HostNames {
  private static final int DNS = 2;
  private static final int ADDRESS = 7;

  /** Abbreviations that RFC 2253 has not but GnuTLS writes. */
  private static final Map<String, String> NAMES = Map.of("1.2.840.113549.1.9.1", "EMAIL");

  /** A comma that is not part of a value. */
  private static final Pattern SEPARATOR = Pattern.compile("(?<!\\\\),");

  private HostNames() {}

  /** The subject's distinguished name in the certificate's order, as GnuTLS writes it. */
  static String subject(X509Certificate certificate) {
    String lastFirst = certificate.getSubjectX500Principal().getName(X500Principal.RFC2253, NAMES);
    return String.join(",", Arrays.asList(SEPARATOR.split(lastFirst)).reversed());
  }

  /**
   * Whether the certificate is for this host: by its alternative names, or by its common name when
   * it has none that is a host's.
   */
  static boolean matches(X509Certificate certificate, String host) throws TlsFailure {
    boolean named = false;
    try {
      Collection<List<?>> names = certificate.getSubjectAlternativeNames();
      for (List<?> name : names == null ? List.<List<?>>of() : names) {
        int kind = name.getFirst() instanceof Integer number ? number : -1;
        String text = String.valueOf(name.get(1));
        if (kind == ADDRESS && sameAddress(text, host) || kind == DNS && covers(text, host)) {
          return true;
        }
        named |= kind == DNS;
      }
    } catch (CertificateParsingException e) {
      throw new TlsFailure("Invalid certificate", e);
    }
    return !named && covers(commonName(certificate), host);
  }

  private static String commonName(X509Certificate certificate) {
    for (String part : subject(certificate).split(",", -1)) {
      if (part.startsWith("CN=")) {
        return part.substring(3);
      }
    }
    return "";
  }

  private static boolean sameAddress(String shown, String host) {
    if (!isAddress(host)) {
      return false;
    }
    try {
      return InetAddress.getByName(shown).equals(InetAddress.getByName(host));
    } catch (UnknownHostException malformed) {
      return false;
    }
  }

  private static boolean isAddress(String host) {
    return host.indexOf(':') >= 0 || host.chars().allMatch(c -> c == '.' || c >= '0' && c <= '9');
  }

  /** A star stands for one label, at the beginning of a name of at least three. */
  private static boolean covers(String pattern, String host) {
    String shown = pattern.toLowerCase(Locale.ROOT);
    String wanted = host.toLowerCase(Locale.ROOT);
    if (!shown.startsWith("*.") || isAddress(host)) {
      return !shown.isEmpty() && shown.equals(wanted);
    }
    int dot = wanted.indexOf('.');
    String rest = shown.substring(1);
    return dot > 0 && rest.indexOf('.', 1) > 0 && wanted.substring(dot).equals(rest);
  }
}
