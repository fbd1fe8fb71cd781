// SPDX-License-Identifier: Apache-2.0
package org.qblockd.monitor;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.qblockd.qapi.json.JsonValue.JsonObject;

final class EventBusTest {
  private static final long HALF = EventBus.PERIOD_NANOS / 2;

  private final MonitorFixture fixture = new MonitorFixture();
  private final Monitor monitor = fixture.monitor(false);
  private final FakeConnection client = negotiated(monitor);

  @AfterEach
  void close() {
    fixture.close();
  }

  private static FakeConnection negotiated(Monitor monitor) {
    FakeConnection connection = new FakeConnection();
    Session session = monitor.connect(connection);
    assertThat(MonitorFixture.send(session, MonitorFixture.NEGOTIATE)).isPositive();
    assertThat(connection.lines()).hasSize(2);
    return connection;
  }

  private void emit(String name, String data) {
    fixture.events.emit(name, (JsonObject) MonitorFixture.parse(data));
  }

  private static String event(String name, int second, int micros, String data) {
    String timestamp =
        "{\"timestamp\": {\"seconds\": " + second + ", \"microseconds\": " + micros + "}";
    return timestamp + ", \"event\": \"" + name + "\"" + (data.isEmpty() ? "}" : ", " + data + "}");
  }

  @Test
  void stampsAndOrdersMembers() {
    emit("SHUTDOWN", "{'guest': false, 'reason': 'host-qmp-quit'}");
    emit("RESUME", "{}");
    assertThat(client.lines())
        .containsExactly(
            event(
                "SHUTDOWN",
                1700000000,
                123456,
                "\"data\": {\"guest\": false, \"reason\": \"host-qmp-quit\"}"),
            event("RESUME", 1700000000, 123456, ""));
  }

  @Test
  void reachesEveryNegotiatedSessionOnly() {
    FakeConnection second = negotiated(fixture.monitor(false));
    FakeConnection fresh = new FakeConnection();
    Session unused = fixture.monitor(false).connect(fresh);
    assertThat(unused.isNegotiated()).isFalse();
    emit("STOP", "{}");
    assertThat(client.lines()).hasSize(1);
    assertThat(second.lines()).hasSize(1);
    assertThat(fresh.lines()).containsExactly(MonitorFixture.GREETING);
    fixture.events.remove(monitor);
    emit("STOP", "{}");
    assertThat(client.lines()).isEmpty();
  }

  @Test
  void aNewClientNegotiatesAgain() {
    FakeConnection next = new FakeConnection();
    Session session = monitor.connect(next);
    emit("STOP", "{}");
    assertThat(next.lines()).containsExactly(MonitorFixture.GREETING);
    assertThat(MonitorFixture.send(session, MonitorFixture.NEGOTIATE)).isPositive();
    emit("STOP", "{}");
    assertThat(next.lines()).hasSize(2);
  }

  @Test
  void sendsALimitedKindAtOnceAndThenTheLatestEachSecond() {
    emit("BALLOON_CHANGE", "{'actual': 1}");
    emit("BALLOON_CHANGE", "{'actual': 2}");
    fixture.clock.advance(HALF);
    emit("BALLOON_CHANGE", "{'actual': 3}");
    assertThat(client.lines())
        .containsExactly(event("BALLOON_CHANGE", 1700000000, 123456, "\"data\": {\"actual\": 1}"));
    fixture.clock.advance(HALF);
    assertThat(client.lines())
        .containsExactly(event("BALLOON_CHANGE", 1700000000, 623456, "\"data\": {\"actual\": 3}"));
    emit("BALLOON_CHANGE", "{'actual': 4}");
    assertThat(client.lines()).isEmpty();
    fixture.clock.advance(2 * HALF);
    assertThat(client.lines()).hasSize(1);
    fixture.clock.advance(2 * HALF);
    emit("BALLOON_CHANGE", "{'actual': 5}");
    assertThat(client.lines()).hasSize(1);
  }

  @Test
  void limitsEachSourceForItself() {
    for (int i = 0; i < 3; i++) {
      emit("QUORUM_REPORT_BAD", "{'node-name': 'c1', 'sector-num': " + i + "}");
      emit("QUORUM_REPORT_BAD", "{'node-name': 'c2', 'sector-num': " + i + "}");
      emit("QUORUM_FAILURE", "{'reference': 'q" + i + "'}");
      emit("BLOCK_IO_ERROR", "{'qom-path': '/a', 'action': 'report'}");
    }
    assertThat(events(client.lines()))
        .containsExactly(
            "QUORUM_REPORT_BAD", "QUORUM_REPORT_BAD", "QUORUM_FAILURE", "BLOCK_IO_ERROR");
    fixture.clock.advance(2 * HALF);
    assertThat(events(client.lines()))
        .containsExactly(
            "QUORUM_REPORT_BAD", "QUORUM_REPORT_BAD", "QUORUM_FAILURE", "BLOCK_IO_ERROR");
  }

  private static List<String> events(List<String> lines) {
    return lines.stream()
        .map(line -> line.replaceAll(".*\"event\": \"([A-Z_]*)\".*", "$1"))
        .toList();
  }

  @Test
  void doesNotLimitOtherKinds() {
    for (int i = 0; i < 5; i++) {
      emit("JOB_STATUS_CHANGE", "{'status': 'running', 'id': 'j'}");
    }
    assertThat(client.lines()).hasSize(5);
  }
}
