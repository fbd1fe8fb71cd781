// SPDX-License-Identifier: Apache-2.0
package org.qblockd.shell;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.qblockd.qapi.json.JsonValue.JsonObject;

/**
 * What can stand at the end of a line that is being typed: commands, members, values, names of
 * nodes and jobs. Any thread; the names come from the server.
 */
final class Completions {
  /**
   * A candidate for the last word.
   *
   * @param text the whole word
   * @param complete whether a blank may follow
   */
  record Candidate(String text, boolean complete) {}

  /** Names that the server has now. */
  interface Names {
    /** Nodes and drives. */
    List<String> nodes();

    /** Jobs. */
    List<String> jobs();
  }

  private static final Set<String> NODE_MEMBERS =
      Set.of(
          "node-name",
          "device",
          "node",
          "target",
          "top",
          "base",
          "top-node",
          "base-node",
          "backing",
          "file",
          "image-node-name",
          "overlay",
          "replaces",
          "parent",
          "child",
          "source",
          "name");

  private final Supplier<SchemaView> schema;
  private final Names names;

  Completions(Supplier<SchemaView> schema, Names names) {
    this.schema = schema;
    this.names = names;
  }

  /** Candidates for the last word of the line. */
  List<Candidate> of(String line) {
    Words words = Words.of(line);
    String last = words.words().getLast();
    List<String> before = words.full();
    before = last.isEmpty() ? before : before.subList(0, before.size() - 1);
    if (before.isEmpty()) {
      return matching(last, commands());
    }
    String command = before.getFirst();
    List<String> rest = before.subList(1, before.size());
    return switch (command) {
      case "follow" -> matching(last, complete(names.jobs()));
      case "help" -> matching(last, complete(schema.get().names("command")));
      case "wait" ->
          rest.isEmpty()
              ? matching(last, complete(schema.get().names("event")))
              : arguments(rest.getFirst(), rest.subList(1, rest.size()), last);
      case "hmp" -> List.of();
      default -> arguments(command, rest, last);
    };
  }

  private List<Candidate> commands() {
    List<Candidate> all = new ArrayList<>(complete(schema.get().names("command")));
    all.addAll(complete(ShellSession.WORDS));
    return all;
  }

  private List<Candidate> arguments(String command, List<String> before, String last) {
    SchemaView view = schema.get();
    String root = view.argumentType(command);
    if (root == null || last.startsWith("{")) {
      return List.of();
    }
    JsonObject soFar = soFar(command, before);
    int equals = last.indexOf('=');
    String key = equals < 0 ? last : last.substring(0, equals);
    List<String> path = new ArrayList<>(Arrays.asList(key.split("\\.", -1)));
    if (equals >= 0) {
      String type = view.typeAt(root, path, soFar);
      return type == null
          ? List.of()
          : matching(last, values(command, key + "=", path.getLast(), type));
    }
    path.removeLast();
    String type = view.typeAt(root, path, soFar);
    return type == null ? List.of() : matching(last, keys(path, type, at(soFar, path)));
  }

  private JsonObject soFar(String command, List<String> words) {
    try {
      return new ArgumentParser(schema.get()).parse(command, words);
    } catch (ArgumentParser.BadLine unfinished) {
      return JsonObject.EMPTY;
    }
  }

  private static @Nullable JsonObject at(JsonObject object, List<String> path) {
    JsonObject inner = object;
    for (String name : path) {
      if (inner == null || !(inner.get(name) instanceof JsonObject next)) {
        return null;
      }
      inner = next;
    }
    return inner;
  }

  private List<Candidate> keys(List<String> path, String type, @Nullable JsonObject known) {
    SchemaView view = schema.get();
    String prefix = path.isEmpty() ? "" : String.join(".", path) + ".";
    List<Candidate> keys = new ArrayList<>();
    for (SchemaView.Member member : view.members(type, known)) {
      if (known != null && known.get(member.name()) != null && !view.nests(member.type())) {
        continue;
      }
      if (view.nests(member.type())) {
        keys.add(new Candidate(prefix + member.name() + ".", false));
      }
      if (!view.kind(member.type()).equals("object")) {
        keys.add(new Candidate(prefix + member.name() + "=", false));
      }
    }
    return keys;
  }

  private List<Candidate> values(String command, String prefix, String member, String type) {
    List<String> values = new ArrayList<>(schema.get().values(type));
    if (values.isEmpty()) {
      values.addAll(namesFor(command, member));
    }
    return values.stream().map(value -> new Candidate(prefix + value, true)).toList();
  }

  private List<String> namesFor(String command, String member) {
    boolean aboutJobs =
        command.startsWith("job-")
            || command.startsWith("x-job-")
            || command.startsWith("block-job-")
            || command.startsWith("JOB_")
            || command.startsWith("BLOCK_JOB_");
    if (aboutJobs) {
      return member.equals("id") || member.equals("device") ? names.jobs() : List.of();
    }
    return NODE_MEMBERS.contains(member) ? names.nodes() : List.of();
  }

  private static List<Candidate> complete(List<String> words) {
    return words.stream().map(word -> new Candidate(word, true)).toList();
  }

  private static List<Candidate> matching(String start, List<Candidate> all) {
    return all.stream().filter(each -> each.text().startsWith(start)).distinct().toList();
  }
}
