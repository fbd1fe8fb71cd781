// SPDX-License-Identifier: Apache-2.0
package org.qblockd.command.hmp;

/** An argument that cannot be read; the message is what the user is told. */
final class WrongArgument extends Exception {
  private static final long serialVersionUID = 1L;

  private final String told;

  WrongArgument(String told) {
    super(told);
    this.told = told;
  }

  String told() {
    return told;
  }
}
