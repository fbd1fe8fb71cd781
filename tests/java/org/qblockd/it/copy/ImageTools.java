// SPDX-License-Identifier: Apache-2.0
package org.qblockd.it.copy;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.qblockd.it.copy.Copy.Format;

/** The real qemu-img and qemu-io on the images of one directory. Any thread. */
record ImageTools(Path directory) {

  /** Whether both are on the path. */
  static boolean installed() {
    return Stream.of("qemu-img", "qemu-io").allMatch(ImageTools::onPath);
  }

  static boolean onPath(String program) {
    return Stream.of(System.getenv().getOrDefault("PATH", "").split(":"))
        .anyMatch(place -> Files.isExecutable(Path.of(place, program)));
  }

  /** Runs a command that must succeed and print exactly this. */
  private String run(List<String> command) throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(command).directory(directory.toFile()).redirectErrorStream(true).start();
    process.getOutputStream().close();
    String output = new String(process.getInputStream().readAllBytes(), UTF_8);
    if (process.waitFor() != 0) {
      throw new AssertionError(
          String.join(" ", command) + ": status " + process.exitValue() + "\n" + output);
    }
    return output;
  }

  /** {@code qemu-img create} with these options and arguments. */
  void create(Format format, String options, String name, long size, String... more)
      throws IOException, InterruptedException {
    List<String> command =
        new ArrayList<>(List.of("qemu-img", "create", "-q", "-f", format.wireName()));
    if (!options.isEmpty()) {
      command.addAll(List.of("-o", options));
    }
    command.addAll(List.of(more));
    command.addAll(List.of(name, Long.toString(size)));
    run(command);
  }

  /** {@code qemu-img bitmap --add}. */
  void addBitmap(String image, String name) throws IOException, InterruptedException {
    String unused = run(List.of("qemu-img", "bitmap", "--add", "-f", "qcow2", image, name));
  }

  /** {@code qemu-io} with these commands on an image that nobody has open. */
  void io(String image, List<String> commands) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of("qemu-io", "-d", "unmap", "-f", "qcow2"));
    for (String each : commands) {
      command.add("-c");
      command.add(each);
    }
    command.add(image);
    String output = run(command);
    if (output.contains("ailed") || output.contains("not ")) {
      throw new AssertionError(String.join(" ", command) + "\n" + output);
    }
  }

  /** Makes an image that holds these bytes. */
  void write(byte[] bytes, Format format, String name) throws IOException, InterruptedException {
    if (format == Format.RAW) {
      Files.write(directory.resolve(name), bytes);
      return;
    }
    String plain = name + ".plain";
    Files.write(directory.resolve(plain), bytes);
    run(List.of("qemu-img", "convert", "-f", "raw", "-O", format.wireName(), plain, name));
    Files.delete(directory.resolve(plain));
  }

  /** All bytes of an image as a guest reads them. */
  byte[] read(Format format, String name) throws IOException, InterruptedException {
    if (format == Format.RAW) {
      return Files.readAllBytes(directory.resolve(name));
    }
    Path plain = directory.resolve(name + ".plain");
    run(List.of("qemu-img", "convert", "-U", "-f", "qcow2", "-O", "raw", name, plain.toString()));
    byte[] bytes = Files.readAllBytes(plain);
    Files.delete(plain);
    return bytes;
  }

  /** Asserts that an image holds exactly these bytes. */
  void assertHolds(byte[] expected, Format format, String name)
      throws IOException, InterruptedException {
    Files.write(directory.resolve("expected"), expected);
    List<String> command =
        List.of(
            "qemu-img", "compare", "-U", "-f", "raw", "-F", format.wireName(), "expected", name);
    String output = run(command);
    if (!output.equals("Images are identical.\n")) {
      throw new AssertionError(String.join(" ", command) + "\n" + output);
    }
  }

  /** Asserts that an image has no error; a kill may have leaked clusters. */
  void assertSound(Format format, String name) throws IOException, InterruptedException {
    if (format == Format.QCOW2) {
      List<String> command = List.of("qemu-img", "check", "-q", "-r", "leaks", "-f", "qcow2", name);
      String unused = run(command);
      assertClean(format, name);
    }
  }

  /** Asserts that an image has leaked clusters at most; nothing is repaired. */
  void assertNotDamaged(String name) throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder("qemu-img", "check", "-f", "qcow2", name)
            .directory(directory.toFile())
            .redirectErrorStream(true)
            .start();
    process.getOutputStream().close();
    String output = new String(process.getInputStream().readAllBytes(), UTF_8);
    int status = process.waitFor();
    if (status != 0 && status != 3) {
      throw new AssertionError("qemu-img check " + name + ": " + status + "\n" + output);
    }
  }

  /** Asserts that an image has no error and no leak. */
  void assertClean(Format format, String name) throws IOException, InterruptedException {
    if (format == Format.QCOW2) {
      String output = run(List.of("qemu-img", "check", "-U", "-f", "qcow2", name));
      if (!output.startsWith("No errors were found on the image.\n")) {
        throw new AssertionError("qemu-img check " + name + "\n" + output);
      }
    }
  }
}
