// SPDX-License-Identifier: Apache-2.0
package org.qblockd.command.machine;

import java.util.List;
import java.util.Optional;
import org.qblockd.machine.Machine;
import org.qblockd.qapi.ErrorClass;
import org.qblockd.qapi.QmpException;
import org.qblockd.qapi.commands.UiCommands;
import org.qblockd.qapi.types.DisplayOptions;
import org.qblockd.qapi.types.DisplayReloadOptions;
import org.qblockd.qapi.types.DisplayType;
import org.qblockd.qapi.types.DisplayUpdateOptions;
import org.qblockd.qapi.types.ExpirePasswordOptions;
import org.qblockd.qapi.types.InputEvent;
import org.qblockd.qapi.types.InputEventKind;
import org.qblockd.qapi.types.KeyValue;
import org.qblockd.qapi.types.MouseInfo;
import org.qblockd.qapi.types.ScreendumpArguments;
import org.qblockd.qapi.types.SetPasswordAction;
import org.qblockd.qapi.types.SetPasswordOptions;
import org.qblockd.qapi.types.SpiceInfo;
import org.qblockd.qapi.types.SpiceQueryMouseMode;
import org.qblockd.qapi.types.VncInfo;
import org.qblockd.qapi.types.VncInfo2;

/** The commands of {@code ui.json}, for a machine without a display. Control lane. */
public final class DisplayCommands implements UiCommands {
  private static final String TIME_UNITS = "0123456789";

  private final Machine machine;

  /** The commands for this machine. */
  public DisplayCommands(Machine machine) {
    this.machine = machine;
  }

  @Override
  public void setPassword(SetPasswordOptions arguments) throws QmpException {
    if (!(arguments instanceof SetPasswordOptions.Vnc vnc)) {
      throw noSpice();
    }
    if (vnc.connected().orElse(SetPasswordAction.KEEP) != SetPasswordAction.KEEP) {
      throw QmpException.generic("parameter 'connected' must be 'keep' when 'protocol' is 'vnc'");
    }
    throw QmpException.generic("Could not set password");
  }

  @Override
  public void expirePassword(ExpirePasswordOptions arguments) throws QmpException {
    checkTime(arguments.time());
    throw arguments instanceof ExpirePasswordOptions.Vnc
        ? QmpException.generic("Could not set password expire time")
        : noSpice();
  }

  /** A word, seconds from now with a plus, or seconds since 1970. */
  private static void checkTime(String time) throws QmpException {
    String digits = time.startsWith("+") ? time.substring(1) : time;
    boolean number = !digits.isEmpty();
    for (int i = 0; i < digits.length(); i++) {
      number &= TIME_UNITS.indexOf(digits.charAt(i)) >= 0;
    }
    if (!number && !time.equals("now") && !time.equals("never")) {
      throw QmpException.generic("Parameter 'time' doesn't take value '" + time + "'");
    }
  }

  private static QmpException noSpice() {
    return new QmpException(ErrorClass.DEVICE_NOT_ACTIVE, "SPICE is not in use");
  }

  @Override
  public void screendump(ScreendumpArguments arguments) throws QmpException {
    Optional<String> device = arguments.device();
    if (device.isPresent()) {
      throw deviceNotFound(device.get());
    }
    if (arguments.head().isPresent()) {
      throw QmpException.generic("'head' must be specified together with 'device'");
    }
    throw QmpException.generic("There is no console to take a screendump from");
  }

  private static QmpException deviceNotFound(String device) {
    return new QmpException(ErrorClass.DEVICE_NOT_FOUND, "Device '" + device + "' not found");
  }

  @Override
  public SpiceInfo querySpice() {
    return new SpiceInfo(
        false,
        false,
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        SpiceQueryMouseMode.CLIENT,
        Optional.empty());
  }

  @Override
  public VncInfo queryVnc() {
    return new VncInfo(
        false,
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty());
  }

  @Override
  public List<VncInfo2> queryVncServers() {
    return List.of();
  }

  @Override
  public void changeVncPassword(String password) throws QmpException {
    throw QmpException.generic("Could not set password");
  }

  @Override
  public List<MouseInfo> queryMice() {
    return hasKeyboardAndMouse()
        ? List.of(new MouseInfo("QEMU PS/2 Mouse", 2, true, false))
        : List.of();
  }

  private boolean hasKeyboardAndMouse() {
    String type = machine.facts().type();
    return type.startsWith("pc")
        || type.equals("q35")
        || type.equals("isapc")
        || type.equals("xenfv");
  }

  /** Nobody looks at the keyboard. */
  @Override
  public void sendKey(List<KeyValue> keys, Optional<Long> holdTime) {}

  @Override
  public void inputSendEvent(Optional<String> device, Optional<Long> head, List<InputEvent> events)
      throws QmpException {
    if (device.isPresent()) {
      throw deviceNotFound(device.get());
    }
    for (InputEvent event : events) {
      InputEventKind kind = event.type();
      boolean absolute = kind == InputEventKind.ABS || kind == InputEventKind.MTT;
      if (absolute || !hasKeyboardAndMouse()) {
        throw QmpException.generic("Input handler not found for event type " + kind.wireName());
      }
    }
  }

  @Override
  public DisplayOptions queryDisplayOptions() {
    return new DisplayOptions.Other(
        DisplayType.NONE, Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());
  }

  @Override
  public void displayUpdate(DisplayUpdateOptions arguments) throws QmpException {
    throw QmpException.generic("Can not find vnc display");
  }

  @Override
  public void displayReload(DisplayReloadOptions arguments) throws QmpException {
    if (arguments instanceof DisplayReloadOptions.Vnc vnc && vnc.data().tlsCerts().orElse(false)) {
      throw QmpException.generic("Can not find vnc display");
    }
  }
}
