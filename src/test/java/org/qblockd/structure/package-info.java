// SPDX-License-Identifier: Apache-2.0
/** What holds for the code as a whole: who may use whom, and how long a thing may get. */
@NullMarked
package org.qblockd.structure;

import org.jspecify.annotations.NullMarked;
