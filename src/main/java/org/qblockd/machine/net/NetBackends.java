// SPDX-License-Identifier: Apache-2.0
package org.qblockd.machine.net;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.qblockd.base.Identifiers;
import org.qblockd.chardev.CharDevices;
import org.qblockd.qapi.ErrorClass;
import org.qblockd.qapi.QmpException;
import org.qblockd.qapi.types.NetClientDriver;
import org.qblockd.qapi.types.Netdev;
import org.qblockd.qapi.types.NetdevHubPortOptions;

/**
 * The network back ends by their ids, and the hubs. They are checked, kept and shown, but open
 * nothing on the host: there is no guest that would send packets. Control lane, or the main thread
 * during the start.
 */
public final class NetBackends implements Predicate<String> {
  private final CharDevices charDevices;
  private final Map<String, NetBackend> backEnds = new LinkedHashMap<>();

  /** The ports of each hub, the youngest first; a hub stays when it has lost them all. */
  private final Map<Long, List<NetBackend>> hubs = new LinkedHashMap<>();

  /** No back ends yet. */
  public NetBackends(CharDevices charDevices) {
    this.charDevices = charDevices;
  }

  /** The back end of this id, or null. */
  public @Nullable NetBackend find(String id) {
    return backEnds.get(id);
  }

  /** Whether a device's property {@code netdev} may name this. */
  @Override
  public boolean test(String id) {
    return backEnds.containsKey(id);
  }

  /** All back ends, the oldest first. */
  public List<NetBackend> all() {
    return List.copyOf(backEnds.values());
  }

  /**
   * Makes a back end, as netdev_add does.
   *
   * @throws QmpException with QEMU's sentence about the options
   */
  public void add(Netdev options) throws QmpException {
    String id = options.id();
    if (!Identifiers.wellFormed(id)) {
      throw QmpException.withHint(
          "Parameter 'id' expects an identifier",
          "Identifiers consist of letters, digits, '-', '.', '_', starting with a letter.");
    }
    add(options, id);
  }

  /**
   * Makes a back end under another name than the options tell.
   *
   * @throws QmpException with QEMU's sentence about the options
   */
  public void add(Netdev options, String id) throws QmpException {
    if (NetKinds.isAbsent(options.type())) {
      throw QmpException.generic(
          "network backend '" + options.type().wireName() + "' is not compiled into this binary");
    }
    if (backEnds.containsKey(id)) {
      throw QmpException.generic("Duplicate ID '" + id + "'");
    }
    NetBackend made =
        options instanceof Netdev.Hubport port
            ? hubPort(id, port.data())
            : NetKinds.make(id, options, charDevices);
    backEnds.put(id, made);
  }

  private NetBackend hubPort(String id, NetdevHubPortOptions port) throws QmpException {
    String behind = port.netdev().orElse(null);
    NetBackend other = null;
    if (behind != null) {
      other = find(behind);
      if (other == null) {
        throw QmpException.generic("netdev '" + behind + "' not found");
      }
      if (other.peer() != null) {
        throw QmpException.generic("netdev '" + behind + "' is already connected");
      }
    }
    return joinHub(id, port.hubid(), other);
  }

  private NetBackend joinHub(String id, long hub, @Nullable NetBackend other) {
    NetBackend made = new NetBackend(id, NetClientDriver.HUBPORT, "", () -> {});
    if (other != null) {
      made.connect(other);
    }
    hubs.computeIfAbsent(hub, key -> new ArrayList<>()).addFirst(made);
    return made;
  }

  /** Connects a back end with the hub 0, as {@code -net} does. */
  public void joinFirstHub(@Nullable String id) {
    List<NetBackend> ports = hubs.getOrDefault(0L, List.of());
    String name = "hub0port" + ports.size();
    backEnds.put(name, joinHub(name, 0, id == null ? null : find(id)));
  }

  /** Removes a back end and the filters on it. */
  public void remove(String id) throws QmpException {
    NetBackend going = backEnds.remove(id);
    if (going == null) {
      throw new QmpException(ErrorClass.DEVICE_NOT_FOUND, "Device '" + id + "' not found");
    }
    going.close();
    for (List<NetBackend> ports : hubs.values()) {
      ports.remove(going);
    }
  }

  /** The networks of the type user, each with a table of its connections, which is empty. */
  public String describeUserNetworks() {
    StringBuilder text = new StringBuilder();
    for (NetBackend each : backEnds.values()) {
      if (each.kind() == NetClientDriver.USER) {
        text.append(
            "Hub %d (%s):\n  Protocol[State]    FD  Source Address  Port   Dest. Address  Port"
                .formatted(hubOf(each), each.id()));
        text.append(" RecvQ SendQ\n");
      }
    }
    return text.toString();
  }

  private long hubOf(NetBackend client) {
    for (Map.Entry<Long, List<NetBackend>> hub : hubs.entrySet()) {
      for (NetBackend port : hub.getValue()) {
        if (port.peer() == client) {
          return hub.getKey();
        }
      }
    }
    return -1;
  }

  /** Hubs and back ends as the human monitor shows them. */
  public String describe() throws QmpException {
    StringBuilder text = new StringBuilder();
    for (Map.Entry<Long, List<NetBackend>> hub : List.copyOf(hubs.entrySet()).reversed()) {
      text.append("hub " + hub.getKey() + "\n");
      for (NetBackend port : hub.getValue()) {
        NetBackend peer = port.peer();
        text.append(" \\ " + port.id() + (peer == null ? "\n" : ": " + peer.describe()));
      }
    }
    for (NetBackend each : backEnds.values()) {
      if (!each.isOnHub()) {
        text.append(each.describe());
      }
    }
    return text.toString();
  }
}
