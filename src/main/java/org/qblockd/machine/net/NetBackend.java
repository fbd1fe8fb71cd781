// SPDX-License-Identifier: Apache-2.0
package org.qblockd.machine.net;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.qblockd.qapi.QmpException;
import org.qblockd.qapi.types.NetClientDriver;

/** A network back end: its kind, what is at its other end, the filters on it. Control lane. */
public final class NetBackend {
  private final String id;
  private final NetClientDriver kind;
  private final String info;
  private final boolean hubPort;
  private final List<NetFilter> filters = new ArrayList<>();
  private final Runnable closing;
  private @Nullable NetBackend peer;

  /**
   * A back end without a peer.
   *
   * @param info what the human monitor shows about it
   * @param closing gives back what it uses
   */
  NetBackend(String id, NetClientDriver kind, String info, Runnable closing) {
    this.id = id;
    this.kind = kind;
    this.info = info;
    this.hubPort = kind == NetClientDriver.HUBPORT;
    this.closing = closing;
  }

  /** The name by which devices and filters find it. */
  public String id() {
    return id;
  }

  /** What kind it is of. */
  public NetClientDriver kind() {
    return kind;
  }

  /**
   * The filters, in the order in which packets from the guest pass them. Changed by the filters.
   */
  public List<NetFilter> filters() {
    return filters;
  }

  /** Whether the back end is a port of a hub or is connected with one. */
  boolean isOnHub() {
    NetBackend other = peer;
    return hubPort || other != null && other.hubPort;
  }

  @Nullable NetBackend peer() {
    return peer;
  }

  void connect(NetBackend other) {
    peer = other;
    other.peer = this;
  }

  /** Filters go first, as in QEMU. */
  void close() {
    for (NetFilter filter : List.copyOf(filters)) {
      filter.backEndGone();
    }
    NetBackend other = peer;
    if (other != null) {
      other.peer = null;
      peer = null;
    }
    closing.run();
  }

  /** Its line and those of its filters, as the human monitor shows them. */
  String describe() throws QmpException {
    StringBuilder text = new StringBuilder();
    text.append(id + ": index=0,type=" + kind.wireName() + "," + info + "\n");
    if (!filters.isEmpty()) {
      text.append("filters:\n");
    }
    for (NetFilter filter : filters) {
      text.append("  - " + filter.name() + ": " + filter.description() + "\n");
    }
    return text.toString();
  }
}
