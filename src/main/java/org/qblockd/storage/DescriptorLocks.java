// SPDX-License-Identifier: Apache-2.0
package org.qblockd.storage;

/**
 * Byte locks by fcntl(2) on an open file description: they belong to the open, not to the process,
 * so that a second open in this process conflicts and closing another descriptor loses nothing.
 * Control lane only.
 */
record DescriptorLocks(int fd) implements ByteLocks {
  @Override
  public int share(long at) {
    return Native.lockByte(fd, Native.F_OFD_SETLK, Native.F_RDLCK, at);
  }

  @Override
  public int unlock(long at) {
    return Native.lockByte(fd, Native.F_OFD_SETLK, Native.F_UNLCK, at);
  }

  @Override
  public boolean heldByOthers(long at) {
    return Native.lockByte(fd, Native.F_OFD_GETLK, Native.F_WRLCK, at) != Native.F_UNLCK;
  }
}
