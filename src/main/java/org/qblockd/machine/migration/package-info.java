// SPDX-License-Identifier: Apache-2.0
/** Migration between two servers and COLO: the stream, both ends, what commands see of them. */
@NullMarked
package org.qblockd.machine.migration;

import org.jspecify.annotations.NullMarked;
