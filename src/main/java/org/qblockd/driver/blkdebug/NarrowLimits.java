// SPDX-License-Identifier: Apache-2.0
package org.qblockd.driver.blkdebug;

import java.util.Optional;
import org.qblockd.base.BlockException;
import org.qblockd.block.Child;
import org.qblockd.block.Limits;
import org.qblockd.qapi.types.BlockdevOptionsBlkdebug;

/**
 * The limits that a blkdebug node was told to have. Immutable; control lane. Rules and sentences:
 * asked of QEMU 10.0.2.
 */
record NarrowLimits(Limits limits) {
  static NarrowLimits of(BlockdevOptionsBlkdebug options, Child image) throws BlockException {
    long align = checked("align", options.align());
    long whole = Math.max(align, image.node().ops().limits().requestAlignment());
    if (whole >= Integer.MAX_VALUE || Long.bitCount(whole) != 1) {
      throw unmet("align", align);
    }
    long maxTransfer = multiple("max-transfer", options.maxTransfer(), whole);
    long optZero = multiple("opt-write-zero", options.optWriteZero(), whole);
    long maxZero = multiple("max-write-zero", options.maxWriteZero(), Math.max(optZero, whole));
    long optDiscard = multiple("opt-discard", options.optDiscard(), whole);
    long maxDiscard = multiple("max-discard", options.maxDiscard(), Math.max(optDiscard, whole));
    return new NarrowLimits(
        new Limits(
            (int) (align == 0 ? 1 : whole),
            (int) maxTransfer,
            (int) optZero,
            maxZero,
            (int) optDiscard,
            maxDiscard));
  }

  private static long multiple(String name, Optional<Long> option, long unit)
      throws BlockException {
    long value = checked(name, option);
    if (value >= Integer.MAX_VALUE || value % unit != 0) {
      throw unmet(name, value);
    }
    return value;
  }

  private static long checked(String name, Optional<Long> option) throws BlockException {
    long value = option.orElse(0L);
    if (value < 0) {
      throw BlockException.invalid(
          "Value '" + value + "' is out of range for parameter '" + name + "'");
    }
    return value;
  }

  private static BlockException unmet(String name, long value) {
    return BlockException.invalid("Cannot meet constraints with " + name + " " + value);
  }
}
