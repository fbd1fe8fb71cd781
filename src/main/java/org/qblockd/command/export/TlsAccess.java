// SPDX-License-Identifier: Apache-2.0
package org.qblockd.command.export;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.qblockd.machine.Machine;
import org.qblockd.machine.object.Authz;
import org.qblockd.qapi.QmpException;
import org.qblockd.tls.TlsCredentials;
import org.qblockd.tls.TlsStream;

/** Objects that say how clients get in by TLS. Control lane. */
final class TlsAccess {
  /** How long a client waits for the lane to say whether it may come in. */
  private static final long MAX_WAIT_SECONDS = 10;

  private final Machine machine;

  TlsAccess(Machine machine) {
    this.machine = machine;
  }

  /** The credentials with this id, which must be for servers. */
  TlsCredentials serverCredentials(String id) throws QmpException {
    TlsCredentials credentials = machine.objects().credentials(id);
    if (!credentials.server()) {
      throw QmpException.generic("Expected TLS credentials for a server endpoint");
    }
    return credentials;
  }

  /** Asks the object of this id, which is looked up when a client comes. Any thread. */
  TlsStream.@Nullable Authorization authorization(@Nullable String id) {
    return id == null ? null : name -> ask(id, name);
  }

  private boolean ask(String id, String name) {
    CompletableFuture<Boolean> answer = new CompletableFuture<>();
    machine
        .lane()
        .post(() -> {
          Authz authz = machine.objects().find(id, Authz.class);
          answer.complete(authz != null && authz.allows(name));
        });
    try {
      return answer.get(MAX_WAIT_SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException | TimeoutException e) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
