// SPDX-License-Identifier: Apache-2.0
/** Nodes without content. Control lane, unless said otherwise. */
@NullMarked
package org.qblockd.driver.nullblock;

import org.jspecify.annotations.NullMarked;
