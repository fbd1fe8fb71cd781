// SPDX-License-Identifier: Apache-2.0
package org.qblockd.machine.drive;

import org.jspecify.annotations.Nullable;

/** What a drive would be plugged into, were there a machine. Immutable; any thread. */
public enum DriveInterface {
  NONE("none", 0),
  IDE("ide", 2),
  SCSI("scsi", 7),
  FLOPPY("floppy", 0),
  PFLASH("pflash", 0),
  MTD("mtd", 0),
  SD("sd", 0),
  VIRTIO("virtio", 0),
  XEN("xen", 0);

  private final String word;
  private final int unitsPerBus;

  DriveInterface(String word, int unitsPerBus) {
    this.word = word;
    this.unitsPerBus = unitsPerBus;
  }

  /** The word behind {@code if=}. */
  public String word() {
    return word;
  }

  /** Drives on one bus; 0 for any number. */
  int unitsPerBus() {
    return unitsPerBus;
  }

  /** Whether policies for errors can be set. */
  boolean hasErrorPolicy() {
    return this == NONE || this == IDE || this == SCSI || this == VIRTIO;
  }

  static @Nullable DriveInterface of(String word) {
    for (DriveInterface each : values()) {
      if (each.word.equals(word)) {
        return each;
      }
    }
    return null;
  }

  /** The id that a drive without one gets. */
  String nameOf(int bus, int unit, boolean cdrom) {
    String media = "";
    if (this == IDE || this == SCSI) {
      media = cdrom ? "-cd" : "-hd";
    }
    return unitsPerBus > 0 ? word + bus + media + unit : word + media + unit;
  }
}
