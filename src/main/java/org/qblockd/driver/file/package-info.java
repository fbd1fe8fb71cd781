// SPDX-License-Identifier: Apache-2.0
/** Host files as nodes. Control lane, unless said otherwise. */
@NullMarked
package org.qblockd.driver.file;

import org.jspecify.annotations.NullMarked;
