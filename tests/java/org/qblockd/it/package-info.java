// SPDX-License-Identifier: Apache-2.0
/** Tests of the packaged program from outside: they start bin/qblockd as a user does. */
@NullMarked
package org.qblockd.it;

import org.jspecify.annotations.NullMarked;
