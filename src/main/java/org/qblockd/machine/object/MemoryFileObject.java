// SPDX-License-Identifier: Apache-2.0
package org.qblockd.machine.object;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.qblockd.base.Errno;
import org.qblockd.machine.qom.QomProperty;
import org.qblockd.qapi.AnyValue;
import org.qblockd.qapi.InputVisitor;
import org.qblockd.qapi.QmpException;
import org.qblockd.qapi.types.OnOffAuto;

/** Memory of a guest in a file, which is made if it is not there. Control lane. */
final class MemoryFileObject extends MemoryBackendObject {
  private boolean discardData;
  private @Nullable String path;
  private long align;
  private long offset;
  private boolean pmem;
  private boolean readOnly;
  private OnOffAuto rom = OnOffAuto.AUTO;

  MemoryFileObject(ObjectTypes types) {
    super("memory-backend-file", false, types);
    addClass(
        QomProperty.bool("discard-data", () -> discardData, (in, n) -> discardData = in.bool(n)),
        QomProperty.string(
            "mem-path",
            () -> path == null ? "" : path,
            (in, name) -> {
              checkOpen(name);
              path = in.string(name);
            }),
        new QomProperty("align", "int", () -> AnyValue.unsigned(align), this::setAlign),
        new QomProperty("offset", "int", () -> AnyValue.unsigned(offset), this::setOffset),
        QomProperty.bool(
            "pmem",
            () -> pmem,
            (in, name) -> {
              checkOpen(name);
              pmem = in.bool(name);
            }),
        QomProperty.bool(
            "readonly",
            () -> readOnly,
            (in, name) -> {
              checkOpen(name);
              readOnly = in.bool(name);
            }),
        new QomProperty(
            "rom",
            "OnOffAuto",
            () -> AnyValue.of(rom),
            (in, name) -> {
              checkOpen(name);
              rom = OnOffAuto.decode(in, name);
            }));
  }

  private void setAlign(InputVisitor in, String name) throws QmpException {
    checkOpen(name);
    align = in.size(name);
  }

  private void setOffset(InputVisitor in, String name) throws QmpException {
    checkOpen(name);
    offset = in.size(name);
  }

  private void checkOpen(String name) throws QmpException {
    if (completed()) {
      throw QmpException.generic("cannot change property '" + name + "' of " + type());
    }
  }

  @Override
  void allocate() throws QmpException {
    String file = path;
    if (file == null) {
      throw QmpException.generic("mem-path property not set");
    }
    if (rom == OnOffAuto.AUTO) {
      rom = readOnly ? OnOffAuto.ON : OnOffAuto.OFF;
    }
    try {
      extend(Path.of(file));
    } catch (IOException e) {
      throw QmpException.generic(
          "can't open backing store "
              + file
              + " for guest RAM: "
              + (Files.exists(Path.of(file)) ? Errno.EACCES : Errno.ENOENT).text());
    }
  }

  private void extend(Path file) throws IOException, QmpException {
    long needed = size() + offset;
    if (readOnly) {
      checkLength(file, needed);
      return;
    }
    try (RandomAccessFile store = new RandomAccessFile(file.toFile(), "rw")) {
      if (store.length() == 0) {
        store.setLength(needed);
      }
    }
    checkLength(file, needed);
  }

  private void checkLength(Path file, long needed) throws IOException, QmpException {
    long length = Files.size(file);
    if (length < needed) {
      throw QmpException.generic(
          "%s backing store size 0x%x is too small for 'size' option 0x%x plus 'offset' option 0x%x"
              .formatted(type(), length, size(), offset));
    }
  }
}
