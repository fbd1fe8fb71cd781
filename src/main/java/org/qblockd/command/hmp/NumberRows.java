// SPDX-License-Identifier: Apache-2.0
package org.qblockd.command.hmp;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.qblockd.base.BlockException;
import org.qblockd.base.Errno;

/**
 * The human commands that compute, and those that look at memory and ports, of which there are
 * none: memory reads as zeroes where QEMU reads at all, ports as all ones. Control lane.
 */
final class NumberRows {
  private static final String NO_CPU_TO_DUMP = "Can not dump without CPU\n";
  private static final int PORT_MASK = 0xFFFF;
  private static final int ZEROES = 1 << 16;

  private NumberRows() {}

  static List<HmpCommand> rows() {
    return List.of(
        new HmpCommand(
            "print|p",
            "fmt:/ val:l",
            "/fmt expr",
            "show the value of an expression ($NAME is a CPU's register)",
            NumberRows::print),
        new HmpCommand(
            "x",
            "fmt:/ addr:l",
            "/fmt addr",
            "show the memory at a virtual address",
            call -> call.print(NO_CPU_TO_DUMP)),
        new HmpCommand(
            "xp",
            "fmt:/ addr:l",
            "/fmt addr",
            "show the memory at a physical address",
            NumberRows::physical),
        new HmpCommand(
            "i", "fmt:/ addr:i index.:i", "/fmt addr", "read an I/O port", NumberRows::readPort),
        new HmpCommand(
            "o", "fmt:/ addr:i val:i", "/fmt addr value", "write an I/O port", call -> {}),
        new HmpCommand(
            "sum",
            "start:i size:i",
            "addr size",
            "add up the bytes of some memory",
            call -> call.print("00000\n")),
        new HmpCommand(
            "memsave",
            "val:l size:i filename:s",
            "addr size file",
            "write the memory at a virtual address to a file",
            call -> call.print("No CPU available\n")),
        new HmpCommand(
            "pmemsave",
            "val:l size:i filename:s",
            "addr size file",
            "write the memory at a physical address to a file",
            NumberRows::save),
        unmapped("gpa2hpa", "show the host's physical address of a guest's physical one"),
        unmapped("gpa2hva", "show the host's virtual address of a guest's physical one"),
        new HmpCommand(
            "gva2gpa",
            "addr:l",
            "addr",
            "show the guest's physical address of a virtual one",
            call -> call.print("No cpu\n")));
  }

  private static HmpCommand unmapped(String name, String summary) {
    return new HmpCommand(
        name,
        "addr:l",
        "addr",
        summary,
        call -> call.print("No memory is mapped at address 0x%x\n".formatted(call.number("addr"))));
  }

  private static void print(HmpCall call) {
    long value = call.number("val");
    call.print(
        switch (call.format().letter()) {
              case 'o' -> (value == 0 ? "" : "0") + Long.toOctalString(value);
              case 'x' -> (value == 0 ? "" : "0x") + Long.toHexString(value);
              case 'u' -> Long.toUnsignedString(value);
              case 'c' -> character((int) value);
              default -> Long.toString(value);
            }
            + "\n");
  }

  private static String character(int code) {
    String shown =
        switch (code) {
          case '\'' -> "\\'";
          case '\\' -> "\\\\";
          case '\n' -> "\\n";
          case '\r' -> "\\r";
          default ->
              code >= ' ' && code <= '~' ? Character.toString(code) : "\\x%02x".formatted(code);
        };
    return "'" + shown + "'";
  }

  private static void physical(HmpCall call) {
    if (call.format().letter() == 'i') {
      call.print(NO_CPU_TO_DUMP);
    } else if (call.format().count() > 0) {
      call.print("%016x: Cannot access memory\n".formatted(call.number("addr")));
    }
  }

  private static void readPort(HmpCall call) {
    long port = call.number("addr") + (call.has("index") ? 1 : 0) & PORT_MASK;
    int bytes = Math.abs(call.format().bytes());
    String letter = bytes == 2 ? "w" : bytes == 4 ? "l" : "b";
    int read = letter.equals("b") ? 1 : bytes;
    String ones = "ff".repeat(read);
    call.print(
        "port%s[0x%04x] = 0x%s\n".formatted(letter, port, "0".repeat(2 * (bytes - read)) + ones));
  }

  private static void save(HmpCall call) throws BlockException {
    String file = call.text("filename");
    try (var out = Files.newOutputStream(Path.of(file))) {
      byte[] zeroes = new byte[ZEROES];
      for (long left = call.number("size"); left > 0; left -= ZEROES) {
        out.write(zeroes, 0, (int) Math.min(left, ZEROES));
      }
    } catch (java.nio.file.NoSuchFileException missing) {
      throw BlockException.withErrno(Errno.ENOENT, "Could not open '" + file + "'");
    } catch (java.nio.file.AccessDeniedException denied) {
      throw BlockException.withErrno(Errno.EACCES, "Could not open '" + file + "'");
    } catch (IOException failed) {
      throw BlockException.withErrno(Errno.EIO, "writing memory to '" + file + "' failed");
    }
  }
}
