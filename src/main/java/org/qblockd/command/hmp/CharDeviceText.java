// SPDX-License-Identifier: Apache-2.0
package org.qblockd.command.hmp;

import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.qblockd.qapi.QmpException;
import org.qblockd.qapi.types.ChardevBackend;

/**
 * Reads what {@code -chardev} takes: the human monitor takes the same. Control lane; it is served
 * by the reader of the command line, which lies above.
 */
public interface CharDeviceText {
  /** A device that is described, but not made. */
  interface Description {
    /** Its id; null if it was not given. */
    @Nullable String id();

    /** Where it leads; the id must have been given. */
    ChardevBackend backend() throws QmpException;

    /** Where it leads, for the device with another id. */
    ChardevBackend backendOf(String id) throws QmpException;

    /** Whether several front ends are to share it. */
    boolean shared() throws QmpException;
  }

  /**
   * Reads a description.
   *
   * @param help whether the word help asks for a list
   * @param shown takes lines for the user: warnings, the list, what is wrong
   * @return null when a list was asked for and shown
   * @throws QmpException when something is wrong, which has been shown
   */
  @Nullable Description read(String text, boolean help, Consumer<String> shown) throws QmpException;
}
