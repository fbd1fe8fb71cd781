// SPDX-License-Identifier: Apache-2.0
package org.qblockd.app;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import org.qblockd.base.Clock;
import org.qblockd.base.SystemClock;

/** The client of a training run: says its lines and waits for each reply. A thread of its own. */
final class TrainingTalk implements Runnable {
  private static final int TRIES = 20_000;
  private static final long BETWEEN_TRIES_NANOS = 1_000_000;

  private final @Nullable SocketAddress address;
  private final List<String> lines;
  private final ByteBuffer input = ByteBuffer.allocate(1 << 20);
  private @Nullable SocketChannel channel;
  private volatile @Nullable Exception failure;

  private TrainingTalk(
      @Nullable SocketChannel channel, @Nullable SocketAddress address, List<String> lines) {
    this.channel = channel;
    this.address = address;
    this.lines = lines;
  }

  /** A client that is connected already and asks little. */
  static TrainingTalk brief(SocketChannel channel) {
    return new TrainingTalk(channel, null, opening());
  }

  /** A client that connects when the server listens, and asks for everything. */
  static TrainingTalk connecting(SocketAddress address, Path scratch) {
    List<String> lines = new ArrayList<>(opening());
    lines.addAll(nodes(scratch));
    lines.addAll(jobs());
    lines.addAll(errors());
    return new TrainingTalk(null, address, lines);
  }

  private static List<String> opening() {
    return List.of(
        "{'execute':'query-status'}",
        "{\"execute\":\"qmp_capabilities\",\"arguments\":{\"enable\":[\"oob\"]},\"id\":1}",
        "{\"execute\":\"query-version\"}",
        "{\"execute\":\"query-status\",\"id\":{\"number\":1.5,\"list\":[true,null]}}",
        "{\"execute\":\"query-block\"}",
        "{\"execute\":\"query-named-block-nodes\"}",
        "{\"execute\":\"query-blockstats\"}",
        "{\"execute\":\"cont\"}",
        "{\"execute\":\"stop\"}",
        "{\"execute\":\"query-name\"}",
        "{\"execute\":\"query-jobs\"}",
        "{\"execute\":\"query-block-jobs\"}",
        "{\"execute\":\"query-commands\"}");
  }

  private static List<String> nodes(Path scratch) {
    return List.of(
        create("'driver':'file','filename':'" + scratch.resolve("a") + "','size':0"),
        create("'driver':'file','filename':'" + scratch.resolve("b") + "','size':4194304"),
        create("'driver':'file','filename':'" + scratch.resolve("c") + "','size':4194304"),
        add("'driver':'file','node-name':'a','filename':'" + scratch.resolve("a") + "'"),
        create("'driver':'qcow2','file':'a','size':4194304"),
        add("'driver':'qcow2','node-name':'src','file':'a'"),
        add(
            "'driver':'raw','node-name':'dst','file':{'driver':'file','filename':'"
                + scratch.resolve("b")
                + "'}"),
        add(
            "'driver':'raw','node-name':'dst2','file':{'driver':'file','filename':'"
                + scratch.resolve("c")
                + "'}"),
        add("'driver':'null-co','node-name':'null','size':4194304,'read-zeroes':true"),
        qemuIo("src", "write -P 7 0 1M"),
        qemuIo("src", "write -z 2M 128k"),
        qemuIo("src", "read -P 7 64k 64k"),
        qemuIo("src", "discard 512k 128k"),
        qemuIo("dst", "write -P 1 0 64k"),
        qemuIo("src", "flush"),
        "{'execute':'query-named-block-nodes'}",
        "{'execute':'query-blockstats','arguments':{'query-nodes':true}}",
        "{'execute':'block_resize','arguments':{'node-name':'null','size':8388608}}");
  }

  private static List<String> jobs() {
    return List.of(
        "{'execute':'blockdev-mirror','arguments':{'job-id':'m','device':'src','target':'dst',"
            + "'sync':'full'}}",
        "{'execute':'query-block-jobs'}",
        "await BLOCK_JOB_READY",
        qemuIo("src", "write -P 8 1M 64k"),
        "{'execute':'job-cancel','arguments':{'id':'m'}}",
        "await BLOCK_JOB_CA",
        "{'execute':'blockdev-backup','arguments':{'job-id':'b','device':'src','target':'dst2',"
            + "'sync':'full','auto-dismiss':false}}",
        "await \"concluded\"",
        "{'execute':'job-dismiss','arguments':{'id':'b'}}",
        "{'execute':'blockdev-del','arguments':{'node-name':'dst'}}");
  }

  private static List<String> errors() {
    return List.of(
        "{'execute':'nonsense'}",
        "{'execute':'blockdev-del','arguments':{'node-name':'nobody'}}",
        "{'execute':'blockdev-add','arguments':{'driver':'nonsense'}}",
        "{'execute':'stop','arguments':{'x':1}}",
        "{'execute':'job-cancel','arguments':{'id':'nobody'}}",
        "{'execute':'blockdev-mirror','arguments':{'job-id':'m'}}",
        "{'execute': }",
        "{'execute':'query-qmp-schema'}");
  }

  /** Jobs take part in every creation, so their end is waited for. */
  private static String create(String options) {
    return "create {'execute':'blockdev-create','arguments':{'job-id':'create','options':{"
        + options
        + "}}}";
  }

  private static String add(String options) {
    return "{'execute':'blockdev-add','arguments':{" + options + "}}";
  }

  private static String qemuIo(String node, String command) {
    return "{'execute':'human-monitor-command','arguments':{'command-line':'qemu-io "
        + node
        + " \\\""
        + command
        + "\\\"'}}";
  }

  @Override
  public void run() {
    try {
      converse(channel == null ? connect() : channel);
    } catch (IOException | RuntimeException e) {
      failure = e;
      // The server would wait for a client for ever.
      e.printStackTrace();
      Runtime.getRuntime().halt(1);
    }
  }

  /** Throws what went wrong. After the thread's end. */
  void checkSuccess() {
    if (failure != null) {
      throw new IllegalStateException("the training client failed", failure);
    }
  }

  private SocketChannel connect() throws IOException {
    for (int i = 0; ; i++) {
      SocketChannel attempt = SocketChannel.open(family());
      try {
        boolean unused = attempt.connect(address);
        if (!attempt.getRemoteAddress().equals(attempt.getLocalAddress())) {
          return attempt;
        }
        // A socket that looks for its own port can meet itself.
        attempt.close();
      } catch (IOException notYet) {
        attempt.close();
        if (i == TRIES) {
          throw notYet;
        }
      }
      pause();
    }
  }

  private static void pause() {
    CountDownLatch over = new CountDownLatch(1);
    Clock.Timer unused = SystemClock.INSTANCE.schedule(BETWEEN_TRIES_NANOS, over::countDown);
    try {
      over.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private java.net.ProtocolFamily family() {
    return address instanceof java.net.UnixDomainSocketAddress
        ? java.net.StandardProtocolFamily.UNIX
        : java.net.StandardProtocolFamily.INET;
  }

  private void converse(SocketChannel connected) throws IOException {
    channel = connected;
    await("\"QMP\"");
    for (String line : lines) {
      if (line.startsWith("await ")) {
        await(line.substring("await ".length()));
      } else if (line.startsWith("create ")) {
        say(line.substring("create ".length()));
        await("\"concluded\"");
        say("{'execute':'job-dismiss','arguments':{'id':'create'}}");
        await("\"return\"");
      } else {
        say(line);
        awaitReply();
      }
    }
    say("{'execute':'quit'}");
    while (fill()) {
      input.clear();
    }
    connected.close();
  }

  private void say(String line) throws IOException {
    ByteBuffer bytes = ByteBuffer.wrap((line + "\n").getBytes(UTF_8));
    while (bytes.hasRemaining()) {
      java.util.Objects.requireNonNull(channel).write(bytes);
    }
  }

  /** Reads lines until one has the text; later ones stay. */
  private void await(String text) throws IOException {
    String line;
    do {
      line = line();
    } while (!line.contains(text));
  }

  private void awaitReply() throws IOException {
    String line;
    do {
      line = line();
    } while (!line.contains("\"return\": ") && !line.contains("\"error\": "));
  }

  private String line() throws IOException {
    while (true) {
      for (int i = 0; i < input.position(); i++) {
        if (input.get(i) == '\n') {
          String line = new String(input.array(), 0, i, UTF_8);
          input.flip().position(i + 1);
          input.compact();
          return line;
        }
      }
      if (!fill()) {
        throw new IOException("the server closed the connection early");
      }
    }
  }

  private boolean fill() throws IOException {
    if (!input.hasRemaining()) {
      throw new IOException("a line of more than " + input.capacity() + " bytes");
    }
    return java.util.Objects.requireNonNull(channel).read(input) >= 0;
  }
}
