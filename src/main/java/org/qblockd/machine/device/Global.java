// SPDX-License-Identifier: Apache-2.0
package org.qblockd.machine.device;

/**
 * A value that all devices of a type begin with, as {@code -global} says. Immutable; any thread.
 */
public record Global(String driver, String property, String value) {
  /** As messages show it. */
  String text() {
    return driver + "." + property + "=" + value;
  }
}
