// SPDX-License-Identifier: Apache-2.0
/** Character devices: where bytes come from and go to, and who uses them inside this program. */
@NullMarked
package org.qblockd.chardev;

import org.jspecify.annotations.NullMarked;
