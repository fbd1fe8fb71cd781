// SPDX-License-Identifier: Apache-2.0
/**
 * Options of nodes in the flat form of command lines and file names, and their way to typed ones.
 */
@NullMarked
package org.qblockd.qapi.options;

import org.jspecify.annotations.NullMarked;
