// SPDX-License-Identifier: Apache-2.0
package org.qblockd.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.EnumSet;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.qblockd.base.BlockException;

/** Each line of the two tables, letter by letter: U C R P Y S W D X E N as in QEMU's documents. */
class JobTablesTest {
  private static final String LETTERS = "UCRPYSWDXEN";

  @ParameterizedTest
  @CsvSource({
    "UNDEFINED, C",
    "CREATED, RXN",
    "RUNNING, PYWX",
    "PAUSED, R",
    "READY, SWX",
    "STANDBY, Y",
    "WAITING, DX",
    "PENDING, XE",
    "ABORTING, XE",
    "CONCLUDED, N",
    "NULL, ''"
  })
  void stateChanges(JobStatus from, String allowed) {
    assertThat(from.next()).isEqualTo(states(allowed));
    for (JobStatus to : JobStatus.values()) {
      assertThat(from.mayBecome(to)).as(from + " to " + to).isEqualTo(from.next().contains(to));
    }
  }

  @ParameterizedTest
  @CsvSource({
    "CANCEL, CRPYSWD",
    "PAUSE, CRPYS",
    "RESUME, CRPYS",
    "SET_SPEED, CRPYS",
    "COMPLETE, YS",
    "FINALIZE, D",
    "DISMISS, E",
    "CHANGE, CRPYS"
  })
  void verbs(JobVerb verb, String allowed) throws BlockException {
    assertThat(verb.allowed()).isEqualTo(states(allowed));
    for (JobStatus status : JobStatus.values()) {
      if (verb.allowed().contains(status)) {
        verb.check("j", status);
      } else {
        assertThatThrownBy(() -> verb.check("j", status))
            .isInstanceOf(BlockException.class)
            .hasMessage(
                "Job 'j' in state '%s' cannot accept command verb '%s'",
                status.wireName(), verb.wireName());
      }
    }
  }

  private static Set<JobStatus> states(String letters) {
    Set<JobStatus> states = EnumSet.noneOf(JobStatus.class);
    for (int i = 0; i < letters.length(); i++) {
      states.add(JobStatus.values()[LETTERS.indexOf(letters.charAt(i))]);
    }
    return states;
  }
}
