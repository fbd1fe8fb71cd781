// SPDX-License-Identifier: Apache-2.0
package org.qblockd.structure;

import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.lang.EvaluationResult;
import org.junit.jupiter.api.Test;

/** Who uses whom in the compiled program. */
final class StructureTest {
  private static final JavaClasses PROGRAM =
      new ClassFileImporter().importPath(SourceTree.ofProject().file("target/classes"));

  @Test
  void packagesUseOnlyWhatTheTableGrants() {
    assertThat(PackageTable.ofProject().violations(PROGRAM)).isEmpty();
  }

  @Test
  void confinedThingsStayInTheirPlaces() {
    assertThat(Places.ofProject().violations(PROGRAM)).isEmpty();
  }

  @Test
  void packagesFormNoCycle() {
    assertThat(cycles("org.qblockd.(**)", PROGRAM)).isEmpty();
  }

  /** Descriptions of the cycles between the packages that {@code pattern} captures. */
  static Iterable<String> cycles(String pattern, JavaClasses classes) {
    EvaluationResult result =
        slices()
            .matching(pattern)
            .should()
            .beFreeOfCycles()
            .allowEmptyShould(true)
            .evaluate(classes);
    return result.getFailureReport().getDetails();
  }
}
