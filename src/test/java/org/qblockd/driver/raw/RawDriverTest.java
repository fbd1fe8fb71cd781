// SPDX-License-Identifier: Apache-2.0
package org.qblockd.driver.raw;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.qblockd.base.BlockException;
import org.qblockd.base.Errno;
import org.qblockd.block.BlockNode;
import org.qblockd.block.Permission;
import org.qblockd.block.Perms;
import org.qblockd.block.Resizes;
import org.qblockd.driver.OpenerFixture;

final class RawDriverTest {
  private final OpenerFixture fixture = new OpenerFixture();

  @AfterEach
  void end() {
    fixture.close();
  }

  @Test
  void aLimitedNodeKeepsItsSize() throws Exception {
    BlockNode node =
        fixture.add("{'driver':'raw','node-name':'n','size':512,'file':{'driver':'null-co'}}");
    Resizes resizes = node.capability(Resizes.class);
    assertThat(resizes).isNotNull();
    assertThatThrownBy(() -> resizes.resize(1024, true, "off", false))
        .hasMessage("Cannot resize fixed-size raw disks");
    assertThatThrownBy(() -> node.ops().write(512, ByteBuffer.allocate(512), 0))
        .isInstanceOfSatisfying(
            BlockException.class, e -> assertThat(e.errno()).isEqualTo(Errno.ENOSPC));
  }

  @Test
  void aGuardLetsOnlyRawSectorsPass() throws Exception {
    SectorGuard guard = new SectorGuard(head -> head.get(0) == 'Q' ? "qcow2" : "raw");
    byte[] sector = new byte[1024];
    guard.check(0, ByteBuffer.wrap(sector));
    sector[0] = 'Q';
    guard.check(512, ByteBuffer.wrap(sector));
    assertThatThrownBy(() -> guard.check(0, ByteBuffer.wrap(sector)))
        .isInstanceOfSatisfying(
            BlockException.class, e -> assertThat(e.errno()).isEqualTo(Errno.EPERM));
    SectorGuard.NONE.check(0, ByteBuffer.wrap(sector));
  }

  @Test
  void needsOfItsFileWhatItsUsersNeed() throws Exception {
    BlockNode whole = fixture.add("{'driver':'raw','node-name':'w','file':{'driver':'null-co'}}");
    BlockNode part =
        fixture.add("{'driver':'raw','node-name':'p','size':512,'file':{'driver':'null-co'}}");
    Perms wanted = new Perms(Permission.WRITE, Permission.ALL);
    assertThat(whole.ops().childPerms(whole.children().getFirst(), wanted)).isEqualTo(wanted);
    assertThat(part.ops().childPerms(part.children().getFirst(), wanted))
        .isEqualTo(new Perms(Permission.WRITE, Permission.ALL & ~Permission.RESIZE));
  }
}
