// SPDX-License-Identifier: Apache-2.0
package org.qblockd.command.chardev;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import org.qblockd.base.BlockException;
import org.qblockd.chardev.CharDevice;
import org.qblockd.chardev.CharDevices;
import org.qblockd.chardev.CharKinds;
import org.qblockd.chardev.RingBuffer;
import org.qblockd.qapi.QmpException;
import org.qblockd.qapi.commands.CharCommands;
import org.qblockd.qapi.types.ChardevBackend;
import org.qblockd.qapi.types.ChardevBackendInfo;
import org.qblockd.qapi.types.ChardevInfo;
import org.qblockd.qapi.types.ChardevReturn;
import org.qblockd.qapi.types.DataFormat;

/** The commands of {@code char.json}. Control lane. */
public final class CharDeviceCommands implements CharCommands {
  private final CharDevices devices;

  /** The commands for these devices. */
  public CharDeviceCommands(CharDevices devices) {
    this.devices = devices;
  }

  @Override
  public List<ChardevInfo> queryChardev() {
    List<ChardevInfo> infos = new ArrayList<>();
    for (CharDevice device : devices.all()) {
      infos.add(new ChardevInfo(device.id(), device.filename(), device.isFrontEndOpen()));
    }
    return infos;
  }

  @Override
  public List<ChardevBackendInfo> queryChardevBackends() {
    List<ChardevBackendInfo> infos = new ArrayList<>();
    for (String kind : CharKinds.all()) {
      infos.add(new ChardevBackendInfo(kind));
    }
    return infos;
  }

  @Override
  public void ringbufWrite(String device, String data, Optional<DataFormat> format)
      throws QmpException {
    RingBuffer ring = ring(device);
    byte[] bytes = isBase64(format) ? Base64Text.decode(data) : data.getBytes(UTF_8);
    ring.write(bytes, 0, bytes.length);
  }

  @Override
  public String ringbufRead(String device, long size, Optional<DataFormat> format)
      throws QmpException {
    RingBuffer ring = ring(device);
    if (size <= 0) {
      throw QmpException.generic("size must be greater than zero");
    }
    byte[] bytes = ring.read(size);
    if (isBase64(format)) {
      return Base64.getEncoder().encodeToString(bytes);
    }
    // As in QEMU: what is no text becomes a replacement character, and a zero ends it.
    return RingText.of(bytes);
  }

  private static boolean isBase64(Optional<DataFormat> format) {
    return format.isPresent() && format.get() == DataFormat.BASE64;
  }

  private RingBuffer ring(String id) throws QmpException {
    CharDevice device = devices.find(id);
    if (device == null) {
      throw QmpException.generic("Device '" + id + "' not found");
    }
    if (device instanceof RingBuffer ring) {
      return ring;
    }
    throw QmpException.generic(id + " is not a ringbuf device");
  }

  @Override
  public ChardevReturn chardevAdd(String id, ChardevBackend backend)
      throws QmpException, BlockException {
    return returned(devices.addNamed(id, backend, new MonitorDescriptors()));
  }

  @Override
  public ChardevReturn chardevChange(String id, ChardevBackend backend)
      throws QmpException, BlockException {
    return returned(devices.change(id, backend, new MonitorDescriptors()));
  }

  private static ChardevReturn returned(CharDevice device) {
    return new ChardevReturn(Optional.ofNullable(device.pseudoTerminal()));
  }

  @Override
  public void chardevRemove(String id) throws QmpException {
    devices.remove(id);
  }

  /** No front end here listens for breaks: there is no guest whose serial port would. */
  @Override
  public void chardevSendBreak(String id) throws QmpException {
    if (devices.find(id) == null) {
      throw QmpException.generic("Chardev '" + id + "' not found");
    }
  }
}
