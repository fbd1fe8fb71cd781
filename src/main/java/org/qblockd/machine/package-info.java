// SPDX-License-Identifier: Apache-2.0
/** What QMP shows of a virtual machine around the disks: run state, drives, its end. */
@NullMarked
package org.qblockd.machine;

import org.jspecify.annotations.NullMarked;
