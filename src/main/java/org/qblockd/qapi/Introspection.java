// SPDX-License-Identifier: Apache-2.0
package org.qblockd.qapi;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import org.qblockd.qapi.json.JsonStream;
import org.qblockd.qapi.json.JsonSyntaxException;
import org.qblockd.qapi.json.JsonValue;

/** The reply to query-qmp-schema, read from the jar when it is first asked for. Any thread. */
public final class Introspection {
  private static final String RESOURCE = "/schema/introspection.json";

  private Introspection() {}

  private static final class Holder {
    static final JsonValue SCHEMA = read();
  }

  /** The list of all commands, events and types. */
  public static JsonValue schema() {
    return Holder.SCHEMA;
  }

  private static JsonValue read() {
    try (InputStream in = Introspection.class.getResourceAsStream(RESOURCE)) {
      if (in == null) {
        throw new IllegalStateException("the build left out " + RESOURCE);
      }
      return JsonStream.parse(new String(in.readAllBytes(), UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (JsonSyntaxException e) {
      throw new IllegalStateException("the build wrote bad JSON into " + RESOURCE, e);
    }
  }
}
