// SPDX-License-Identifier: Apache-2.0
package org.qblockd.machine.device;

/**
 * What a PC has on its board because of the command line, or because nothing was said. Immutable;
 * any thread.
 *
 * @param display the type of the display adapter; empty without one
 * @param serialPorts how many
 * @param parallelPorts how many
 * @param network whether there is a network adapter
 */
public record Onboard(String display, int serialPorts, int parallelPorts, boolean network) {
  /** As with {@code -nodefaults}. */
  public static final Onboard NOTHING = new Onboard("", 0, 0, false);
}
