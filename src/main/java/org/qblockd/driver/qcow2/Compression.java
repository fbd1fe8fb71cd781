// SPDX-License-Identifier: Apache-2.0
package org.qblockd.driver.qcow2;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdException;
import com.github.luben.zstd.ZstdInputStreamNoFinalizer;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.Inflater;
import org.jspecify.annotations.Nullable;

/**
 * Compresses and expands one cluster: raw deflate with a window of 4 KiB (type 0) or zstd (type 1).
 * Any thread. Source: qcow2 specification, "Compressed clusters".
 */
final class Compression {
  static final int ZLIB = 0;
  static final int ZSTD = 1;

  /** The window that readers of the format use; Java's deflater knows only 32 KiB. */
  private static final int WINDOW_BYTES = 4096;

  private static final int ZSTD_LEVEL = 3;

  private Compression() {}

  /** Fills {@code cluster} from its position to its limit; false if the data are damaged. */
  static boolean inflate(int type, ByteBuffer compressed, ByteBuffer cluster) {
    return type == ZSTD ? unZstd(compressed, cluster) : unZlib(compressed, cluster);
  }

  private static boolean unZlib(ByteBuffer compressed, ByteBuffer cluster) {
    try (Inflater inflater = new Inflater(true)) {
      inflater.setInput(compressed);
      while (cluster.hasRemaining()) {
        int count = inflater.inflate(cluster);
        if (count == 0 && (inflater.finished() || inflater.needsInput())) {
          return false;
        }
      }
      return true;
    } catch (DataFormatException damaged) {
      return false;
    }
  }

  private static boolean unZstd(ByteBuffer compressed, ByteBuffer cluster) {
    byte[] stored = new byte[compressed.remaining()];
    compressed.get(stored);
    byte[] data = new byte[cluster.remaining()];
    try (ZstdInputStreamNoFinalizer in =
        new ZstdInputStreamNoFinalizer(new ByteArrayInputStream(stored))) {
      // The last sector is padded: the frame ends before the stored bytes do.
      if (in.readNBytes(data, 0, data.length) < data.length) {
        return false;
      }
      cluster.put(data);
      return true;
    } catch (IOException | ZstdException damaged) {
      return false;
    }
  }

  /** The compressed form, or null when it is not smaller than the cluster. */
  static byte @Nullable [] deflate(int type, byte[] cluster) {
    byte[] out = type == ZSTD ? Zstd.compress(cluster, ZSTD_LEVEL) : zlib(cluster);
    return out == null || out.length >= cluster.length ? null : out;
  }

  /** Each window's worth is made independent of what precedes it, which keeps distances short. */
  private static byte @Nullable [] zlib(byte[] cluster) {
    byte[] out = new byte[cluster.length];
    int length = 0;
    try (Deflater deflater = new Deflater(Deflater.DEFAULT_COMPRESSION, true)) {
      for (int at = 0; at < cluster.length; at += WINDOW_BYTES) {
        int bytes = Math.min(WINDOW_BYTES, cluster.length - at);
        boolean last = at + bytes == cluster.length;
        deflater.setInput(cluster, at, bytes);
        if (last) {
          deflater.finish();
        }
        int mode = last ? Deflater.NO_FLUSH : Deflater.FULL_FLUSH;
        int count = deflater.deflate(out, length, out.length - length, mode);
        length += count;
        if (length == out.length) {
          return null;
        }
      }
      return deflater.finished() ? Arrays.copyOf(out, length) : null;
    }
  }
}
