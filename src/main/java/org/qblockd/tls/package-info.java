// SPDX-License-Identifier: Apache-2.0
/** TLS over any stream of bytes, with credentials in files of X.509 certificates. */
@NullMarked
package org.qblockd.tls;

import org.jspecify.annotations.NullMarked;
