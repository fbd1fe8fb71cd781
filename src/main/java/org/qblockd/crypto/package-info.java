// SPDX-License-Identifier: Apache-2.0
/** Encryption of images: ciphers for sectors, key derivation, the LUKS format. */
@NullMarked
package org.qblockd.crypto;

import org.jspecify.annotations.NullMarked;
