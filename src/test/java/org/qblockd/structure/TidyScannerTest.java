// SPDX-License-Identifier: Apache-2.0
package org.qblockd.structure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;

/** The scanner finds what is planted, and nothing else. */
final class TidyScannerTest {
  private static final String FILE = "src/main/java/org/qblockd/base/A.java";

  private static Map<String, Integer> scan(String body) {
    return TidyScanner.scan(FILE, TidyScanner.LICENSE_LINE + "\nclass A {\n" + body + "\n}\n");
  }

  @Test
  void tidyFileHasNoFinding() {
    assertThat(scan("void f(int x) { if (x > 0) { while (true) { try { f(x); } finally {} } } }"))
        .isEmpty();
  }

  @Test
  void missingLicenseLine() {
    assertThat(TidyScanner.scan(FILE, "class A {}\n")).containsOnlyKeys("license " + FILE);
  }

  @Test
  void fileOfTooManyLines() {
    int emptyLines = TidyScanner.LINES_PER_FILE - 3;
    assertThat(scan("\n".repeat(emptyLines - 1))).isEmpty();
    assertThat(scan("\n".repeat(emptyLines)))
        .containsExactly(Map.entry("file-lines " + FILE, TidyScanner.LINES_PER_FILE + 1));
  }

  @Test
  void methodOfTooManyLines() {
    int inner = TidyScanner.LINES_PER_METHOD - 2;
    assertThat(scan("void f() {\n" + "f();\n".repeat(inner) + "}")).isEmpty();
    assertThat(scan("void f() {\n" + "f();\n".repeat(inner + 1) + "}"))
        .containsExactly(
            Map.entry("method-lines " + FILE + "#A.f", TidyScanner.LINES_PER_METHOD + 1));
  }

  @Test
  void commentAboveMethodIsNotCounted() {
    int inner = TidyScanner.LINES_PER_METHOD - 2;
    assertThat(scan("/**\n * Long.\n */\nvoid f() {\n" + "f();\n".repeat(inner) + "}")).isEmpty();
  }

  @Test
  void nestingCountsEveryKindOfBody() {
    assertThat(
            scan(
                "void f(int x) { for (;;) { do { switch (x) { case 1: if (x > 0) {} } } while (true); } }"))
        .containsExactly(Map.entry("nesting " + FILE + "#A.f", 4));
    assertThat(
            scan(
                "void f(int[] x) { for (int i : x) { synchronized (x) { try { f(x); } "
                    + "catch (Error e) { Runnable r = () -> { f(x); }; } } } }"))
        .containsExactly(Map.entry("nesting " + FILE + "#A.f", 4));
  }

  @Test
  void elseIfIsNoDeeper() {
    assertThat(
            scan(
                "void f(int x) { if (x == 1) {} else if (x == 2) {} else if (x == 3) {} "
                    + "else if (x == 4) {} else {} }"))
        .isEmpty();
  }

  @Test
  void methodOfAnonymousClassCountsForItself() {
    String four = "if (x > 1) { if (x > 2) { if (x > 3) { if (x > 4) {} } } }";
    assertThat(scan("Object f(int x) { return new Object() { void g() { " + four + " } }; }"))
        .containsExactly(Map.entry("nesting " + FILE + "#A.(anonymous).g", 4));
  }

  @Test
  void constructorsAreMethods() {
    assertThat(scan("A(int x) { if (x > 1) { if (x > 2) { if (x > 3) { while (true) {} } } } }"))
        .containsExactly(Map.entry("nesting " + FILE + "#A.new", 4));
  }

  @Test
  void bracesInTextAndCommentsDoNotCount() {
    assertThat(scan("String f() { /* { { { { */ return \"if (x) { { { {\"; }")).isEmpty();
  }

  @Test
  void nameThatSaysNothing() {
    assertThat(scan("class NodeManager {}"))
        .containsExactly(Map.entry("name " + FILE + "#NodeManager", 1));
    assertThat(scan("class Implicit {}")).isEmpty();
  }

  @Test
  void untypedMapOutsideQapiAndMonitor() {
    String member = "java.util.Map<String, Object> f;";
    assertThat(scan(member)).containsOnlyKeys("untyped-map " + FILE);
    String inQapi = "src/main/java/org/qblockd/qapi/B.java";
    assertThat(
            TidyScanner.scan(inQapi, TidyScanner.LICENSE_LINE + "\nclass B {\n" + member + "\n}\n"))
        .isEmpty();
  }

  @Test
  void packageWithoutNullMarked() {
    String info = "src/main/java/org/qblockd/base/package-info.java";
    assertThat(TidyScanner.unmarkedPackages(Map.of(FILE, "")))
        .containsExactly("null-marked src/main/java/org/qblockd/base");
    assertThat(TidyScanner.unmarkedPackages(Map.of(FILE, "", info, "package org.qblockd.base;\n")))
        .hasSize(1);
    assertThat(
            TidyScanner.unmarkedPackages(
                Map.of(FILE, "", info, "/** Base. */\n@NullMarked\npackage org.qblockd.base;\n")))
        .isEmpty();
  }

  @Test
  void fileThatDoesNotParseIsAnError() {
    assertThatThrownBy(() -> scan("void f( {")).hasMessageStartingWith(FILE + ": ");
  }

  @Test
  void exceptionsCoverExactlyWhatIsThere() {
    TidyExceptions list = TidyExceptions.parse("# why\n\nnesting A.java#A.f 5\n");
    assertThat(list.judge(Map.of("nesting A.java#A.f", 5))).isEmpty();
    assertThat(list.judge(Map.of("nesting A.java#A.f", 6)))
        .containsExactly("too large: nesting A.java#A.f 6");
    assertThat(list.judge(Map.of("nesting A.java#A.f", 4)))
        .containsExactly("has shrunk, lower its entry: nesting A.java#A.f 4");
    assertThat(list.judge(Map.of()))
        .containsExactly("is fine now, remove its entry: nesting A.java#A.f");
    assertThat(list.judge(Map.of("nesting A.java#A.f", 5, "license B.java", 1)))
        .containsExactly("too large: license B.java 1");
  }
}
