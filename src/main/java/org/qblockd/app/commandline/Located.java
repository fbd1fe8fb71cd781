// SPDX-License-Identifier: Apache-2.0
package org.qblockd.app.commandline;

/**
 * Something that an option asks for.
 *
 * @param location the words of the option, as messages about it begin
 */
public record Located<T>(String location, T value) {}
