// SPDX-License-Identifier: Apache-2.0
package org.qblockd.monitor;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;
import org.qblockd.chardev.Connection;

/** A client in memory that takes as many bytes as the test lets it. */
final class FakeConnection implements Connection {
  private final ByteArrayOutputStream taken = new ByteArrayOutputStream();
  private final List<Integer> closedDescriptors = new ArrayList<>();
  private int capacity = Integer.MAX_VALUE;
  private int writes;
  private int resumes;
  private boolean closed;

  @Override
  public synchronized int write(byte[] bytes, int from, int to) {
    writes++;
    int count = Math.min(capacity, to - from);
    capacity -= count;
    taken.write(bytes, from, count);
    return count;
  }

  @Override
  public synchronized void resume() {
    resumes++;
  }

  @Override
  public synchronized void close() {
    closed = true;
  }

  @Override
  public synchronized void closeDescriptor(int descriptor) {
    closedDescriptors.add(descriptor);
  }

  @Override
  public boolean mayRunCommands() {
    return true;
  }

  synchronized void setCapacity(int bytes) {
    capacity = bytes;
  }

  /** What was written since the last call, line by line. */
  synchronized List<String> lines() {
    String text = taken.toString(US_ASCII);
    taken.reset();
    return text.isEmpty() ? List.of() : List.of(text.split("\r\n"));
  }

  synchronized int writes() {
    return writes;
  }

  synchronized int resumes() {
    return resumes;
  }

  synchronized boolean isClosed() {
    return closed;
  }

  synchronized List<Integer> closedDescriptors() {
    return List.copyOf(closedDescriptors);
  }
}
