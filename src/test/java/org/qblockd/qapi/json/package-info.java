// SPDX-License-Identifier: Apache-2.0
/** Tests of JSON with answers asked from QEMU. */
@NullMarked
package org.qblockd.qapi.json;

import org.jspecify.annotations.NullMarked;
