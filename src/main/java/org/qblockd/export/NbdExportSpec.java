// SPDX-License-Identifier: Apache-2.0
package org.qblockd.export;

import java.util.List;
import org.qblockd.block.BlockNode;

/**
 * What to export by NBD and how. Immutable.
 *
 * @param server the server that offers it; empty for the one without a name
 * @param name the name that clients ask for
 * @param description may be empty
 * @param allowInactive whether the export stays when its node becomes inactive
 * @param writethrough whether each write is followed by a flush
 */
public record NbdExportSpec(
    String id,
    String server,
    BlockNode node,
    String name,
    String description,
    boolean writable,
    boolean writethrough,
    boolean allocationDepth,
    List<ExportedBitmap> bitmaps,
    boolean allowInactive) {}
