// SPDX-License-Identifier: Apache-2.0
package org.qblockd.machine.drive;

/**
 * Where an option {@code -drive} wants its drive to be plugged in. Immutable; any thread.
 *
 * @param type the kind of device; {@link DriveInterface#NONE} when a {@code -device} names the
 *     drive
 * @param cdrom whether the medium is a CD-ROM
 */
public record DriveInfo(DriveInterface type, int bus, int unit, boolean cdrom) {}
