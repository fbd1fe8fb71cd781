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
  private static final String DIRECTORY = "/schema/";

  private Introspection() {}

  private static final class Holder {
    static final JsonValue SCHEMA = read("introspection.json");
  }

  private static final class DaemonHolder {
    static final JsonValue SCHEMA = read("introspection-storage-daemon.json");
  }

  /** The list of all commands, events and types. */
  public static JsonValue schema() {
    return Holder.SCHEMA;
  }

  /** The list that qemu-storage-daemon shows. */
  public static JsonValue storageDaemonSchema() {
    return DaemonHolder.SCHEMA;
  }

  private static JsonValue read(String name) {
    try (InputStream in = Introspection.class.getResourceAsStream(DIRECTORY + name)) {
      if (in == null) {
        throw new IllegalStateException("the build left out " + name);
      }
      return JsonStream.parse(new String(in.readAllBytes(), UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (JsonSyntaxException e) {
      throw new IllegalStateException("the build wrote bad JSON into " + name, e);
    }
  }
}
