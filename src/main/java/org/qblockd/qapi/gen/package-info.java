// SPDX-License-Identifier: Apache-2.0
/**
 * Writes Java and JSON Schema documents from a QAPI schema. Runs in the build, from source and with
 * nothing but the JDK beside it; so no other class of this package may use annotations.
 */
@NullMarked
package org.qblockd.qapi.gen;

import org.jspecify.annotations.NullMarked;
