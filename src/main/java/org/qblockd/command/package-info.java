// SPDX-License-Identifier: Apache-2.0
/** The QMP commands, grouped as the schema files. Control lane. */
@NullMarked
package org.qblockd.command;

import org.jspecify.annotations.NullMarked;
