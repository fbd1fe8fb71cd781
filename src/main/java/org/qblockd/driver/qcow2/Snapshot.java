// SPDX-License-Identifier: Apache-2.0
package org.qblockd.driver.qcow2;

/**
 * An internal snapshot as the image lists it. Immutable; any thread.
 *
 * @param l1Offset where its L1 table lies, bytes
 * @param l1Size entries of its L1 table
 * @param id the identifier, a decimal number as a rule
 * @param name the name
 * @param dateSeconds when it was taken, seconds since 1970
 * @param dateNanos the rest of that, nanoseconds
 * @param vmClockNanos the guest's clock
 * @param vmStateBytes the size of the saved machine state
 * @param diskSize the length of the disk when it was taken, bytes
 * @param icount executed instructions, -1 if unknown
 */
public record Snapshot(
    long l1Offset,
    int l1Size,
    String id,
    String name,
    long dateSeconds,
    long dateNanos,
    long vmClockNanos,
    long vmStateBytes,
    long diskSize,
    long icount) {}
