// SPDX-License-Identifier: Apache-2.0
package org.qblockd.qapi.json;

import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The tokens of one message: their kinds and, one after another, their bytes. The bytes of the
 * token that is still being read lie behind those of the last complete one. Used by one thread.
 */
final class TokenBuffer {
  /** What stays allocated between messages, in bytes and in tokens. */
  private static final int KEEP_BYTES = 64 * 1024;

  private static final int KEEP_TOKENS = 4 * 1024;

  private byte[] bytes = new byte[512];
  private @Nullable TokenKind[] kinds = new TokenKind[64];
  private int[] ends = new int[64];
  private int count;
  private int start;
  private int length;

  void append(byte b) {
    if (length == bytes.length) {
      bytes = Arrays.copyOf(bytes, 2 * bytes.length);
    }
    bytes[length++] = b;
  }

  void append(byte[] source, int from, int to) {
    int needed = length + (to - from);
    if (needed > bytes.length) {
      bytes = Arrays.copyOf(bytes, Math.max(needed, 2 * bytes.length));
    }
    System.arraycopy(source, from, bytes, length, to - from);
    length = needed;
  }

  /** Bytes of the token that is being read. */
  int openLength() {
    return length - start;
  }

  /** Bytes of all complete tokens. */
  int completeLength() {
    return start;
  }

  int count() {
    return count;
  }

  /** The bytes read since the last complete token become a token. */
  void complete(TokenKind kind) {
    if (count == ends.length) {
      ends = Arrays.copyOf(ends, 2 * count);
      kinds = Arrays.copyOf(kinds, 2 * count);
    }
    kinds[count] = kind;
    ends[count] = length;
    count++;
    start = length;
  }

  /** Forgets the bytes of the token that is being read. */
  void dropOpen() {
    length = start;
  }

  /** Forgets everything. */
  void clear() {
    count = 0;
    start = 0;
    length = 0;
    if (bytes.length > KEEP_BYTES) {
      bytes = new byte[KEEP_BYTES];
    }
    if (ends.length > KEEP_TOKENS) {
      ends = new int[KEEP_TOKENS];
      kinds = new TokenKind[KEEP_TOKENS];
    }
  }

  TokenKind kind(int token) {
    return Objects.requireNonNull(kinds[token]);
  }

  /** The array that {@link #from} and {@link #to} point into. */
  byte[] bytes() {
    return bytes;
  }

  int from(int token) {
    return token == 0 ? 0 : ends[token - 1];
  }

  int to(int token) {
    return ends[token];
  }

  int openFrom() {
    return start;
  }

  int openTo() {
    return length;
  }
}
