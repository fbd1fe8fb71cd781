// SPDX-License-Identifier: Apache-2.0
package org.qblockd.chardev;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.qblockd.base.BlockException;
import org.qblockd.base.HashedNames;
import org.qblockd.base.YankInstances;
import org.qblockd.qapi.QmpException;
import org.qblockd.qapi.types.ChardevBackend;
import org.qblockd.qapi.types.ChardevMux;
import org.qblockd.qapi.types.ChardevMuxWrapper;

/**
 * The character devices by their ids. The main thread while the server starts, the control lane
 * afterwards; {@link #close} also the thread of a signal that ends a start.
 */
public final class CharDevices {
  private final DeviceHost host;
  private final HashedNames order = new HashedNames();
  private final Map<String, CharDevice> devices = new HashMap<>();

  /** The device whose opening waits for a client; a signal may end that. */
  private volatile @Nullable CharDevice opening;

  private boolean serving;

  /** No devices yet. */
  public CharDevices(DeviceHost host) {
    this.host = host;
  }

  /** The device with this id, or null. */
  public synchronized @Nullable CharDevice find(String id) {
    return devices.get(id);
  }

  /** All devices, in the order in which query-chardev shows them. */
  public synchronized List<CharDevice> all() {
    List<CharDevice> all = new ArrayList<>();
    for (String id : order.all().reversed()) {
      CharDevice device = devices.get(id);
      if (device != null) {
        all.add(device);
      }
    }
    return all;
  }

  /**
   * Makes and opens a device, and waits for its first client where that is asked for. It is served
   * once the server serves.
   *
   * @param names what descriptors' names mean
   * @throws QmpException with QEMU's sentence about the back end; and so BlockException
   */
  public CharDevice add(String id, ChardevBackend backend, DescriptorNames names)
      throws QmpException, BlockException {
    if (find(id) != null) {
      throw QmpException.generic("Chardev with id '" + id + "' already exists");
    }
    CharDevice device = DeviceMaker.make(id, backend, this, host, names);
    LogFile log = DeviceMaker.log(backend);
    opening = device;
    try {
      device.open();
    } catch (QmpException | BlockException e) {
      if (log != null) {
        log.close();
      }
      throw e;
    } finally {
      opening = null;
    }
    if (log != null) {
      device.logTo(log);
    }
    put(device);
    if (serving) {
      device.start();
    }
    return device;
  }

  /** Adds a device for several front ends: it is the base of a multiplexer, which has its name. */
  public CharDevice addShared(String id, ChardevBackend backend, DescriptorNames names)
      throws QmpException, BlockException {
    String below = id + "-base";
    CharDevice unused = add(below, backend, names);
    ChardevMux mux = new ChardevMux(Optional.empty(), Optional.empty(), below);
    return add(id, new ChardevBackend.Mux(new ChardevMuxWrapper(mux)), names);
  }

  private synchronized void put(CharDevice device) {
    order.add(device.id());
    devices.put(device.id(), device);
    if (device instanceof SocketDevice socket) {
      host.yanks().add(new YankInstances.CharacterDevice(device.id()), socket::cut);
    }
  }

  private synchronized void drop(CharDevice device) {
    order.remove(device.id());
    CharDevice unused = devices.remove(device.id());
    host.yanks().remove(new YankInstances.CharacterDevice(device.id()));
  }

  /** Gives a device another back end; a free one is gone when that fails, as in QEMU. */
  public CharDevice change(String id, ChardevBackend backend, DescriptorNames names)
      throws QmpException, BlockException {
    CharDevice old = find(id);
    if (old == null) {
      throw QmpException.generic("Chardev '" + id + "' does not exist");
    }
    if (old instanceof MuxDevice || old instanceof HubDevice) {
      throw QmpException.generic("For mux or hub device hotswap is not supported yet");
    }
    if (!old.isBusy()) {
      drop(old);
      old.end();
      return addNamed(id, backend, names);
    }
    FrontEnd user = old.frontEnd();
    if (user == null || !user.bearsChange()) {
      throw QmpException.generic("Chardev user does not support chardev hotswap");
    }
    CharDevice made = DeviceMaker.make(id, backend, this, host, names);
    made.open();
    old.unreserve();
    drop(old);
    old.end();
    put(made);
    made.start();
    made.claim(user);
    return made;
  }

  /** {@link #add} for chardev-add: errors name the device. */
  public CharDevice addNamed(String id, ChardevBackend backend, DescriptorNames names)
      throws QmpException, BlockException {
    if (find(id) != null) {
      throw QmpException.generic("Chardev with id '" + id + "' already exists");
    }
    String prefix = "Failed to add chardev '" + id + "': ";
    try {
      return add(id, backend, names);
    } catch (QmpException e) {
      throw new QmpException(e.errorClass(), prefix + e.text(), e);
    } catch (BlockException e) {
      throw e.prefixed(prefix);
    }
  }

  /** Removes a device that nobody uses. */
  public void remove(String id) throws QmpException {
    CharDevice device = find(id);
    if (device == null) {
      throw QmpException.generic("Chardev '" + id + "' not found");
    }
    if (device.isBusy()) {
      throw QmpException.generic("Chardev '" + id + "' is busy");
    }
    drop(device);
    device.end();
  }

  /** Begins to serve all devices, and at once each that is added from now on. */
  public void start() {
    serving = true;
    for (CharDevice device : all()) {
      device.start();
    }
  }

  /** The TCP port that a device listens on, or -1. */
  public int port(String id) {
    return find(id) instanceof SocketDevice socket ? socket.port() : -1;
  }

  /** Drops all clients and removes what the devices have made in the file system. */
  public void close() {
    CharDevice waiting = opening;
    if (waiting != null) {
      waiting.end();
    }
    for (CharDevice device : all()) {
      device.end();
    }
  }
}
