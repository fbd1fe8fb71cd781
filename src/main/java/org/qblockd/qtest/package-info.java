// SPDX-License-Identifier: Apache-2.0
/** The protocol by which a test driver moves the virtual clock. */
@NullMarked
package org.qblockd.qtest;

import org.jspecify.annotations.NullMarked;
