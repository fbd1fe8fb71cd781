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
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
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

@Timeout(60)
final class UnixTransportTest {
  @TempDir Path directory;

  private final MonitorFixture fixture = new MonitorFixture();
  private final List<Transport> opened = new ArrayList<>();
  private final List<String> notices = Collections.synchronizedList(new ArrayList<>());

  @AfterEach
  void close() {
    opened.forEach(Transport::close);
    fixture.close();
  }

  private UnixDomainSocketAddress listen() throws BlockException {
    Path path = directory.resolve("qmp");
    start(
        UnixTransport.listen(
            fixture.monitor(false), UnixAddress.ofPath(path.toString()), false, notices::add));
    return UnixDomainSocketAddress.of(path);
  }

  private void start(Transport transport) throws BlockException {
    transport.open();
    transport.start();
    opened.add(transport);
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
    assertThat(notices).isEmpty();
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
    UnixTransport transport =
        UnixTransport.listen(
            fixture.monitor(false), UnixAddress.ofPath(path.toString()), true, notices::add);
    opened.add(transport);
    CompletableFuture<QmpClient> come = new CompletableFuture<>();
    Thread visitor =
        Thread.ofPlatform().start(() -> completeWithClient(come, UnixDomainSocketAddress.of(path)));
    transport.open();
    assertThat(notices)
        .containsExactly(
            "info: QEMU waiting for connection on: disconnected:unix:" + path + ",server=on");
    transport.start();
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
      opened.removeLast().close();
      assertThat(client.line()).isEmpty();
    }
    assertThat(path).doesNotExist();
  }

  @Test
  void listensOnAnAbstractName() throws Exception {
    UnixAddress address = new UnixAddress("qblockd-test-" + directory, true, true);
    start(UnixTransport.listen(fixture.monitor(false), address, false, notices::add));
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
      start(ConnectedTransport.to(fixture.monitor(false), UnixAddress.ofPath(path.toString())));
      try (QmpClient client = QmpClient.of(bound.accept())) {
        assertThat(client.line()).isEqualTo(MonitorFixture.GREETING);
      }
    }
  }

  @Test
  void wordsFailuresAsQemuDoes() {
    String missing = directory.resolve("missing/x").toString();
    assertFails(
        ConnectedTransport.to(fixture.monitor(false), UnixAddress.ofPath(missing)),
        "Failed to connect to '" + missing + "': No such file or directory");
    assertFails(
        listener(missing), "Failed to bind socket to " + missing + ": No such file or directory");
    String longPath = "/" + "x".repeat(120);
    assertFails(
        listener(longPath),
        "UNIX socket path '" + longPath + "' is too long\nPath must be less than 108 bytes");
    assertFails(
        ConnectedTransport.ofDescriptor(fixture.monitor(false), 777),
        "File descriptor '777' is not a socket");
    assertFails(
        UnixTransport.ofDescriptor(fixture.monitor(false), 777, false, notices::add),
        "File descriptor '777' is not a socket");
  }

  private Transport listener(String path) {
    return UnixTransport.listen(
        fixture.monitor(false), UnixAddress.ofPath(path), false, notices::add);
  }

  private static void assertFails(Transport transport, String text) {
    assertThatThrownBy(transport::open).isInstanceOf(BlockException.class).hasMessage(text);
  }
}
