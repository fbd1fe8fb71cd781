// SPDX-License-Identifier: Apache-2.0
/** The commands about dirty bitmaps. Control lane. */
@NullMarked
package org.qblockd.command.bitmap;

import org.jspecify.annotations.NullMarked;
