// SPDX-License-Identifier: Apache-2.0
package org.qblockd.block;

/**
 * A filter that its job must be able to take out at any time: nobody may freeze an edge to it. A
 * mark without methods; any thread.
 */
public interface NeverFrozen {}
