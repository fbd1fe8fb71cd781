// SPDX-License-Identifier: Apache-2.0
package org.qblockd.chardev;

import io.vertx.core.Future;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import org.qblockd.base.BlockException;
import org.qblockd.base.Errno;

/** What both TCP transports do on the main thread: resolve a name, wait for Vert.x. */
final class TcpAddress {
  private static final int CLOSE_SECONDS = 2;

  private TcpAddress() {}

  /** The first address of a host; that of all interfaces for an empty name. */
  static String resolve(String host, int port) throws BlockException {
    if (host.isEmpty()) {
      return "0.0.0.0";
    }
    try {
      return InetAddress.getByName(host).getHostAddress();
    } catch (UnknownHostException e) {
      throw BlockException.invalid(
          "address resolution failed for " + host + ":" + port + ": Name or service not known");
    }
  }

  /** The result, or the error that {@code wording} makes of the failure. */
  static <T> T await(Future<T> future, Function<Throwable, BlockException> wording)
      throws BlockException {
    try {
      return future.toCompletionStage().toCompletableFuture().get();
    } catch (ExecutionException e) {
      throw wording.apply(e.getCause() == null ? e : e.getCause());
    } catch (InterruptedException e) {
      throw BlockException.io(Errno.EINTR, e);
    }
  }

  static void await(CountDownLatch latch) throws BlockException {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw BlockException.io(Errno.EINTR, e);
    }
  }

  /** Waits for an orderly close, but not for long: the process is about to end. */
  static void awaitQuietly(Future<?> closing) {
    try {
      Object unused =
          closing.toCompletionStage().toCompletableFuture().get(CLOSE_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException | ExecutionException | TimeoutException e) {
      // The kernel closes what is left.
      return;
    }
  }

  /** QEMU's words for a listener that cannot be. */
  static BlockException bindFailure(Throwable cause) {
    Errno errno = errno(cause, Errno.EADDRINUSE);
    String what =
        errno == Errno.EADDRINUSE ? "Failed to find an available port" : "Failed to bind socket";
    return BlockException.withErrno(errno, what);
  }

  /** The error number that the JDK turned into text. */
  static Errno errno(Throwable cause, Errno unknown) {
    String text = String.valueOf(cause.getMessage());
    for (Errno errno : Errno.values()) {
      if (text.contains(errno.text())) {
        return errno;
      }
    }
    return unknown;
  }
}
