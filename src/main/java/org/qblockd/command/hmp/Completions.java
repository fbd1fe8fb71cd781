// SPDX-License-Identifier: Apache-2.0
package org.qblockd.command.hmp;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.qblockd.block.BlockBackend;
import org.qblockd.block.BlockGraph;
import org.qblockd.command.hmp.HmpCommand.Completer;
import org.qblockd.monitor.hmp.HumanInterpreter.Completion;

/**
 * What the tabulator offers: names of commands, drives and files. Texts are those of the terminal,
 * a character for each byte. Control lane.
 */
final class Completions {
  private final BlockGraph graph;
  private final PrintStream out;

  Completions(BlockGraph graph, PrintStream out) {
    this.graph = graph;
    this.out = out;
  }

  /** What the last word of {@code head} can become. */
  Completion complete(String head, CommandList commands, CommandList infos) {
    List<String> words = words(head);
    return words == null ? Completion.NONE : ofCommand(words, commands, infos);
  }

  /** The words; an empty one after a blank; null when a string is not ended. */
  private @Nullable List<String> words(String head) {
    HmpLine line = new HmpLine(head, out);
    List<String> words = new ArrayList<>();
    boolean blank = false;
    while (true) {
      blank = line.atBlank();
      line.skipBlanks();
      if (line.atEnd()) {
        break;
      }
      String word = line.string();
      if (word == null) {
        return null;
      }
      words.add(word);
    }
    if (blank) {
      words.add("");
    }
    return words;
  }

  private Completion ofCommand(List<String> words, CommandList commands, CommandList infos) {
    if (words.size() <= 1) {
      return name(words, commands);
    }
    List<String> rest = words.subList(1, words.size());
    return switch (words.getFirst()) {
      case "info" -> rest.size() <= 1 ? name(rest, infos) : argument(infos, rest);
      case "help", "?" -> ofCommand(rest, commands, infos);
      default -> argument(commands, words);
    };
  }

  private static Completion name(List<String> words, CommandList list) {
    return fitting(words.isEmpty() ? "" : words.getFirst(), list.names());
  }

  private Completion argument(CommandList list, List<String> words) {
    HmpCommand command = list.find(words.getFirst());
    if (command == null) {
      return Completion.NONE;
    }
    List<String> arguments = words.subList(1, words.size());
    String typed = arguments.getLast();
    Completer completer = command.completer();
    if (completer != null) {
      return fitting(typed, completer.words(arguments.size()));
    }
    Parameter parameter = parameterAt(command.parameters(), arguments.size() - 1);
    if (parameter == null) {
      return Completion.NONE;
    }
    return switch (parameter.kind()) {
      case DEVICE -> fitting(typed, drives());
      case FILE -> files(typed);
      case FLAG, FLAG_VALUE, STRING, REST, OPTIONS -> Completion.NONE;
      case FORMAT, INTEGER, LONG, MEBIBYTES, SIZE, ON_OFF -> Completion.NONE;
    };
  }

  /** Flags count as arguments before the last one, as in QEMU; there they are passed over. */
  private static @Nullable Parameter parameterAt(List<Parameter> parameters, int before) {
    int at = Math.min(before, parameters.size());
    while (at < parameters.size() && parameters.get(at).isFlag()) {
      at++;
    }
    return at < parameters.size() ? parameters.get(at) : null;
  }

  private List<String> drives() {
    List<String> names = new ArrayList<>();
    for (BlockBackend backend : graph.backends()) {
      if (!backend.name().isEmpty()) {
        names.add(backend.name());
      }
    }
    return names;
  }

  private static Completion fitting(String typed, List<String> names) {
    List<String> found = new ArrayList<>();
    for (String name : names) {
      if (name.startsWith(typed)) {
        found.add(name);
      }
    }
    found.sort(null);
    return new Completion(typed.length(), found);
  }

  private static Completion files(String typed) {
    int slash = typed.lastIndexOf('/') + 1;
    String folder = typed.substring(0, slash);
    String begun = typed.substring(slash);
    List<String> names = new ArrayList<>();
    String path = new String(folder.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
    try (DirectoryStream<Path> entries =
        Files.newDirectoryStream(Path.of(path.isEmpty() ? "." : path))) {
      for (Path entry : entries) {
        String name = String.valueOf(entry.getFileName());
        if (!begun.isEmpty() || !name.startsWith(".")) {
          byte[] bytes = name.getBytes(StandardCharsets.UTF_8);
          String shown = new String(bytes, StandardCharsets.ISO_8859_1);
          names.add(folder + shown + (Files.isDirectory(entry) ? "/" : ""));
        }
      }
    } catch (IOException | InvalidPathException unreadable) {
      return Completion.NONE; // nothing is offered, as in QEMU
    }
    return fitting(typed, names);
  }
}
