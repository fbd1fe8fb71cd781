// SPDX-License-Identifier: Apache-2.0
/**
 * The QAPI schema language: lexer, parser and the checked model. Runs in the build, from source and
 * with nothing but the JDK beside it; so no other class of these packages may use annotations.
 */
@NullMarked
package org.qblockd.qapi.schema;

import org.jspecify.annotations.NullMarked;
