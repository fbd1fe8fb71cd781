// SPDX-License-Identifier: Apache-2.0
package org.qblockd.qapi.validation;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.networknt.schema.Error;
import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Comparator;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.qblockd.qapi.json.JsonValue.JsonObject;
import org.qblockd.qapi.json.JsonWriter;

/**
 * Checks the arguments of a command by its JSON Schema document. Loads the validator when it is
 * first used; any thread.
 */
public final class ArgumentCheck {
  private final SchemaRegistry registry =
      SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12);
  private final Map<String, Schema> schemas = new ConcurrentHashMap<>();

  /** What is wrong with the arguments; nothing for a command without a document. */
  public Optional<String> complaint(String command, JsonObject arguments) {
    String text = document(command);
    if (text == null) {
      return Optional.empty();
    }
    Schema schema = schemas.computeIfAbsent(command, name -> registry.getSchema(text));
    return schema.validate(JsonWriter.toText(arguments), InputFormat.JSON).stream()
        .max(NEAREST)
        .map(ArgumentCheck::sentence);
  }

  /** Of all branches of a union that do not fit, the one that fits best fails deepest. */
  private static final Comparator<Error> NEAREST =
      Comparator.<Error>comparingInt(error -> error.getInstanceLocation().getNameCount())
          .thenComparing(error -> !isChoice(error))
          .thenComparing(error -> sentence(error));

  private static boolean isChoice(Error error) {
    return "const".equals(error.getKeyword()) || "oneOf".equals(error.getKeyword());
  }

  private static String sentence(Error error) {
    String place = error.getInstanceLocation().toString();
    String where = place.isEmpty() || place.equals("$") ? "" : place + ": ";
    return where + (isChoice(error) ? "not a value that is accepted here" : error.getMessage());
  }

  private static @Nullable String document(String command) {
    String name = "/schema/" + command + ".arguments.json";
    try (InputStream in = ArgumentCheck.class.getResourceAsStream(name)) {
      return in == null ? null : new String(in.readAllBytes(), UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
