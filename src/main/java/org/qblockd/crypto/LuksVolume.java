// SPDX-License-Identifier: Apache-2.0
package org.qblockd.crypto;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.qblockd.base.BlockException;
import org.qblockd.base.Clock;
import org.qblockd.base.Errno;
import org.qblockd.base.RandomBytes;
import org.qblockd.crypto.LuksHeader.Secret;

/**
 * A LUKS volume whose master key is known: opened by a password, or new. Deriving keys takes
 * seconds: not on the control lane. {@link #cipher} any thread, changes of slots one at a time.
 */
public final class LuksVolume {
  /** Where the header's area lies; offsets count from the header's begin. */
  public interface Area {
    /** Fills {@code into}. */
    void read(long offset, ByteBuffer into) throws BlockException;

    /** Writes all that remains in {@code from}. */
    void write(long offset, ByteBuffer from) throws BlockException;
  }

  /**
   * What a new volume is like.
   *
   * @param iterationMillis how long deriving a key shall take here, milliseconds
   */
  public record Parameters(CipherSpec cipher, String hash, long iterationMillis) {}

  private static final int MIN_ITERATIONS = 1000;
  private static final int TRIAL_ITERATIONS = 1 << 14;
  private static final long TRIAL_NANOS = 100_000_000;

  private volatile LuksHeader header;
  private final byte[] masterKey;
  private final SectorCipher cipher;

  private LuksVolume(LuksHeader header, byte[] masterKey) {
    this.header = header;
    this.masterKey = masterKey;
    this.cipher = new AesSectors(header.cipher(), masterKey);
  }

  /** The header as it is now. */
  public LuksHeader header() {
    return header;
  }

  /** What encrypts the data; offsets count from the payload's begin. */
  public SectorCipher cipher() {
    return cipher;
  }

  // ---- opening --------------------------------------------------------------------------------

  /** Reads the header. */
  public static LuksHeader readHeader(Area area) throws BlockException {
    ByteBuffer raw = ByteBuffer.allocate(LuksHeader.BYTES);
    try {
      area.read(0, raw);
    } catch (BlockException failed) {
      throw BlockException.withErrno(failed.errno(), "Unable to read LUKS header");
    }
    return LuksHeader.decode(raw.clear());
  }

  /**
   * Opens a volume by the first slot that the password fits. Seconds of computing.
   *
   * @throws BlockException EINVAL when it fits none
   */
  public static LuksVolume open(LuksHeader header, Area area, byte[] password)
      throws BlockException {
    for (LuksSlot slot : header.slots()) {
      if (slot.active()) {
        byte[] key = keyIn(header, slot, area, password);
        if (key != null) {
          return new LuksVolume(header, key);
        }
      }
    }
    throw BlockException.invalid("Invalid password, cannot unlock any keyslot");
  }

  private static byte @org.jspecify.annotations.Nullable [] keyIn(
      LuksHeader header, LuksSlot slot, Area area, byte[] password) throws BlockException {
    byte[] stripes = new byte[header.keyBytes() * LuksHeader.STRIPES];
    try {
      area.read(slot.keyOffset(), ByteBuffer.wrap(stripes));
    } catch (BlockException failed) {
      throw BlockException.withErrno(failed.errno(), "Failed to read key material");
    }
    byte[] derived =
        Hash.pbkdf2(
            header.hash(), password, slot.salt().bytes(), slot.iterations(), header.keyBytes());
    new AesSectors(header.cipher(), derived).decrypt(0, ByteBuffer.wrap(stripes));
    byte[] key = Hash.merge(header.hash(), stripes, header.keyBytes());
    byte[] digest =
        Hash.pbkdf2(
            header.hash(),
            key,
            header.salt().bytes(),
            header.digestIterations(),
            LuksHeader.DIGEST_BYTES);
    return Arrays.equals(digest, header.digest().bytes()) ? key : null;
  }

  // ---- making ---------------------------------------------------------------------------------

  /** Bytes that the header of such a volume takes, with all its key slots. */
  public static long headerBytes(CipherSpec cipher) {
    return (LuksSlot.FIRST_SECTOR + LuksHeader.SLOTS * LuksSlot.sectors(cipher.keyBytes()))
        * SectorCipher.SECTOR_BYTES;
  }

  /** A new volume with a random key, all of whose slots are empty. Takes a while. */
  public static LuksVolume create(Parameters wanted, boolean detached, Clock clock)
      throws BlockException {
    CipherSpec cipher = wanted.cipher;
    cipher.check();
    Hash.check(wanted.hash);
    byte[] key = RandomBytes.of(cipher.keyBytes());
    byte[] salt = RandomBytes.of(LuksHeader.SALT_BYTES);
    long perSecond = iterationsPerSecond(wanted.hash, LuksHeader.DIGEST_BYTES, clock);
    int iterations = scaled(perSecond / 8, wanted.iterationMillis);
    byte[] digest = Hash.pbkdf2(wanted.hash, key, salt, iterations, LuksHeader.DIGEST_BYTES);
    List<LuksSlot> slots = new ArrayList<>();
    for (int i = 0; i < LuksHeader.SLOTS; i++) {
      slots.add(LuksSlot.empty(i, key.length));
    }
    long payload = detached ? 0 : headerBytes(cipher) / SectorCipher.SECTOR_BYTES;
    LuksHeader header =
        new LuksHeader(
            cipher,
            wanted.hash,
            payload,
            key.length,
            new Secret(digest),
            new Secret(salt),
            iterations,
            RandomBytes.uuid(),
            List.copyOf(slots));
    return new LuksVolume(header, key);
  }

  private static int scaled(long perSecond, long millis) throws BlockException {
    long iterations =
        perSecond > Long.MAX_VALUE / Math.max(1, millis)
            ? Long.MAX_VALUE
            : perSecond * millis / 1000;
    if (iterations > 0xffffffffL) {
      throw BlockException.of(
          Errno.ERANGE, "PBKDF iterations " + iterations + " larger than " + 0xffffffffL);
    }
    return (int) Math.max(MIN_ITERATIONS, Math.min(iterations, Integer.MAX_VALUE));
  }

  /** How many iterations this machine does, as measured for a moment. */
  private static long iterationsPerSecond(String hash, int bytes, Clock clock) {
    byte[] salt = new byte[LuksHeader.SALT_BYTES];
    long iterations = TRIAL_ITERATIONS;
    while (true) {
      long start = clock.monotonicNanos();
      Hash.pbkdf2(hash, new byte[] {1}, salt, iterations, bytes);
      long nanos = Math.max(1, clock.monotonicNanos() - start);
      if (nanos >= TRIAL_NANOS || iterations >= 1L << 26) {
        return (long) (iterations * 1e9 / nanos);
      }
      iterations *= 2;
    }
  }

  /** A key slot for a password: its entry and the key material to write. */
  public record NewKey(int index, LuksSlot slot, Secret material) {}

  /** Derives a slot's key; nothing is written yet. Seconds of computing. */
  public NewKey derive(int index, byte[] password, long iterationMillis, Clock clock)
      throws BlockException {
    LuksHeader now = header;
    byte[] salt = RandomBytes.of(LuksHeader.SALT_BYTES);
    long perSecond = iterationsPerSecond(now.hash(), now.keyBytes(), clock);
    int iterations = scaled(perSecond, iterationMillis);
    byte[] derived = Hash.pbkdf2(now.hash(), password, salt, iterations, now.keyBytes());
    byte[] filler = RandomBytes.of(now.keyBytes() * (LuksHeader.STRIPES - 1));
    byte[] stripes = Hash.split(now.hash(), masterKey, filler);
    new AesSectors(now.cipher(), derived).encrypt(0, ByteBuffer.wrap(stripes));
    long place = now.slots().get(index).keySectors();
    LuksSlot slot = new LuksSlot(true, iterations, new Secret(salt), place);
    return new NewKey(index, slot, new Secret(stripes));
  }

  /** Writes a derived key and the header that lists it. */
  public void write(NewKey key, Area area) throws BlockException {
    area.write(key.slot.keyOffset(), ByteBuffer.wrap(key.material.bytes()));
    writeHeader(header.withSlot(key.index, key.slot), area);
  }

  /** Makes a slot's key unreadable: the header forgets it, then its material is overwritten. */
  public void erase(int index, Area area) throws BlockException {
    LuksSlot old = header.slots().get(index);
    Secret noSalt = new Secret(new byte[LuksHeader.SALT_BYTES]);
    writeHeader(header.withSlot(index, new LuksSlot(false, 0, noSalt, old.keySectors())), area);
    area.write(
        old.keyOffset(), ByteBuffer.wrap(RandomBytes.of(header.keyBytes() * LuksHeader.STRIPES)));
  }

  private void writeHeader(LuksHeader next, Area area) throws BlockException {
    area.write(0, next.encode());
    header = next;
  }

  /** Whether a password opens this slot. Seconds of computing. */
  public boolean fits(int index, Area area, byte[] password) throws BlockException {
    return keyIn(header, header.slots().get(index), area, password) != null;
  }
}
