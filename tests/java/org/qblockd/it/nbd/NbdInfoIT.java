// SPDX-License-Identifier: Apache-2.0
package org.qblockd.it.nbd;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.qblockd.it.copy.Programs;

/** What nbdinfo and qemu-nbd --list see of an image is what they see when qemu-nbd serves it. */
final class NbdInfoIT {
  @TempDir Path directory;
  private Command command;
  private Served ours;
  private Daemon theirs;

  @BeforeEach
  void serveTwice() throws Exception {
    command = new Command(directory);
    images();
    ours = Served.start(Programs.underTest(), directory);
    String file = "'file': {'driver': 'file', 'filename': 'top.qcow2'}";
    ours.node("n", "'driver': 'qcow2', 'read-only': true, " + file);
    ours.listen("ours");
    ours.export(
        "n",
        "'name': 'disk', 'description': 'a disk', 'bitmaps': ['b0', 'b1'], 'allocation-depth':"
            + " true");
    List<String> asked = List.of("-r", "-f", "qcow2", "-x", "disk", "-D", "a disk", "-e", "0");
    List<String> contexts = List.of("-A", "-B", "b1", "-B", "b0", "top.qcow2");
    theirs = Daemon.qemuNbd(directory, "theirs", join(asked, contexts));
  }

  private static String[] join(List<String> some, List<String> more) {
    return java.util.stream.Stream.concat(some.stream(), more.stream()).toArray(String[]::new);
  }

  private void images() throws Exception {
    create("-f", "raw", "base.raw", "16M");
    io("raw", "base.raw", "write -P 1 1M 3M", "write -z -u 2M 512k");
    create("-f", "qcow2", "-b", "base.raw", "-F", "raw", "middle.qcow2");
    io("qcow2", "middle.qcow2", "write -P 2 3M 2M", "write -z 4M 256k", "discard 6M 64k");
    create("-f", "qcow2", "-b", "middle.qcow2", "-F", "qcow2", "top.qcow2", "16777728");
    for (String bitmap : List.of("b0", "b1")) {
      command.ok("qemu-img", "bitmap", "--add", "-g", "64k", "top.qcow2", bitmap);
      io("qcow2", "top.qcow2", "write -P 3 8M 200k", "write -z 10M 1M", "write -P 4 16777216 512");
      command.ok("qemu-img", "bitmap", "--disable", "top.qcow2", bitmap);
    }
  }

  private void create(String... words) throws Exception {
    command.ok(join(List.of("qemu-img", "create", "-q"), List.of(words)));
  }

  private void io(String format, String image, String... commands) throws Exception {
    List<String> words = new java.util.ArrayList<>(List.of("qemu-io", "-d", "unmap", "-f", format));
    for (String each : commands) {
      words.addAll(List.of("-c", each));
    }
    words.add(image);
    assertThat(command.ok(words.toArray(String[]::new))).doesNotContain("ailed");
  }

  @AfterEach
  void end() throws Exception {
    ours.close();
    theirs.close();
  }

  /** The same output, wherever the server is; its address is cut out. */
  private void assertSame(String... words) throws Exception {
    assertThat(seen("ours", words)).isNotEmpty().isEqualTo(seen("theirs", words));
  }

  private String seen(String socket, String... words) throws Exception {
    String uri = "nbd+unix:///disk?socket=" + directory.resolve(socket);
    String[] all = new String[words.length];
    for (int i = 0; i < words.length; i++) {
      all[i] = words[i].replace("URI", uri).replace("SOCKET", directory.resolve(socket).toString());
    }
    return command.ok(all).replace(directory.resolve(socket).toString(), "SOCKET");
  }

  @Test
  void maps() throws Exception {
    for (String context :
        List.of(
            "base:allocation",
            "qemu:allocation-depth",
            "qemu:dirty-bitmap:b0",
            "qemu:dirty-bitmap:b1")) {
      assertSame("nbdinfo", "--map=" + context, "URI");
    }
    assertSame("nbdinfo", "--map", "--totals", "URI");
    assertSame("qemu-img", "map", "--output=json", "-f", "raw", "URI");
    assertThat(seen("ours", "nbdinfo", "--map=qemu:dirty-bitmap:b1", "URI")).contains("dirty");
  }

  @Test
  void descriptions() throws Exception {
    assertSame("nbdinfo", "--json", "URI");
    assertSame("nbdinfo", "--json", "--list", "nbd+unix://?socket=SOCKET");
    assertSame("nbdinfo", "--list", "nbd+unix://?socket=SOCKET");
    assertSame("nbdinfo", "--size", "URI");
    assertSame("qemu-nbd", "--list", "-k", "SOCKET");
    assertSame("qemu-img", "info", "-f", "raw", "URI");
    for (String can : List.of("df", "fua", "flush", "cache", "multi-conn", "structured-reply")) {
      assertThat(command.run("nbdinfo", "--can", can, uri("ours")))
          .isEqualTo(command.run("nbdinfo", "--can", can, uri("theirs")));
    }
  }

  private String uri(String socket) {
    return "nbd+unix:///disk?socket=" + directory.resolve(socket);
  }
}
