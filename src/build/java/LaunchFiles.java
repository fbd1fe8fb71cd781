// SPDX-License-Identifier: Apache-2.0

import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * The build's last step: makes the AOT cache by a training run of the packaged jar and notes for
 * bin/qblockd what belongs together. Run from source by Maven with the JDK that the build uses.
 *
 * <p>A JVM does not check that an AOT cache was made from the jar at hand and would run the old
 * classes. So the cache's name carries the jar's hash, and the notes carry the jar's size and time,
 * which the launcher compares.
 */
final class LaunchFiles {
  private static final long TRAINING_LIMIT_SECONDS = 120;

  private final Path target;
  private final Path jar;
  private final Path java;

  private LaunchFiles(Path target) {
    this.target = target;
    this.jar = target.resolve("qblockd.jar");
    this.java = Path.of(System.getProperty("java.home"), "bin", "java");
  }

  /** Argument: the build directory, with qblockd.jar and the file build-start in it. */
  public static void main(String[] args) throws Exception {
    if (Runtime.version().feature() < 25) {
      throw new IllegalStateException("the build gave this to Java " + Runtime.version());
    }
    LaunchFiles files = new LaunchFiles(Path.of(args[0]).toAbsolutePath().normalize());
    files.deleteOldCaches();
    String cache = "qblockd-" + files.jarHash() + ".aot";
    files.writeNotes("");
    files.train(cache);
    files.writeNotes(cache);
  }

  private void deleteOldCaches() throws IOException {
    try (DirectoryStream<Path> caches = Files.newDirectoryStream(target, "qblockd-*.aot*")) {
      for (Path cache : caches) {
        Files.delete(cache);
      }
    }
  }

  private String jarHash() throws IOException, NoSuchAlgorithmException {
    byte[] hash = MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(jar));
    return HexFormat.of().formatHex(hash, 0, 8);
  }

  /** Trains with the launcher's own command line, so that the flags of both cannot differ. */
  private void train(String cache) throws IOException, InterruptedException {
    Path scratch = Files.createTempDirectory("qblockd-training");
    Path log = target.resolve("training.log");
    ProcessBuilder server =
        new ProcessBuilder(target.resolveSibling("bin").resolve("qblockd").toString());
    server.environment().put("QBLOCKD_BUILDING", "1");
    server.environment().put("QBLOCKD_JAVA", java.toString());
    server
        .environment()
        .put("QBLOCKD_JAVA_OPTS", "-XX:AOTCacheOutput=" + cache + " -Dqblockd.training=" + scratch);
    server.directory(target.toFile()).redirectErrorStream(true).redirectOutput(log.toFile());
    Process running = server.start();
    running.getOutputStream().close();
    boolean ended = running.waitFor(TRAINING_LIMIT_SECONDS, TimeUnit.SECONDS);
    if (!ended) {
      running.destroyForcibly();
    }
    deleteTree(scratch);
    if (!ended || running.exitValue() != 0 || !Files.exists(target.resolve(cache))) {
      List<String> said = Files.readAllLines(log);
      throw new IOException(
          "the training run for the AOT cache "
              + (ended ? "ended with status " + running.exitValue() : "did not end")
              + ":\n"
              + String.join("\n", said));
    }
  }

  /**
   * Four lines: java, size and modification time of the jar as find(1) prints them, name of the
   * cache (empty: none), command that blocks signals (empty: none). The file's own time is the
   * start of the build, so a source saved while it ran counts as newer.
   */
  private void writeNotes(String cache) throws IOException, InterruptedException {
    Path notes = target.resolve("qblockd.launch");
    Path draft = target.resolve("qblockd.launch.new");
    String state = Files.size(jar) + " " + findTime(Files.getLastModifiedTime(jar));
    String content = String.join("\n", java.toString(), state, cache, blockingCommand(), "");
    Files.writeString(draft, content);
    Files.setLastModifiedTime(draft, Files.getLastModifiedTime(target.resolve("build-start")));
    Files.move(draft, notes, StandardCopyOption.REPLACE_EXISTING);
  }

  /** Only GNU's env(1) can start a program with signals blocked. */
  private static String blockingCommand() throws IOException, InterruptedException {
    String command = "/usr/bin/env --block-signal=TERM,INT,HUP";
    List<String> probe = new ArrayList<>(List.of(command.split(" ")));
    probe.add("true");
    if (!Files.isExecutable(Path.of(probe.getFirst()))) {
      return "";
    }
    Process process =
        new ProcessBuilder(probe)
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    return process.waitFor() == 0 ? command : "";
  }

  /** Seconds with ten decimals, as {@code find -printf %T@} has them. */
  private static String findTime(FileTime time) {
    Instant instant = time.toInstant();
    return BigDecimal.valueOf(instant.getNano(), 9)
        .add(BigDecimal.valueOf(instant.getEpochSecond()))
        .setScale(10)
        .toPlainString();
  }

  private static void deleteTree(Path directory) throws IOException {
    try (var paths = Files.walk(directory)) {
      for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }
  }
}
