// SPDX-License-Identifier: Apache-2.0
package org.qblockd.qapi;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.networknt.schema.Error;
import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Checks the arguments of commands against the JSON Schemas that the build made from the QAPI
 * schema. Its first use is slow (hundreds of milliseconds), so nothing on the way of a start may
 * use it. Any thread.
 */
public final class BodyCheck {
  private static final String DIRECTORY = "/schema/";
  private static final Pattern NAME = Pattern.compile("[A-Za-z][A-Za-z0-9_-]{0,99}");

  private static final Pattern BRANCH = Pattern.compile(".*?/(oneOf|anyOf)/[0-9]+/");
  private static final Set<String> BRANCHES = Set.of("oneOf", "anyOf");

  /** How many findings are told; a union has many branches that do not fit. */
  private static final int MAX_FINDINGS = 20;

  /**
   * What is wrong with a value.
   *
   * @param at JSON Pointer of the wrong part
   * @param keyword of the JSON Schema that was not met
   */
  public record Finding(String at, String keyword, String message) {}

  /**
   * All that is wrong.
   *
   * @param sentence the first finding, in QEMU's words where it has words for it
   */
  public record Verdict(String sentence, List<Finding> findings) {}

  private final SchemaRegistry registry =
      SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12);
  private final Map<String, Optional<Schema>> schemas = new ConcurrentHashMap<>();

  /** Whether the schema has this command. */
  public boolean knows(String command) {
    return schema(command).isPresent();
  }

  /**
   * Checks arguments.
   *
   * @param arguments JSON
   * @return empty when all is well
   * @throws IllegalArgumentException when it is no JSON, or there is no such command
   */
  public Optional<Verdict> check(String command, String arguments) {
    Schema schema =
        schema(command).orElseThrow(() -> new IllegalArgumentException("no command " + command));
    List<Error> errors = schema.validate(arguments, InputFormat.JSON);
    if (errors.isEmpty()) {
      return Optional.empty();
    }
    List<Finding> findings = errors.stream().limit(MAX_FINDINGS).map(BodyCheck::finding).toList();
    return Optional.of(new Verdict(sentence(decisive(errors)), findings));
  }

  /**
   * The error that says what is wrong. Of a union, each branch whose tag differs complains about
   * the tag: what counts is the branch whose tag fits, or the tag when none does.
   */
  private static Error decisive(List<Error> errors) {
    Error first = errors.getFirst();
    if (!BRANCHES.contains(String.valueOf(first.getKeyword()))) {
      return first;
    }
    List<Error> tags = errors.stream().filter(each -> isTag(each)).toList();
    List<String> others = tags.stream().map(BodyCheck::branch).toList();
    return errors.stream()
        .filter(each -> !BRANCHES.contains(String.valueOf(each.getKeyword())))
        .filter(each -> others.stream().noneMatch(branch(each)::startsWith))
        .findFirst()
        .orElse(tags.isEmpty() ? first : tags.getFirst());
  }

  private static boolean isTag(Error error) {
    return "const".equals(error.getKeyword());
  }

  /** The path through the schema up to the branch, as {@code /oneOf/3/}. */
  private static String branch(Error error) {
    String path = error.getEvaluationPath() + "/";
    Matcher branch = BRANCH.matcher(path);
    return branch.find() ? branch.group() : path;
  }

  private Optional<Schema> schema(String command) {
    return schemas.computeIfAbsent(command, this::load);
  }

  private Optional<Schema> load(String command) {
    return text(command + ".arguments").map(registry::getSchema);
  }

  /**
   * The text of a JSON Schema.
   *
   * @param name a command and {@code .arguments} or {@code .return}, or an event and {@code .event}
   */
  public static Optional<String> text(String name) {
    int dot = name.indexOf('.');
    if (dot < 0 || !NAME.matcher(name.substring(0, dot)).matches()) {
      return Optional.empty();
    }
    try (InputStream in = BodyCheck.class.getResourceAsStream(DIRECTORY + name + ".json")) {
      return in == null ? Optional.empty() : Optional.of(new String(in.readAllBytes(), UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Finding finding(Error error) {
    return new Finding(
        error.getInstanceLocation().toString(), error.getKeyword(), error.getMessage());
  }

  private static String sentence(Error error) {
    String place = place(error);
    String property = error.getProperty();
    return switch (String.valueOf(error.getKeyword())) {
      case "required" -> "Parameter '" + join(place, property) + "' is missing";
      case "additionalProperties", "unevaluatedProperties" ->
          "Parameter '" + join(place, property) + "' is unexpected";
      case "type" -> "Invalid parameter type for '" + place + "', expected: " + expected(error);
      case "enum", "const" ->
          "Parameter '" + place + "' does not accept value '" + plain(error) + "'";
      default -> "Parameter '" + place + "' is not valid: " + error.getMessage();
    };
  }

  /** The place in QEMU's form: members are joined by dots, items are in brackets. */
  private static String place(Error error) {
    StringBuilder place = new StringBuilder();
    for (String step : error.getInstanceLocation().toString().split("/")) {
      if (step.isEmpty() || step.equals("$")) {
        continue;
      }
      boolean index = step.chars().allMatch(Character::isDigit);
      place.append(index ? "[" + step + "]" : (place.isEmpty() ? "" : ".") + step);
    }
    return place.isEmpty() ? "arguments" : place.toString();
  }

  private static String join(String place, @Nullable String property) {
    return place.equals("arguments") ? String.valueOf(property) : place + "." + property;
  }

  private static String expected(Error error) {
    String type = error.getSchemaNode() == null ? "" : error.getSchemaNode().asString("");
    return type.isEmpty() ? "another type" : type;
  }

  private static String plain(Error error) {
    return error.getInstanceNode() == null ? "" : error.getInstanceNode().asString("");
  }
}
