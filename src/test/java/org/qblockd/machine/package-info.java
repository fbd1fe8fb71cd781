// SPDX-License-Identifier: Apache-2.0
@NullMarked
package org.qblockd.machine;

import org.jspecify.annotations.NullMarked;
