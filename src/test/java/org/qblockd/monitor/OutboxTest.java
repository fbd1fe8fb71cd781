// SPDX-License-Identifier: Apache-2.0
package org.qblockd.monitor;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.qblockd.qapi.json.JsonValue.JsonInteger;
import org.qblockd.qapi.json.JsonValue.JsonObject;

final class OutboxTest {
  private final FakeConnection connection = new FakeConnection();
  private final Outbox outbox = new Outbox(connection, false);

  @Test
  void drainWaitsForAClientThatReadsOnByAndBy() throws InterruptedException {
    connection.setCapacity(1);
    outbox.append(new JsonObject(Map.of("number", new JsonInteger(7))));
    outbox.flush();
    Thread client =
        Thread.ofVirtual()
            .start(() -> {
              boolean all = false;
              while (!all) {
                connection.setCapacity(1);
                all = outbox.writable();
              }
            });
    outbox.drain();
    assertEquals(List.of("{\"number\": 7}"), connection.lines());
    client.join();
  }

  @Test
  void drainDoesNotWaitForAClientThatHasGone() {
    connection.setCapacity(0);
    outbox.append(new JsonObject(Map.of()));
    outbox.flush();
    outbox.close();
    outbox.drain();
    assertEquals(List.of(), connection.lines());
  }
}
