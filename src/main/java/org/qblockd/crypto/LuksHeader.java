// SPDX-License-Identifier: Apache-2.0
package org.qblockd.crypto;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.qblockd.base.BlockException;

/**
 * The header of a LUKS volume, version 1. Immutable but for its list of slots, which is replaced by
 * {@link #withSlot}. Any thread. Source: LUKS on-disk format specification 1.2.3.
 *
 * @param hash the digest for key derivation and splitting
 * @param payloadSectors where the data begin, sectors of 512 bytes
 * @param keyBytes the length of the master key
 * @param digest what tells the right master key
 * @param digestIterations how often its digest is repeated
 */
public record LuksHeader(
    CipherSpec cipher,
    String hash,
    long payloadSectors,
    int keyBytes,
    Secret digest,
    Secret salt,
    int digestIterations,
    String uuid,
    List<LuksSlot> slots) {
  /** Bytes of the header on disk. */
  public static final int BYTES = 592;

  /** Key slots per header. */
  public static final int SLOTS = 8;

  /** Stripes over which a key is spread. */
  static final int STRIPES = 4000;

  static final int SALT_BYTES = 32;
  static final int DIGEST_BYTES = 20;

  private static final byte[] MAGIC = {'L', 'U', 'K', 'S', (byte) 0xba, (byte) 0xbe};
  private static final int SLOTS_AT = 208;
  private static final int SLOT_BYTES = 48;
  private static final int ACTIVE = 0x00ac71f3;
  private static final int INACTIVE = 0x0000dead;

  /** Bytes that are not compared or printed by accident. */
  public record Secret(byte[] bytes) {
    /** A copy of its own. */
    public Secret {
      bytes = bytes.clone();
    }

    @Override
    public byte[] bytes() {
      return bytes.clone();
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof Secret secret && Arrays.equals(bytes, secret.bytes);
    }

    @Override
    public int hashCode() {
      return Arrays.hashCode(bytes);
    }

    @Override
    public String toString() {
      return bytes.length + " bytes";
    }
  }

  /** Whether bytes begin like a LUKS volume. */
  public static boolean looksLike(ByteBuffer head) {
    if (head.remaining() < MAGIC.length + 2) {
      return false;
    }
    byte[] magic = new byte[MAGIC.length];
    head.get(head.position(), magic);
    return Arrays.equals(magic, MAGIC) && head.getShort(head.position() + MAGIC.length) == 1;
  }

  /** Where the data begin, bytes. */
  public long payloadOffset() {
    return payloadSectors * SectorCipher.SECTOR_BYTES;
  }

  /** The same with another slot. */
  LuksHeader withSlot(int index, LuksSlot slot) {
    List<LuksSlot> changed = new ArrayList<>(slots);
    changed.set(index, slot);
    return new LuksHeader(
        cipher,
        hash,
        payloadSectors,
        keyBytes,
        digest,
        salt,
        digestIterations,
        uuid,
        List.copyOf(changed));
  }

  // ---- on disk --------------------------------------------------------------------------------

  /** Reads {@link #BYTES} bytes; QEMU's sentences for what is wrong. */
  public static LuksHeader decode(ByteBuffer raw) throws BlockException {
    byte[] magic = new byte[MAGIC.length];
    raw.get(0, magic);
    if (!Arrays.equals(magic, MAGIC)) {
      throw BlockException.invalid("Volume is not in LUKS format");
    }
    int version = raw.getShort(6) & 0xffff;
    if (version != 1) {
      throw BlockException.invalid("LUKS version " + version + " is not supported");
    }
    String cipherName = text(raw, 8, 32, "LUKS header cipher name is not NUL terminated");
    String mode = text(raw, 40, 32, "LUKS header cipher mode is not NUL terminated");
    String hash = text(raw, 72, 32, "LUKS header hash spec is not NUL terminated");
    int keyBytes = raw.getInt(108);
    List<LuksSlot> slots = new ArrayList<>();
    for (int i = 0; i < SLOTS; i++) {
      slots.add(slot(raw, SLOTS_AT + i * SLOT_BYTES, i));
    }
    long payload = Integer.toUnsignedLong(raw.getInt(104));
    checkSlots(slots, keyBytes, payload);
    CipherSpec cipher = CipherSpec.ofLuks(cipherName, mode, keyBytes);
    if (!Hash.known(hash)) {
      throw BlockException.invalid("Hash algorithm '" + hash + "' is not recognized");
    }
    Hash.check(hash);
    return new LuksHeader(
        cipher,
        hash,
        payload,
        keyBytes,
        new Secret(bytes(raw, 112, DIGEST_BYTES)),
        new Secret(bytes(raw, 132, SALT_BYTES)),
        raw.getInt(164),
        text(raw, 168, 40, ""),
        List.copyOf(slots));
  }

  private static LuksSlot slot(ByteBuffer raw, int at, int index) throws BlockException {
    int state = raw.getInt(at);
    long offset = Integer.toUnsignedLong(raw.getInt(at + 40));
    int stripes = raw.getInt(at + 44);
    int iterations = raw.getInt(at + 4);
    if (stripes != STRIPES) {
      throw BlockException.invalid(
          "Keyslot "
              + index
              + " is corrupted (stripes "
              + Integer.toUnsignedString(stripes)
              + " != "
              + STRIPES
              + ")");
    }
    if (state != ACTIVE && state != INACTIVE) {
      throw BlockException.invalid("Keyslot " + index + " state (active/disable) is corrupted");
    }
    if (state == ACTIVE && iterations == 0) {
      throw BlockException.invalid("Keyslot " + index + " iteration count is zero");
    }
    return new LuksSlot(
        state == ACTIVE, iterations, new Secret(bytes(raw, at + 8, SALT_BYTES)), offset);
  }

  private static void checkSlots(List<LuksSlot> slots, int keyBytes, long payload)
      throws BlockException {
    long sectors = LuksSlot.sectors(keyBytes);
    for (int i = 0; i < slots.size(); i++) {
      long start = slots.get(i).keySectors();
      if (start < LuksSlot.FIRST_SECTOR) {
        throw BlockException.invalid("Keyslot " + i + " is overlapping the LUKS header");
      }
      if (start + sectors > payload && payload != 0) {
        throw BlockException.invalid("Keyslot " + i + " is overlapping with the encrypted payload");
      }
      for (int other = i + 1; other < slots.size(); other++) {
        long second = slots.get(other).keySectors();
        if (start + sectors > second && second + sectors > start) {
          throw BlockException.invalid(
              "Keyslots " + i + " and " + other + " are overlapping in the header");
        }
      }
    }
  }

  /** The header as it is written. */
  public ByteBuffer encode() {
    ByteBuffer raw = ByteBuffer.allocate(BYTES);
    raw.put(0, MAGIC).putShort(6, (short) 1);
    raw.put(8, "aes".getBytes(StandardCharsets.US_ASCII));
    raw.put(40, cipher.luksMode().getBytes(StandardCharsets.US_ASCII));
    raw.put(72, hash.getBytes(StandardCharsets.US_ASCII));
    raw.putInt(104, (int) payloadSectors).putInt(108, keyBytes);
    raw.put(112, digest.bytes).put(132, salt.bytes).putInt(164, digestIterations);
    raw.put(168, uuid.getBytes(StandardCharsets.US_ASCII));
    for (int i = 0; i < SLOTS; i++) {
      LuksSlot slot = slots.get(i);
      int at = SLOTS_AT + i * SLOT_BYTES;
      raw.putInt(at, slot.active() ? ACTIVE : INACTIVE).putInt(at + 4, slot.iterations());
      raw.put(at + 8, slot.salt().bytes);
      raw.putInt(at + 40, (int) slot.keySectors()).putInt(at + 44, STRIPES);
    }
    return raw;
  }

  private static byte[] bytes(ByteBuffer raw, int at, int count) {
    byte[] bytes = new byte[count];
    raw.get(at, bytes);
    return bytes;
  }

  private static String text(ByteBuffer raw, int at, int room, String unended)
      throws BlockException {
    String text = new String(bytes(raw, at, room), StandardCharsets.ISO_8859_1);
    int end = text.indexOf('\0');
    if (end < 0 && !unended.isEmpty()) {
      throw BlockException.invalid(unended);
    }
    return end < 0 ? text : text.substring(0, end);
  }
}
