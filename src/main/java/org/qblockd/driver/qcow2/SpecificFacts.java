// SPDX-License-Identifier: Apache-2.0
package org.qblockd.driver.qcow2;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.qblockd.crypto.LuksVolume;
import org.qblockd.driver.LuksTypes;
import org.qblockd.qapi.types.ImageInfoSpecific;
import org.qblockd.qapi.types.ImageInfoSpecificQCow2;
import org.qblockd.qapi.types.ImageInfoSpecificQCow2Encryption;
import org.qblockd.qapi.types.ImageInfoSpecificQCow2Wrapper;
import org.qblockd.qapi.types.Qcow2BitmapInfo;
import org.qblockd.qapi.types.Qcow2BitmapInfoFlags;
import org.qblockd.qapi.types.Qcow2CompressionType;

/**
 * What queries show of an image in particular. Any thread.
 *
 * @param entries the stored bitmaps
 * @param volume what encrypts the image, or null
 */
record SpecificFacts(Qcow2Image image, List<BitmapEntry> entries, @Nullable LuksVolume volume) {
  /** Version 2 images show less. */
  ImageInfoSpecific get() {
    boolean v3 = image.header().version >= 3;
    boolean zstd = image.header().compressionType == Compression.ZSTD;
    ImageInfoSpecificQCow2 facts =
        new ImageInfoSpecificQCow2(
            v3 ? "1.1" : "0.10",
            Optional.ofNullable(image.header().dataFile),
            image.data().external() ? Optional.of(image.data().raw()) : Optional.empty(),
            v3 ? Optional.of(image.geometry().extended()) : Optional.empty(),
            v3
                ? Optional.of((image.header().compatible & Format.COMPATIBLE_LAZY_REFCOUNTS) != 0)
                : Optional.empty(),
            v3 ? Optional.of(image.header().is(Format.INCOMPATIBLE_CORRUPT)) : Optional.empty(),
            1 << image.header().refcountOrder,
            encryption(),
            v3 ? bitmapInfos() : Optional.empty(),
            zstd ? Qcow2CompressionType.ZSTD : Qcow2CompressionType.ZLIB);
    return new ImageInfoSpecific.Qcow2(new ImageInfoSpecificQCow2Wrapper(facts));
  }

  private Optional<ImageInfoSpecificQCow2Encryption> encryption() {
    LuksVolume opened = volume;
    return opened == null
        ? Optional.empty()
        : Optional.of(
            new ImageInfoSpecificQCow2Encryption.Luks(LuksTypes.info(opened.header(), false)));
  }

  private Optional<List<Qcow2BitmapInfo>> bitmapInfos() {
    List<Qcow2BitmapInfo> infos = new ArrayList<>();
    for (BitmapEntry entry : entries) {
      List<Qcow2BitmapInfoFlags> flags = new ArrayList<>();
      if (entry.inUse()) {
        flags.add(Qcow2BitmapInfoFlags.IN_USE);
      }
      if (entry.auto()) {
        flags.add(Qcow2BitmapInfoFlags.AUTO);
      }
      infos.add(new Qcow2BitmapInfo(entry.name(), 1L << entry.granularityBits(), flags));
    }
    return infos.isEmpty() ? Optional.empty() : Optional.of(infos);
  }
}
