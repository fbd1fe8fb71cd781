// SPDX-License-Identifier: Apache-2.0
package org.qblockd.qapi;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Numbers of option strings, as qemu-img measure and qemu-storage-daemon take them. */
class NumberTextTest {
  @Test
  void sizesRoundToTheNearestByte() {
    assertThat(NumberText.size("1.5k")).hasValue(1536);
    assertThat(NumberText.size("0x1E")).hasValue(30);
    assertThat(NumberText.size("010")).hasValue(10);
    assertThat(NumberText.size(" +5.k")).hasValue(5120);
    assertThat(NumberText.size(".0005k")).hasValue(1);
    assertThat(NumberText.size("0.0004k")).hasValue(0);
    assertThat(NumberText.size("1.9999999999999999999999k")).hasValue(2048);
    assertThat(NumberText.size("18446744073709551615")).hasValue(-1L);
  }

  @Test
  void otherTextsAreNoSizes() {
    for (String text :
        new String[] {
          "",
          "1.5",
          "1.5B",
          "0x10k",
          "1kB",
          "1 k",
          "-1",
          "-0",
          "1e3",
          "16E",
          ".5",
          ".",
          "inf",
          "nan",
          "0b1",
          "0x1.8k",
          "18446744073709551616",
          "7.99999999999999999999Z"
        }) {
      assertThat(NumberText.size(text)).as(text).isEmpty();
    }
  }

  @Test
  void unsignedNumbersWrapWithinTheirRange() {
    assertThat(NumberText.unsigned("-1")).hasValue(-1L);
    assertThat(NumberText.unsigned("-18446744073709551615")).hasValue(1);
    assertThat(NumberText.unsigned("-18446744073709551616")).isEmpty();
    assertThat(NumberText.unsigned("18446744073709551616")).isEmpty();
  }

  @Test
  void fractionsAreFinite() {
    assertThat(NumberText.finite("1e3")).hasValue(1000);
    assertThat(NumberText.finite(".5")).hasValue(0.5);
    assertThat(NumberText.finite("1e999")).isEmpty();
    assertThat(NumberText.finite("nan")).isEmpty();
  }
}
