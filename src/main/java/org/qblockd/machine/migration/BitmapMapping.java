// SPDX-License-Identifier: Apache-2.0
package org.qblockd.machine.migration;

import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.qblockd.base.Identifiers;
import org.qblockd.qapi.QmpException;
import org.qblockd.qapi.types.BitmapMigrationBitmapAlias;
import org.qblockd.qapi.types.BitmapMigrationNodeAlias;

/** The parameter {@code block-bitmap-mapping}. Pure functions; the sentences are QEMU's. */
final class BitmapMapping {
  private static final int MAX_ALIAS_BYTES = 255;

  private BitmapMapping() {}

  /** Checks that a mapping is one to one, and its names are well-formed. */
  static void check(List<BitmapMigrationNodeAlias> mapping) throws QmpException {
    Set<String> names = new HashSet<>();
    Set<String> aliases = new HashSet<>();
    for (BitmapMigrationNodeAlias node : mapping) {
      String alias = node.alias();
      if (!Identifiers.wellFormed(alias)) {
        throw refused("The node alias '" + alias + "' is not well-formed");
      }
      checkLength(alias, "node");
      if (!names.add(node.nodeName())) {
        throw refused("The node name '" + node.nodeName() + "' is mapped twice");
      }
      if (!aliases.add(alias)) {
        throw refused("The node alias '" + alias + "' is used twice");
      }
      checkBitmaps(node);
    }
  }

  private static void checkBitmaps(BitmapMigrationNodeAlias node) throws QmpException {
    Set<String> names = new HashSet<>();
    Set<String> aliases = new HashSet<>();
    for (BitmapMigrationBitmapAlias bitmap : node.bitmaps()) {
      checkLength(bitmap.alias(), "bitmap");
      if (!names.add(bitmap.name())) {
        throw refused(
            "The bitmap '" + node.nodeName() + "'/'" + bitmap.name() + "' is mapped twice");
      }
      if (!aliases.add(bitmap.alias())) {
        throw refused(
            "The bitmap alias '" + node.alias() + "'/'" + bitmap.alias() + "' is used twice");
      }
    }
  }

  private static void checkLength(String alias, String what) throws QmpException {
    if (alias.getBytes(StandardCharsets.UTF_8).length > MAX_ALIAS_BYTES) {
      throw refused(
          "The " + what + " alias '" + alias + "' is longer than " + MAX_ALIAS_BYTES + " bytes");
    }
  }

  private static QmpException refused(String why) {
    return QmpException.generic("Invalid mapping given for block-bitmap-mapping: " + why);
  }

  /** The entry of the node of this name, or null. */
  static @Nullable BitmapMigrationNodeAlias ofNode(
      List<BitmapMigrationNodeAlias> mapping, String name) {
    for (BitmapMigrationNodeAlias node : mapping) {
      if (node.nodeName().equals(name)) {
        return node;
      }
    }
    return null;
  }

  /** The entry of the node that the stream calls so, or null. */
  static @Nullable BitmapMigrationNodeAlias ofAlias(
      List<BitmapMigrationNodeAlias> mapping, String alias) {
    for (BitmapMigrationNodeAlias node : mapping) {
      if (node.alias().equals(alias)) {
        return node;
      }
    }
    return null;
  }

  /** The entry of a bitmap, or null. */
  static @Nullable BitmapMigrationBitmapAlias bitmap(
      BitmapMigrationNodeAlias node, String name, boolean byAlias) {
    for (BitmapMigrationBitmapAlias bitmap : node.bitmaps()) {
      if ((byAlias ? bitmap.alias() : bitmap.name()).equals(name)) {
        return bitmap;
      }
    }
    return null;
  }
}
