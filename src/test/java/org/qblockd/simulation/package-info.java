// SPDX-License-Identifier: Apache-2.0
/** A seeded simulation of jobs over real images and failing storage. */
@NullMarked
package org.qblockd.simulation;

import org.jspecify.annotations.NullMarked;
