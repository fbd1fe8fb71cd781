// SPDX-License-Identifier: Apache-2.0
package org.qblockd.driver;

import org.qblockd.base.BlockException;

/**
 * Something that takes long to compute. Any thread.
 *
 * @param <T> the result
 */
@FunctionalInterface
public interface Computation<T> {
  /** Computes it. */
  T run() throws BlockException;
}
