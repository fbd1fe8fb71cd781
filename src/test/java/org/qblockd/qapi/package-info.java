// SPDX-License-Identifier: Apache-2.0
/** Tests of decoding, option strings and JSON Schemas against recordings of the real QEMU. */
@NullMarked
package org.qblockd.qapi;

import org.jspecify.annotations.NullMarked;
