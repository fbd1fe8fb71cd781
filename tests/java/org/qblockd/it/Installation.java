// SPDX-License-Identifier: Apache-2.0
package org.qblockd.it;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/**
 * A copy of the launcher and of what the build made, in a directory of its own that a test may
 * spoil. One test, one thread.
 *
 * @param directory where bin and target are; its name has blanks in it
 */
record Installation(Path directory) {
  private static final Path PROJECT =
      Path.of(System.getProperty("qblockd.basedir", "")).toAbsolutePath();
  private static final long LIMIT_SECONDS = 60;

  /**
   * What a start came to.
   *
   * @param pid of the process that was started
   */
  record Outcome(long pid, int status, String out, String err) {

    /** Lines of the form key=value on standard output; a key that came twice keeps the last. */
    Map<String, String> values() {
      return out.lines()
          .filter(line -> line.contains("="))
          .collect(
              Collectors.toMap(
                  line -> line.substring(0, line.indexOf('=')),
                  line -> line.substring(line.indexOf('=') + 1),
                  (first, last) -> last));
    }

    /** The arguments that {@link Installation#recordingJava} was given. */
    List<String> arguments() {
      return out.lines().filter(line -> line.startsWith("arg=")).map(l -> l.substring(4)).toList();
    }
  }

  /** Launcher, jar, cache and notes as they are in a package: without sources. */
  static Installation packaged(Path parent) throws IOException {
    Installation made = new Installation(Files.createDirectories(parent.resolve("a place")));
    Files.createDirectories(made.file("bin"));
    Files.createDirectories(made.file("target"));
    Files.copy(PROJECT.resolve("bin/qblockd"), made.launcher(), StandardCopyOption.COPY_ATTRIBUTES);
    Path built = PROJECT.resolve("target");
    for (String name :
        List.of("qblockd.jar", "qblockd-web.jar", "qblockd.launch", made.cacheName(built))) {
      Files.copy(
          built.resolve(name), made.file("target/" + name), StandardCopyOption.COPY_ATTRIBUTES);
    }
    return made;
  }

  /** The same with sources, all older than the jar. */
  static Installation checkout(Path parent) throws IOException {
    Installation made = packaged(parent);
    for (String source : List.of("pom.xml", "src/main/java/A.java", "qapi-schema/a.json")) {
      Files.createDirectories(made.file(source).getParent());
      Files.createFile(made.file(source));
    }
    made.age("pom.xml", "src", "src/main", "src/main/java", "src/main/java/A.java");
    made.age("qapi-schema", "qapi-schema/a.json");
    return made;
  }

  private void age(String... names) throws IOException {
    for (String name : names) {
      Files.setLastModifiedTime(file(name), FileTime.fromMillis(0));
    }
  }

  Path file(String name) {
    return directory.resolve(name);
  }

  Path launcher() {
    return file("bin/qblockd");
  }

  Path jar() {
    return file("target/qblockd.jar");
  }

  /** The AOT cache that belongs to the jar. */
  Path cache() throws IOException {
    return file("target/" + cacheName(file("target")));
  }

  private String cacheName(Path target) throws IOException {
    return Files.readAllLines(target.resolve("qblockd.launch")).get(2);
  }

  /** Writes an executable shell script. */
  Path script(String name, String body) throws IOException {
    Path script = file(name);
    Files.createDirectories(script.getParent());
    Files.writeString(script, "#!/bin/sh\n" + body);
    Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwxr-xr-x"));
    return script;
  }

  /** A stand-in for java that prints its process, its first descriptors and its arguments. */
  Path recordingJava() throws IOException {
    return script(
        "stand-in/java",
        """
        echo "pid=$$"
        for fd in 0 1 2 7 9; do echo "fd$fd=$(readlink /proc/$$/fd/$fd)"; done
        for each; do echo "arg=$each"; done
        """);
  }

  /** A stand-in for mvn in a directory of its own. Its output must not show. */
  Path recordingMaven(String body) throws IOException {
    return script(
            "stand-in/bin/mvn", "echo noise of the build\necho x >>'" + builds() + "'\n" + body)
        .getParent();
  }

  private Path builds() {
    return file("builds");
  }

  /** How often {@link #recordingMaven} ran. */
  int buildCount() throws IOException {
    return Files.exists(builds()) ? Files.readAllLines(builds()).size() : 0;
  }

  /** Starts the launcher and waits for its end; standard input is empty. */
  Outcome run(Map<String, String> environment, String... arguments) throws Exception {
    return run(environment, launcher(), arguments);
  }

  Outcome run(Map<String, String> environment, Path program, String... arguments) throws Exception {
    List<String> command = new ArrayList<>(List.of(program.toString()));
    command.addAll(Arrays.asList(arguments));
    return start(environment, command).await();
  }

  /** A start under way. */
  record Running(Process process, Path out, Path err) {

    Outcome await() throws Exception {
      if (!process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly();
        throw new AssertionError("no end within " + LIMIT_SECONDS + " s");
      }
      return new Outcome(
          process.pid(), process.exitValue(), Files.readString(out), Files.readString(err));
    }
  }

  /** Starts any command with the given variables on top of a clean set. */
  Running start(Map<String, String> environment, List<String> command) throws IOException {
    Path out = Files.createTempFile(directory, "out", "");
    Path err = Files.createTempFile(directory, "err", "");
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.directory(directory.toFile());
    builder
        .environment()
        .keySet()
        .removeIf(name -> name.matches("QBLOCKD_.*|JAVA_HOME|J.*OPTIONS"));
    builder.environment().putAll(environment);
    builder.redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()));
    builder.redirectOutput(out.toFile()).redirectError(err.toFile());
    return new Running(builder.start(), out, err);
  }

  /** The path of programs with one directory put in front. */
  static Map<String, String> pathWith(Path first) {
    return Map.of("PATH", first + ":" + System.getenv("PATH"));
  }

  /** Gives a file a new inode and time, as an editor or a build does. */
  void rewrite(Path file, byte[] content) {
    try {
      Files.delete(file);
      Files.write(file, content);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
