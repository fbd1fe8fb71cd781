// SPDX-License-Identifier: Apache-2.0
/**
 * What generated QAPI code stands on: visitors over JSON trees, errors, events, and the parsers of
 * option strings.
 *
 * <p>Generated code is in {@code org.qblockd.qapi.types} and {@code org.qblockd.qapi.commands}:
 *
 * <ul>
 *   <li>A struct is a record; optional members are {@code Optional}; all integers are {@code long},
 *       unsigned ones in two's complement.
 *   <li>A union is a sealed interface with a nested record per branch; members of the base come
 *       first, those of the branch are one component {@code data}. Values of the tag that add no
 *       members share the record {@code Other}.
 *   <li>An alternate is a sealed interface with a nested record per alternative.
 *   <li>A command is a method of its module's interface. Up to three members in place are
 *       parameters; more become one record named after the command, as {@code
 *       BlockdevMirrorArguments}; a boxed command takes its type.
 *   <li>An event is a record that {@link org.qblockd.qapi.EventSink} takes.
 * </ul>
 */
@NullMarked
package org.qblockd.qapi;

import org.jspecify.annotations.NullMarked;
