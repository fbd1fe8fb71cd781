// SPDX-License-Identifier: Apache-2.0
/** The driver {@code replication}: one side of a disk that is kept on two hosts. */
@NullMarked
package org.qblockd.driver.replication;

import org.jspecify.annotations.NullMarked;
