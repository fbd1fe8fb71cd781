// SPDX-License-Identifier: Apache-2.0
package org.qblockd.storage;

/**
 * A run of a host file that is all data or all hole. Immutable; any thread.
 *
 * @param data whether the run is stored; a hole reads as zeroes
 * @param end the offset just behind the run, in bytes; {@link Long#MAX_VALUE} for the hole that
 *     begins at the end of the file
 */
public record HostExtent(boolean data, long end) {}
