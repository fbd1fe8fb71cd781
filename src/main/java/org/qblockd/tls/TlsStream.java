// SPDX-License-Identifier: Apache-2.0
package org.qblockd.tls;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLPeerUnverifiedException;
import org.jspecify.annotations.Nullable;

/**
 * TLS over a transport. One thread makes the handshake and reads; any thread writes, one at a time;
 * any thread closes.
 */
public final class TlsStream implements AutoCloseable {
  /** Records are gathered up to this many bytes before they are sent. */
  private static final int OUTPUT_BYTES = 128 << 10;

  private static final String CUT =
      "Cannot read from TLS channel: The TLS connection was non-properly terminated.";

  private final TlsCredentials credentials;
  private final TlsTransport transport;
  private final SSLEngine engine;
  private final ReentrantLock sending = new ReentrantLock();

  /** What came in and is not decrypted yet: from 0 to its position. */
  private final ByteBuffer incoming;

  /** What is decrypted and nobody has read: from its position to its limit. */
  private final ByteBuffer plain;

  /** Encrypted, not yet sent. Under the lock. */
  private final ByteBuffer outgoing;

  /** Says who may connect. */
  public interface Authorization {
    /** Whether the peer with this distinguished name may. */
    boolean allows(String name);
  }

  /** TLS to come, over a transport that nobody else uses from now on. */
  public TlsStream(TlsCredentials credentials, TlsTransport transport) throws TlsFailure {
    this.credentials = credentials;
    this.transport = transport;
    this.engine = credentials.engine();
    int packet = engine.getSession().getPacketBufferSize();
    this.incoming = ByteBuffer.allocateDirect(2 * packet);
    this.plain = ByteBuffer.allocateDirect(engine.getSession().getApplicationBufferSize()).limit(0);
    this.outgoing = ByteBuffer.allocateDirect(OUTPUT_BYTES + packet);
  }

  // ---- handshake --------------------------------------------------------------------------------

  /**
   * Does the handshake as a client and verifies the server.
   *
   * @param host the name that the server's certificate must be for
   */
  public void connect(@Nullable String host) throws IOException {
    List<X509Certificate> chain = shakeHands();
    if (chain.isEmpty()) {
      throw new TlsFailure("Verify failed: No certificate was found.");
    }
    credentials.issuers().verify(chain);
    if (host == null) {
      throw new TlsFailure("No hostname for certificate validation");
    }
    if (!HostNames.matches(chain.getFirst(), host)) {
      throw new TlsFailure("Certificate does not match the hostname " + host);
    }
  }

  /**
   * Does the handshake as a server, and verifies the client where the credentials ask for it.
   *
   * @param authorization which clients may connect; null for all that can be verified
   */
  public void accept(@Nullable Authorization authorization) throws IOException {
    List<X509Certificate> chain;
    try {
      chain = shakeHands();
    } catch (TlsFailure failed) {
      throw failed;
    } catch (IOException gone) {
      // A client that does not trust us leaves at once; what is wrong with itself is told anyway.
      List<X509Certificate> shown = peerChain();
      if (!shown.isEmpty()) {
        verify(shown, authorization);
      }
      throw gone;
    }
    if (credentials.verifiesPeer()) {
      verify(chain, authorization);
    }
  }

  private void verify(List<X509Certificate> chain, @Nullable Authorization authorization)
      throws TlsFailure {
    if (chain.isEmpty()) {
      throw new TlsFailure("Verify failed: No certificate was found.");
    }
    credentials.issuers().verify(chain);
    if (authorization != null) {
      String name = HostNames.subject(chain.getFirst());
      if (!authorization.allows(name)) {
        throw new TlsFailure("TLS x509 authz check for " + name + " is denied");
      }
    }
  }

  private List<X509Certificate> shakeHands() throws IOException {
    try {
      engine.beginHandshake();
      goOn();
      return peerChain();
    } catch (SSLException e) {
      sendLastWords();
      throw new TlsFailure("TLS handshake failed: " + e.getMessage(), e);
    } finally {
      ByteBuffer unused = plain.position(plain.limit());
    }
  }

  /** What the peer has shown so far; empty for nothing. */
  private List<X509Certificate> peerChain() {
    try {
      List<X509Certificate> chain = new ArrayList<>();
      for (Certificate each : engine.getSession().getPeerCertificates()) {
        chain.add((X509Certificate) each);
      }
      return chain;
    } catch (SSLPeerUnverifiedException withoutCertificate) {
      return List.of();
    }
  }

  /** An alert may say to the peer what is wrong. */
  private void sendLastWords() {
    try {
      wrapHandshake();
    } catch (IOException gone) {
      // The reason for the failure is told anyway.
    }
  }

  /** Takes all steps of a handshake that are due. */
  private void goOn() throws IOException {
    while (true) {
      switch (engine.getHandshakeStatus()) {
        case NEED_TASK -> runTasks();
        case NEED_WRAP -> wrapHandshake();
        case NEED_UNWRAP, NEED_UNWRAP_AGAIN -> {
          if (unwrap(plain.clear()) < 0) {
            throw new TlsFailure(
                "TLS handshake failed: The TLS connection was non-properly terminated.");
          }
          ByteBuffer unused = plain.flip();
        }
        case FINISHED, NOT_HANDSHAKING -> {
          return;
        }
      }
    }
  }

  private void runTasks() {
    for (Runnable task = engine.getDelegatedTask(); task != null; ) {
      task.run();
      task = engine.getDelegatedTask();
    }
  }

  private void wrapHandshake() throws IOException {
    sending.lock();
    try {
      ByteBuffer nothing = ByteBuffer.allocate(0);
      while (engine.getHandshakeStatus() == HandshakeStatus.NEED_WRAP) {
        SSLEngineResult result = engine.wrap(nothing, outgoing);
        send();
        if (result.getStatus() == SSLEngineResult.Status.CLOSED) {
          return;
        }
      }
    } finally {
      sending.unlock();
    }
  }

  // ---- data -------------------------------------------------------------------------------------

  /** Reads what is there, at least one byte; -1 at the end that the peer has announced. */
  public int read(ByteBuffer into) throws IOException {
    if (!plain.hasRemaining()) {
      int bytes = fill(into);
      if (bytes != 0) {
        return bytes;
      }
    }
    int there = Math.min(plain.remaining(), into.remaining());
    ByteBuffer unused = into.put(plain.slice(plain.position(), there));
    unused = plain.position(plain.position() + there);
    return there;
  }

  /** Decrypts into the caller's memory if a record fits there, and then gives its length. */
  private int fill(ByteBuffer into) throws IOException {
    boolean direct = into.remaining() >= plain.capacity();
    ByteBuffer target = direct ? into : plain.clear();
    int bytes = 0;
    try {
      while (bytes == 0) {
        bytes = unwrap(target);
        if (needsSteps(engine.getHandshakeStatus())) {
          steps();
        }
      }
    } catch (SSLException e) {
      throw new TlsFailure("Cannot read from TLS channel: " + e.getMessage(), e);
    } finally {
      if (!direct) {
        ByteBuffer unused = plain.flip();
      }
    }
    return direct || bytes < 0 ? bytes : 0;
  }

  private static boolean needsSteps(HandshakeStatus status) {
    return status == HandshakeStatus.NEED_TASK || status == HandshakeStatus.NEED_WRAP;
  }

  /** Keys are renewed while data flows; the answer to that is read like data. */
  private void steps() throws IOException {
    if (engine.getHandshakeStatus() == HandshakeStatus.NEED_TASK) {
      runTasks();
    }
    wrapHandshake();
  }

  /** Decrypts one record: its bytes, 0 for one without data, -1 at the end. */
  private int unwrap(ByteBuffer into) throws IOException {
    while (true) {
      ByteBuffer unused = incoming.flip();
      SSLEngineResult result;
      try {
        result = engine.unwrap(incoming, into);
      } finally {
        unused = incoming.compact();
      }
      switch (result.getStatus()) {
        case OK -> {
          return result.bytesProduced();
        }
        case CLOSED -> {
          return -1;
        }
        case BUFFER_OVERFLOW -> throw new SSLException("A record overflow occurred");
        case BUFFER_UNDERFLOW -> {
          if (transport.read(incoming) < 0) {
            throw new TlsFailure(CUT);
          }
        }
      }
    }
  }

  /** Encrypts and sends all that remains in {@code from}. */
  public void write(ByteBuffer from) throws IOException {
    sending.lock();
    try {
      while (from.hasRemaining()) {
        if (engine.wrap(from, outgoing).getStatus() == SSLEngineResult.Status.CLOSED) {
          throw new TlsFailure("Cannot write to TLS channel: the connection is closed");
        }
        if (outgoing.position() >= OUTPUT_BYTES || !from.hasRemaining()) {
          send();
        }
      }
    } catch (SSLException e) {
      throw new TlsFailure("Cannot write to TLS channel: " + e.getMessage(), e);
    } finally {
      sending.unlock();
    }
  }

  private void send() throws IOException {
    ByteBuffer unused = outgoing.flip();
    try {
      transport.write(outgoing);
    } finally {
      unused = outgoing.clear();
    }
  }

  /**
   * Announces the end to the peer, as TLS wants it, and closes. May wait for a peer that does not
   * read; a close by another thread ends that.
   */
  public void finish() {
    sending.lock();
    try {
      engine.closeOutbound();
      SSLEngineResult unused = engine.wrap(ByteBuffer.allocate(0), outgoing);
      send();
    } catch (IOException gone) {
      // Nobody is there who could hear it.
    } finally {
      sending.unlock();
      close();
    }
  }

  @Override
  public void close() {
    transport.close();
  }
}
