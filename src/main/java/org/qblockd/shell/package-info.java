// SPDX-License-Identifier: Apache-2.0

/** The interactive client {@code qblockd shell} and {@code qblockd status}, for any QMP server. */
@NullMarked
package org.qblockd.shell;

import org.jspecify.annotations.NullMarked;
