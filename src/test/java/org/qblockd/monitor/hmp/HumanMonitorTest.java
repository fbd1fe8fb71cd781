// SPDX-License-Identifier: Apache-2.0
package org.qblockd.monitor.hmp;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.qblockd.base.ControlLane;
import org.qblockd.chardev.Connection;

/** The bytes are those that QEMU 10.0.2 writes. */
final class HumanMonitorTest {
  private static final String GREETING =
      "QEMU 10.0.2 monitor - type 'help' for more information\r\n(qemu) ";

  private final ControlLane lane = new ControlLane();
  private final Terminal terminal = new Terminal();
  private final HumanMonitor monitor =
      new HumanMonitor("10.0.2", lane, Echo::new, (line, bug) -> {});
  private HumanSession session = connect();

  private HumanSession connect() {
    HumanSession connected = monitor.connect(terminal);
    connected.begin();
    return connected;
  }

  /** Runs a line by repeating it; completes from a few words. */
  private static final class Echo implements HumanInterpreter {
    @Override
    public String run(String line) {
      HumanSession current = HumanSession.current();
      if (line.equals("quit") && current != null) {
        current.suspend();
      }
      return line.equals("history") && current != null
          ? String.join(",", current.history()) + "\r\n"
          : "";
    }

    @Override
    public Completion complete(String head) {
      List<String> words =
          List.of("d0", "d12", "nbd_server_add", "nbd_server_stop", "dir/").stream()
              .filter(word -> word.startsWith(head))
              .toList();
      return new Completion(head.length(), words);
    }
  }

  private static final class Terminal implements Connection {
    private final ByteArrayOutputStream shown = new ByteArrayOutputStream();

    @Override
    public synchronized int write(byte[] bytes, int from, int to) {
      shown.write(bytes, from, to - from);
      return to - from;
    }

    synchronized String take() {
      String text = shown.toString(ISO_8859_1).replace('\033', '^');
      shown.reset();
      return text;
    }

    @Override
    public void resume() {}

    @Override
    public void close() {}

    @Override
    public void closeDescriptor(int descriptor) {}

    @Override
    public boolean mayRunCommands() {
      return true;
    }
  }

  @AfterEach
  void close() {
    lane.close();
  }

  private String type(String keys) throws InterruptedException {
    byte[] bytes = keys.translateEscapes().replace('^', '\033').getBytes(ISO_8859_1);
    session.receive(bytes, 0, bytes.length);
    do {
      CountDownLatch reached = new CountDownLatch(1);
      lane.execute(reached::countDown);
      reached.await();
    } while (!session.isIdle() && !keys.contains("quit"));
    return terminal.take();
  }

  @Test
  void greetsAndPrompts() {
    assertThat(terminal.take()).isEqualTo(GREETING);
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '"',
      value = {
        "abc, a^[K^[Dab^[K^[D^[Dabc^[K",
        "ab^[D, a^[K^[Dab^[K^[D",
        "ab^[Dx, a^[K^[Dab^[K^[D^[Daxb^[K^[D",
        "ab\\001, a^[K^[Dab^[K^[D^[D",
        "ab\\001\\005, a^[K^[Dab^[K^[D^[D^[C^[C",
        "ab\\025, a^[K^[Dab^[K^[D^[D^[K",
        "a b\\027, a^[K^[Da ^[K^[D^[Da b^[K^[D^[D^[Da ^[K",
        "ab\\177, a^[K^[Dab^[K^[D^[Da^[K",
        "ab\\001\\004, a^[K^[Dab^[K^[D^[Db^[K^[D",
        "ab^OH^[3~, a^[K^[Dab^[K^[D^[Db^[K^[D",
        "a\\014, a^[K^[2J^[1;1H(qemu) a^[K",
        "a\\013\\002, a^[K",
        "a\\n, \"a^[K\r\n(qemu) \"",
        "a\\233D, a^[K^[D",
      })
  void echoesAsQemuDoes(String keys, String shown) throws InterruptedException {
    terminal.take();

    assertThat(type(keys)).isEqualTo(shown);
  }

  @Test
  void remembersEachLineOnceForAllUsers() throws InterruptedException {
    type("a\\nb\\na\\n\\n");
    session = connect();
    terminal.take();

    assertThat(type("^[A^[A^[B^[B")).isEqualTo("a^[K^[Db^[K^[Da^[K^[D^[K");
  }

  @Test
  void keepsTheHistoryShort() throws InterruptedException {
    for (int i = 0; i < 70; i++) {
      type(i + "\\n");
    }
    terminal.take();

    assertThat(type("history\\n")).contains("\r\n7,8,").doesNotContain("6,7");
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '"',
      value = {
        "d1\\t, d^[K^[Dd1^[K^[D^[Dd12 ^[K",
        "di\\t, d^[K^[Ddi^[K^[D^[Ddir/^[K",
        "x\\t, x^[K",
        "n\\t, \"n^[K\r\nnbd_server_add   nbd_server_stop  \r\n(qemu) nbd_server_^[K\"",
        "d\\t, \"d^[K\r\nd0        d12       dir/      \r\n(qemu) d^[K\"",
      })
  void completes(String keys, String shown) throws InterruptedException {
    terminal.take();

    assertThat(type(keys)).isEqualTo(shown);
  }

  @Test
  void takesNoKeyAfterQuit() throws InterruptedException {
    terminal.take();

    assertThat(type("quit\\nx")).endsWith("quit^[K\r\n");
  }

  @Test
  void limitsTheLine() throws InterruptedException {
    terminal.take();

    assertThat(type("a".repeat(5000))).hasSize(2 * LineEditor.MAX_LINE * (LineEditor.MAX_LINE + 1));
  }
}
