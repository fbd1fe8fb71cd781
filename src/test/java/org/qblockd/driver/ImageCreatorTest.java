// SPDX-License-Identifier: Apache-2.0
package org.qblockd.driver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.qblockd.driver.ImageCreator.NewImage;
import org.qblockd.qapi.types.BlockdevCreateOptions;
import org.qblockd.qapi.types.BlockdevCreateOptionsFile;
import org.qblockd.qapi.types.BlockdevDriver;
import org.qblockd.qapi.types.PreallocMode;

/** Sentences are those of drive-mirror in QEMU 10.0.2. */
final class ImageCreatorTest {
  @TempDir Path directory;
  private final OpenerFixture fixture = new OpenerFixture();
  private final List<String> output = new ArrayList<>();
  private final ImageCreator creator = new ImageCreator(fixture.opener(), output::add);

  @AfterEach
  void end() {
    fixture.close();
  }

  private void create(NewImage image) throws Exception {
    Object unused =
        fixture.onLane(() -> {
          creator.create(image);
          return image;
        });
  }

  @Test
  void aRawImageIsAFileOfItsSize() throws Exception {
    Path file = directory.resolve("t.raw");
    create(new NewImage("file:" + file, "raw", 1 << 20, null, null));
    assertThat(Files.size(file)).isEqualTo(1 << 20);
    assertThat(output).containsExactly("Formatting 'file:" + file + "', fmt=raw size=1048576");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          x | xyz | | Unknown file format 'xyz'
          x | null-co | | Format driver 'null-co' does not support image creation
          null-co:// | raw | | Protocol driver 'null-co' does not support image creation
          nope:x | raw | | Unknown protocol 'nope'
          x | raw | b | Backing file not supported for file format 'raw'
          /nowhere/x | raw | | Could not create '/nowhere/x': No such file or directory
          """)
  void refusals(String filename, String format, String backing, String sentence) {
    assertThatThrownBy(() -> create(new NewImage(filename, format, 512, backing, null)))
        .hasMessage(sentence);
  }

  @Test
  void aFileInUseIsNotEmptied() throws Exception {
    Path file = Files.write(directory.resolve("used"), new byte[4096]);
    Object unused = fixture.backend(fixture.drive("driver=file", "filename=" + file));
    assertThatThrownBy(() -> create(new NewImage(file.toString(), "raw", 512, null, null)))
        .hasMessageStartingWith("Failed to get ");
    assertThat(Files.size(file)).isEqualTo(4096);
  }

  @Test
  void blockdevCreateKnowsWhatAFileCanDo() throws Exception {
    Path file = directory.resolve("t");
    BlockdevCreateOptionsFile full =
        new BlockdevCreateOptionsFile(
            file.toString(),
            8192,
            Optional.of(PreallocMode.FULL),
            Optional.of(true),
            Optional.of(4096L));
    creator.create(new BlockdevCreateOptions.File(full));
    assertThat(Files.size(file)).isEqualTo(8192);
    assertThatThrownBy(() -> creator.create(new BlockdevCreateOptions.Other(BlockdevDriver.RAW)))
        .hasMessage("Driver does not support blockdev-create");
  }
}
