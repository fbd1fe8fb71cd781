// SPDX-License-Identifier: Apache-2.0
package org.qblockd.app;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;

/**
 * What the build lets the packaged program do once, so that the JVM can keep the loaded and linked
 * classes in its AOT cache: everything that a usual start and the first commands touch. Every start
 * loads all of it, so what few starts need is left out. Ends by returning. Main thread.
 */
final class Training {
  private final Path scratch;

  private Training(Path scratch) {
    this.scratch = scratch;
  }

  /**
   * Runs servers one after another in {@code scratch}, an empty directory that the caller deletes.
   */
  static void run(Path scratch) throws IOException, InterruptedException {
    int unused = Main.run("-version");
    Training training = new Training(scratch);
    training.onInheritedSocket();
    Preparation.start();
    training.onUnixSocket();
  }

  /** As libvirt and QEMU's own tests start it: a connected socket, a drive. */
  private void onInheritedSocket() throws IOException, InterruptedException {
    Path address = scratch.resolve("pair");
    try (ServerSocketChannel listener = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      listener.bind(UnixDomainSocketAddress.of(address), 1);
      Set<Integer> before = descriptors();
      SocketChannel inherited = SocketChannel.open(UnixDomainSocketAddress.of(address));
      Set<Integer> made = descriptors();
      made.removeAll(before);
      int fd = made.iterator().next();
      SocketChannel client = listener.accept();
      Path image = scratch.resolve("first.raw");
      Files.write(image, new byte[1 << 20]);
      serve(
          TrainingTalk.brief(client),
          "-display",
          "none",
          "-machine",
          "none",
          "-nodefaults",
          "-S",
          "-name",
          "training",
          "-pidfile",
          scratch.resolve("pid").toString(),
          "-chardev",
          "socket,id=qmp,fd=" + fd,
          "-mon",
          "chardev=qmp,mode=control",
          "-drive",
          "if=none,id=disk,format=raw,file=" + image,
          "-blockdev",
          "driver=null-co,node-name=null,size=65536,read-zeroes=on");
      // Its descriptor is closed by now, and the number perhaps taken: the object must not close
      // it.
      KEPT.add(inherited);
    }
    Files.delete(address);
  }

  /** Channels whose descriptors a server has closed. */
  private static final Set<SocketChannel> KEPT = new HashSet<>();

  /** The usual start, and a round through commands and jobs. */
  private void onUnixSocket() throws IOException, InterruptedException {
    Path address = scratch.resolve("qmp");
    TrainingTalk talk = TrainingTalk.connecting(UnixDomainSocketAddress.of(address), scratch);
    serve(talk, "-nodefaults", "-qmp", "unix:" + address + ",server=on,wait=on");
  }

  private static Set<Integer> descriptors() throws IOException {
    Set<Integer> numbers = new HashSet<>();
    try (DirectoryStream<Path> open = Files.newDirectoryStream(Path.of("/proc/self/fd"))) {
      for (Path each : open) {
        if (Files.isSymbolicLink(each)
            && Files.readSymbolicLink(each).toString().startsWith("socket:")) {
          numbers.add(Integer.parseInt(each.getFileName().toString()));
        }
      }
    }
    return numbers;
  }

  private static void serve(TrainingTalk talk, String... arguments) throws InterruptedException {
    Thread client = Thread.ofPlatform().name("training-client").daemon(true).start(talk);
    int status = Main.run(arguments);
    client.join();
    talk.checkSuccess();
    if (status != 0) {
      throw new IllegalStateException("a training server ended with status " + status);
    }
  }
}
