// SPDX-License-Identifier: Apache-2.0
/** A node's bytes as they are, or a range of them. Control lane, unless said otherwise. */
@NullMarked
package org.qblockd.driver.raw;

import org.jspecify.annotations.NullMarked;
