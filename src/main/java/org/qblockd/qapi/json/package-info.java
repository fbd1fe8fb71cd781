// SPDX-License-Identifier: Apache-2.0
/** The JSON values of QMP: an immutable tree, QEMU's lexer and parser, and its writer. */
@NullMarked
package org.qblockd.qapi.json;

import org.jspecify.annotations.NullMarked;
