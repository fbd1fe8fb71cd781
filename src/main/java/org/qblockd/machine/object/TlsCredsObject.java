// SPDX-License-Identifier: Apache-2.0
package org.qblockd.machine.object;

import org.jspecify.annotations.Nullable;
import org.qblockd.base.BlockException;
import org.qblockd.machine.qom.QomProperty;
import org.qblockd.qapi.AnyValue;
import org.qblockd.qapi.QmpException;
import org.qblockd.qapi.types.QCryptoTLSCredsEndpoint;

/** What all kinds of TLS credentials have in common. Control lane. */
public class TlsCredsObject extends UserObject {
  private boolean verifyPeer = true;
  private @Nullable String directory;
  private QCryptoTLSCredsEndpoint endpoint = QCryptoTLSCredsEndpoint.CLIENT;
  private @Nullable String priority;

  TlsCredsObject(String type) {
    super(type);
    addClass(
        QomProperty.bool("verify-peer", () -> verifyPeer, (in, n) -> verifyPeer = in.bool(n)),
        QomProperty.string("dir", () -> text(directory), (in, n) -> directory = in.string(n)),
        new QomProperty(
            "endpoint",
            "QCryptoTLSCredsEndpoint",
            () -> AnyValue.of(endpoint),
            (in, name) -> endpoint = QCryptoTLSCredsEndpoint.decode(in, name)),
        QomProperty.string("priority", () -> text(priority), (in, n) -> priority = in.string(n)));
  }

  static String text(@Nullable String value) {
    return value == null ? "" : value;
  }

  @Override
  public final boolean isA(String wanted) {
    return wanted.equals("tls-creds") || super.isA(wanted);
  }

  /** Which side of a connection the credentials are for. */
  public final QCryptoTLSCredsEndpoint endpoint() {
    return endpoint;
  }

  /** Whether the other side must show a certificate that can be verified. */
  public final boolean verifiesPeer() {
    return verifyPeer;
  }

  /** The directory of the files, or null. */
  public final @Nullable String directory() {
    return directory;
  }

  /** The string that restricts the ciphers, or null. */
  public final @Nullable String priority() {
    return priority;
  }

  /** Only a list of ciphers. */
  static final class CipherSuites extends TlsCredsObject {
    CipherSuites() {
      super("tls-cipher-suites");
    }

    @Override
    protected void complete() throws QmpException, BlockException {
      if (priority() == null) {
        throw QmpException.generic("'priority' property is not set");
      }
    }
  }
}
