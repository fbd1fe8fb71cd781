// SPDX-License-Identifier: Apache-2.0
package org.qblockd.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import javax.tools.JavaCompiler;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.qblockd.it.Installation.Outcome;

/** The launcher's promises, on a spoilable copy of what the build made. */
final class LauncherIT {
  private static final String THIS_JAVA =
      Path.of(System.getProperty("java.home"), "bin", "java").toString();

  @TempDir private Path scratch;

  private Installation installed;

  @BeforeEach
  void install() throws IOException {
    installed = Installation.packaged(scratch);
  }

  private Map<String, String> recorded() throws IOException {
    return Map.of("QBLOCKD_JAVA", installed.recordingJava().toString());
  }

  @Test
  void processKeepsItsId() throws Exception {
    Outcome outcome = installed.run(recorded());
    assertThat(outcome.values()).containsEntry("pid", Long.toString(outcome.pid()));
  }

  @Test
  void argumentsArriveAsTheyWere() throws Exception {
    assertThat(installed.run(recorded(), "-drive", "file=a b,x=*", "", "$HOME").arguments())
        .endsWith("-jar", installed.jar().toString(), "-drive", "file=a b,x=*", "", "$HOME");
  }

  @Test
  void symbolicLinkGivesTheName() throws Exception {
    Path bin = Files.createDirectories(scratch.resolve("other bin"));
    Path link = Files.createSymbolicLink(bin.resolve("first"), installed.launcher());
    Path name = Files.createSymbolicLink(bin.resolve("qemu-system-x86_64"), link);
    Outcome outcome = installed.run(recorded(), name);
    assertThat(outcome.arguments()).contains("-Dqblockd.argv0=" + name);
    assertThat(outcome.arguments()).endsWith("-jar", installed.jar().toString());
  }

  @Test
  void foundByThePathUnderAnotherName() throws Exception {
    Path bin = Files.createDirectories(scratch.resolve("path dir"));
    Files.createSymbolicLink(bin.resolve("qemu-storage-daemon"), installed.launcher());
    Map<String, String> environment = new HashMap<>(Installation.pathWith(bin));
    environment.putAll(recorded());
    Outcome outcome =
        installed.start(environment, List.of("sh", "-c", "exec qemu-storage-daemon")).await();
    assertThat(outcome.arguments()).contains("-Dqblockd.argv0=" + bin + "/qemu-storage-daemon");
  }

  @ParameterizedTest
  @CsvSource({"<&-, fd0", ">&-, fd1", "2>&-, fd2"})
  void closedStandardDescriptorIsReplaced(String closing, String descriptor) throws Exception {
    Path seen = scratch.resolve("seen");
    Path java =
        installed.script(
            "stand-in/java",
            "for fd in 0 1 2; do all=$all$(readlink /proc/$$/fd/$fd):; done; echo $all >'"
                + seen
                + "'\n");
    List<String> command =
        List.of("sh", "-c", "exec \"$0\" " + closing, installed.launcher().toString());
    Outcome outcome = installed.start(Map.of("QBLOCKD_JAVA", java.toString()), command).await();
    int number = Integer.parseInt(descriptor.substring(2));
    assertThat(Files.readString(seen).split(":")[number]).isEqualTo("/dev/null");
    assertThat(outcome.out() + outcome.err()).isEmpty();
  }

  @Test
  void inheritedDescriptorsStayOpen() throws Exception {
    Path file = Files.createFile(scratch.resolve("inherited"));
    String command = "exec \"$0\" 7<'" + file + "' 9<'" + file + "'";
    Outcome outcome =
        installed
            .start(recorded(), List.of("sh", "-c", command, installed.launcher().toString()))
            .await();
    assertThat(outcome.values()).containsEntry("fd7", file.toString());
    assertThat(outcome.values()).containsEntry("fd9", file.toString());
  }

  @Test
  void cacheOfTheJarIsUsed() throws Exception {
    assertThat(installed.run(recorded()).arguments()).contains("-XX:AOTCache=" + installed.cache());
  }

  @Test
  void jvmTakesTheCache() throws Exception {
    Map<String, String> environment =
        Map.of("QBLOCKD_JAVA_OPTS", "-Xlog:class+load:stdout", "QBLOCKD_JAVA", THIS_JAVA);
    assertThat(installed.run(environment, "-version").out())
        .containsPattern("org\\.qblockd\\.app\\.Main source: shared objects file");
  }

  @Test
  void touchedJarLosesItsCache() throws Exception {
    Files.setLastModifiedTime(installed.jar(), FileTime.fromMillis(1_000_000_000_000L));
    assertThat(installed.run(recorded()).arguments()).noneMatch(a -> a.contains("AOTCache"));
  }

  @Test
  void jarOfOtherSizeLosesItsCache() throws Exception {
    FileTime time = Files.getLastModifiedTime(installed.jar());
    Files.write(installed.jar(), new byte[1]);
    Files.setLastModifiedTime(installed.jar(), time);
    assertThat(installed.run(recorded()).arguments()).noneMatch(a -> a.contains("AOTCache"));
  }

  @Test
  void changedJarRunsItsOwnCode() throws Exception {
    installed.rewrite(installed.jar(), jarThatPrints("new code"));
    Outcome outcome = installed.run(Map.of("QBLOCKD_JAVA", THIS_JAVA), "-version");
    assertThat(outcome.out()).isEqualTo("new code\n");
    assertThat(outcome.err()).isEmpty();
  }

  @Test
  void damagedCacheCostsNoMessage() throws Exception {
    Files.write(installed.cache(), new byte[100]);
    Outcome outcome = installed.run(Map.of("QBLOCKD_JAVA", THIS_JAVA), "-version");
    assertThat(outcome.status()).isZero();
    assertThat(outcome.out()).isNotEmpty().doesNotContain("aot");
    assertThat(outcome.err()).isEmpty();
  }

  @Test
  void jvmOptionsOfTheEnvironmentAreNotAnnounced() throws Exception {
    Map<String, String> environment =
        Map.of("JAVA_TOOL_OPTIONS", "-Da=b", "JDK_JAVA_OPTIONS", "-Da=b");
    assertThat(installed.run(environment, "-version").err()).isEmpty();
  }

  @Test
  void olderDefaultJavaIsPassedOver() throws Exception {
    Path old = installed.script("old/bin/java", "echo an older java\n").getParent();
    Files.writeString(installed.file("old/release"), "JAVA_VERSION=\"17.0.15\"\n");
    forgetBuilder();
    Path current = Files.createDirectories(scratch.resolve("current"));
    Files.createSymbolicLink(current.resolve("java"), Path.of(THIS_JAVA));
    Map<String, String> environment = new HashMap<>(Installation.pathWith(current));
    environment.put("JAVA_HOME", old.getParent().toString());
    environment.put("QBLOCKD_JAVA_OPTS", "-version");
    assertThat(installed.run(environment).err()).containsPattern("version \"(2[5-9]|[3-9]\\d)");
  }

  @Test
  void javaHomeThatIsNewEnoughIsTaken() throws Exception {
    installed.script("new/bin/java", "echo home\n");
    Files.writeString(
        installed.file("new/release"), "IMPLEMENTOR=\"X\"\nJAVA_VERSION=\"26\"\nOS_NAME=\"Y\"\n");
    forgetBuilder();
    assertThat(installed.run(Map.of("JAVA_HOME", installed.file("new").toString())).out())
        .isEqualTo("home\n");
  }

  @Test
  void javaThatCannotRunIsNamed() throws Exception {
    Outcome outcome = installed.run(Map.of("QBLOCKD_JAVA", "/no/java"));
    assertThat(outcome.status()).isEqualTo(1);
    assertThat(outcome.err()).isEqualTo("qblockd: QBLOCKD_JAVA: cannot run '/no/java'\n");
  }

  @Test
  void missingJarWithoutSourcesIsNamed() throws Exception {
    Files.delete(installed.jar());
    Outcome outcome = installed.run(recorded());
    assertThat(outcome.status()).isEqualTo(1);
    assertThat(outcome.out()).isEmpty();
    assertThat(outcome.err()).isEqualTo("qblockd: " + installed.jar() + " is missing\n");
  }

  private void forgetBuilder() throws IOException {
    Path notes = installed.file("target/qblockd.launch");
    List<String> lines = new ArrayList<>(Files.readAllLines(notes));
    lines.set(0, "/no/java");
    Files.write(notes, lines);
  }

  private byte[] jarThatPrints(String text) throws IOException {
    Path source = scratch.resolve("Main.java");
    Files.writeString(
        source,
        "package org.qblockd.app; public final class Main {"
            + " public static void main(String[] a) { System.out.println(\""
            + text
            + "\"); } }");
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    assertThat(compiler.run(null, null, null, "-d", scratch.toString(), source.toString()))
        .isZero();
    Manifest manifest = new Manifest();
    manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
    manifest.getMainAttributes().put(Attributes.Name.MAIN_CLASS, "org.qblockd.app.Main");
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (JarOutputStream jar = new JarOutputStream(bytes, manifest)) {
      jar.putNextEntry(new JarEntry("org/qblockd/app/Main.class"));
      jar.write(Files.readAllBytes(scratch.resolve("org/qblockd/app/Main.class")));
    }
    return bytes.toByteArray();
  }
}
