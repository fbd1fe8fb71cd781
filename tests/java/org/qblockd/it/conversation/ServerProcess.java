// SPDX-License-Identifier: Apache-2.0
package org.qblockd.it.conversation;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * A running server with its monitors. The server connects to sockets of the harness, so nobody has
 * to poll for a socket that appears, and prints into files, so what it printed before a reply is
 * there with the reply. The thread that plays owns it.
 */
final class ServerProcess implements AutoCloseable {
  /** Arguments that every server gets. */
  private static final List<String> BASE =
      List.of("-display", "none", "-machine", "none", "-nodefaults");

  private static final String OUTPUT = ".stdout";
  private static final String ERRORS = ".stderr";

  /** Connects descriptor 3 to the socket named by $1 and becomes the remaining words. */
  private static final String INHERIT =
      """
      import os,socket,sys
      s=socket.socket(socket.AF_UNIX)
      s.connect(sys.argv[1])
      os.dup2(s.fileno(),3)
      os.set_inheritable(3,True)
      os.execvp(sys.argv[2],sys.argv[2:])
      """;

  private final Process process;
  private final Path directory;
  private final List<MonitorLink> monitors = new ArrayList<>();

  /** Lines of standard output that were not QMP, when QMP is there. */
  private final List<String> amongQmp = Collections.synchronizedList(new ArrayList<>());

  private final List<Thread> pumps = new ArrayList<>();

  private ServerProcess(Process process, Path directory) {
    this.process = process;
    this.directory = directory;
  }

  /** Starts a server without monitors; {@code args} are all its arguments. */
  static ServerProcess start(Target target, List<String> args, Path directory) throws IOException {
    List<String> command = new ArrayList<>(target.command());
    command.addAll(args);
    ServerProcess server = spawn(command, directory, false);
    server.process.getOutputStream().close();
    return server;
  }

  /** Starts a server and waits until all its monitors are connected. */
  static ServerProcess start(
      Target target, Conversation talk, Bindings bindings, Path directory, long deadlineNanos)
      throws IOException, InterruptedException {
    List<ServerSocketChannel> listeners = new ArrayList<>();
    // The storage daemon has no machine to leave out, and calls its monitors otherwise.
    boolean daemon = talk.program().isPresent();
    List<String> command =
        new ArrayList<>(talk.program().map(target::named).orElse(target).command());
    command.addAll(daemon ? List.of() : BASE);
    for (int i = 1; i <= talk.monitors(); i++) {
      String id = "qmp" + i;
      command.add("--chardev");
      if (i == 1 && talk.transport() == Conversation.Transport.STDIO) {
        command.add("stdio,id=" + id);
      } else {
        ServerSocketChannel listener = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        listener.bind(UnixDomainSocketAddress.of(directory.resolve("." + id)));
        listeners.add(listener);
        boolean inherited = i == 1 && talk.transport() == Conversation.Transport.FD;
        command.add("socket,id=" + id + (inherited ? ",fd=3" : ",path=." + id));
      }
      command.add(daemon ? "--monitor" : "-mon");
      command.add("chardev=" + id + ",mode=control");
    }
    talk.args().forEach(arg -> command.add(bindings.expand(arg)));
    if (talk.transport() == Conversation.Transport.FD) {
      command.addAll(0, List.of("python3", "-c", INHERIT, directory.resolve(".qmp1").toString()));
    }
    boolean qmpOnOutput = talk.transport() == Conversation.Transport.STDIO;
    ServerProcess server = spawn(command, directory, qmpOnOutput);
    server.connect(talk, listeners, deadlineNanos);
    return server;
  }

  private static ServerProcess spawn(List<String> command, Path directory, boolean qmpOnOutput)
      throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(directory.toFile())
            .redirectError(directory.resolve(ERRORS).toFile());
    if (!qmpOnOutput) {
      builder.redirectOutput(directory.resolve(OUTPUT).toFile());
    }
    builder.environment().put("LC_ALL", "C");
    return new ServerProcess(builder.start(), directory);
  }

  private void connect(Conversation talk, List<ServerSocketChannel> listeners, long deadlineNanos)
      throws IOException, InterruptedException {
    if (talk.transport() == Conversation.Transport.STDIO) {
      MonitorLink link = new MonitorLink(process.getOutputStream(), process.getOutputStream());
      monitors.add(link);
      pumps.add(Thread.startVirtualThread(this::splitOutput));
    } else {
      process.getOutputStream().close();
    }
    try {
      for (ServerSocketChannel listener : listeners) {
        SocketChannel channel = accept(listener, deadlineNanos);
        MonitorLink link = new MonitorLink(Channels.newOutputStream(channel), channel);
        monitors.add(link);
        BufferedReader reader = reader(Channels.newInputStream(channel));
        pumps.add(Thread.startVirtualThread(() -> link.pump(reader)));
      }
    } catch (ConversationFailure e) {
      close();
      throw e;
    } finally {
      for (ServerSocketChannel listener : listeners) {
        listener.close();
      }
    }
  }

  private SocketChannel accept(ServerSocketChannel listener, long deadlineNanos)
      throws InterruptedException {
    CompletableFuture<SocketChannel> accepted = new CompletableFuture<>();
    Thread.startVirtualThread(() -> {
      try {
        accepted.complete(listener.accept());
      } catch (IOException e) {
        accepted.completeExceptionally(e);
      }
    });
    CompletableFuture<Object> first = CompletableFuture.anyOf(accepted, process.onExit());
    try {
      first.get(Math.max(0, deadlineNanos - System.nanoTime()), TimeUnit.NANOSECONDS);
      if (accepted.isDone()) {
        return accepted.get();
      }
      throw new ConversationFailure(
          "the server ended with status "
              + process.exitValue()
              + " before it connected\n"
              + String.join("\n", errors()));
    } catch (ExecutionException e) {
      throw new ConversationFailure("accept: " + e.getCause());
    } catch (TimeoutException e) {
      throw new ConversationFailure("the server did not connect to its monitor's socket");
    }
  }

  private static BufferedReader reader(InputStream in) {
    return new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8));
  }

  /** With QMP on standard output, a line that starts an object is QMP. */
  private void splitOutput() {
    MonitorLink link = monitors.getFirst();
    reader(process.getInputStream())
        .lines()
        .forEach(line -> {
          if (line.startsWith("{")) {
            link.add(line);
          } else {
            amongQmp.add(OutputText.normalize(line));
          }
        });
    link.end();
  }

  /** The monitor with this number, from 1. */
  MonitorLink monitor(int number) {
    return monitors.get(number - 1);
  }

  /** Lines of standard output so far, normalised. */
  List<String> output() {
    synchronized (amongQmp) {
      return amongQmp.isEmpty() ? lines(OUTPUT) : List.copyOf(amongQmp);
    }
  }

  /** Lines of standard error so far, normalised. */
  List<String> errors() {
    return lines(ERRORS);
  }

  /** While the server runs, a line counts when it is whole. */
  private List<String> lines(String name) {
    Path file = directory.resolve(name);
    boolean running = process.isAlive();
    try {
      byte[] bytes = Files.exists(file) ? Files.readAllBytes(file) : new byte[0];
      String text = new String(bytes, StandardCharsets.UTF_8);
      String whole = running ? text.substring(0, text.lastIndexOf('\n') + 1) : text;
      return whole.lines().map(OutputText::normalize).toList();
    } catch (IOException e) {
      throw new ConversationFailure("the server's output: " + e);
    }
  }

  void signal(String name) throws IOException, InterruptedException {
    int status =
        new ProcessBuilder("/bin/kill", "-s", name, Long.toString(process.pid())).start().waitFor();
    if (status != 0) {
      throw new ConversationFailure("cannot send SIG" + name);
    }
  }

  /** Waits for the end of the process and of its output; returns the exit status. */
  int awaitExit(long deadlineNanos) throws InterruptedException {
    long left = Math.max(0, deadlineNanos - System.nanoTime());
    if (!process.waitFor(left, TimeUnit.NANOSECONDS)) {
      throw new ConversationFailure("the server did not end");
    }
    pumpsEnd(deadlineNanos);
    return process.exitValue();
  }

  private void pumpsEnd(long deadlineNanos) throws InterruptedException {
    for (Thread pump : pumps) {
      pump.join(java.time.Duration.ofNanos(Math.max(1, deadlineNanos - System.nanoTime())));
    }
  }

  @Override
  public void close() {
    process.destroyForcibly();
    monitors.forEach(MonitorLink::close);
  }
}
