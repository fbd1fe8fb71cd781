// SPDX-License-Identifier: Apache-2.0
package org.qblockd.chardev;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.qblockd.base.BlockException;
import org.qblockd.monitor.MonitorFixture;
import org.qblockd.qapi.json.JsonValue.JsonString;

@Timeout(60)
final class TcpSocketTest {
  private static final String LOOPBACK = "127.0.0.1";

  private final MonitorFixture fixture = new MonitorFixture();
  private final Sockets sockets = new Sockets();

  @AfterEach
  void close() {
    sockets.close();
    fixture.close();
  }

  private InetSocketAddress listen() throws Exception {
    sockets.start(Sockets.server(Sockets.inet(LOOPBACK, 0), false), fixture.monitor(false));
    return new InetSocketAddress(
        InetAddress.getLoopbackAddress(), sockets.devices.port(Sockets.ID));
  }

  @Test
  void servesOneClientAfterAnother() throws Exception {
    InetSocketAddress address = listen();
    try (QmpClient first = QmpClient.connect(address);
        QmpClient second = QmpClient.connect(address)) {
      assertThat(first.line()).isEqualTo(MonitorFixture.GREETING);
      first.send(MonitorFixture.NEGOTIATE + "{'execute': 'query-version'}");
      assertThat(first.line()).isEqualTo("{\"return\": {}}");
      assertThat(first.line()).isEqualTo("{\"return\": {\"version\": 1}}");
      first.leave();
      assertThat(second.line()).isEqualTo(MonitorFixture.GREETING);
      second.send("{'execute': 'query-version'}");
      assertThat(second.line()).contains("Expecting capabilities negotiation");
    }
  }

  @Test
  void answersAClientThatHasSentAll() throws Exception {
    try (QmpClient client = QmpClient.connect(listen())) {
      client.send(MonitorFixture.NEGOTIATE + "{'execute': 'echo'}".repeat(600));
      client.shutdownOutput();
      assertThat(client.line()).isEqualTo(MonitorFixture.GREETING);
      for (int i = 0; i < 601; i++) {
        assertThat(client.line()).isEqualTo("{\"return\": {}}");
      }
      assertThat(client.line()).isEmpty();
    }
  }

  @Test
  void keepsOutputForASlowReader() throws Exception {
    fixture.add("big", arguments -> new JsonString("x".repeat(1 << 20)));
    try (QmpClient client = QmpClient.connect(listen())) {
      client.send(MonitorFixture.NEGOTIATE + "{'execute': 'big'}".repeat(20));
      assertThat(client.line()).isEqualTo(MonitorFixture.GREETING);
      assertThat(client.line()).isEqualTo("{\"return\": {}}");
      for (int i = 0; i < 20; i++) {
        assertThat(client.line()).hasSize((1 << 20) + "{\"return\": \"\"}".length());
      }
    }
  }

  @Test
  void connectsToAClientThatListens() throws Exception {
    try (ServerSocketChannel listener = ServerSocketChannel.open()) {
      ServerSocketChannel bound =
          listener.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
      int port = ((InetSocketAddress) bound.getLocalAddress()).getPort();
      sockets.start(Sockets.client(Sockets.inet(LOOPBACK, port)), fixture.monitor(false));
      try (QmpClient client = QmpClient.of(bound.accept())) {
        assertThat(client.line()).isEqualTo(MonitorFixture.GREETING);
      }
    }
  }

  @Test
  void wordsFailuresAsQemuDoes() throws Exception {
    int port = listen().getPort();
    try (Sockets others = new Sockets()) {
      assertThatThrownBy(() -> others.open(Sockets.server(Sockets.inet(LOOPBACK, port), false)))
          .isInstanceOf(BlockException.class)
          .hasMessage("Failed to find an available port: Address already in use");
      assertThatThrownBy(() -> others.open(Sockets.client(Sockets.inet(LOOPBACK, 1))))
          .isInstanceOf(BlockException.class)
          .hasMessage("Failed to connect to '" + LOOPBACK + ":1': Connection refused");
    }
  }

  @Test
  void waitsForTheFirstClientAndSaysSo() throws Exception {
    List<QmpClient> come = new ArrayList<>();
    try (Sockets waiting = new Sockets(text -> visit(text, come))) {
      waiting.start(Sockets.server(Sockets.inet(LOOPBACK, 0), true), fixture.monitor(false));
      try (QmpClient client = come.getFirst()) {
        assertThat(client.line()).isEqualTo(MonitorFixture.GREETING);
      }
    }
  }

  private static void visit(String notice, List<QmpClient> come) {
    String start = "info: QEMU waiting for connection on: disconnected:tcp:" + LOOPBACK + ":";
    assertThat(notice).startsWith(start).endsWith(",server=on");
    int port =
        Integer.parseInt(notice.substring(start.length(), notice.length() - ",server=on".length()));
    try {
      come.add(QmpClient.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port)));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }
}
