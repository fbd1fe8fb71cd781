// SPDX-License-Identifier: Apache-2.0
/** Copies what a write would overwrite: what backups and the filter copy-before-write share. */
@NullMarked
package org.qblockd.blockcopy;

import org.jspecify.annotations.NullMarked;
