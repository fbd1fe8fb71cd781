// SPDX-License-Identifier: Apache-2.0
package org.qblockd.machine.object;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.qblockd.base.BlockException;
import org.qblockd.base.Errno;
import org.qblockd.machine.qom.QomProperty;
import org.qblockd.qapi.InputVisitor;
import org.qblockd.qapi.QmpException;

/** The kinds of filters on network back ends. Control lane. */
final class NetFilters {
  private NetFilters() {}

  static QmpException notPositive(String type, String name) {
    return QmpException.generic("Property '" + type + "." + name + "' requires a positive value");
  }

  /** A 32-bit number that must not be 0. */
  static long positive(InputVisitor in, String type, String name) throws QmpException {
    long value = in.unsigned(name, Integer.SIZE);
    if (value == 0) {
      throw notPositive(type, name);
    }
    return value;
  }

  /** Holds packets back for a while. */
  static final class Buffer extends NetFilterObject {
    private long interval;

    Buffer(ObjectTypes types) {
      super("filter-buffer", types);
      addClass(
          QomProperty.number(
              "interval",
              "uint32",
              () -> interval,
              (in, name) -> interval = positive(in, type(), name)));
    }

    @Override
    protected void setUp() throws QmpException {
      if (interval == 0) {
        throw QmpException.generic("filter-buffer requires an interval");
      }
    }
  }

  /** Writes packets to a file in the format of pcap; none comes, so only its head is written. */
  static final class Dump extends NetFilterObject {
    private static final int DEFAULT_LENGTH = 65_536;

    private long length = DEFAULT_LENGTH;
    private String file = "";

    Dump(ObjectTypes types) {
      super("filter-dump", types);
      addClass(
          QomProperty.number(
              "maxlen", "uint32", () -> length, (in, name) -> length = positive(in, type(), name)),
          QomProperty.string("file", () -> file, (in, name) -> file = in.string(name)));
    }

    /** The head, as the format's description has it: magic, version 2.4, length, Ethernet. */
    @Override
    protected void setUp() throws QmpException {
      ByteBuffer head = ByteBuffer.allocate(24).order(ByteOrder.nativeOrder());
      head.putInt(0xa1b2c3d4).putShort((short) 2).putShort((short) 4).putLong(0);
      head.putInt((int) length).putInt(1);
      try {
        Path unused = Files.write(Path.of(file), head.array());
      } catch (IOException e) {
        Errno why = e instanceof NoSuchFileException ? Errno.ENOENT : Errno.EACCES;
        throw QmpException.generic("net dump: can't open " + file + ": " + why.text());
      }
    }
  }

  /** Copies packets to a character device. */
  static final class Mirror extends NetFilterObject {
    private final NetPort out = new NetPort();
    private String outdev = "";
    private boolean header;

    Mirror(ObjectTypes types) {
      super("filter-mirror", types);
      addClass(
          QomProperty.string("outdev", () -> outdev, this::setOutdev),
          QomProperty.bool("vnet_hdr_support", () -> header, (in, name) -> header = in.bool(name)));
    }

    private void setOutdev(InputVisitor in, String name) throws QmpException {
      String value = in.string(name);
      if (value.isEmpty()) {
        throw QmpException.generic("filter mirror needs 'outdev' property set");
      }
      outdev = value;
    }

    @Override
    protected void setUp() throws QmpException {
      out.write(NetPort.find(parts().charDevices(), outdev, ""));
    }

    @Override
    protected void giveBack() {
      out.release();
    }
  }

  /** Moves packets between character devices and the back end. */
  static final class Redirector extends NetFilterObject {
    private final NetPort in = new NetPort();
    private final NetPort out = new NetPort();
    private String indev = "";
    private String outdev = "";
    private boolean header;

    Redirector(ObjectTypes types) {
      super("filter-redirector", types);
      addClass(
          QomProperty.string("indev", () -> indev, (input, name) -> indev = input.string(name)),
          QomProperty.string("outdev", () -> outdev, (input, name) -> outdev = input.string(name)),
          QomProperty.bool(
              "vnet_hdr_support", () -> header, (input, name) -> header = input.bool(name)));
    }

    @Override
    protected void setUp() throws QmpException {
      if (indev.isEmpty() && outdev.isEmpty()) {
        throw QmpException.generic(
            "filter redirector needs 'indev' or 'outdev' at least one property set");
      }
      if (indev.equals(outdev)) {
        throw QmpException.generic("'indev' and 'outdev' could not be same for filter redirector");
      }
      if (!indev.isEmpty()) {
        in.read(NetPort.find(parts().charDevices(), indev, "IN "));
      }
      if (!outdev.isEmpty()) {
        out.write(NetPort.find(parts().charDevices(), outdev, "OUT "));
      }
    }

    @Override
    protected void giveBack() {
      in.release();
      out.release();
    }
  }

  /** Makes the sequence numbers of the secondary those of the primary. */
  static final class Rewriter extends NetFilterObject {
    private boolean header;

    Rewriter(ObjectTypes types) {
      super("filter-rewriter", types);
      addClass(
          QomProperty.bool("vnet_hdr_support", () -> header, (in, name) -> header = in.bool(name)));
    }

    @Override
    protected void setUp() {}
  }

  /** Notes packets for a replay, of which there is none. */
  static final class Replay extends NetFilterObject {
    Replay(ObjectTypes types) {
      super("filter-replay", types);
    }

    @Override
    protected void setUp() throws QmpException, BlockException {}
  }
}
