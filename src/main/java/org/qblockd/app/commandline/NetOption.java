// SPDX-License-Identifier: Apache-2.0
package org.qblockd.app.commandline;

import org.jspecify.annotations.Nullable;
import org.qblockd.qapi.types.Netdev;

/**
 * A {@code -netdev}, {@code -nic} or {@code -net}. Immutable.
 *
 * @param backEnd the back end; its id is empty when the user gave none; null for an adapter alone
 * @param onHub whether it is connected with the first hub
 * @param needed a back end that must be there already, or null
 */
public record NetOption(@Nullable Netdev backEnd, boolean onHub, @Nullable String needed) {}
