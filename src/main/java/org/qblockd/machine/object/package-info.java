// SPDX-License-Identifier: Apache-2.0
/** Objects that users make: by object-add, by -object, by the human monitor. */
@NullMarked
package org.qblockd.machine.object;

import org.jspecify.annotations.NullMarked;
