// SPDX-License-Identifier: Apache-2.0
package org.qblockd.monitor;

import java.util.HashMap;
import java.util.Map;
import java.util.function.IntConsumer;
import org.qblockd.qapi.QmpException;

/**
 * The descriptors that a monitor's clients have passed and named; they outlive the connection that
 * they came by. Control lane.
 */
public final class NamedDescriptors {
  private final Map<String, Integer> descriptors = new HashMap<>();

  NamedDescriptors() {}

  /**
   * Keeps a descriptor; one of the same name is closed.
   *
   * @param closer closes what is not kept
   */
  public void put(String name, int fd, IntConsumer closer) throws QmpException {
    if (!name.isEmpty() && name.charAt(0) >= '0' && name.charAt(0) <= '9') {
      closer.accept(fd);
      throw QmpException.generic("Parameter 'fdname' expects a name not starting with a digit");
    }
    Integer before = descriptors.put(name, fd);
    if (before != null) {
      closer.accept(before);
    }
  }

  /** Gives a descriptor to the caller; -1 when there is none of this name. */
  public int take(String name) {
    Integer fd = descriptors.remove(name);
    return fd == null ? -1 : fd;
  }
}
