// SPDX-License-Identifier: Apache-2.0
package org.qblockd.dashboard;

import java.util.Optional;

/**
 * Where the dashboard listens and who may see it. Immutable; any thread.
 *
 * @param host a name or address to listen on
 * @param port a TCP port; 0 for any
 * @param tokenFile a file whose first line is the token that a client must know
 * @param certificate a PEM file with the certificate and what it was signed by; goes with {@code
 *     key}
 * @param key a PEM file with the certificate's private key
 * @param name a name under which the server is reached, beside its addresses
 */
public record DashboardOptions(
    String host,
    int port,
    Optional<String> tokenFile,
    Optional<String> certificate,
    Optional<String> key,
    Optional<String> name) {

  /** The usual port. */
  public static final int USUAL_PORT = 8470;

  /** Where nobody else can reach it. */
  public static final String LOOPBACK = "127.0.0.1";

  /** On the loopback interface, without a token. */
  public static DashboardOptions local(int port) {
    return new DashboardOptions(
        LOOPBACK, port, Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());
  }

  /** Whether clients speak TLS. */
  public boolean secure() {
    return certificate.isPresent();
  }
}
