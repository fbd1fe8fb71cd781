// SPDX-License-Identifier: Apache-2.0
/** LUKS volumes as nodes: what lies behind the header, decrypted. */
@NullMarked
package org.qblockd.driver.luks;

import org.jspecify.annotations.NullMarked;
