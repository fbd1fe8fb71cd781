// SPDX-License-Identifier: Apache-2.0
package org.qblockd.chardev;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.qblockd.base.BlockException;
import org.qblockd.monitor.MonitorFixture;
import org.qblockd.qapi.json.JsonValue.JsonString;

@Timeout(60)
final class TcpTransportTest {
  private static final String LOOPBACK = "127.0.0.1";
  private static Vertx vertx;

  private final MonitorFixture fixture = new MonitorFixture();
  private final List<Transport> opened = new ArrayList<>();

  @BeforeAll
  static void startVertx() {
    vertx = Vertx.vertx();
  }

  @AfterAll
  static void stopVertx() {
    vertx.close().toCompletionStage().toCompletableFuture().join();
  }

  @AfterEach
  void close() {
    opened.forEach(Transport::close);
    fixture.close();
  }

  private TcpServerTransport server(int port, boolean waits, List<String> notices) {
    return new TcpServerTransport(
        fixture.monitor(false), () -> vertx, LOOPBACK, port, waits, notices::add);
  }

  private InetSocketAddress listen() throws BlockException {
    TcpServerTransport transport = server(0, false, new ArrayList<>());
    transport.open();
    transport.start();
    opened.add(transport);
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), transport.actualPort());
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
      TcpClientTransport transport =
          new TcpClientTransport(fixture.monitor(false), () -> vertx, LOOPBACK, port);
      transport.open();
      transport.start();
      opened.add(transport);
      try (QmpClient client = QmpClient.of(bound.accept())) {
        assertThat(client.line()).isEqualTo(MonitorFixture.GREETING);
      }
    }
  }

  @Test
  void wordsFailuresAsQemuDoes() throws Exception {
    InetSocketAddress taken = listen();
    assertThatThrownBy(() -> server(taken.getPort(), false, new ArrayList<>()).open())
        .isInstanceOf(BlockException.class)
        .hasMessage("Failed to find an available port: Address already in use");
    opened.removeLast().close();
    int port = taken.getPort();
    assertThatThrownBy(() ->
            new TcpClientTransport(fixture.monitor(false), () -> vertx, LOOPBACK, port).open())
        .isInstanceOf(BlockException.class)
        .hasMessage("Failed to connect to '" + LOOPBACK + ":" + port + "': Connection refused");
  }

  @Test
  void waitsForTheFirstClientAndSaysSo() throws Exception {
    List<QmpClient> come = new ArrayList<>();
    TcpServerTransport transport =
        new TcpServerTransport(
            fixture.monitor(false), () -> vertx, LOOPBACK, 0, true, text -> visit(text, come));
    opened.add(transport);
    transport.open();
    transport.start();
    try (QmpClient client = come.getFirst()) {
      assertThat(client.line()).isEqualTo(MonitorFixture.GREETING);
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
