// SPDX-License-Identifier: Apache-2.0
package org.qblockd.qapi;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.qblockd.qapi.json.JsonMembers.objects;
import static org.qblockd.qapi.json.JsonMembers.text;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.qblockd.qapi.json.JsonStream;
import org.qblockd.qapi.json.JsonSyntaxException;
import org.qblockd.qapi.json.JsonValue;
import org.qblockd.qapi.json.JsonValue.JsonArray;
import org.qblockd.qapi.json.JsonValue.JsonObject;
import org.qblockd.qapi.json.JsonValue.JsonString;

/**
 * An older release of QEMU, as its clients saw it: what came later is not in the schema, is refused
 * in arguments, and is left out of replies and events. Immutable; any thread.
 */
public final class Release {
  /** A version. */
  public record Version(long major, long minor, long micro) {}

  /** What is emulated. */
  public static final Version REFERENCE = new Version(10, 0, 2);

  /** The releases that can be presented, with their last stable version. */
  private static final Map<String, Version> KNOWN = new LinkedHashMap<>();

  static {
    KNOWN.put("6.2", new Version(6, 2, 0));
    KNOWN.put("7.2", new Version(7, 2, 22));
    KNOWN.put("8.2", new Version(8, 2, 10));
    KNOWN.put("9.2", new Version(9, 2, 4));
    KNOWN.put("10.0", REFERENCE);
  }

  private final Version version;
  private final Map<String, JsonObject> entries = new LinkedHashMap<>();

  /** Commands and events that are hidden, and for each type its hidden members or values. */
  private final Set<String> hidden = new HashSet<>();

  private final Map<String, Set<String>> hiddenParts = new HashMap<>();

  private Release(Version version, boolean storageDaemon) {
    this.version = version;
    String suffix = storageDaemon ? "-storage-daemon" : "";
    JsonValue schema = storageDaemon ? Introspection.storageDaemonSchema() : Introspection.schema();
    for (JsonObject entry : objects(schema)) {
      entries.put(text(entry, "name"), entry);
    }
    for (JsonObject fact : objects(read("introspection" + suffix + "-since.json"))) {
      String name = text(fact, "name");
      if (isLater(text(fact, "since"))) {
        hidden.add(name);
      }
      hideParts(name, fact.get("members"));
      hideParts(name, fact.get("values"));
    }
  }

  /**
   * The release with this name.
   *
   * @throws QmpException for one that is not known; it names those that are
   */
  public static Release of(String name, boolean storageDaemon) throws QmpException {
    Version version = KNOWN.get(name);
    if (version == null) {
      throw QmpException.generic(
          "release '" + name + "' is not known: " + String.join(", ", KNOWN.keySet()));
    }
    return new Release(version, storageDaemon);
  }

  private static JsonValue read(String name) {
    try (InputStream in = Release.class.getResourceAsStream("/schema/" + name)) {
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

  private void hideParts(String entry, @Nullable JsonValue parts) {
    if (parts instanceof JsonObject releases) {
      releases
          .members()
          .forEach((part, since) -> {
            if (since instanceof JsonString text && isLater(text.value())) {
              hiddenParts.computeIfAbsent(entry, name -> new HashSet<>()).add(part);
            }
          });
    }
  }

  /** Whether something of this release is later; what QEMU never had always is. */
  private boolean isLater(String since) {
    if (since.isEmpty() || since.equals("-")) {
      return !since.isEmpty();
    }
    int dot = since.indexOf('.');
    long major = Long.parseLong(since.substring(0, dot));
    long minor = Long.parseLong(since.substring(dot + 1));
    return major > version.major() || major == version.major() && minor > version.minor();
  }

  /** The version that the greeting shows. */
  public Version version() {
    return version;
  }

  /** Whether the release did not have this command or event. */
  public boolean hides(String name) {
    return hidden.contains(name);
  }

  private boolean hides(String entry, String part) {
    Set<String> parts = hiddenParts.get(entry);
    return parts != null && parts.contains(part);
  }

  // ---- the schema -----------------------------------------------------------------------------

  /** The reply to query-qmp-schema. */
  public JsonValue schema() {
    Set<String> used = new HashSet<>();
    for (JsonObject entry : entries.values()) {
      boolean root = text(entry, "meta-type").matches("command|event");
      if (root && !hides(text(entry, "name"))) {
        use(text(entry, "arg-type"), used);
        use(text(entry, "ret-type"), used);
      }
    }
    List<JsonValue> shown = new ArrayList<>();
    for (JsonObject entry : entries.values()) {
      String name = text(entry, "name");
      boolean root = text(entry, "meta-type").matches("command|event");
      if (root ? !hides(name) : used.contains(name)) {
        shown.add(visible(entry));
      }
    }
    return new JsonArray(shown);
  }

  private void use(String type, Set<String> used) {
    JsonObject entry = entries.get(type);
    if (entry == null || !used.add(type)) {
      return;
    }
    JsonObject seen = visible(entry);
    use(text(seen, "element-type"), used);
    for (JsonObject member : objects(seen.get("members"))) {
      use(text(member, "type"), used);
    }
    for (JsonObject variant : objects(seen.get("variants"))) {
      use(text(variant, "type"), used);
    }
  }

  private JsonObject visible(JsonObject entry) {
    Map<String, JsonValue> members = new LinkedHashMap<>(entry.members());
    String name = text(entry, "name");
    Set<String> values = new HashSet<>(hiddenParts.getOrDefault(name, Set.of()));
    String tag = text(entry, "tag");
    for (JsonObject member : objects(entry.get("members"))) {
      if (!tag.isEmpty() && text(member, "name").equals(tag)) {
        values.addAll(hiddenParts.getOrDefault(text(member, "type"), Set.of()));
      }
    }
    members.computeIfPresent("members", (key, all) -> without(all, "name", values));
    members.computeIfPresent("variants", (key, all) -> without(all, "case", values));
    members.computeIfPresent("values", (key, all) -> without(all, "", values));
    return new JsonObject(members);
  }

  private static JsonValue without(JsonValue all, String key, Set<String> names) {
    if (names.isEmpty() || !(all instanceof JsonArray array)) {
      return all;
    }
    List<JsonValue> kept = new ArrayList<>();
    for (JsonValue item : array.items()) {
      String name =
          item instanceof JsonObject object
              ? text(object, key)
              : item instanceof JsonString s ? s.value() : "";
      if (!names.contains(name)) {
        kept.add(item);
      }
    }
    return new JsonArray(kept);
  }

  // ---- arguments, replies, events -------------------------------------------------------------

  /** Refuses arguments that the release did not know, in its words. */
  public void check(String command, JsonObject arguments) throws QmpException {
    JsonObject entry = entries.get(command);
    if (entry != null) {
      check(text(entry, "arg-type"), arguments, "");
    }
  }

  private void check(String type, JsonValue value, String path) throws QmpException {
    JsonObject entry = entries.get(type);
    if (entry == null) {
      return;
    }
    if (value instanceof JsonString string && hides(type, string.value())) {
      throw QmpException.generic(
          "Parameter '" + path + "' does not accept value '" + string.value() + "'");
    }
    if (value instanceof JsonArray array) {
      for (int i = 0; i < array.items().size(); i++) {
        check(text(entry, "element-type"), array.items().get(i), path + "[" + i + "]");
      }
    }
    if (text(entry, "meta-type").equals("alternate")) {
      for (JsonObject each : objects(entry.get("members"))) {
        check(text(each, "type"), value, path);
      }
    } else if (value instanceof JsonObject object) {
      checkMembers(entry, object, path);
    }
  }

  private void checkMembers(JsonObject entry, JsonObject object, String path) throws QmpException {
    for (Map.Entry<String, JsonValue> each : object.members().entrySet()) {
      String inner = path.isEmpty() ? each.getKey() : path + "." + each.getKey();
      Found found = find(entry, each.getKey(), object);
      if (found != null && hides(found.owner, each.getKey())) {
        throw QmpException.generic("Parameter '" + inner + "' is unexpected");
      }
      if (found != null) {
        check(found.type, each.getValue(), inner);
      }
    }
  }

  /** What a command returns, as the release returned it. */
  public JsonValue reply(String command, JsonValue returned) {
    JsonObject entry = entries.get(command);
    return entry == null ? returned : seen(text(entry, "ret-type"), returned);
  }

  /** The data of an event, as the release sent it. */
  public JsonObject event(String name, JsonObject data) {
    JsonObject entry = entries.get(name);
    return entry != null && seen(text(entry, "arg-type"), data) instanceof JsonObject object
        ? object
        : data;
  }

  private JsonValue seen(String type, JsonValue value) {
    JsonObject entry = entries.get(type);
    if (entry == null) {
      return value;
    }
    if (value instanceof JsonArray array) {
      String element = text(entry, "element-type");
      return new JsonArray(array.items().stream().map(item -> seen(element, item)).toList());
    }
    if (!(value instanceof JsonObject object)) {
      return value;
    }
    if (text(entry, "meta-type").equals("alternate")) {
      JsonValue known = value;
      for (JsonObject each : objects(entry.get("members"))) {
        known = seen(text(each, "type"), known);
      }
      return known;
    }
    Map<String, JsonValue> members = new LinkedHashMap<>();
    object
        .members()
        .forEach((name, member) -> {
          Found found = find(entry, name, object);
          if (found == null) {
            members.put(name, member);
          } else if (!hides(found.owner, name)) {
            members.put(name, seen(found.type, member));
          }
        });
    return new JsonObject(members);
  }

  /** A member: the entry that has it, and its type. */
  private record Found(String owner, String type) {}

  private @Nullable Found find(JsonObject entry, String name, JsonObject object) {
    for (JsonObject member : objects(entry.get("members"))) {
      if (text(member, "name").equals(name)) {
        return new Found(text(entry, "name"), text(member, "type"));
      }
    }
    String tag = text(entry, "tag");
    for (JsonObject variant : objects(entry.get("variants"))) {
      JsonObject branch = entries.get(text(variant, "type"));
      if (text(variant, "case").equals(text(object, tag)) && branch != null) {
        return find(branch, name, object);
      }
    }
    return null;
  }
}
