// SPDX-License-Identifier: Apache-2.0
/**
 * The web page, the HTTP API and the figures for Prometheus: a client of the monitor like any
 * other. Nothing here is loaded by a server without a dashboard, but for the options.
 *
 * <p>Everything runs on the one event loop of Vert.x, which never blocks, unless a class says
 * otherwise.
 */
@NullMarked
package org.qblockd.dashboard;

import org.jspecify.annotations.NullMarked;
