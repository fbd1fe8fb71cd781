// SPDX-License-Identifier: Apache-2.0
package org.qblockd.base;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The connections that a client may cut when their peer hangs, by the names that the command yank
 * gives them. Any thread: yank runs out of band.
 */
public final class YankInstances {
  /** What has connections to others. */
  public sealed interface Owner permits Node, CharacterDevice, Migration {}

  /** A node of the block graph, by its node name. */
  public record Node(String name) implements Owner {}

  /** A character device, by its id. */
  public record CharacterDevice(String id) implements Owner {}

  /** The migration, outgoing or incoming. */
  public record Migration() implements Owner {}

  private final Map<Owner, Runnable> cuts = new LinkedHashMap<>();

  /**
   * Adds an owner of connections.
   *
   * @param cut ends its connections at once, from any thread, without waiting
   * @return whether it is new; else nothing has changed
   */
  public synchronized boolean add(Owner owner, Runnable cut) {
    return cuts.putIfAbsent(owner, cut) == null;
  }

  /** Forgets an owner; nothing happens when it is not there. */
  public synchronized void remove(Owner owner) {
    Runnable unused = cuts.remove(owner);
  }

  /** All owners, in the order in which they came. */
  public synchronized List<Owner> all() {
    return new ArrayList<>(cuts.keySet());
  }

  /** Cuts the connections of all these owners, or of none if one of them is unknown. */
  public boolean cut(List<Owner> owners) {
    for (Runnable cut : found(owners)) {
      if (cut == null) {
        return false;
      }
    }
    found(owners).forEach(YankInstances::run);
    return true;
  }

  /** An owner that went meanwhile has no connections any more. */
  private static void run(@Nullable Runnable cut) {
    if (cut != null) {
      cut.run();
    }
  }

  private synchronized List<@Nullable Runnable> found(List<Owner> owners) {
    List<@Nullable Runnable> found = new ArrayList<>();
    for (Owner owner : owners) {
      found.add(cuts.get(owner));
    }
    return found;
  }
}
