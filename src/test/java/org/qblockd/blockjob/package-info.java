// SPDX-License-Identifier: Apache-2.0
/** Tests of what block jobs have in common, and their in-memory world. */
@NullMarked
package org.qblockd.blockjob;

import org.jspecify.annotations.NullMarked;
