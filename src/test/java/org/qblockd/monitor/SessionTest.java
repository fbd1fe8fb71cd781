// SPDX-License-Identifier: Apache-2.0
package org.qblockd.monitor;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.qblockd.monitor.MonitorFixture.send;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.qblockd.base.BlockException;
import org.qblockd.base.Errno;
import org.qblockd.qapi.CommandDescription;
import org.qblockd.qapi.ErrorClass;
import org.qblockd.qapi.QmpException;
import org.qblockd.qapi.json.JsonValue.JsonObject;

/** Replies are those of QEMU 10.0.2. */
final class SessionTest {
  private final MonitorFixture fixture = new MonitorFixture();
  private final FakeConnection client = new FakeConnection();
  private final CountDownLatch blocked = new CountDownLatch(1);
  private final CountDownLatch release = new CountDownLatch(1);
  private Session session = fixture.monitor(false).connect(client);

  @BeforeEach
  void addCommands() {
    fixture.add("block", arguments -> block());
    fixture.add(
        new CommandDescription("urgent", true, true, false, false, List.of()),
        arguments -> JsonObject.EMPTY);
  }

  @AfterEach
  void close() {
    release.countDown();
    fixture.close();
  }

  private JsonObject block() {
    blocked.countDown();
    try {
      release.await();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
    return JsonObject.EMPTY;
  }

  private void settle() {
    try {
      fixture.settle(session);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private List<String> answers(String text) {
    int taken = send(session, text);
    assertThat(taken).isEqualTo(text.getBytes(UTF_8).length);
    settle();
    return client.lines();
  }

  private void negotiate(String command) {
    assertThat(answers(command)).endsWith("{\"return\": {}}");
  }

  private static String error(String text) {
    return "{\"error\": {\"class\": \"GenericError\", \"desc\": \"" + text + "\"}}";
  }

  private static String notFound(String text) {
    return "{\"error\": {\"class\": \"CommandNotFound\", \"desc\": \"" + text + "\"}}";
  }

  @Test
  void greetsAndNegotiates() {
    assertThat(client.lines()).containsExactly(MonitorFixture.GREETING);
    String expecting = "Expecting capabilities negotiation with 'qmp_capabilities'";
    assertThat(answers("{'execute': 'query-version'}")).containsExactly(notFound(expecting));
    assertThat(answers("{'execute': 'nope'}")).containsExactly(notFound(expecting));
    assertThat(answers("{'exec-oob': 'x'}"))
        .containsExactly(error("QMP input member 'exec-oob' is unexpected"));
    assertThat(answers(MonitorFixture.NEGOTIATE)).containsExactly("{\"return\": {}}");
    assertThat(answers(MonitorFixture.NEGOTIATE))
        .containsExactly(notFound("Capabilities negotiation is already complete, command ignored"));
    assertThat(answers("{'execute': 'query-version'}"))
        .containsExactly("{\"return\": {\"version\": 1}}");
  }

  @Test
  void refusesACapabilityItDoesNotOffer() {
    assertThat(answers("{'execute': 'qmp_capabilities', 'arguments': {'enable': ['x']}}"))
        .contains(error("Capability 'x' not available"));
    negotiate(MonitorFixture.NEGOTIATE);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          []                                        | QMP input must be a JSON object
          1                                         | QMP input must be a JSON object
          {}                                        | QMP input lacks member 'execute'
          {'id':1}                                  | QMP input lacks member 'execute'
          {'arguments':{}}                          | QMP input lacks member 'execute'
          {'execute':1}                             | QMP input member 'execute' must be a string
          {'execute':null}                          | QMP input member 'execute' must be a string
          {'execute':'echo','arguments':[]}         | QMP input member 'arguments' must be an object
          {'execute':'echo','arguments':null}       | QMP input member 'arguments' must be an object
          {'execute':'nope','arguments':'s'}        | QMP input member 'arguments' must be an object
          {'foo':1,'bar':2}                         | QMP input member 'bar' is unexpected
          {'execute':'echo','arguments':'s','x':1}  | QMP input member 'x' is unexpected
          {'execute':'echo','control':{}}           | QMP input member 'control' is unexpected
          {'exec-oob':'urgent'}                     | QMP input member 'exec-oob' is unexpected
          """)
  void namesTheFirstWrongMember(String request, String text) {
    negotiate(MonitorFixture.NEGOTIATE);
    List<String> answers = answers(request + " ");
    assertThat(answers).hasSize(1);
    assertThat(answers.getFirst()).contains("\"desc\": \"" + text + "\"}");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          {'exec-oob':1}                         | QMP input member 'exec-oob' must be a string
          {'execute':1,'exec-oob':1}             | QMP input member 'exec-oob' must be a string
          {'execute':'echo','exec-oob':'urgent'} | QMP input member 'execute' clashes with 'exec-oob'
          {'exec-oob':'echo'}                    | The command echo does not support OOB
          {'exec-oob':'qmp_capabilities'}        | The command qmp_capabilities does not support OOB
          """)
  void checksOutOfBandRequests(String request, String text) throws InterruptedException {
    negotiate(MonitorFixture.NEGOTIATE_OOB);
    assertThat(answers(request)).containsExactly(error(text));
  }

  @Test
  void echoesAnyId() {
    negotiate(MonitorFixture.NEGOTIATE);
    assertThat(answers("{'execute': 'echo', 'id': null}"))
        .containsExactly("{\"return\": {}, \"id\": null}");
    assertThat(answers("{'execute': 'echo', 'id': {'z': 1, 'a': [1.5, '\u00E9']}}"))
        .containsExactly("{\"return\": {}, \"id\": {\"a\": [1.5, \"\\u00E9\"], \"z\": 1}}");
    assertThat(answers("{'execute': 'nope', 'id': 1}"))
        .containsExactly(
            "{\"id\": 1, \"error\": {\"class\": \"CommandNotFound\","
                + " \"desc\": \"The command nope has not been found\"}}");
  }

  @Test
  void answersParseErrorsInOrder() {
    negotiate(MonitorFixture.NEGOTIATE);
    assertThat(answers("{'execute': 'echo', 'id': 1} % \n {'execute': 'echo', 'id': 2}"))
        .containsExactly(
            "{\"return\": {}, \"id\": 1}",
            error("JSON parse error, stray '%'"),
            "{\"return\": {}, \"id\": 2}");
  }

  @Test
  void wordsEveryKindOfFailure() {
    fixture.add(
        "gone",
        arguments -> {
          throw new QmpException(ErrorClass.DEVICE_NOT_FOUND, "Device 'x' not found");
        });
    fixture.add(
        "broken",
        arguments -> {
          throw BlockException.withErrno(Errno.ENOSPC, "Could not write");
        });
    fixture.add(
        "bug",
        arguments -> {
          throw new IllegalStateException("oops");
        });
    negotiate(MonitorFixture.NEGOTIATE);
    assertThat(answers("{'execute': 'gone'}"))
        .containsExactly(
            "{\"error\": {\"class\": \"DeviceNotFound\", \"desc\": \"Device 'x' not found\"}}");
    assertThat(answers("{'execute': 'broken'}"))
        .containsExactly(error("Could not write: No space left on device"));
    assertThat(answers("{'execute': 'bug'}"))
        .containsExactly(error("Internal error in 'bug': java.lang.IllegalStateException: oops"));
    assertThat(fixture.bugs).singleElement().isInstanceOf(IllegalStateException.class);
  }

  @Test
  void servesOnlyMarkedCommandsInPreconfig() {
    negotiate(MonitorFixture.NEGOTIATE);
    fixture.setPreconfig(true);
    assertThat(answers("{'execute': 'echo'}"))
        .containsExactly(
            error(
                "The command 'echo' is permitted only after machine initialization has"
                    + " completed"));
  }

  @Test
  void doesNotAnswerTheSuccessOfACommandWithoutResponse() {
    fixture.add(
        new CommandDescription("silent", false, false, false, false, List.of()),
        arguments -> JsonObject.EMPTY);
    negotiate(MonitorFixture.NEGOTIATE);
    assertThat(answers("{'execute': 'silent'}")).isEmpty();
  }

  @Test
  void writesEventsOfACommandBeforeItsReply() {
    fixture.add(
        "stop",
        arguments -> {
          fixture.events.emit("STOP", JsonObject.EMPTY);
          return JsonObject.EMPTY;
        });
    negotiate(MonitorFixture.NEGOTIATE);
    assertThat(answers("{'execute': 'query-version'}{'execute': 'stop'}"))
        .containsExactly(
            "{\"return\": {\"version\": 1}}",
            "{\"timestamp\": {\"seconds\": 1700000000, \"microseconds\": 123456},"
                + " \"event\": \"STOP\"}",
            "{\"return\": {}}");
  }

  @Test
  void sendsTheRepliesOfAPacketTogether() {
    negotiate(MonitorFixture.NEGOTIATE);
    int before = client.writes();
    assertThat(answers("{'execute': 'query-version'}".repeat(100))).hasSize(100);
    assertThat(client.writes() - before).isEqualTo(1);
  }

  @Test
  void sendsRepliesBeforeACommandThatMayTakeLong() throws InterruptedException {
    negotiate(MonitorFixture.NEGOTIATE_OOB);
    send(session, "{'execute': 'query-version'}{'execute': 'block'}");
    blocked.await();
    assertThat(client.lines()).containsExactly("{\"return\": {\"version\": 1}}");
  }

  @Test
  void runsOutOfBandCommandsBesideABlockedOne() throws InterruptedException {
    negotiate(MonitorFixture.NEGOTIATE_OOB);
    send(session, "{'execute': 'block', 'id': 1}{'execute': 'echo', 'id': 2}");
    blocked.await();
    send(session, "{'exec-oob': 'urgent', 'id': 3}");
    assertThat(client.lines()).containsExactly("{\"return\": {}, \"id\": 3}");
    release.countDown();
    settle();
    assertThat(client.lines())
        .containsExactly("{\"return\": {}, \"id\": 1}", "{\"return\": {}, \"id\": 2}");
  }

  @Test
  void stopsReadingWhenEightRequestsWait() throws InterruptedException {
    negotiate(MonitorFixture.NEGOTIATE_OOB);
    send(session, "{'execute': 'block'}");
    blocked.await();
    String echo = "{'execute': 'query-version'}";
    String text = echo.repeat(9) + "{'exec-oob': 'urgent'}";
    assertThat(send(session, text)).isEqualTo(8 * echo.length());
    assertThat(client.resumes()).isZero();
    release.countDown();
    settle();
    assertThat(client.resumes()).isEqualTo(1);
    assertThat(send(session, text.substring(8 * echo.length()))).isPositive();
    settle();
    assertThat(client.lines()).hasSize(11);
  }

  @Test
  void limitsTheRequestsReadAhead() throws InterruptedException {
    negotiate(MonitorFixture.NEGOTIATE);
    fixture.lane().execute(() -> block());
    blocked.await();
    String echo = "{'execute': 'query-version'}";
    int taken = send(session, echo.repeat(Session.MAX_QUEUE + 1));
    assertThat(taken).isEqualTo(Session.MAX_QUEUE * echo.length());
    release.countDown();
    settle();
    assertThat(client.lines()).hasSize(Session.MAX_QUEUE);
    assertThat(client.resumes()).isEqualTo(1);
  }

  @Test
  void yieldsTheLaneAfterACommandThatIsNotAQuery() {
    List<String> order = new ArrayList<>();
    fixture.add(
        "first",
        arguments -> {
          fixture.lane().execute(() -> order.add("queued by first"));
          return JsonObject.EMPTY;
        });
    fixture.add(
        "second",
        arguments -> {
          order.add("second");
          return JsonObject.EMPTY;
        });
    negotiate(MonitorFixture.NEGOTIATE);
    assertThat(answers("{'execute': 'first'}{'execute': 'second'}")).hasSize(2);
    assertThat(order).containsExactly("queued by first", "second");
  }

  @Test
  void answersWhatCameBeforeTheEndOfInputAndCloses() {
    negotiate(MonitorFixture.NEGOTIATE);
    client.setCapacity(10);
    send(session, "{'execute': 'echo'}");
    settle();
    client.setCapacity(0);
    session.endOfInput();
    assertThat(client.isClosed()).isFalse();
    client.setCapacity(1000);
    assertThat(session.writable()).isTrue();
    assertThat(client.isClosed()).isTrue();
    assertThat(client.lines()).containsExactly("{\"return\": {}}");
  }

  @Test
  void aSessionThatEndedGetsNothingMore() {
    negotiate(MonitorFixture.NEGOTIATE);
    session.detach();
    fixture.events.emit("STOP", JsonObject.EMPTY);
    assertThat(client.lines()).isEmpty();
    assertThat(Session.current()).isNull();
  }

  @Test
  void keepsOutputForASlowClientAndDropsADeafOne() {
    fixture.add("big", arguments -> MonitorFixture.parse("'" + "x".repeat(1 << 20) + "'"));
    negotiate(MonitorFixture.NEGOTIATE);
    client.setCapacity(0);
    assertThat(answers("{'execute': 'big'}")).isEmpty();
    assertThat(client.isClosed()).isFalse();
    client.setCapacity(Integer.MAX_VALUE);
    assertThat(session.writable()).isTrue();
    assertThat(client.lines()).hasSize(1);
    client.setCapacity(0);
    for (int i = 0; i < 64; i++) {
      assertThat(answers("{'execute': 'big'}")).isEmpty();
    }
    assertThat(client.isClosed()).isTrue();
    client.setCapacity(Integer.MAX_VALUE);
    assertThat(session.writable()).isTrue();
    assertThat(client.lines()).isEmpty();
  }

  @Test
  void handsADescriptorToTheCommandItCameWith() {
    List<Integer> taken = new ArrayList<>();
    fixture.add(
        "getfd",
        arguments -> {
          Session current = Session.current();
          taken.add(current == null ? -2 : current.takeDescriptor());
          return JsonObject.EMPTY;
        });
    negotiate(MonitorFixture.NEGOTIATE);
    assertThat(answers("{'execute': 'getfd'}")).hasSize(1);
    session.offerDescriptors(List.of(100, 101));
    String pair = "{'execute': 'getfd'}{'execute': 'getfd'}";
    assertThat(answers("{'execute': 'echo'}" + pair)).hasSize(3);
    assertThat(taken).containsExactly(-1, 100, -1);
    assertThat(client.closedDescriptors()).containsExactly(101);
    session.offerDescriptors(List.of(102));
    assertThat(answers("{'execute': 'echo'}")).hasSize(1);
    session.offerDescriptors(List.of(103));
    assertThat(answers("{'execute': 'echo'}")).hasSize(1);
    assertThat(client.closedDescriptors()).containsExactly(101, 102);
    session.detach();
    assertThat(client.closedDescriptors()).containsExactly(101, 102, 103);
  }
}
