// SPDX-License-Identifier: Apache-2.0
package org.qblockd.command.qemuio;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.qblockd.base.BlockException;
import org.qblockd.block.Accounting;
import org.qblockd.block.RequestFlags;

/**
 * {@code read}, {@code write}, {@code readv}, {@code writev}, {@code aio_read}, {@code aio_write}.
 */
final class Transfer implements QemuIoCommand {
  /** The largest request, in bytes. */
  static final long MAX_BYTES = 0x7ffffe00L;

  private static final int DEFAULT_PATTERN = 0xcd;

  private static final int SECTOR_BYTES = 512;

  /** A request larger than this is moved in pieces of this size, in bytes. */
  private static final int PIECE = 16 << 20;

  private final TransferForm form;

  Transfer(TransferForm form) {
    this.form = form;
  }

  @Override
  public Description description() {
    return form.description();
  }

  @Override
  public void run(Device device, List<String> arguments) throws BlockException, Misuse {
    Plan plan = plan(device, arguments);
    if (plan == null) {
      return;
    }
    if (form.asynchronous()) {
      startInBackground(device, plan);
    } else {
      runAndReport(device, plan);
    }
  }

  // ---- what is asked --------------------------------------------------------------------------

  /** A checked request; {@code source} is what is written over and over, empty when zeroes are. */
  private record Plan(
      Options options,
      long offset,
      long bytes,
      int flags,
      int pattern,
      byte[] source,
      long patternStart,
      long patternBytes) {
    boolean verifies() {
      return options.has('P');
    }
  }

  private @Nullable Plan plan(Device device, List<String> arguments) throws Misuse {
    String name = form.description().name();
    Options options = SimpleCommand.options(device, name, arguments, form.options());
    int pattern = pattern(options);
    if (options.has('i')) {
      Accounting.Kind kind = form.writes() ? Accounting.Kind.WRITE : Accounting.Kind.READ;
      device.print("injecting invalid " + (form.writes() ? "write" : "read") + " request");
      device.backend().accounting().invalid(kind);
      return null;
    }
    List<String> operands = options.operands();
    boolean count = form.oneLength() ? operands.size() == 2 : operands.size() >= 2;
    if (!count) {
      throw new Misuse("", true);
    }
    checkCombinations(options);
    long offset = size(operands.getFirst());
    long bytes = length(options, operands.subList(1, operands.size()));
    checkSectors(options, offset, bytes);
    long start = options.has('s') && !form.writes() ? size(text(options, 's')) : 0;
    long verified = options.has('l') ? size(text(options, 'l')) : Math.max(0, bytes - start);
    if (!form.writes() && (verified > bytes || start > bytes - verified)) {
      throw new Misuse("pattern verification range exceeds end of read data", false);
    }
    byte[] source = source(device, options, pattern);
    if (source == null) {
      return null;
    }
    return new Plan(options, offset, bytes, flags(options), pattern, source, start, verified);
  }

  private void checkCombinations(Options options) throws Misuse {
    boolean needsPattern = !form.writes() && (options.has('s') || options.has('l'));
    if (needsPattern && !options.has('P')) {
      throw new Misuse("", true);
    }
    if (options.has('b') && options.has('z')) {
      throw new Misuse("-b and -z cannot be specified at the same time", false);
    }
    if (form == TransferForm.WRITE && options.has('f') && (options.has('b') || options.has('c'))) {
      throw new Misuse("-f and -b or -c cannot be specified at the same time", false);
    }
    if (options.has('n') && !options.has('z')) {
      throw new Misuse("-n requires -z to be specified", false);
    }
    if (options.has('u') && !options.has('z')) {
      throw new Misuse("-u requires -z to be specified", false);
    }
    if (form == TransferForm.WRITE) {
      int contents =
          (options.has('z') ? 1 : 0) + (options.has('P') ? 1 : 0) + (options.has('s') ? 1 : 0);
      if (contents > 1) {
        throw new Misuse("Only one of -z, -P, and -s can be specified at the same time", false);
      }
    }
    if (form == TransferForm.AIO_WRITE && options.has('z') && options.operands().size() != 2) {
      throw new Misuse("-z supports only a single length parameter", false);
    }
  }

  /** Machine states and compressed data are moved by whole sectors. */
  private void checkSectors(Options options, long offset, long bytes) throws Misuse {
    if (options.has('b') || options.has('c')) {
      if (offset % SECTOR_BYTES != 0) {
        throw new Misuse(offset + " is not a sector-aligned value for 'offset'", false);
      }
      if (bytes % SECTOR_BYTES != 0) {
        throw new Misuse(bytes + " is not a sector-aligned value for 'count'", false);
      }
    }
    if (form.writes() && options.has('z') && options.has('r')) {
      throw new Misuse("cannot combine zero write with registered I/O buffer", false);
    }
  }

  private long length(Options options, List<String> lengths) throws Misuse {
    if (form == TransferForm.AIO_WRITE && options.has('z')) {
      return size(lengths.getFirst());
    }
    long total = 0;
    for (String text : lengths) {
      long bytes = size(text);
      if (bytes > MAX_BYTES && !options.has('n')) {
        String without = form == TransferForm.WRITE ? " without -n" : "";
        String sentence =
            form.oneLength()
                ? "length cannot exceed " + MAX_BYTES + without + ", given " + text
                : "Argument '" + text + "' exceeds maximum size " + MAX_BYTES;
        throw new Misuse(sentence, false);
      }
      total += bytes;
    }
    return total;
  }

  private int flags(Options options) {
    int flags = 0;
    flags |= options.has('f') ? RequestFlags.FUA : 0;
    flags |= options.has('u') ? RequestFlags.MAY_UNMAP : 0;
    flags |= options.has('n') ? RequestFlags.NO_FALLBACK : 0;
    flags |= options.has('c') ? RequestFlags.COMPRESSED : 0;
    return flags;
  }

  private static int pattern(Options options) throws Misuse {
    String text = options.value('P');
    if (text == null) {
      return DEFAULT_PATTERN;
    }
    try {
      int pattern = Integer.decode(text);
      if (pattern >= 0 && pattern <= 255) {
        return pattern;
      }
    } catch (NumberFormatException malformed) {
      // Reported like a number out of range.
    }
    throw new Misuse(text + " is not a valid pattern byte", false);
  }

  private byte @Nullable [] source(Device device, Options options, int pattern) throws Misuse {
    if (!form.writes() || options.has('z')) {
      return new byte[0];
    }
    String file = options.value('s');
    if (file == null) {
      return new byte[] {(byte) pattern};
    }
    try {
      byte[] content = Files.readAllBytes(Path.of(file));
      if (content.length == 0) {
        device.complain(file + ": file is empty");
        return null;
      }
      return content;
    } catch (NoSuchFileException missing) {
      device.complain(file + ": No such file or directory");
    } catch (IOException unreadable) {
      device.complain(file + ": " + unreadable.getMessage());
    }
    return null;
  }

  private static String text(Options options, char letter) {
    String value = options.value(letter);
    return value == null ? "" : value;
  }

  static long size(String text) throws Misuse {
    try {
      return Sizes.parse(text);
    } catch (Sizes.SizeException wrong) {
      throw new Misuse(String.valueOf(wrong.getMessage()), false);
    }
  }

  // ---- doing it -------------------------------------------------------------------------------

  private void runAndReport(Device device, Plan plan) {
    ByteBuffer first = firstPiece(plan);
    long start = device.io().nanos();
    boolean[] matches = {true};
    try {
      device.io().await(() -> matches[0] = transfer(device, plan, first));
    } catch (BlockException failure) {
      device.print(form.description().name() + " failed: " + failure.errno().text());
      return;
    }
    report(device, plan, device.io().nanos() - start, first, matches[0]);
  }

  private void startInBackground(Device device, Plan plan) {
    ByteBuffer first = firstPiece(plan);
    long start = device.io().nanos();
    long accounted = device.backend().accounting().start();
    boolean[] matches = {true};
    Accounting.Kind kind = form.writes() ? Accounting.Kind.WRITE : Accounting.Kind.READ;
    device
        .io()
        .start(
            device.backend(),
            () -> matches[0] = transfer(device, plan, first),
            OtherCommands.breakpoints(device),
            failure -> {
              long end = device.io().nanos();
              if (failure != null) {
                device.backend().accounting().failed(kind, accounted);
                String verb = form.writes() ? "aio_write" : "readv";
                device.print(verb + " failed: " + failure.errno().text());
                return;
              }
              device.backend().accounting().done(kind, plan.bytes, accounted);
              report(device, plan, end - start, first, matches[0]);
            });
  }

  private ByteBuffer firstPiece(Plan plan) {
    int bytes = plan.options.has('z') ? 0 : (int) Math.min(plan.bytes, PIECE);
    return ByteBuffer.allocate(bytes);
  }

  private void report(Device device, Plan plan, long nanos, ByteBuffer data, boolean matches) {
    if (plan.verifies() && !form.writes() && !matches) {
      device.print(
          "Pattern verification failed at offset %d, %d bytes"
              .formatted(plan.offset + plan.patternStart, plan.patternBytes));
    }
    if (plan.options.has('q')) {
      return;
    }
    if (plan.options.has('v')) {
      Report.dump(device.io().out(), plan.offset, data.flip());
    }
    Report.print(
        device.io().out(),
        form.writes() ? "wrote" : "read",
        nanos,
        plan.offset,
        plan.bytes,
        plan.bytes,
        1,
        plan.options.has('C'));
  }

  /** Moves the bytes; returns whether what was read has the pattern. */
  private boolean transfer(Device device, Plan plan, ByteBuffer first) throws BlockException {
    if (plan.options.has('b')) {
      throw BlockException.io(org.qblockd.base.Errno.ENOTSUP);
    }
    if (plan.options.has('z')) {
      device.backend().writeZeroes(plan.offset, plan.bytes, plan.flags);
      return true;
    }
    boolean matches = true;
    long done = 0;
    do {
      int step = (int) Math.min(plan.bytes - done, PIECE);
      ByteBuffer piece = done == 0 ? first : ByteBuffer.allocate(step);
      if (form.writes()) {
        Patterns.fill(piece, plan.source, done);
        device.backend().write(plan.offset + done, piece.duplicate(), plan.flags);
      } else {
        device.backend().read(plan.offset + done, piece, 0);
        matches &= !plan.verifies() || verify(plan, done, piece);
      }
      done += step;
    } while (done < plan.bytes);
    return matches;
  }

  private static boolean verify(Plan plan, long pieceStart, ByteBuffer piece) {
    long from = Math.max(plan.patternStart - pieceStart, 0);
    long to = Math.min(plan.patternStart + plan.patternBytes - pieceStart, piece.limit());
    return from >= to || Patterns.only(piece, (int) from, (int) to, (byte) plan.pattern);
  }
}
