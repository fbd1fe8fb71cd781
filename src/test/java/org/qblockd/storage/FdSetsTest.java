// SPDX-License-Identifier: Apache-2.0
package org.qblockd.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.qblockd.base.BlockException;

final class FdSetsTest {
  private static final String NAME = "/dev/fdset/0";

  private final FdSets sets = new FdSets();
  @TempDir private Path directory;
  private String path = "";

  @BeforeEach
  void makeFile() throws IOException {
    path = directory.resolve("file").toString();
    Files.write(Path.of(path), new byte[4096]);
  }

  @Test
  void aNameOpensTheDescriptorOfThatAccessMode() throws BlockException {
    sets.add(Optional.empty(), Native.open(path, Native.O_RDONLY, 0), Optional.empty());
    assertThatThrownBy(() -> open(true))
        .hasMessage("Failed to find file descriptor with matching flags=0x2");
    sets.add(Optional.of(0L), Native.open(path, Native.O_RDWR, 0), Optional.empty());
    try (HostFile file = open(true)) {
      file.write(0, ByteBuffer.allocateDirect(1));
    }
  }

  @Test
  void aSetLivesAsLongAsSomebodyUsesADuplicate() throws BlockException {
    int fd = Native.open(path, Native.O_RDONLY, 0);
    sets.add(Optional.empty(), fd, Optional.empty());
    HostFile file = open(false);

    assertThat(sets.remove(0, Optional.of((long) fd))).isTrue();
    assertThat(sets.all()).isEqualTo(List.of(new FdSets.Shown(0, List.of())));
    assertThat(file.length()).isEqualTo(4096);

    file.close();
    assertThat(sets.all()).isEmpty();
  }

  @Test
  void aNewSetTakesTheLowestFreeNumberAndOpenedDescriptorsOfOurOwnAreNotInherited() {
    int fd = Native.open(path, Native.O_RDONLY | Native.O_CLOEXEC, 0);
    assertThatThrownBy(() -> sets.inherit(1, fd, Optional.empty()))
        .hasMessage("fd is not valid or already in use");
    assertThat(sets.add(Optional.of(1L), fd, Optional.of("x"))).isEqualTo(1);
    assertThat(sets.add(Optional.empty(), Native.open(path, 0, 0), Optional.empty())).isEqualTo(0);
    assertThat(sets.remove(0, Optional.empty())).isTrue();
    assertThat(sets.remove(1, Optional.empty())).isTrue();
  }

  private HostFile open(boolean writable) throws BlockException {
    return HostFiles.open(NAME, HostOpen.regular(writable), sets);
  }
}
