// SPDX-License-Identifier: Apache-2.0
package org.qblockd.command.hmp;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.qblockd.qapi.PlainText;
import org.qblockd.qapi.QapiValue;
import org.qblockd.qapi.types.ImageInfo;
import org.qblockd.qapi.types.ImageInfoSpecific;
import org.qblockd.qapi.types.SnapshotInfo;

/** What is known of images, as people read it: the lines of {@code qemu-img info}. Any thread. */
final class ImageText {
  private static final String SNAPSHOT_LINE = "%-7s %-16s %8s %19s %15s %10s\n";
  private static final String[] UNITS = {"", "Ki", "Mi", "Gi", "Ti", "Pi", "Ei"};
  private static final int DIGITS = 3;
  private static final long NANOS_PER_MILLI = 1_000_000;
  private static final DateTimeFormatter DATE =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss", Locale.ROOT);

  private ImageText() {}

  /** An image and all those below it. */
  static String chain(ImageInfo top) {
    StringBuilder text = new StringBuilder();
    for (ImageInfo image = top; image != null; image = below(image)) {
      show(text, image);
    }
    return text.toString();
  }

  private static @Nullable ImageInfo below(ImageInfo image) {
    return image.backingImage().orElse(null);
  }

  private static void show(StringBuilder text, ImageInfo image) {
    line(text, "image", image.filename());
    line(text, "file format", image.format());
    long virtual = image.virtualSize();
    line(text, "virtual size", size(virtual) + " (" + virtual + " bytes)");
    line(text, "disk size", image.actualSize().map(ImageText::size).orElse("unavailable"));
    if (image.encrypted().orElse(false)) {
      line(text, "encrypted", "yes");
    }
    image.clusterSize().ifPresent(bytes -> line(text, "cluster_size", bytes));
    if (image.dirtyFlag().orElse(false)) {
      line(text, "cleanly shut down", "no");
    }
    image.backingFilename().ifPresent(name -> line(text, "backing file", name + actual(image)));
    image.backingFilenameFormat().ifPresent(name -> line(text, "backing file format", name));
    image.snapshots().ifPresent(all -> text.append("Snapshot list:\n").append(snapshots(all)));
    image.formatSpecific().ifPresent(facts -> text.append(specific(facts)));
  }

  private static String actual(ImageInfo image) {
    String name = image.backingFilename().orElse("");
    String full = image.fullBackingFilename().orElse("");
    if (full.isEmpty()) {
      return " (cannot determine actual path)";
    }
    return full.equals(name) ? "" : " (actual path: " + full + ")";
  }

  private static void line(StringBuilder text, String name, Object value) {
    text.append(name).append(": ").append(value).append('\n');
  }

  /** What only this format has; nothing when it is empty. */
  static String specific(ImageInfoSpecific facts) {
    QapiValue data =
        switch (facts) {
          case ImageInfoSpecific.Qcow2 qcow2 -> qcow2.data().data();
          case ImageInfoSpecific.File file -> file.data().data();
          case ImageInfoSpecific.Luks luks -> luks.data().data();
        };
    String lines = PlainText.of(data, 1);
    return lines.isEmpty() ? "" : "Format specific information:\n" + lines;
  }

  /** Snapshots as a table with a heading. */
  static String snapshots(List<SnapshotInfo> snapshots) {
    StringBuilder text = new StringBuilder();
    String[] heading = {"ID", "TAG", "VM_SIZE", "DATE", "VM_CLOCK", "ICOUNT"};
    text.append(SNAPSHOT_LINE.formatted((Object[]) heading));
    for (SnapshotInfo each : snapshots) {
      text.append(
          SNAPSHOT_LINE.formatted(
              each.id(),
              each.name(),
              size(each.vmStateSize()),
              DATE.format(Instant.ofEpochSecond(each.dateSec()).atZone(ZoneId.systemDefault())),
              clock(each),
              each.icount().map(String::valueOf).orElse("")));
    }
    return text.toString();
  }

  private static String clock(SnapshotInfo snapshot) {
    long seconds = snapshot.vmClockSec();
    return "%04d:%02d:%02d.%03d"
        .formatted(
            seconds / 3600,
            seconds / 60 % 60,
            seconds % 60,
            snapshot.vmClockNsec() / NANOS_PER_MILLI);
  }

  /** A size with three digits: {@code 1.5 GiB}, {@code 196 KiB}, {@code 0 B}. */
  static String size(long bytes) {
    int unit = 0;
    while (unit < UNITS.length - 1 && bytes >= 1000L << (10 * unit)) {
      unit++;
    }
    BigDecimal value =
        new BigDecimal(bytes)
            .divide(BigDecimal.valueOf(1L << (10 * unit)))
            .round(new MathContext(DIGITS, RoundingMode.HALF_EVEN));
    String number =
        value.compareTo(BigDecimal.valueOf(1000)) >= 0
            ? "1e+03"
            : value.signum() == 0 ? "0" : value.stripTrailingZeros().toPlainString();
    return number + " " + UNITS[unit] + "B";
  }
}
