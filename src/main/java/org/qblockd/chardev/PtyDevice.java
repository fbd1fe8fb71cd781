// SPDX-License-Identifier: Apache-2.0
package org.qblockd.chardev;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.qblockd.base.BlockException;
import org.qblockd.base.Errno;

/**
 * A pseudo terminal: somebody opens its other side, leaves and comes again. One thread waits for
 * that and reads, while somebody uses the device.
 */
final class PtyDevice extends CharDevice {
  /** Time between two looks whether the other side is open, as in QEMU. */
  private static final int LOOK_MILLIS = 1000;

  private static final int NONE = -1;

  private final @Nullable String link;
  private final Consumer<String> announcements;
  private final ReentrantLock lock = new ReentrantLock();
  private int master = NONE;
  private String name = "";

  // Under the lock.
  private @Nullable Wake wake;
  private @Nullable DescriptorStream stream;
  private @Nullable Thread thread;

  /**
   * A pseudo terminal that is not made yet.
   *
   * @param link where a symbolic link to it is made, or null
   * @param announcements told where it is
   */
  PtyDevice(String id, @Nullable String link, Consumer<String> announcements) {
    super(id);
    this.link = link;
    this.announcements = announcements;
  }

  @Override
  void open() throws BlockException {
    HostCalls calls = new HostCalls();
    master = calls.openTerminal();
    if (master < 0) {
      throw BlockException.withErrno(Errno.of(-master), "Failed to open PTY");
    }
    name = calls.terminalName(master);
    setRaw(calls);
    announcements.accept("char device redirected to " + name + " (label " + id() + ")");
    if (link != null) {
      symlink(link);
    }
  }

  /** The line discipline must not echo or change what the front end says. */
  private void setRaw(HostCalls calls) {
    byte[] settings = calls.terminalSettings(master);
    if (settings.length > 0) {
      TerminalModes.makeRaw(settings);
      calls.setTerminal(master, settings);
    }
  }

  private void symlink(String path) throws BlockException {
    try {
      Files.deleteIfExists(Path.of(path));
      Path unused = Files.createSymbolicLink(Path.of(path), Path.of(name));
    } catch (IOException e) {
      int unused = new SocketCalls().close(master);
      Errno errno = Files.exists(Path.of(path)) ? Errno.EACCES : Errno.ENOENT;
      throw BlockException.withErrno(FileErrors.errno(e, errno), "Failed to create PTY symlink");
    }
  }

  @Override
  public String filename() {
    return "pty:" + name;
  }

  @Override
  public @Nullable String pseudoTerminal() {
    return name;
  }

  @Override
  void begin() {
    attached();
  }

  @Override
  void attached() {
    FrontEnd frontEnd = user();
    if (!isStarted() || frontEnd == null) {
      return;
    }
    lock.lock();
    try {
      Wake end = new Wake();
      wake = end;
      thread =
          Thread.ofPlatform().name("chardev-pty").daemon(true).start(() -> serve(frontEnd, end));
    } finally {
      lock.unlock();
    }
  }

  private void serve(FrontEnd frontEnd, Wake end) {
    HostCalls calls = new HostCalls();
    while (!isOver(end)) {
      int state = calls.poll(master, SocketCalls.POLLOUT, end.descriptor(), 0);
      boolean opened = (state & HostCalls.POLLHUP) == 0;
      DescriptorStream begun = opened ? begin(frontEnd, end) : null;
      if (begun != null) {
        begun.serve();
      } else {
        int unused = calls.poll(NONE, 0, end.descriptor(), LOOK_MILLIS);
      }
    }
  }

  private @Nullable DescriptorStream begin(FrontEnd frontEnd, Wake end) {
    lock.lock();
    try {
      stream = wake == end ? DescriptorStream.ofPair(frontEnd, master, master, end) : null;
      return stream;
    } finally {
      lock.unlock();
    }
  }

  private boolean isOver(Wake end) {
    lock.lock();
    try {
      return wake != end;
    } finally {
      lock.unlock();
    }
  }

  @Override
  void detached() {
    Thread serving;
    Wake end;
    lock.lock();
    try {
      end = wake;
      serving = thread;
      wake = null;
      thread = null;
      if (stream != null) {
        stream.close();
      } else if (end != null) {
        end.signal();
      }
    } finally {
      lock.unlock();
    }
    if (serving != null && end != null) {
      DescriptorStream.joinFully(serving);
      end.close();
    }
  }

  @Override
  void close() {
    detached();
    if (master >= 0) {
      int unused = new SocketCalls().close(master);
      master = NONE;
      removeLink();
    }
  }

  private void removeLink() {
    if (link != null) {
      boolean unused = Path.of(link).toFile().delete();
    }
  }
}
