// SPDX-License-Identifier: Apache-2.0
/** A small program with a violation of each structure rule, so that the rules are seen to fail. */
@NullMarked
package org.qblockd.structure.planted;

import org.jspecify.annotations.NullMarked;
