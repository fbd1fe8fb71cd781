// SPDX-License-Identifier: Apache-2.0
package org.qblockd.structure;

import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.util.JavacTask;
import com.sun.source.util.Trees;
import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import javax.tools.Diagnostic;
import javax.tools.DiagnosticCollector;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;

/**
 * Measures one Java file against the rules of size and form. It reads the syntax tree of the JDK's
 * own compiler, so comments, strings and odd layouts do not deceive it. Stateless; any thread.
 */
final class TidyScanner {
  static final int LINES_PER_FILE = 400;
  static final int LINES_PER_METHOD = 60;
  static final int NESTING = 3;

  static final String LICENSE_LINE = "// SPDX-License-Identifier: Apache-2.0";

  private static final Pattern UNTYPED_MAP = Pattern.compile("Map<\\s*String\\s*,\\s*Object\\s*>");

  /** Style rule 12: names are found, not made up. */
  private static final Pattern NAME_THAT_SAYS_NOTHING =
      Pattern.compile(".+(Manager|Helper|Helpers|Util|Utils|Impl)");

  private TidyScanner() {}

  /**
   * Measures a file.
   *
   * @param name the file's name relative to the project, which findings carry
   * @return for each broken rule, keyed by rule and place, the number that is too large; 1 where a
   *     rule has no number
   */
  static Map<String, Integer> scan(String name, String text) {
    Map<String, Integer> findings = new TreeMap<>();
    if (!text.startsWith(LICENSE_LINE + "\n")) {
      findings.put("license " + name, 1);
    }
    int lines = (int) text.lines().count();
    if (lines > LINES_PER_FILE) {
      findings.put("file-lines " + name, lines);
    }
    if (name.startsWith("src/main/") && confinesMaps(name) && UNTYPED_MAP.matcher(text).find()) {
      findings.put("untyped-map " + name, 1);
    }
    MethodMeasure measure = parse(name, text);
    for (MethodMeasure.Method method : measure.methods()) {
      String place = name + "#" + method.name();
      if (method.lines() > LINES_PER_METHOD) {
        findings.merge("method-lines " + place, method.lines(), Math::max);
      }
      if (method.nesting() > NESTING) {
        findings.merge("nesting " + place, method.nesting(), Math::max);
      }
    }
    measure.types().stream()
        .filter(type -> NAME_THAT_SAYS_NOTHING.matcher(type).matches())
        .forEach(type -> findings.put("name " + name + "#" + type, 1));
    return findings;
  }

  /** Packages without a package-info.java that says NullMarked, among files of the program. */
  static List<String> unmarkedPackages(Map<String, String> filesByName) {
    List<String> unmarked = new ArrayList<>();
    filesByName.keySet().stream()
        .filter(name -> name.startsWith("src/main/java/"))
        .map(name -> name.substring(0, name.lastIndexOf('/')))
        .distinct()
        .forEach(directory -> {
          String info = filesByName.getOrDefault(directory + "/package-info.java", "");
          if (!info.contains("\n@NullMarked\n")) {
            unmarked.add("null-marked " + directory);
          }
        });
    return unmarked;
  }

  private static boolean confinesMaps(String name) {
    return !name.startsWith("src/main/java/org/qblockd/qapi/")
        && !name.startsWith("src/main/java/org/qblockd/monitor/");
  }

  private static MethodMeasure parse(String name, String text) {
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    DiagnosticCollector<JavaFileObject> messages = new DiagnosticCollector<>();
    JavaFileObject source =
        new SimpleJavaFileObject(URI.create("string:///" + name), JavaFileObject.Kind.SOURCE) {
          @Override
          public CharSequence getCharContent(boolean ignoreEncodingErrors) {
            return text;
          }
        };
    JavacTask task =
        (JavacTask)
            compiler.getTask(null, null, messages, List.of("-proc:none"), null, List.of(source));
    try {
      CompilationUnitTree unit = task.parse().iterator().next();
      for (Diagnostic<?> message : messages.getDiagnostics()) {
        if (message.getKind() == Diagnostic.Kind.ERROR) {
          throw new IllegalArgumentException(name + ": " + message.getMessage(Locale.ROOT));
        }
      }
      return new MethodMeasure(unit, Trees.instance(task).getSourcePositions());
    } catch (IOException e) {
      throw new IllegalStateException(name, e);
    }
  }
}
