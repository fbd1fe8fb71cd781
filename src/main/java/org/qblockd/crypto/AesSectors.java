// SPDX-License-Identifier: Apache-2.0
package org.qblockd.crypto;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.concurrent.ConcurrentLinkedQueue;
import javax.crypto.Cipher;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * AES over sectors, in the modes ECB, CBC, CTR and XTS. Any thread; each call borrows the ciphers
 * of one worker. XTS is made of ECB, which the JVM runs on the processor's instructions. Source:
 * IEEE 1619, and for initialization vectors dm-crypt's plain, plain64 and essiv.
 */
final class AesSectors implements SectorCipher {
  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  private static final int BLOCK = 16;

  /** Work is done in pieces that fit the processor's cache. */
  private static final int PIECE_BYTES = 32 << 10;

  /** The reduction of XTS: x^128 = x^7 + x^2 + x + 1. */
  private static final long XTS_REDUCTION = 0x87;

  private final CipherSpec spec;
  private final byte[] key;
  private final ConcurrentLinkedQueue<Worker> idle = new ConcurrentLinkedQueue<>();

  AesSectors(CipherSpec spec, byte[] key) {
    this.spec = spec;
    this.key = key.clone();
  }

  @Override
  public void encrypt(long offset, ByteBuffer data) {
    run(offset, data, true);
  }

  @Override
  public void decrypt(long offset, ByteBuffer data) {
    run(offset, data, false);
  }

  private void run(long offset, ByteBuffer data, boolean encrypt) {
    Worker worker = idle.poll();
    if (worker == null) {
      worker = new Worker();
    }
    int start = data.position();
    int end = data.limit();
    for (int at = start; at < end; at += PIECE_BYTES) {
      int bytes = Math.min(PIECE_BYTES, end - at);
      data.get(at, worker.bytes, 0, bytes);
      worker.crypt((offset + at - start) / SECTOR_BYTES, bytes, encrypt);
      data.put(at, worker.bytes, 0, bytes);
    }
    idle.add(worker);
  }

  /** Ciphers and buffers of one call at a time. */
  private final class Worker {
    final byte[] bytes = new byte[PIECE_BYTES];
    private final byte[] output = new byte[PIECE_BYTES];
    private final byte[] vectors = new byte[PIECE_BYTES / SECTOR_BYTES * BLOCK];
    private final long[] tweaks = new long[PIECE_BYTES / Long.BYTES];
    private final SecretKeySpec dataKey = new SecretKeySpec(dataKey(), "AES");
    private final Cipher encryptBlocks = ecb(dataKey(), Cipher.ENCRYPT_MODE);
    private final Cipher decryptBlocks = ecb(dataKey(), Cipher.DECRYPT_MODE);
    private final Cipher chained = cipher(spec.mode().equals("ctr") ? "CTR" : "CBC");
    private final Cipher vectorCipher = vectorCipher();

    private byte[] dataKey() {
      return spec.mode().equals("xts") ? Arrays.copyOf(key, key.length / 2) : key;
    }

    private Cipher vectorCipher() {
      if (spec.mode().equals("xts")) {
        return ecb(Arrays.copyOfRange(key, key.length / 2, key.length), Cipher.ENCRYPT_MODE);
      }
      String hash = spec.ivHash();
      if (spec.ivGenerator().equals("essiv") && hash != null) {
        return ecb(Hash.digest(hash).digest(key), Cipher.ENCRYPT_MODE);
      }
      return encryptBlocks;
    }

    void crypt(long sector, int count, boolean encrypt) {
      try {
        switch (spec.mode()) {
          case "xts" -> xts(sector, count, encrypt);
          case "ecb" -> blocks(encrypt).doFinal(bytes, 0, count, bytes, 0);
          default -> chain(sector, count, encrypt);
        }
      } catch (GeneralSecurityException e) {
        throw new IllegalStateException("whole blocks can always be encrypted", e);
      }
    }

    private Cipher blocks(boolean encrypt) {
      return encrypt ? encryptBlocks : decryptBlocks;
    }

    /** The initialization vectors of sectors from {@code sector} on, one block each. */
    private void makeVectors(long sector, int count) throws GeneralSecurityException {
      int sectors = (count + SECTOR_BYTES - 1) / SECTOR_BYTES;
      boolean narrow = spec.ivGenerator().equals("plain");
      for (int i = 0; i < sectors; i++) {
        long number = sector + i;
        LONGS.set(vectors, i * BLOCK, narrow ? number & 0xffffffffL : number);
        LONGS.set(vectors, i * BLOCK + 8, 0L);
      }
      if (spec.ivGenerator().equals("essiv") && !spec.mode().equals("xts")) {
        vectorCipher.doFinal(vectors, 0, sectors * BLOCK, vectors, 0);
      }
    }

    private void chain(long sector, int count, boolean encrypt) throws GeneralSecurityException {
      makeVectors(sector, count);
      int mode = encrypt ? Cipher.ENCRYPT_MODE : Cipher.DECRYPT_MODE;
      for (int at = 0, i = 0; at < count; at += SECTOR_BYTES, i++) {
        chained.init(mode, dataKey, new IvParameterSpec(vectors, i * BLOCK, BLOCK));
        chained.doFinal(bytes, at, Math.min(SECTOR_BYTES, count - at), output, at);
      }
      System.arraycopy(output, 0, bytes, 0, count);
    }

    private void xts(long sector, int count, boolean encrypt) throws GeneralSecurityException {
      makeVectors(sector, count);
      int sectors = (count + SECTOR_BYTES - 1) / SECTOR_BYTES;
      vectorCipher.doFinal(vectors, 0, sectors * BLOCK, vectors, 0);
      makeTweaks(count);
      mixTweaks(bytes, count);
      blocks(encrypt).doFinal(bytes, 0, count, output, 0);
      mixTweaks(output, count);
      System.arraycopy(output, 0, bytes, 0, count);
    }

    /** Each block's tweak is that of the block before it, times x. */
    private void makeTweaks(int count) {
      int words = count / Long.BYTES;
      for (int i = 0; i < words; i += 2) {
        int inSector = i % (SECTOR_BYTES / Long.BYTES);
        if (inSector == 0) {
          int at = i / (SECTOR_BYTES / Long.BYTES) * BLOCK;
          tweaks[i] = (long) LONGS.get(vectors, at);
          tweaks[i + 1] = (long) LONGS.get(vectors, at + 8);
        } else {
          long low = tweaks[i - 2];
          long high = tweaks[i - 1];
          tweaks[i] = low << 1 ^ (high >> 63 & XTS_REDUCTION);
          tweaks[i + 1] = high << 1 | low >>> 63;
        }
      }
    }

    private void mixTweaks(byte[] data, int count) {
      for (int i = 0; i < count / Long.BYTES; i++) {
        int at = i * Long.BYTES;
        LONGS.set(data, at, (long) LONGS.get(data, at) ^ tweaks[i]);
      }
    }
  }

  private static Cipher ecb(byte[] key, int mode) {
    try {
      Cipher cipher = cipher("ECB");
      cipher.init(mode, new SecretKeySpec(key, "AES"));
      return cipher;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("key sizes are checked before", e);
    }
  }

  private static Cipher cipher(String mode) {
    try {
      return Cipher.getInstance("AES/" + mode + "/NoPadding");
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("AES is part of every JDK", e);
    }
  }
}
