// SPDX-License-Identifier: Apache-2.0
package org.qblockd.shell;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.qblockd.qapi.Introspection;

class CompletionsTest {
  private static final SchemaView SCHEMA = new SchemaView(Introspection.schema());

  private final Completions completions =
      new Completions(
          () -> SCHEMA,
          new Completions.Names() {
            @Override
            public List<String> nodes() {
              return List.of("disk", "copy");
            }

            @Override
            public List<String> jobs() {
              return List.of("mirror0");
            }
          });

  private List<String> of(String line) {
    return completions.of(line).stream().map(Completions.Candidate::text).toList();
  }

  @Test
  void ofCommands() {
    assertThat(of("blockdev-m")).containsExactly("blockdev-mirror");
    assertThat(of("trans")).containsExactly("transaction", "transaction(");
    assertThat(of("help query-stat")).contains("query-status");
    assertThat(of("wait X_JOB")).containsExactly("X_JOB_HELD");
  }

  @Test
  void ofMembersThatAreNotThereYet() {
    assertThat(of("job-pause ")).containsExactly("id=");
    assertThat(of("job-pause id=a ")).isEmpty();
    assertThat(of("blockdev-add dri")).containsExactly("driver=");
    assertThat(of("blockdev-add driver=null-co si")).containsExactly("size=");
    assertThat(of("blockdev-add si")).isEmpty();
    assertThat(of("blockdev-add driver=raw fil")).containsExactly("file.", "file=");
    assertThat(of("blockdev-add driver=raw file.driver=file file.file"))
        .containsExactly("file.filename=");
    assertThat(of("wait X_JOB_HELD i")).containsExactly("id=");
  }

  @Test
  void ofValues() {
    assertThat(of("blockdev-add driver=null-")).contains("driver=null-co");
    assertThat(of("blockdev-add driver=raw file.driver=nul")).contains("file.driver=null-co");
    assertThat(of("x-job-hold at="))
        .containsExactly("at=start", "at=copy", "at=ready", "at=completion");
    assertThat(of("blockdev-add read-only=")).containsExactly("read-only=true", "read-only=false");
  }

  @Test
  void ofNamesThatTheServerHas() {
    assertThat(of("blockdev-mirror device=")).containsExactly("device=disk", "device=copy");
    assertThat(of("block-job-cancel device=")).containsExactly("device=mirror0");
    assertThat(of("job-pause id=m")).containsExactly("id=mirror0");
    assertThat(of("follow ")).containsExactly("mirror0");
  }
}
