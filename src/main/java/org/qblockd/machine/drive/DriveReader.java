// SPDX-License-Identifier: Apache-2.0
package org.qblockd.machine.drive;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.qblockd.blockjob.OnError;
import org.qblockd.driver.NodeOpener;
import org.qblockd.qapi.OptsParser;
import org.qblockd.qapi.QmpException;

/**
 * Finds out what the options of drives mean, one drive after another, with QEMU's checks in QEMU's
 * order. Main thread.
 */
public final class DriveReader {
  private static final String READ_ONLY = "read-only";
  private static final String INTERVALS = "stats-intervals.";
  private static final String[][] ALIASES = {
    {"iops", "throttling.iops-total"},
    {"iops_rd", "throttling.iops-read"},
    {"iops_wr", "throttling.iops-write"},
    {"bps", "throttling.bps-total"},
    {"bps_rd", "throttling.bps-read"},
    {"bps_wr", "throttling.bps-write"},
    {"iops_max", "throttling.iops-total-max"},
    {"iops_rd_max", "throttling.iops-read-max"},
    {"iops_wr_max", "throttling.iops-write-max"},
    {"bps_max", "throttling.bps-total-max"},
    {"bps_rd_max", "throttling.bps-read-max"},
    {"bps_wr_max", "throttling.bps-write-max"},
    {"iops_size", "throttling.iops-size"},
    {"group", "throttling.group"},
    {"readonly", READ_ONLY},
  };

  private record Slot(DriveInterface type, int bus, int unit) {}

  private final DriveInterface usual;
  private final int idePerBus;
  private final Set<Slot> taken = new HashSet<>();

  /** For drives of a machine that plugs them in here unless they say it. */
  public DriveReader(DriveInterface usual, int idePerBus) {
    this.usual = usual;
    this.idePerBus = idePerBus;
  }

  /** Whether a drive has the place with this number. */
  public boolean isTaken(DriveInterface type, int index) {
    int perBus = perBus(type);
    return taken.contains(
        perBus == 0 ? new Slot(type, 0, index) : new Slot(type, index / perBus, index % perBus));
  }

  private int perBus(DriveInterface type) {
    return type == DriveInterface.IDE ? idePerBus : type.unitsPerBus();
  }

  /** What a drive's options mean; drives before it have their places. */
  public DriveSpec read(DriveOptions options) throws QmpException {
    Draft draft = new Draft(new LinkedHashMap<>(options.values()));
    draft.rename();
    boolean writeCache = draft.cache();
    draft.numbers();
    boolean cdrom = draft.media();
    boolean readOnly = draft.readOnly(cdrom);
    DriveInterface type = draft.type(usual);
    Slot slot = slot(draft, type);
    String name = options.id() != null ? options.id() : type.nameOf(slot.bus, slot.unit, cdrom);
    draft.errorPolicies(type);
    boolean invalid = draft.flag("stats-account-invalid", true);
    boolean failed = draft.flag("stats-account-failed", true);
    boolean snapshot = draft.flag("snapshot", false);
    List<Integer> intervals = draft.intervals();
    boolean copyOnRead = draft.flag("copy-on-read", false);
    draft.aio();
    ThrottleOptions throttling = ThrottleOptions.take(draft.values);
    boolean formatHelp = draft.format();
    draft.checkErrorPolicies();
    String file = draft.values.remove("file");
    if ((file != null && !file.isEmpty()) || !draft.values.isEmpty()) {
      draft.values.put(READ_ONLY, readOnly ? "on" : "off");
      draft.values.putIfAbsent("auto-read-only", "on");
    }
    return new DriveSpec(
        name,
        type,
        slot.bus,
        slot.unit,
        cdrom,
        file,
        draft.values,
        writeCache,
        snapshot,
        copyOnRead,
        throttling,
        formatHelp,
        invalid,
        failed,
        draft.onReadError(),
        draft.onWriteError(),
        new MediumOptions(readOnly, false, false, false, false),
        intervals,
        draft.warnings);
  }

  private Slot slot(Draft draft, DriveInterface type) throws QmpException {
    int perBus = perBus(type);
    int bus = draft.number("bus", 0);
    int unit = draft.number("unit", -1);
    int index = draft.number("index", -1);
    if (index != -1) {
      if (bus != 0 || unit != -1) {
        throw QmpException.generic("index cannot be used with bus and unit");
      }
      bus = perBus == 0 ? 0 : index / perBus;
      unit = perBus == 0 ? index : index % perBus;
    }
    if (unit == -1) {
      unit = 0;
      while (taken.contains(new Slot(type, bus, unit))) {
        unit++;
        if (perBus > 0 && unit >= perBus) {
          unit -= perBus;
          bus++;
        }
      }
    }
    if (perBus > 0 && unit >= perBus) {
      throw QmpException.generic("unit " + unit + " too big (max is " + (perBus - 1) + ")");
    }
    Slot slot = new Slot(type, bus, unit);
    if (!taken.add(slot)) {
      int place = perBus == 0 ? unit : bus * perBus + unit;
      throw QmpException.generic(
          "drive with bus=" + bus + ", unit=" + unit + " (index=" + place + ") exists");
    }
    return slot;
  }

  /** A drive's options while the drive's own ones are taken out. */
  private static final class Draft {
    private final Map<String, String> values;
    private final Map<String, Integer> numbers = new LinkedHashMap<>();
    private final List<String> warnings = new ArrayList<>();
    private @Nullable String werror;
    private @Nullable String rerror;

    Draft(Map<String, String> values) {
      this.values = values;
    }

    void rename() throws QmpException {
      for (String[] alias : ALIASES) {
        String value = values.get(alias[0]);
        if (value == null) {
          continue;
        }
        if (values.containsKey(alias[1])) {
          throw QmpException.generic(
              "'" + alias[1] + "' and its alias '" + alias[0] + "' can't be used at the same time");
        }
        values.remove(alias[0]);
        values.put(alias[1], value);
      }
    }

    /** Spells out {@code cache=}; whether writes may stay in caches. */
    boolean cache() throws QmpException {
      String mode = values.remove("cache");
      if (mode != null) {
        boolean direct = mode.equals("none") || mode.equals("off") || mode.equals("directsync");
        boolean through = mode.equals("directsync") || mode.equals("writethrough");
        boolean unsafe = mode.equals("unsafe");
        if (!direct && !through && !unsafe && !mode.equals("writeback")) {
          throw QmpException.generic("invalid cache option");
        }
        values.putIfAbsent("cache.writeback", through ? "off" : "on");
        values.putIfAbsent("cache.direct", direct ? "on" : "off");
        values.putIfAbsent("cache.no-flush", unsafe ? "on" : "off");
      }
      return flag("cache.writeback", true);
    }

    boolean flag(String name, boolean otherwise) throws QmpException {
      String value = values.remove(name);
      return value == null ? otherwise : OptsParser.bool(name, value);
    }

    void numbers() throws QmpException {
      for (String name : new String[] {"bus", "unit", "index"}) {
        String value = values.remove(name);
        if (value != null) {
          numbers.put(name, (int) OptsParser.number(name, value));
        }
      }
      if (values.containsKey("copy-on-read")) {
        OptsParser.bool("copy-on-read", values.getOrDefault("copy-on-read", ""));
      }
      if (values.containsKey(READ_ONLY)) {
        OptsParser.bool(READ_ONLY, values.getOrDefault(READ_ONLY, ""));
      }
    }

    int number(String name, int otherwise) {
      return numbers.getOrDefault(name, otherwise);
    }

    boolean media() throws QmpException {
      String media = values.remove("media");
      if (media != null && !media.equals("disk") && !media.equals("cdrom")) {
        throw QmpException.generic("'" + media + "' invalid media");
      }
      return "cdrom".equals(media);
    }

    boolean readOnly(boolean cdrom) throws QmpException {
      boolean readOnly = flag(READ_ONLY, false) || cdrom;
      if (readOnly && flag("copy-on-read", false)) {
        warnings.add("warning: disabling copy-on-read on read-only drive");
      }
      return readOnly;
    }

    DriveInterface type(DriveInterface usual) throws QmpException {
      String word = values.remove("if");
      if (word == null) {
        return usual;
      }
      DriveInterface type = DriveInterface.of(word);
      if (type == null) {
        throw QmpException.generic("unsupported bus type '" + word + "'");
      }
      return type;
    }

    void errorPolicies(DriveInterface type) throws QmpException {
      werror = values.remove("werror");
      rerror = values.remove("rerror");
      boolean scsiOrNot = type.hasErrorPolicy();
      if (werror != null && !scsiOrNot) {
        throw QmpException.generic("werror is not supported by this bus type");
      }
      if (rerror != null && !scsiOrNot) {
        throw QmpException.generic("rerror is not supported by this bus type");
      }
    }

    OnError onReadError() {
      return policy(rerror, OnError.REPORT);
    }

    OnError onWriteError() {
      return policy(werror, OnError.ENOSPC);
    }

    private static OnError policy(@Nullable String word, OnError otherwise) {
      return word == null ? otherwise : OnError.valueOf(word.toUpperCase(Locale.ROOT));
    }

    void checkErrorPolicies() throws QmpException {
      if (werror != null && !isPolicy(werror) && !werror.equals("enospc")) {
        throw QmpException.generic("'" + werror + "' invalid write error action");
      }
      if (rerror != null && !isPolicy(rerror)) {
        throw QmpException.generic("'" + rerror + "' invalid read error action");
      }
    }

    private static boolean isPolicy(String word) {
      return word.equals("ignore") || word.equals("stop") || word.equals("report");
    }

    /** The values of {@code stats-intervals.0} and so on. */
    List<Integer> intervals() throws QmpException {
      List<Integer> seconds = new ArrayList<>(0);
      String value = values.remove(INTERVALS + 0);
      List<String> texts = new ArrayList<>(0);
      while (value != null) {
        texts.add(value);
        value = values.remove(INTERVALS + texts.size());
      }
      for (String name : values.keySet()) {
        if (name.startsWith(INTERVALS)) {
          throw QmpException.generic("Invalid option " + name);
        }
      }
      for (String text : texts) {
        seconds.add(interval(text));
      }
      return seconds;
    }

    /** Unsigned. */
    private static int interval(String text) throws QmpException {
      try {
        int seconds = Integer.parseUnsignedInt(text);
        if (seconds != 0) {
          return seconds;
        }
      } catch (NumberFormatException wrong) {
        // Told below, like zero.
      }
      throw QmpException.generic("Invalid interval length: " + text);
    }

    void aio() throws QmpException {
      String aio = values.remove("aio");
      if (aio == null) {
        return;
      }
      if (!aio.equals("threads") && !aio.equals("native") && !aio.equals("io_uring")) {
        throw QmpException.generic("invalid aio option");
      }
      values.put(NodeOpener.DRIVE_AIO, aio);
    }

    /** Spells out {@code format=}; whether it asks for help. */
    boolean format() throws QmpException {
      String format = values.remove("format");
      if (format == null) {
        return false;
      }
      if (format.equals("help") || format.equals("?")) {
        return true;
      }
      if (values.containsKey("driver")) {
        throw QmpException.generic("Cannot specify both 'driver' and 'format'");
      }
      values.put("driver", format);
      return false;
    }
  }
}
