// SPDX-License-Identifier: Apache-2.0
package org.qblockd.qapi.schema;

/** A place in a schema file: its name as given, and a line counted from one. Any thread. */
public record Source(String file, int line) {
  @Override
  public String toString() {
    return file + ":" + line;
  }
}
