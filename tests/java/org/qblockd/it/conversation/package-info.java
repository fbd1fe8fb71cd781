// SPDX-License-Identifier: Apache-2.0
/**
 * Conversations: recorded requests and replies that are played against qblockd and, where it is
 * installed, against the real QEMU. The format is described in {@code tests/README.md}. The package
 * depends on nothing but the JDK (the JUnit class apart), so that no bug of the code under test can
 * hide in it and the tool runs straight from its sources.
 */
@NullMarked
package org.qblockd.it.conversation;

import org.jspecify.annotations.NullMarked;
