// SPDX-License-Identifier: Apache-2.0
package org.qblockd.command.qemuio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SizesTest {
  @ParameterizedTest
  @CsvSource({
    "0, 0",
    "512, 512",
    "0x200, 512",
    "1k, 1024",
    "1K, 1024",
    "1.5k, 1536",
    "64M, 67108864",
    "1b, 1",
    "1e, 1152921504606846976"
  })
  void reads(String text, long bytes) throws Exception {
    assertThat(Sizes.parse(text)).isEqualTo(bytes);
  }

  @ParameterizedTest
  @CsvSource({
    "abc, 'Parsing error: non-numeric argument, or extraneous/unrecognized suffix -- abc'",
    "1x, 'Parsing error: non-numeric argument, or extraneous/unrecognized suffix -- 1x'",
    "-1, 'Parsing error: argument too large -- -1'",
    "18446744073709551615, 'Parsing error: argument too large -- 18446744073709551615'"
  })
  void refuses(String text, String message) {
    assertThatThrownBy(() -> Sizes.parse(text)).hasMessage(message);
  }

  @ParameterizedTest
  @CsvSource({
    "0, 0 bytes",
    "512, 512 bytes",
    "45.123507, 45.123507 bytes",
    "1024, 1 KiB",
    "1536, 1.500 KiB",
    "67043328, 63.938 MiB"
  })
  void prints(double bytes, String text) {
    assertThat(Sizes.print(bytes)).isEqualTo(text);
  }

  @Test
  void optionsMayFollowOperands() throws Exception {
    Options options = Options.parse("write", java.util.List.of("0", "-P3", "512", "-qz"), "P:qz");
    assertThat(options.operands()).containsExactly("0", "512");
    assertThat(options.value('P')).isEqualTo("3");
    assertThat(options.has('q')).isTrue();
    assertThat(options.has('z')).isTrue();
  }

  @Test
  void unknownOptionsAreNamed() {
    assertThatThrownBy(() -> Options.parse("write", java.util.List.of("-x"), "P:"))
        .hasMessage("write: invalid option -- 'x'");
    assertThatThrownBy(() -> Options.parse("write", java.util.List.of("-P"), "P:"))
        .hasMessage("write: option requires an argument -- 'P'");
  }

  @Test
  void fractionsOfBytesAndLineFeedsAreRefused() throws Sizes.SizeException {
    assertThat(Sizes.parse("+5")).isEqualTo(5);
    assertThat(Sizes.parse("5.0")).isEqualTo(5);
    assertThat(Sizes.parse("1.1k")).isEqualTo(1126);
    assertThatThrownBy(() -> Sizes.parse("1.5")).isInstanceOf(Sizes.SizeException.class);
    assertThatThrownBy(() -> Sizes.parse("512\n")).isInstanceOf(Sizes.SizeException.class);
  }
}
