// SPDX-License-Identifier: Apache-2.0
package org.qblockd.qapi;

import java.util.List;

/**
 * What a monitor must know of a command before it runs it. Immutable; any thread.
 *
 * @param successResponse false when success is not answered
 * @param features such as {@code deprecated} and {@code unstable}
 */
public record CommandDescription(
    String name,
    boolean successResponse,
    boolean allowOob,
    boolean allowPreconfig,
    boolean coroutine,
    List<String> features) {}
