// SPDX-License-Identifier: Apache-2.0
package org.qblockd.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Random;
import org.qblockd.base.BlockException;
import org.qblockd.base.Errno;
import org.qblockd.driver.qcow2.Qcow2Image;

/** Random requests to a qcow2 image, done to a model as well. */
final class RandomRequests {
  private RandomRequests() {}

  /** Does one request of any kind. */
  static void one(Random random, Qcow2Image image, byte[] model, int clusterSize)
      throws BlockException {
    int offset = random.nextInt(model.length);
    int bytes = 1 + random.nextInt(Math.min(model.length - offset, 3 * clusterSize));
    int start = offset / clusterSize * clusterSize;
    int end = Math.min(start + (1 + random.nextInt(3)) * clusterSize, model.length);
    switch (random.nextInt(8)) {
      case 0 -> {
        try {
          image.writeZeroes(start, end - start, random.nextInt(2) * 2);
          Arrays.fill(model, start, end, (byte) 0);
        } catch (BlockException refused) {
          assertThat(refused.errno()).isEqualTo(Errno.ENOTSUP);
        }
      }
      case 1 -> {
        image.discard(start, end - start);
        Arrays.fill(model, start, end, (byte) 0);
      }
      case 2 -> {
        for (int at = start; at < end; at += clusterSize) {
          compressed(random, image, model, at, Math.min(clusterSize, end - at));
        }
      }
      default -> {
        byte[] data = new byte[bytes];
        random.nextBytes(data);
        image.write(offset, ByteBuffer.wrap(data));
        System.arraycopy(data, 0, model, offset, bytes);
      }
    }
  }

  /** Compressed data do not replace others; a refused write changes nothing. */
  private static void compressed(
      Random random, Qcow2Image image, byte[] model, int offset, int bytes) throws BlockException {
    byte[] data = new byte[bytes];
    for (int i = 0; i < data.length; i++) {
      data[i] = (byte) (i / 97 + random.nextInt(2));
    }
    try {
      image.writeCompressed(offset, ByteBuffer.wrap(data));
      System.arraycopy(data, 0, model, offset, data.length);
    } catch (BlockException refused) {
      assertThat(refused.errno()).isEqualTo(Errno.EIO);
    }
  }
}
