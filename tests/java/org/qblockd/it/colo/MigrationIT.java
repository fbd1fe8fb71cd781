// SPDX-License-Identifier: Apache-2.0
package org.qblockd.it.colo;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.OutputStream;
import java.net.Socket;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.qblockd.qapi.json.JsonWriter;

/** A machine moves from one server to another: run state, bitmaps, images. */
final class MigrationIT {
  private static final String NODE =
      "driver=qcow2,node-name=disk,file.driver=file,file.filename=../disk.qcow2";

  @TempDir Path scratch = Path.of("");

  private Side source(String... more) throws Exception {
    List<String> arguments = new java.util.ArrayList<>(List.of("-blockdev", NODE));
    arguments.addAll(List.of(more));
    return Side.plain(scratch.resolve("source"), arguments);
  }

  private Side target(int port) throws Exception {
    return Side.plain(
        scratch.resolve("target"),
        List.of("-blockdev", NODE, "-incoming", "tcp:127.0.0.1:" + port));
  }

  private void makeDisk() throws Exception {
    Side.run(scratch, "qemu-img", "create", "-q", "-f", "qcow2", "disk.qcow2", "1M");
  }

  private static void capabilities(Side side, String... names) throws Exception {
    StringBuilder all = new StringBuilder();
    for (String name : names) {
      all.append(all.isEmpty() ? "" : ", ")
          .append("{\"capability\": \"" + name + "\", \"state\": true}");
    }
    side.command("migrate-set-capabilities", "{\"capabilities\": [" + all + "]}");
  }

  private static void migrate(Side source, int port) throws Exception {
    source.qmp().dropEvents();
    source.command("migrate", "{\"uri\": \"tcp:127.0.0.1:" + port + "\"}");
  }

  private static void awaitStatus(Side side, String status) throws Exception {
    side.qmp()
        .await(each ->
            org.qblockd.it.copy.QmpClient.text(each, "event").equals("MIGRATION")
                && org.qblockd.it.copy.QmpClient.text(each, "data", "status").equals(status));
  }

  @Test
  void machineMovesWithItsBitmapsAndItsImage() throws Exception {
    makeDisk();
    int port = Side.freePort();
    try (Side source = source();
        Side target = target(port)) {
      assertEquals("inmigrate", target.query("query-status", "status"));
      capabilities(source, "events", "dirty-bitmaps");
      capabilities(target, "events", "dirty-bitmaps");
      source.command("block-dirty-bitmap-add", "{\"node\": \"disk\", \"name\": \"plain\"}");
      source.command(
          "block-dirty-bitmap-add",
          "{\"node\": \"disk\", \"name\": \"kept\", \"persistent\": true}");
      source.hmp("qemu-io disk \"write -P 0x22 64k 64k\"");
      migrate(source, port);
      awaitStatus(source, "completed");
      awaitStatus(target, "completed");
      assertEquals("postmigrate", source.query("query-status", "status"));
      assertEquals("running", target.query("query-status", "status"));
      String nodes = JsonWriter.toText(target.qmp().execute("query-named-block-nodes"));
      assertTrue(nodes.contains("\"plain\"") && nodes.contains("\"kept\""), nodes);
      assertTrue(nodes.contains("\"count\": 65536") || nodes.contains("\"count\":65536"), nodes);
      target.hmp("qemu-io disk \"read -P 0x22 64k 64k\"");
      target.hmp("qemu-io disk \"write -P 0x33 0 64k\"");
      target.quit();
      assertTrue(!target.output().contains("ailed"), target.output());
      source.command("cont", "{}");
      source.hmp("qemu-io disk \"read -P 0x33 0 64k\"");
      source.quit();
    }
    Side.run(scratch, "qemu-img", "check", "-q", "disk.qcow2");
  }

  @Test
  void nobodyAtTheOtherEndIsQblockd() throws Exception {
    makeDisk();
    int port = Side.freePort();
    try (Side source = source()) {
      capabilities(source, "events");
      try (java.net.ServerSocket other =
          new java.net.ServerSocket(port, 1, java.net.InetAddress.getLoopbackAddress())) {
        migrate(source, port);
        try (Socket connection = other.accept()) {
          connection.getOutputStream().write("HTTP/1.1 400 Bad Request\r\n\r\n".getBytes(UTF_8));
          awaitStatus(source, "failed");
        }
      }
      assertEquals(
          "Not a migration stream of qblockd", source.query("query-migrate", "error-desc"));
      assertEquals("running", source.query("query-status", "status"));
      source.hmp("qemu-io disk \"write 0 64k\"");
      source.quit();
    }
  }

  @Test
  void hostileSourceIsRefused() throws Exception {
    makeDisk();
    byte[] mark = "qblockd\n\0\0\0\1".getBytes(java.nio.charset.StandardCharsets.ISO_8859_1);
    byte[] huge = {0, 0, 0, 1, 0x7F, -1, -1, -1};
    int port = Side.freePort();
    try (Side target = target(port)) {
      try (Socket connection = new Socket("127.0.0.1", port)) {
        OutputStream out = connection.getOutputStream();
        out.write(mark);
        out.write(huge);
        out.flush();
        target.awaitEnd();
      }
      assertTrue(
          target.output().contains("Unknown message 1 of 2147483647 bytes"), target.output());
      assertTrue(
          target.output().contains("load of migration failed: Invalid argument"), target.output());
    }
  }
}
