// SPDX-License-Identifier: Apache-2.0
package org.qblockd.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.qblockd.client.QmpAddress;
import org.qblockd.client.QmpClient;
import org.qblockd.testkit.Qblockd;
import org.qblockd.testkit.QblockdServer;

/** The testing kit, used as its users do; also an example of it. */
@Qblockd
final class TestkitIT {
  private static void mirrorMeetsAFault(QblockdServer server) throws IOException {
    Path image = server.image("disk.img", 1 << 20);
    server.execute(
        "blockdev-add",
        "{'driver': 'raw', 'node-name': 'a', 'file': {'driver': 'file', 'filename': '"
            + image
            + "'}}");
    server.execute("blockdev-add", "{'driver': 'null-co', 'node-name': 'b', 'size': 1048576}");
    QblockdServer.Fault fault =
        server.inject("f", "b", "{'operations': ['write', 'write-zeroes'], 'count': 1}");
    server.execute(
        "blockdev-mirror",
        "{'job-id': 'm', 'device': 'a', 'target': 'b', 'sync': 'full',"
            + " 'on-target-error': 'ignore'}");
    assertThat(fault.awaitFired()).contains("\"errno\": 5");
    server.events().await("BLOCK_JOB_READY", "{'device': 'm'}");
    assertThat(fault.remove()).contains("\"fired\": 1");
  }

  @Test
  void serverAsAProcess(QblockdServer server) throws Exception {
    mirrorMeetsAFault(server);
    try (QmpClient other = QmpClient.connect(QmpAddress.of(server.socket().toString()))) {
      assertThat(other.execute("query-jobs").toString()).contains("mirror");
    }
  }

  @Test
  @Qblockd(mode = Qblockd.Mode.IN_JVM)
  void serverInTheJvmOfTheTest(QblockdServer server) throws Exception {
    mirrorMeetsAFault(server);
  }

  @Test
  @Qblockd(testClock = true)
  void serverWithATestClock(QblockdServer server) throws Exception {
    assertThat(server.execute("x-clock-step", "{'ns': 5}")).isEqualTo("{\"now\": 5}");
  }

  @Test
  void whatIsRefusedIsToldInTheWordsOfTheServer(QblockdServer server) {
    assertThatThrownBy(() -> server.execute("job-pause", "{'id': 'nope'}"))
        .isInstanceOf(AssertionError.class)
        .hasMessage("job-pause {'id': 'nope'}: GenericError: Job not found");
    assertThatThrownBy(() -> QblockdServer.builder().arguments("-nope").start())
        .isInstanceOf(IOException.class)
        .hasMessageContaining("-nope: invalid option");
  }
}
