// SPDX-License-Identifier: Apache-2.0
package org.qblockd.qapi.schema;

/** A schema that breaks the rules of the language; its message starts with file and line. */
public final class SchemaException extends Exception {
  private static final long serialVersionUID = 1L;

  public SchemaException(Source source, String message) {
    super(source + ": " + message);
  }
}
