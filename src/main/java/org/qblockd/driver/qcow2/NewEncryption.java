// SPDX-License-Identifier: Apache-2.0
package org.qblockd.driver.qcow2;

import org.qblockd.base.BlockException;
import org.qblockd.base.Clock;
import org.qblockd.crypto.LuksVolume;
import org.qblockd.crypto.Secrets;
import org.qblockd.driver.Computation;
import org.qblockd.driver.LuksTypes;
import org.qblockd.qapi.types.QCryptoBlockCreateOptionsLUKS;

/**
 * A LUKS volume for an image that is about to be made, and its first key. Immutable; making it
 * takes seconds.
 */
record NewEncryption(LuksVolume volume, LuksVolume.NewKey key) {
  /** What makes it; the password is looked up at once, on the control lane. */
  static Computation<NewEncryption> of(
      QCryptoBlockCreateOptionsLUKS options, Secrets secrets, Clock clock) throws BlockException {
    if (options.keySecret().isEmpty()) {
      throw BlockException.invalid("Parameter 'encrypt.key-secret' is required for cipher");
    }
    LuksVolume.Parameters wanted = LuksTypes.parameters(options);
    byte[] password = secrets.password(options.keySecret().get());
    return () -> {
      LuksVolume volume = LuksVolume.create(wanted, false, clock);
      return new NewEncryption(volume, volume.derive(0, password, wanted.iterationMillis(), clock));
    };
  }
}
