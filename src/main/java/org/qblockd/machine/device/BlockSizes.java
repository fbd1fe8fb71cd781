// SPDX-License-Identifier: Apache-2.0
package org.qblockd.machine.device;

import org.qblockd.base.BlockException;

/** The checks of the sizes that a disk's properties give. Stateless; any thread. */
final class BlockSizes {
  private static final int SECTOR = 512;
  private static final long UNSET = 0xFFFF_FFFFL;
  private static final int MAX_MIN_IO = 0xFFFF;

  private BlockSizes() {}

  static void check(Device device) throws BlockException {
    long logical = size(device, "logical_block_size");
    long physical = size(device, "physical_block_size");
    long minIo = device.number("min_io_size", 0);
    long optIo = device.number("opt_io_size", 0);
    long discard = device.number("discard_granularity", UNSET);
    if (logical > physical) {
      throw BlockException.invalid("logical_block_size > physical_block_size not supported");
    }
    if (minIo % logical != 0) {
      throw BlockException.invalid("min_io_size must be a multiple of logical_block_size");
    }
    if (minIo / logical > MAX_MIN_IO) {
      throw BlockException.invalid("min_io_size must not exceed " + MAX_MIN_IO + " logical blocks");
    }
    if (optIo % logical != 0) {
      throw BlockException.invalid("opt_io_size must be a multiple of logical_block_size");
    }
    if (optIo / logical > UNSET) {
      throw BlockException.invalid("opt_io_size must not exceed " + UNSET + " logical blocks");
    }
    if (discard != UNSET && discard % logical != 0) {
      throw BlockException.invalid("discard_granularity must be a multiple of logical_block_size");
    }
    if (device.type().equals("floppy") && (logical != SECTOR || physical != SECTOR)) {
      throw BlockException.invalid("Physical and logical block size must be 512 for floppy");
    }
    if (device.type().startsWith("ide-") && logical != SECTOR) {
      throw BlockException.invalid("logical_block_size must be 512 for IDE");
    }
  }

  /** Zero stands for what the backend has, which is a sector. */
  private static long size(Device device, String property) {
    long size = device.number(property, 0);
    return size == 0 ? SECTOR : size;
  }
}
