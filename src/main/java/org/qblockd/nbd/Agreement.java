// SPDX-License-Identifier: Apache-2.0
package org.qblockd.nbd;

import java.util.List;

/**
 * What a handshake has led to: the server's side. Immutable.
 *
 * @param contexts numbers of the metadata contexts that the client has chosen, ascending
 */
public record Agreement(OfferedExport export, HeaderMode mode, List<Integer> contexts) {}
