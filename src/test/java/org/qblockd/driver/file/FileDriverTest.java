// SPDX-License-Identifier: Apache-2.0
package org.qblockd.driver.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.qblockd.block.BlockBackend;
import org.qblockd.block.BlockNode;
import org.qblockd.block.Extent;
import org.qblockd.block.Permission;
import org.qblockd.block.Perms;
import org.qblockd.block.Reopens;
import org.qblockd.block.RequestFlags;
import org.qblockd.block.Resizes;
import org.qblockd.driver.OpenerFixture;
import org.qblockd.storage.HostFile;
import org.qblockd.storage.HostFiles;
import org.qblockd.storage.HostOpen;

final class FileDriverTest {
  private static final int LENGTH = 64 << 10;

  @TempDir Path directory;
  private final OpenerFixture fixture = new OpenerFixture();
  private Path file = Path.of("none");

  @BeforeEach
  void makeFile() throws Exception {
    file = Files.write(directory.resolve("disk"), new byte[LENGTH]);
  }

  @AfterEach
  void end() {
    fixture.close();
  }

  private BlockNode node(String more) throws Exception {
    return fixture.add("{'driver':'file','node-name':'n','filename':'" + file + "'" + more + "}");
  }

  @Test
  void othersSeeTheLocksOfThePermissions() throws Exception {
    BlockNode node = node("");
    Object unused = fixture.backend(node);
    try (HostFile other = HostFiles.open(file.toString(), HostOpen.regular(true))) {
      assertThatThrownBy(() -> other.locks().prepare(Permission.WRITE, 0))
          .hasMessage("Failed to get shared \"consistent read\" lock");
    }
  }

  @Test
  void lockingCanBeSwitchedOff() throws Exception {
    Object unused = fixture.backend(node(",'locking':'off'"));
    try (HostFile other = HostFiles.open(file.toString(), HostOpen.regular(true))) {
      other.locks().prepare(Permission.ALL, 0);
      other.locks().abort();
    }
  }

  @Test
  void forceShareUnsharesNothing() throws Exception {
    BlockNode node = node(",'read-only':true,'force-share':true");
    try (HostFile other = HostFiles.open(file.toString(), HostOpen.regular(true))) {
      other.locks().prepare(Permission.WRITE, Permission.ALL);
      other.locks().commit(Permission.WRITE, Permission.ALL);
      fixture.<Object>onLane(() -> {
        BlockBackend reader =
            new BlockBackend(
                fixture.graph(), "", new Perms(Permission.CONSISTENT_READ, Permission.ALL));
        reader.insert(node);
        return reader;
      });
    }
  }

  @Test
  void autoReadOnlyOpensForWritingWhenAWriterComes() throws Exception {
    BlockNode node = node(",'auto-read-only':true");
    assertThat(node.readOnly()).isFalse();
    BlockBackend backend = fixture.backend(node);
    backend.write(0, ByteBuffer.wrap(new byte[] {1, 2, 3}), 0);
    assertThat(Files.readAllBytes(file)).startsWith(1, 2, 3);
  }

  @Test
  void aLengthThatIsNoWholeSectorIsRoundedUp() throws Exception {
    Files.write(file, new byte[1000]);
    BlockNode node = node("");
    assertThat(node.length()).isEqualTo(1024);
    ByteBuffer all = ByteBuffer.allocate(1024);
    node.read(0, all, 0);
    assertThat(all.hasRemaining()).isFalse();
    Extent extent = node.extentAt(0, 1024, true);
    assertThat(extent.length()).isEqualTo(1024);
    assertThat(extent.has(Extent.EOF)).isTrue();
  }

  /** As QEMU, which does not ask again either: what others punch looks like data for a while. */
  @Test
  void dataIsKnownUntilSomethingIsMadeAHole() throws Exception {
    BlockNode node = node(",'discard':'unmap'");
    BlockBackend backend = fixture.backend(node);
    assertThat(node.extentAt(0, 4096, true).has(Extent.DATA)).isTrue();
    try (HostFile other = HostFiles.open(file.toString(), HostOpen.regular(true))) {
      other.punchHole(0, LENGTH / 2);
    }
    assertThat(node.extentAt(4096, 4096, true).has(Extent.DATA)).isTrue();
    backend.discard(LENGTH / 2, 4096);
    assertThat(node.extentAt(4096, 4096, true).has(Extent.ZERO)).isTrue();
    assertThat(node.extentAt(LENGTH / 2, 4096, true).has(Extent.ZERO)).isTrue();
    assertThat(node.extentAt(LENGTH / 2 + 4096, 4096, true).has(Extent.DATA)).isTrue();
    backend.writeZeroes(LENGTH / 2 + 4096, 4096, RequestFlags.MAY_UNMAP);
    assertThat(node.extentAt(LENGTH / 2 + 4096, 4096, true).has(Extent.ZERO)).isTrue();
  }

  @Test
  void zeroesThatMayUnmapMakeHolesAndOthersDoNot() throws Exception {
    BlockNode node = node(",'discard':'unmap'");
    BlockBackend backend = fixture.backend(node);
    byte[] data = new byte[LENGTH];
    java.util.Arrays.fill(data, (byte) 1);
    backend.write(0, ByteBuffer.wrap(data), 0);
    backend.writeZeroes(0, 16384, RequestFlags.MAY_UNMAP);
    backend.discard(32768, 16384);
    assertThat(node.extentAt(0, LENGTH, true).flags() & (Extent.DATA | Extent.ZERO))
        .isEqualTo(Extent.ZERO);
    assertThat(node.extentAt(16384, LENGTH, true).length()).isEqualTo(16384);
    assertThat(node.extentAt(32768, LENGTH, true).has(Extent.ZERO)).isTrue();
    assertThat(node.extentAt(0, LENGTH, false).has(Extent.DATA)).isTrue();
  }

  @Test
  void unknownPreallocationIsRefusedAndChangesNothing() throws Exception {
    BlockNode node = node("");
    Resizes resizes = node.capability(Resizes.class);
    assertThat(resizes).isNotNull();
    assertThatThrownBy(() -> resizes.resize(LENGTH * 2L, true, "metadata", false))
        .hasMessage("Unsupported preallocation mode: metadata");
    assertThatThrownBy(() -> resizes.resize(512, true, "full", false))
        .hasMessage("Preallocation can't be used for shrinking files");
    assertThat(Files.size(file)).isEqualTo(LENGTH);
  }

  @Test
  void reopeningChangesTheModeAndKeepsTheLocks() throws Exception {
    BlockNode node = node(",'read-only':true");
    Reopens reopens = node.capability(Reopens.class);
    assertThat(reopens).isNotNull();
    fixture.<Object>onLane(() -> {
      reopens.prepareReopen(node.options().withReadOnly(false));
      node.setOptions(node.options().withReadOnly(false));
      reopens.commitReopen();
      return node;
    });
    BlockBackend backend = fixture.backend(node);
    backend.write(0, ByteBuffer.wrap(new byte[] {9}), 0);
    assertThat(Files.readAllBytes(file)).startsWith(9);
  }
}
