// SPDX-License-Identifier: Apache-2.0
package org.qblockd.structure.planted.unlisted;

/** Planted: in a package that the table lacks. */
public final class Nobody {}
