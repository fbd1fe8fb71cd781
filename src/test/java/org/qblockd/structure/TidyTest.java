// SPDX-License-Identifier: Apache-2.0
package org.qblockd.structure;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Size and form of every Java file. What is too large and known stands in tidy-exceptions.txt. */
final class TidyTest {
  private static final String EXCEPTIONS = "src/test/resources/tidy-exceptions.txt";

  @Test
  void sourcesAreTidy() throws IOException {
    SourceTree tree = SourceTree.ofProject();
    Map<String, String> files = new TreeMap<>();
    for (String name : tree.javaFiles()) {
      files.put(name, tree.read(name));
    }
    assertThat(files).as("Java files").isNotEmpty();
    Map<String, Integer> findings = new TreeMap<>();
    files.forEach((name, text) -> findings.putAll(TidyScanner.scan(name, text)));
    TidyScanner.unmarkedPackages(files).forEach(each -> findings.put(each, 1));

    assertThat(TidyExceptions.parse(tree.read(EXCEPTIONS)).judge(findings)).isEmpty();
  }
}
