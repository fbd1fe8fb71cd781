// SPDX-License-Identifier: Apache-2.0
package org.qblockd.tls;

import java.security.PrivateKey;
import java.security.cert.X509CRL;
import java.security.cert.X509Certificate;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the files of TLS credentials hold. Immutable.
 *
 * @param authorities those that may have issued the peer's certificate
 * @param revoked lists of certificates that do not count any more
 * @param certificates this side's own and those that lead to its authority; empty for none
 * @param key the key of the first of these, or null
 */
public record TlsFiles(
    List<X509Certificate> authorities,
    List<X509CRL> revoked,
    List<X509Certificate> certificates,
    @Nullable PrivateKey key) {}
