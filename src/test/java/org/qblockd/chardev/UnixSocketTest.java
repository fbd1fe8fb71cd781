// SPDX-License-Identifier: Apache-2.0
package org.qblockd.chardev;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.qblockd.base.BlockException;
import org.qblockd.monitor.MonitorFixture;
import org.qblockd.monitor.Session;
import org.qblockd.qapi.json.JsonValue.JsonInteger;
import org.qblockd.qapi.json.JsonValue.JsonObject;
import org.qblockd.qapi.json.JsonValue.JsonString;
import org.qblockd.qapi.types.ChardevBackend;
import org.qblockd.qapi.types.ChardevMux;
import org.qblockd.qapi.types.ChardevMuxWrapper;
import org.qblockd.qapi.types.ChardevSocket;

@Timeout(60)
final class UnixSocketTest {
  @TempDir Path directory;

  private final MonitorFixture fixture = new MonitorFixture();
  private final Sockets sockets = new Sockets();

  @AfterEach
  void close() {
    sockets.close();
    fixture.close();
  }

  private UnixDomainSocketAddress listen() throws Exception {
    Path path = directory.resolve("qmp");
    sockets.start(Sockets.server(Sockets.unix(path.toString()), false), fixture.monitor(false));
    return UnixDomainSocketAddress.of(path);
  }

  @Test
  void servesOneClientAfterAnother() throws Exception {
    UnixDomainSocketAddress address = listen();
    try (QmpClient first = QmpClient.connect(address)) {
      assertThat(first.line()).isEqualTo(MonitorFixture.GREETING);
      first.send(MonitorFixture.NEGOTIATE + "{'execute': 'query-version'}");
      assertThat(first.line()).isEqualTo("{\"return\": {}}");
      assertThat(first.line()).isEqualTo("{\"return\": {\"version\": 1}}");
      try (QmpClient second = QmpClient.connect(address)) {
        first.leave();
        assertThat(second.line()).isEqualTo(MonitorFixture.GREETING);
        second.send("{'execute': 'query-version'}");
        assertThat(second.line()).contains("Expecting capabilities negotiation");
      }
    }
    assertThat(sockets.notices).isEmpty();
  }

  @Test
  void answersAClientThatHasSentAll() throws Exception {
    try (QmpClient client = QmpClient.connect(listen())) {
      client.send(MonitorFixture.NEGOTIATE + "{'execute': 'echo'}".repeat(20));
      client.shutdownOutput();
      assertThat(client.line()).isEqualTo(MonitorFixture.GREETING);
      for (int i = 0; i < 21; i++) {
        assertThat(client.line()).isEqualTo("{\"return\": {}}");
      }
      assertThat(client.line()).isEmpty();
    }
  }

  @Test
  void survivesAClientThatVanishesDuringACommand() throws Exception {
    CountDownLatch blocked = new CountDownLatch(1);
    CountDownLatch release = new CountDownLatch(1);
    fixture.add(
        "block",
        arguments -> {
          blocked.countDown();
          try {
            release.await();
          } catch (InterruptedException e) {
            throw new AssertionError(e);
          }
          return JsonObject.EMPTY;
        });
    UnixDomainSocketAddress address = listen();
    try (QmpClient client = QmpClient.connect(address)) {
      client.send(MonitorFixture.NEGOTIATE_OOB + "{'execute': 'block'}");
      blocked.await();
    }
    try (QmpClient next = QmpClient.connect(address)) {
      assertThat(next.line()).isEqualTo(MonitorFixture.GREETING);
      release.countDown();
      next.send(MonitorFixture.NEGOTIATE);
      assertThat(next.line()).isEqualTo("{\"return\": {}}");
    }
  }

  @Test
  void keepsOutputForASlowReader() throws Exception {
    fixture.add("big", arguments -> new JsonString("x".repeat(1 << 20)));
    try (QmpClient client = QmpClient.connect(listen())) {
      client.send(MonitorFixture.NEGOTIATE + "{'execute': 'big'}".repeat(20));
      client.send("{'execute': 'query-version'}");
      assertThat(client.line()).isEqualTo(MonitorFixture.GREETING);
      assertThat(client.line()).isEqualTo("{\"return\": {}}");
      for (int i = 0; i < 20; i++) {
        assertThat(client.line()).hasSize((1 << 20) + "{\"return\": \"\"}".length());
      }
      assertThat(client.line()).isEqualTo("{\"return\": {\"version\": 1}}");
    }
  }

  @Test
  void takesMoreRequestsThanItsQueueHolds() throws Exception {
    try (QmpClient client = QmpClient.connect(listen())) {
      client.send(MonitorFixture.NEGOTIATE_OOB);
      assertThat(client.line()).isEqualTo(MonitorFixture.GREETING);
      assertThat(client.line()).isEqualTo("{\"return\": {}}");
      StringBuilder all = new StringBuilder();
      for (int i = 0; i < 2000; i++) {
        all.append("{'execute': 'echo', 'id': ").append(i).append('}');
      }
      client.send(all.toString());
      for (int i = 0; i < 2000; i++) {
        assertThat(client.line()).isEqualTo("{\"return\": {}, \"id\": " + i + "}");
      }
    }
  }

  @Test
  void waitsForTheFirstClientAndSaysSo() throws Exception {
    Path path = directory.resolve("wait");
    CompletableFuture<QmpClient> come = new CompletableFuture<>();
    Thread visitor =
        Thread.ofPlatform().start(() -> completeWithClient(come, UnixDomainSocketAddress.of(path)));
    sockets.start(Sockets.server(Sockets.unix(path.toString()), true), fixture.monitor(false));
    assertThat(sockets.notices)
        .containsExactly(
            "info: QEMU waiting for connection on: disconnected:unix:" + path + ",server=on");
    try (QmpClient client = come.get()) {
      assertThat(client.line()).isEqualTo(MonitorFixture.GREETING);
    }
    visitor.join();
  }

  private static void completeWithClient(
      CompletableFuture<QmpClient> come, UnixDomainSocketAddress address) {
    boolean connected = false;
    while (!connected) {
      try {
        connected = come.complete(QmpClient.connect(address));
      } catch (IOException notYet) {
        Thread.onSpinWait();
      }
    }
  }

  @Test
  void replacesWhatLiesAtThePathAndRemovesTheSocket() throws Exception {
    Path path = directory.resolve("qmp");
    Files.writeString(path, "an old file");
    UnixDomainSocketAddress address = listen();
    try (QmpClient client = QmpClient.connect(address)) {
      assertThat(client.line()).isEqualTo(MonitorFixture.GREETING);
      sockets.close();
      assertThat(client.line()).isEmpty();
    }
    assertThat(path).doesNotExist();
  }

  @Test
  void listensOnAnAbstractName() throws Exception {
    String name = "qblockd-test-" + directory;
    UnixAddress address = new UnixAddress(name, true, true);
    sockets.start(Sockets.server(Sockets.unix(name, true), false), fixture.monitor(false));
    try (DescriptorSender client = DescriptorSender.connect(address)) {
      assertThat(client.line()).isEqualTo(MonitorFixture.GREETING);
    }
  }

  @Test
  void passesDescriptorsToTheCommand() throws Exception {
    fixture.add(
        "getfd",
        arguments -> {
          Session current = Session.current();
          int fd = current == null ? -2 : current.takeDescriptor();
          boolean open = fd >= 0 && Files.exists(Path.of("/proc/self/fd/" + fd));
          return new JsonInteger(open ? 1 : fd);
        });
    UnixDomainSocketAddress address = listen();
    try (DescriptorSender sender =
        DescriptorSender.connect(UnixAddress.ofPath(address.getPath().toString()))) {
      assertThat(sender.line()).isEqualTo(MonitorFixture.GREETING);
      sender.send(MonitorFixture.NEGOTIATE);
      assertThat(sender.line()).isEqualTo("{\"return\": {}}");
      sender.sendWithDescriptors("{'execute': 'getfd'}", 0, 1);
      assertThat(sender.line()).isEqualTo("{\"return\": 1}");
      sender.send("{'execute': 'getfd'}");
      assertThat(sender.line()).isEqualTo("{\"return\": -1}");
    }
  }

  @Test
  void connectsToAClientThatListens() throws Exception {
    Path path = directory.resolve("client");
    try (ServerSocketChannel listener = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      ServerSocketChannel bound = listener.bind(UnixDomainSocketAddress.of(path));
      sockets.start(Sockets.client(Sockets.unix(path.toString())), fixture.monitor(false));
      try (QmpClient client = QmpClient.of(bound.accept())) {
        assertThat(client.line()).isEqualTo(MonitorFixture.GREETING);
      }
    }
  }

  @Test
  void wordsFailuresAsQemuDoes() {
    String missing = directory.resolve("missing/x").toString();
    assertFails(
        Sockets.client(Sockets.unix(missing)),
        "Failed to connect to '" + missing + "': No such file or directory");
    assertFails(
        Sockets.server(Sockets.unix(missing), false),
        "Failed to bind socket to " + missing + ": No such file or directory");
    String longPath = "/" + "x".repeat(120);
    assertFails(
        Sockets.server(Sockets.unix(longPath), false),
        "UNIX socket path '" + longPath + "' is too long");
    assertFails(Sockets.client(Sockets.fd(777)), "File descriptor '777' is not a socket");
    assertFails(Sockets.server(Sockets.fd(777), false), "File descriptor '777' is not a socket");
  }

  private void assertFails(ChardevBackend backend, String text) {
    assertThatThrownBy(() -> sockets.open(backend))
        .isInstanceOf(BlockException.class)
        .hasMessageStartingWith(text);
  }

  @Test
  void connectsAgainWhenTheOtherSideHasLeft() throws Exception {
    Path path = directory.resolve("again");
    sockets.start(
        Sockets.backend(
            ChardevSocket.builder()
                .addr(Sockets.unix(path.toString()))
                .server(false)
                .reconnectMs(1L)
                .build()),
        fixture.monitor(false));
    try (ServerSocketChannel listener = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      ServerSocketChannel bound = listener.bind(UnixDomainSocketAddress.of(path));
      for (int i = 0; i < 3; i++) {
        try (QmpClient client = QmpClient.of(bound.accept())) {
          assertThat(client.line()).isEqualTo(MonitorFixture.GREETING);
        }
      }
    }
  }

  @Test
  void switchesFrontEndsOfAMultiplexer() throws Exception {
    Path path = directory.resolve("mux");
    sockets.devices.add(
        "base", Sockets.server(Sockets.unix(path.toString()), false), DescriptorNames::number);
    CharDevice mux =
        sockets.devices.add(
            "mux",
            new ChardevBackend.Mux(
                new ChardevMuxWrapper(new ChardevMux(Optional.empty(), Optional.empty(), "base"))),
            DescriptorNames::number);
    mux.claim(fixture.monitor(false));
    mux.claim(fixture.monitor(false));
    sockets.devices.start();
    try (QmpClient client = QmpClient.connect(UnixDomainSocketAddress.of(path))) {
      assertThat(client.line()).isEqualTo(MonitorFixture.GREETING);
      client.send(MonitorFixture.NEGOTIATE + "{'execute': 'query-version'}");
      assertThat(client.line()).isEqualTo("{\"return\": {}}");
      assertThat(client.line()).isEqualTo("{\"return\": {\"version\": 1}}");
      client.send("\u0001c");
      assertThat(client.line()).isEqualTo(MonitorFixture.GREETING);
      client.send("{'execute': 'query-version'}");
      assertThat(client.line()).contains("Expecting capabilities negotiation");
      client.send("\u0001c{'execute': 'query-version'}");
      assertThat(client.line()).isEqualTo("{\"return\": {\"version\": 1}}");
    }
  }
}
