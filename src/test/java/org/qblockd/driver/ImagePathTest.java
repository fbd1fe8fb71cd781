// SPDX-License-Identifier: Apache-2.0
package org.qblockd.driver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ImagePathTest {
  @ParameterizedTest
  @CsvSource({
    "/a/b/o.qcow2, base.raw, /a/b/base.raw",
    "o.qcow2, base.raw, base.raw",
    "sub/o.qcow2, ../base.raw, sub/../base.raw",
    "sub/o.qcow2, /abs/base.raw, /abs/base.raw",
    "sub/o.qcow2, nbd:host:1, nbd:host:1",
    "file:o.qcow2, base.raw, file:base.raw",
    "file:sub/o.qcow2, base.raw, file:sub/base.raw",
  })
  void backingNamesAreSeenFromTheOverlay(String overlay, String backing, String seen)
      throws Exception {
    assertThat(ImagePath.backing(overlay, backing)).isEqualTo(seen);
  }

  @Test
  void optionsHaveNoDirectory() {
    assertThatThrownBy(() -> ImagePath.backing("json:{}", "base.raw"))
        .hasMessage("Cannot use relative backing file names for 'json:{}'");
  }

  @ParameterizedTest
  @CsvSource({"nbd:x, nbd", "./a:b, ", "a/b:c, ", "plain, ", "'', "})
  void aProtocolStandsBeforeTheFirstSlash(String name, String protocol) {
    assertThat(ImagePath.protocol(name)).isEqualTo(protocol);
  }
}
