// SPDX-License-Identifier: Apache-2.0
package org.qblockd.machine.object;

import java.nio.file.Files;
import java.nio.file.Path;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.qblockd.base.Errno;
import org.qblockd.machine.qom.QomProperty;
import org.qblockd.qapi.QmpException;
import org.qblockd.qapi.types.QCryptoTLSCredsEndpoint;
import org.qblockd.tls.TlsCredentials;
import org.qblockd.tls.TlsFailure;
import org.qblockd.tls.TlsFileReader;
import org.qblockd.tls.TlsFiles;
import org.qblockd.tls.TlsVersions;

/**
 * TLS credentials of certificates, in files with fixed names in a directory: {@code ca-cert.pem},
 * {@code server-cert.pem}, {@code server-key.pem} and those of clients. Control lane.
 */
public final class TlsCredsX509Object extends TlsCredsObject {
  private final ObjectTypes types;
  private boolean sanityCheck = true;
  private @Nullable String passwordId;
  private @Nullable TlsCredentials credentials;

  TlsCredsX509Object(ObjectTypes types) {
    super("tls-creds-x509");
    this.types = types;
    addClass(
        QomProperty.bool("sanity-check", () -> sanityCheck, (in, n) -> sanityCheck = in.bool(n)),
        QomProperty.string(
            "passwordid", () -> text(passwordId), (in, n) -> passwordId = in.string(n)));
  }

  /** The id of the secret that opens the key, or null. */
  public @Nullable String passwordId() {
    return passwordId;
  }

  @Override
  protected void complete() throws QmpException {
    String directory = directory();
    if (directory == null) {
      throw QmpException.generic("Missing 'dir' property value");
    }
    boolean server = endpoint() == QCryptoTLSCredsEndpoint.SERVER;
    String side = server ? "server" : "client";
    Path authority = file(directory, "ca-cert.pem", true);
    Path certificate = file(directory, side + "-cert.pem", server);
    Path key = file(directory, side + "-key.pem", server);
    Path revoked = file(directory, "ca-crl.pem", false);
    if (sanityCheck && authority != null) {
      Certificates.check(authority, certificate, server);
    }
    try {
      credentials =
          new TlsCredentials(
              server,
              verifiesPeer(),
              new TlsFiles(
                  authorities(authority),
                  revoked == null ? List.of() : TlsFileReader.revoked(revoked),
                  certificate == null || key == null ? List.of() : own(certificate),
                  certificate == null || key == null ? null : key(key, certificate)),
              TlsVersions.of(priority()));
    } catch (TlsFailure e) {
      throw QmpException.generic(e.message());
    }
  }

  private static List<X509Certificate> authorities(@Nullable Path file)
      throws QmpException, TlsFailure {
    List<X509Certificate> found =
        file == null ? List.of() : TlsFileReader.certificates(file, "CA certificate");
    if (found.isEmpty()) {
      throw QmpException.generic(
          "Cannot load CA certificate '" + file + "': Base64 decoding error.");
    }
    return found;
  }

  private static List<X509Certificate> own(Path file) throws QmpException, TlsFailure {
    List<X509Certificate> found = TlsFileReader.certificates(file, "certificate");
    if (found.isEmpty()) {
      throw QmpException.generic("Cannot load certificate '" + file + "': Base64 decoding error.");
    }
    return found;
  }

  private PrivateKey key(Path file, Path certificate) throws QmpException, TlsFailure {
    String id = passwordId;
    String password = id == null ? null : types.secret(id).text();
    return TlsFileReader.key(file, certificate, own(certificate).getFirst(), password);
  }

  /** What connections use. */
  TlsCredentials credentials() {
    TlsCredentials read = credentials;
    if (read == null) {
      throw new IllegalStateException("not completed");
    }
    return read;
  }

  /** The file, or null when it is not there and may be missing. */
  private static @Nullable Path file(String directory, String name, boolean required)
      throws QmpException {
    Path file = Path.of(directory, name);
    if (Files.exists(file)) {
      return file;
    }
    if (required) {
      throw QmpException.generic(
          "Unable to access credentials " + directory + "/" + name + ": " + Errno.ENOENT.text());
    }
    return null;
  }
}
