// SPDX-License-Identifier: Apache-2.0
package org.qblockd.app;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.qblockd.app.commandline.CommandLineException;
import org.qblockd.base.BlockException;
import org.qblockd.dashboard.DashboardOptions;
import org.qblockd.driver.ImageCreator;
import org.qblockd.driver.ImageCreator.NewImage;
import org.qblockd.machine.MachineFacts;
import org.qblockd.qapi.types.RunState;

/**
 * What is served when the command line is empty: a disk to try QMP with. Main thread.
 *
 * @param socket where QMP listens for this user
 * @param disk the image of the drive {@code drive0}
 * @param port where QMP listens on the loopback interface; 0 when the usual one is taken
 */
record ExampleServer(Path socket, Path disk, int port) {
  private static final int USUAL_PORT = 4444;
  private static final long DISK_BYTES = 64L << 20;
  private static final String LOOPBACK = "127.0.0.1";

  /**
   * Finds the places, makes the directories and, when it is missing, the disk.
   *
   * @param environment the variables of the process
   */
  static ExampleServer prepare(Map<String, String> environment, String version, Messages messages)
      throws CommandLineException {
    Path socket = socket(environment);
    Path sockets = java.util.Objects.requireNonNull(socket.getParent());
    Path home = Path.of(System.getProperty("user.home", "/"));
    Path data = place(environment, "XDG_DATA_HOME", home.resolve(".local/share"));
    Path disks = (data == null ? home : data).resolve("qblockd");
    Path disk = disks.resolve("drive0.qcow2");
    try {
      makePrivate(sockets);
      refuseSecond(socket);
      Files.createDirectories(disks);
    } catch (IOException e) {
      throw new CommandLineException("", "cannot prepare the example disk: " + e);
    }
    if (!Files.exists(disk)) {
      create(disk, version, messages);
    }
    return new ExampleServer(socket, disk, freePort(USUAL_PORT));
  }

  /** Where the example server of this user listens. */
  static Path socket(Map<String, String> environment) throws CommandLineException {
    Path runtime = place(environment, "XDG_RUNTIME_DIR", null);
    Path sockets = runtime == null ? Path.of("/tmp/qblockd-" + user()) : runtime.resolve("qblockd");
    return sockets.resolve("qmp.sock");
  }

  /** The number of the user that we run as. */
  private static Object user() throws CommandLineException {
    try {
      return Files.getAttribute(Path.of("/proc/self"), "unix:uid");
    } catch (IOException e) {
      throw new CommandLineException("", "cannot tell the user: " + e);
    }
  }

  private static @Nullable Path place(
      Map<String, String> environment, String variable, @Nullable Path otherwise) {
    String value = environment.get(variable);
    return value != null && value.startsWith("/") ? Path.of(value) : otherwise;
  }

  /** Nobody else may put a socket there, or reach ours. */
  private static void makePrivate(Path directory) throws IOException, CommandLineException {
    if (!Files.isDirectory(directory)) {
      Files.createDirectories(
          directory,
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    }
    Object owner = Files.getAttribute(directory, "unix:uid");
    if (!owner.equals(user()) || Files.isSymbolicLink(directory)) {
      throw new CommandLineException("", directory + " belongs to somebody else");
    }
    Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwx------"));
  }

  /** Whether somebody listens: a connection that is made, or that must wait for its turn. */
  private static void refuseSecond(Path socket) throws IOException, CommandLineException {
    if (!Files.exists(socket)) {
      return;
    }
    try {
      SocketChannel.open(UnixDomainSocketAddress.of(socket)).close();
    } catch (ConnectException nobody) {
      return;
    }
    throw new CommandLineException(
        "", "another server without arguments already listens on " + socket);
  }

  private static void create(Path disk, String version, Messages messages)
      throws CommandLineException {
    Core core =
        Core.create(
            new Core.Setup(
                Optional.empty(),
                RunState.PRELAUNCH,
                MachineFacts.ofType("none"),
                Core.TestClock.NONE,
                false,
                version,
                null),
            messages);
    ImageCreator creator = new ImageCreator(core.machine().opener(), line -> {});
    NewImage image = new NewImage(disk.toString(), "qcow2", DISK_BYTES, null, null);
    try {
      core.onLane(() -> creator.create(image));
    } catch (BlockException e) {
      throw new CommandLineException("", "cannot create " + disk + ": " + e.message());
    } finally {
      core.machine().lane().close();
    }
  }

  private static int freePort(int usual) {
    try (ServerSocket probe = new ServerSocket()) {
      probe.setReuseAddress(true);
      probe.bind(new InetSocketAddress(LOOPBACK, usual));
      return usual;
    } catch (IOException taken) {
      return 0;
    }
  }

  /** Whether the command line is empty, or says nothing but where the dashboard is to be. */
  static boolean isAskedFor(String... args) {
    return args.length == 0
        || args.length == 2 && (args[0].equals("-x-dashboard") || args[0].equals("--x-dashboard"));
  }

  /** The command line that this server would have. */
  String[] arguments(String... given) {
    return new String[] {
      "-x-dashboard",
      given.length == 2 ? given[1] : LOOPBACK + ":" + freePort(DashboardOptions.USUAL_PORT),
      "-nodefaults",
      "-machine",
      "none",
      "-display",
      "none",
      "-qmp",
      "unix:" + escaped(socket) + ",server=on,wait=off",
      "-qmp",
      "tcp:" + LOOPBACK + ":" + port + ",server=on,wait=off",
      "-drive",
      "if=none,id=drive0,format=qcow2,file=" + escaped(disk)
    };
  }

  private static String escaped(Path path) {
    return path.toString().replace(",", ",,");
  }

  /**
   * What to tell the user.
   *
   * @param actualPort where TCP really listens
   * @param page where the dashboard is
   */
  String welcome(String program, String version, int actualPort, String page) {
    return """
    %s %s: QEMU's QMP without a machine
      unix socket  %s
      TCP          %s:%d
      dashboard    %s
      drive0       %s (qcow2, 64 MiB)

    To try it, paste this into bash in another terminal, once:
      qmp() { exec 3<>/dev/tcp/%s/%d; echo "{'execute':'qmp_capabilities'} $1" >&3; timeout 1 cat <&3; exec 3>&-; }
    and then
      qmp "{'execute':'query-block'}"
      qmp "{'execute':'human-monitor-command','arguments':{'command-line':'qemu-io drive0 \\"write -P 7 0 1M\\"'}}"
      qmp "{'execute':'drive-mirror','arguments':{'device':'drive0','target':'/tmp/mirror.qcow2','sync':'full'}}"
    Ctrl-C, or the command 'quit', ends the server.\
    """
        .formatted(
            program, version, socket, LOOPBACK, actualPort, page, disk, LOOPBACK, actualPort);
  }
}
