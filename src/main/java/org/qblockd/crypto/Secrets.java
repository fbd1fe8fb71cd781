// SPDX-License-Identifier: Apache-2.0
package org.qblockd.crypto;

import org.qblockd.base.BlockException;

/** Where the passwords of images come from: objects of the type {@code secret}. Control lane. */
@FunctionalInterface
public interface Secrets {
  /**
   * The password in the secret object with this id.
   *
   * @throws BlockException when there is none, or it is not text
   */
  byte[] password(String id) throws BlockException;
}
