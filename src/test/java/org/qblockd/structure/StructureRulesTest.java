// SPDX-License-Identifier: Apache-2.0
package org.qblockd.structure;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.util.List;
import org.assertj.core.api.Condition;
import org.junit.jupiter.api.Test;

/** The structure rules find each violation that is planted, and no other. */
final class StructureRulesTest {
  private static final String ROOT = "org.qblockd.structure.planted";
  private static final JavaClasses PLANTED = new ClassFileImporter().importPackages(ROOT);

  @Test
  void packageTable() {
    PackageTable project = PackageTable.ofProject();
    PackageTable table = new PackageTable(ROOT, project.mayUse(), project.strangers());
    assertThat(table.violations(PLANTED))
        .anySatisfy(each -> assertThat(each).startsWith("base may not use job: "))
        .anySatisfy(each -> assertThat(each).startsWith("driver.raw may not use driver.file: "))
        .contains("package " + ROOT + ".unlisted is not in the table")
        .allMatch(each ->
            each.matches("(base may not use job|driver.raw may not use driver.file|package).*"));
  }

  @Test
  void places() {
    List<String> found = new Places(ROOT, Places.ofProject().onlyIn()).violations(PLANTED);
    assertThat(found)
        .areAtLeast(2, startingWith("job may not use the clock: "))
        .areAtLeast(1, startingWith("job may not use sleeping: "))
        .areAtLeast(1, startingWith("job may not use random numbers: "))
        .areAtLeast(1, startingWith("driver.raw may not use Vert.x: "))
        .areAtLeast(1, startingWith("driver.raw may not use FileChannel: "))
        .areAtLeast(1, startingWith("chardev uses a library that has no place: "))
        .allMatch(each -> each.matches("(job|driver.raw|chardev uses).*"));
  }

  @Test
  void cycles() {
    assertThat(StructureTest.cycles(ROOT + ".(**)", PLANTED))
        .singleElement()
        .asString()
        .contains("Cycle detected: Slice base", "Slice job");
  }

  private static Condition<String> startingWith(String start) {
    return new Condition<>(each -> each.startsWith(start), "starts with '%s'", start);
  }
}
