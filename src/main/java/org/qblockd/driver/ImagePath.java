// SPDX-License-Identifier: Apache-2.0
package org.qblockd.driver;

import org.jspecify.annotations.Nullable;
import org.qblockd.base.BlockException;

/** File names of images, which may begin with a protocol and a colon. Pure; any thread. */
public final class ImagePath {
  private static final String JSON = "json:";

  private ImagePath() {}

  /** What stands before the first colon, if no slash comes before it; else null. */
  public static @Nullable String protocol(String path) {
    int colon = path.indexOf(':');
    int slash = path.indexOf('/');
    return colon >= 0 && (slash < 0 || colon < slash) ? path.substring(0, colon) : null;
  }

  /** Whether the name means the same whatever it stands in. */
  public static boolean isAbsolute(String path) {
    return path.startsWith("/");
  }

  /** {@code name} as seen from the directory of {@code base}. */
  public static String combine(String base, String name) {
    if (isAbsolute(name)) {
      return name;
    }
    String protocol = protocol(base);
    int rest = protocol == null ? 0 : protocol.length() + 1;
    return base.substring(0, Math.max(rest, base.lastIndexOf('/') + 1)) + name;
  }

  /** What follows {@code json:}, or null for other names. */
  public static @Nullable String json(@Nullable String path) {
    return path != null && path.startsWith(JSON) ? path.substring(JSON.length()) : null;
  }

  /** A backing file's name as seen from the directory of the image {@code overlay}. */
  public static String backing(String overlay, String backing) throws BlockException {
    if (protocol(backing) != null || isAbsolute(backing)) {
      return backing;
    }
    if (overlay.isEmpty() || json(overlay) != null) {
      throw BlockException.invalid("Cannot use relative backing file names for '" + overlay + "'");
    }
    return combine(overlay, backing);
  }
}
