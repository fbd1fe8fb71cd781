// SPDX-License-Identifier: Apache-2.0
package org.qblockd.it.nbd;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.qblockd.it.copy.Programs;

/** TLS with the servers and clients of others, in both directions, and who may come in. */
final class NbdTlsIT {
  private static final int SIZE = 8 << 20;
  private static final String TOOLS =
      Path.of(System.getProperty("qblockd.basedir", "."), "tests/conversations")
          .toAbsolutePath()
          .toString();

  /** The subject of the certificates that the script makes. */
  private static final String CLIENT = "O=Test,CN=client";

  @TempDir Path directory;
  private Command command;
  private Served ours;

  @BeforeEach
  void start() throws Exception {
    command = new Command(directory);
    for (String pki : new String[] {"pki", "other"}) {
      command.ok("sh", TOOLS + "/certificates.sh", pki);
    }
    // A client that trusts the right authority, but shows nothing.
    Files.createDirectory(directory.resolve("bare"));
    Files.copy(directory.resolve("pki/ca-cert.pem"), directory.resolve("bare/ca-cert.pem"));
    byte[] content = new byte[SIZE];
    new Random(9).nextBytes(content);
    Files.write(directory.resolve("source"), content);
    Files.write(directory.resolve("disk"), new byte[SIZE]);
    ours = Served.start(Programs.underTest(), directory);
    credentials("server", "pki");
    credentials("client", "pki");
    credentials("client", "other");
    credentials("client", "bare");
  }

  private void credentials(String endpoint, String pki) throws Exception {
    ours.run(
        "object-add",
        "'qom-type': 'tls-creds-x509', 'id': '"
            + endpoint
            + "-"
            + pki
            + "', 'dir': '"
            + pki
            + "', 'endpoint': '"
            + endpoint
            + "'");
  }

  @AfterEach
  void end() throws Exception {
    ours.close();
  }

  private void serve(String more) throws Exception {
    ours.node("n", "'driver': 'file', 'filename': 'disk'");
    ours.run(
        "nbd-server-start",
        "'addr': {'type': 'unix', 'data': {'path': 'ours'}}, 'max-connections': 0,"
            + " 'tls-creds': 'server-pki'"
            + more);
    ours.export("n", "'name': 'x', 'writable': true");
  }

  /** qemu-img as a client with these certificates. */
  private Command.Outcome qemu(String pki, String socket) throws Exception {
    String credentials = "tls-creds-x509,id=c,dir=" + pki + ",endpoint=client";
    String image = "driver=nbd,path=" + socket + ",export=x,tls-creds=c,tls-hostname=localhost";
    return command.run("qemu-img", "info", "--object", credentials, "--image-opts", image);
  }

  private String uri(String pki) {
    String files = "&tls-certificates=" + directory.resolve(pki);
    return "nbds+unix://localhost/x?socket=" + directory.resolve("ours") + files;
  }

  @Test
  void clientsOfOthersComeInWithTheRightCertificate() throws Exception {
    serve("");
    command.ok("nbdcopy", "--connections=2", "source", uri("pki"));
    command.ok("nbdcopy", uri("pki"), "back");
    assertThat(Files.mismatch(directory.resolve("source"), directory.resolve("back")))
        .isEqualTo(-1);
    assertThat(command.ok("nbdinfo", uri("pki"))).contains("with TLS");
    assertThat(qemu("pki", "ours").status()).isZero();
    assertThat(command.run("nbdinfo", uri("other")).status()).isEqualTo(1);
    assertThat(command.run("nbdinfo", uri("bare")).status()).isEqualTo(1);
    assertThat(qemu("other", "ours").status()).isEqualTo(1);
    assertThat(qemu("bare", "ours").status()).isEqualTo(1);
    String open = "nbd+unix:///x?socket=" + directory.resolve("ours");
    assertThat(command.run("nbdinfo", open).status()).isEqualTo(1);
    assertThat(qemu("pki", "ours").status()).isZero();
    assertThat(ours.output().lines())
        .hasSize(4)
        .allMatch(line -> line.startsWith("qblockd: option negotiation failed: "));
  }

  @Test
  void ourAuthorizationDecidesAsThatOfQemu() throws Exception {
    String authz = "'qom-type': 'authz-simple', 'id': '%s', 'identity': '%s'";
    ours.run("object-add", String.format(authz, "right", CLIENT));
    ours.run("object-add", String.format(authz, "wrong", "CN=somebody"));
    serve(", 'tls-authz': 'right'");
    assertThat(qemu("pki", "ours").status()).isZero();
    ours.run("nbd-server-stop", "");
    ours.run("blockdev-del", "'node-name': 'n'");
    serve(", 'tls-authz': 'wrong'");
    Command.Outcome refused = qemu("pki", "ours");
    assertThat(refused.status()).isEqualTo(1);
    try (Daemon theirs = qemuServer("CN=somebody")) {
      assertThat(theirs).isNotNull();
      // How the end of the connection is told depends on what was still on its way.
      String told = "Failed to ";
      assertThat(refused.output()).contains(told);
      assertThat(qemu("pki", "theirs").output()).contains(told);
      assertThat(ours.refused("blockdev-add", client("client-pki"))).startsWith("Failed to ");
    }
    try (Daemon theirs = qemuServer(CLIENT)) {
      assertThat(theirs).isNotNull();
      ours.run("blockdev-add", client("client-pki"));
    }
  }

  private Daemon qemuServer(String identity) throws Exception {
    return Daemon.qemuNbd(
        directory,
        "theirs",
        "--object",
        "tls-creds-x509,id=t,dir=pki,endpoint=server",
        "--object",
        "authz-simple,id=a,identity=" + identity.replace(",", ",,"),
        "--tls-creds=t",
        "--tls-authz=a",
        "-e",
        "4",
        "-x",
        "x",
        "-f",
        "raw",
        "disk");
  }

  private static String client(String credentials) {
    return "'driver': 'nbd', 'node-name': 'c', 'export': 'x', 'tls-hostname': 'localhost',"
        + " 'server': {'type': 'unix', 'path': 'theirs'}, 'tls-creds': '"
        + credentials
        + "'";
  }

  private void copies() throws Exception {
    ours.run("blockdev-add", client("client-pki"));
    ours.node("near", "'driver': 'file', 'filename': 'source'");
    ours.job("blockdev-backup", "b", "'device': 'near', 'target': 'c', 'sync': 'full'");
    Files.write(directory.resolve("back"), new byte[SIZE]);
    ours.node("back", "'driver': 'file', 'filename': 'back'");
    ours.job("blockdev-backup", "b", "'device': 'c', 'target': 'back', 'sync': 'full'");
    for (String node : new String[] {"c", "near", "back"}) {
      ours.run("blockdev-del", "'node-name': '" + node + "'");
    }
    command.assertSame("raw", "source", "raw", "back");
    assertThat(ours.refused("blockdev-add", client("client-other"))).contains("known issuer");
    ours.refused("blockdev-add", client("client-bare"));
  }

  @Test
  void ourClientComesToQemuNbd() throws Exception {
    try (Daemon theirs = qemuServer(CLIENT)) {
      assertThat(theirs).isNotNull();
      copies();
    }
  }

  @Test
  void ourClientComesToNbdkit() throws Exception {
    try (Daemon theirs =
        Daemon.nbdkit(
            directory,
            "theirs",
            "--tls=require",
            "--tls-certificates=" + directory.resolve("pki"),
            "--tls-verify-peer",
            "file",
            "disk")) {
      assertThat(theirs).isNotNull();
      copies();
    }
  }

  @Test
  void ourClientComesToTheStorageDaemon() throws Exception {
    Path socket = directory.resolve("theirs");
    try (Daemon theirs =
        Daemon.storage(
            directory,
            "daemon",
            "--object",
            "tls-creds-x509,id=t,dir=" + directory.resolve("pki") + ",endpoint=server",
            "--blockdev",
            "file,node-name=n,filename=" + directory.resolve("disk"),
            "--nbd-server",
            "addr.type=unix,addr.path=" + socket + ",tls-creds=t",
            "--export",
            "nbd,id=e,node-name=n,name=x,writable=on")) {
      assertThat(theirs).isNotNull();
      copies();
    }
  }
}
