// SPDX-License-Identifier: Apache-2.0
/** The commands about objects and devices. Control lane. */
@NullMarked
package org.qblockd.command.qom;

import org.jspecify.annotations.NullMarked;
