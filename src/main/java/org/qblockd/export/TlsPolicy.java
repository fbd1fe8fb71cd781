// SPDX-License-Identifier: Apache-2.0
package org.qblockd.export;

import org.jspecify.annotations.Nullable;
import org.qblockd.tls.TlsCredentials;
import org.qblockd.tls.TlsStream;

/**
 * That all clients must speak TLS, and which may. Immutable.
 *
 * @param authorization asked on a connection's thread; null when all may that can be verified
 */
public record TlsPolicy(
    TlsCredentials credentials, TlsStream.@Nullable Authorization authorization) {}
