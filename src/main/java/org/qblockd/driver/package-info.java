// SPDX-License-Identifier: Apache-2.0
/**
 * What a block driver is to the rest, and the opening of nodes. Control lane, unless said
 * otherwise.
 */
@NullMarked
package org.qblockd.driver;

import org.jspecify.annotations.NullMarked;
