// SPDX-License-Identifier: Apache-2.0

/** Tests of other programs against qblockd: a JUnit extension and a Testcontainers module. */
@NullMarked
package org.qblockd.testkit;

import org.jspecify.annotations.NullMarked;
