// SPDX-License-Identifier: Apache-2.0
package org.qblockd.tls;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import org.jspecify.annotations.Nullable;

/**
 * The means to show who this side is and to verify who the other side is. Any thread. Cheap until
 * the first connection.
 */
public final class TlsCredentials {
  private static final char[] NO_PASSWORD = {};

  private final boolean server;
  private final boolean verifyPeer;
  private final TlsFiles files;
  private final TlsVersions versions;
  private @Nullable SSLContext context;

  /**
   * Credentials of one side.
   *
   * @param server which side that is
   * @param verifyPeer whether the other side must show a certificate that can be verified; clients
   *     always verify the server's
   * @param versions which versions of the protocol may be spoken
   */
  public TlsCredentials(boolean server, boolean verifyPeer, TlsFiles files, TlsVersions versions) {
    this.server = server;
    this.verifyPeer = verifyPeer;
    this.files = files;
    this.versions = versions;
  }

  /** Whether they are a server's. */
  public boolean server() {
    return server;
  }

  /** Whether the other side must be verified. */
  boolean verifiesPeer() {
    return !server || verifyPeer;
  }

  TrustedIssuers issuers() {
    return new TrustedIssuers(files);
  }

  /** This side of one connection. */
  SSLEngine engine() throws TlsFailure {
    try {
      SSLEngine engine = context().createSSLEngine();
      engine.setUseClientMode(!server);
      engine.setEnabledProtocols(versions.names().toArray(new String[0]));
      if (server && verifyPeer) {
        engine.setWantClientAuth(true);
      }
      return engine;
    } catch (GeneralSecurityException | IOException e) {
      throw new TlsFailure("TLS handshake failed: " + e.getMessage(), e);
    }
  }

  private synchronized SSLContext context() throws GeneralSecurityException, IOException {
    SSLContext current = context;
    if (current == null) {
      current = SSLContext.getInstance("TLS");
      // The certificate is verified behind the handshake, as GnuTLS leaves it to its users.
      TrustManager[] all = {new EveryPeer()};
      current.init(keys(), all, null);
      context = current;
    }
    return current;
  }

  private KeyManager @Nullable [] keys() throws GeneralSecurityException, IOException {
    PrivateKey key = files.key();
    if (key == null || files.certificates().isEmpty()) {
      return null;
    }
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, NO_PASSWORD);
    store.setKeyEntry("own", key, NO_PASSWORD, files.certificates().toArray(new Certificate[0]));
    KeyManagerFactory factory =
        KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    factory.init(store, NO_PASSWORD);
    return factory.getKeyManagers();
  }
}
