// SPDX-License-Identifier: Apache-2.0
/** The composition tree: objects, their properties and paths, as qom-list shows them. */
@NullMarked
package org.qblockd.machine.qom;

import org.jspecify.annotations.NullMarked;
