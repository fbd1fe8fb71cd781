// SPDX-License-Identifier: Apache-2.0
package org.qblockd.machine.object;

import org.jspecify.annotations.Nullable;
import org.qblockd.base.BlockException;
import org.qblockd.chardev.CharDevice;
import org.qblockd.machine.qom.QomObject;
import org.qblockd.machine.qom.QomProperty;
import org.qblockd.qapi.AnyValue;
import org.qblockd.qapi.InputVisitor;
import org.qblockd.qapi.QmpException;

/**
 * Would compare the packets of the primary and the secondary machine; without guests there are none
 * to compare, but it holds its character devices. Control lane.
 */
final class ColoCompareObject extends UserObject {
  private static final String TYPE = "colo-compare";
  private static final long DEFAULT_TIMEOUT_MILLIS = 3000;
  private static final long DEFAULT_SCAN_MILLIS = 1000;
  private static final long DEFAULT_QUEUE = 1024;

  private final ObjectTypes types;
  private final NetPort primary = new NetPort();
  private final NetPort secondary = new NetPort();
  private final NetPort out = new NetPort();
  private final NetPort notify = new NetPort();
  private String primaryIn = "";
  private String secondaryIn = "";
  private String outdev = "";
  private String notifyDev = "";
  private @Nullable QomObject iothread;
  private long timeoutMillis = DEFAULT_TIMEOUT_MILLIS;
  private long scanMillis = DEFAULT_SCAN_MILLIS;
  private long queue = DEFAULT_QUEUE;
  private boolean header;

  ColoCompareObject(ObjectTypes types) {
    super(TYPE);
    this.types = types;
    addDevices();
    add(
        new QomProperty(
            "compare_timeout", "uint64", () -> AnyValue.unsigned(timeoutMillis), this::setTimeout));
    add(
        QomProperty.number(
            "expired_scan_cycle",
            "uint32",
            () -> scanMillis,
            (in, name) -> scanMillis = NetFilters.positive(in, TYPE, name)));
    add(
        QomProperty.number(
            "max_queue_size",
            "uint32",
            () -> queue,
            (in, name) -> queue = NetFilters.positive(in, TYPE, name)));
    add(QomProperty.bool("vnet_hdr_support", () -> header, (in, name) -> header = in.bool(name)));
  }

  private void addDevices() {
    add(
        QomProperty.string(
            "primary_in", () -> primaryIn, (in, name) -> primaryIn = in.string(name)));
    add(
        QomProperty.string(
            "secondary_in", () -> secondaryIn, (in, name) -> secondaryIn = in.string(name)));
    add(QomProperty.string("outdev", () -> outdev, (in, name) -> outdev = in.string(name)));
    add(
        QomProperty.link(
            "iothread",
            "iothread",
            () -> iothread,
            (in, name) -> iothread = types.link(in.string(name), "iothread")));
    add(
        QomProperty.string(
            "notify_dev", () -> notifyDev, (in, name) -> notifyDev = in.string(name)));
  }

  private void setTimeout(InputVisitor in, String name) throws QmpException {
    long value = in.unsigned(name);
    if (value == 0) {
      throw NetFilters.notPositive(TYPE, name);
    }
    timeoutMillis = value;
  }

  @Override
  protected void complete() throws QmpException, BlockException {
    if (primaryIn.equals(secondaryIn) || primaryIn.equals(outdev) || secondaryIn.equals(outdev)) {
      throw QmpException.generic("'indev' and 'outdev' could not be same for compare module");
    }
    primary.read(device(primaryIn));
    secondary.read(device(secondaryIn));
    out.write(device(outdev));
    if (!notifyDev.isEmpty()) {
      notify.read(device(notifyDev));
    }
  }

  private CharDevice device(String id) throws QmpException {
    CharDevice device = NetPort.find(types.network().charDevices(), id, "");
    if (!device.isReconnectable()) {
      throw QmpException.generic("chardev \"" + id + "\" is not reconnectable");
    }
    return device;
  }

  @Override
  protected void dispose() {
    primary.release();
    secondary.release();
    out.release();
    notify.release();
  }
}
