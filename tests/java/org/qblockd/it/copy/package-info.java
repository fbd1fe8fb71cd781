// SPDX-License-Identifier: Apache-2.0
/**
 * Copies of a disk while it is written: a server process with real images, jobs started over QMP,
 * writes in every phase of them, and a model in memory of what each image must hold.
 */
@NullMarked
package org.qblockd.it.copy;

import org.jspecify.annotations.NullMarked;
