// SPDX-License-Identifier: Apache-2.0
package org.qblockd.machine.object;

import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.qblockd.base.Errno;
import org.qblockd.machine.qom.QomProperty;
import org.qblockd.qapi.QmpException;
import org.qblockd.qapi.types.QCryptoTLSCredsEndpoint;

/**
 * TLS credentials of certificates, in files with fixed names in a directory: {@code ca-cert.pem},
 * {@code server-cert.pem}, {@code server-key.pem} and those of clients. Control lane.
 */
public final class TlsCredsX509Object extends TlsCredsObject {
  private final ObjectTypes types;
  private boolean sanityCheck = true;
  private @Nullable String passwordId;

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
    if (sanityCheck && authority != null) {
      Certificates.check(authority, certificate, server);
    }
    String password = passwordId;
    if (certificate != null && key != null && password != null) {
      SecretObject unused = types.secret(password);
    }
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
