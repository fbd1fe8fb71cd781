// SPDX-License-Identifier: Apache-2.0
package org.qblockd.app.commandline;

import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.qblockd.qapi.Keyval;
import org.qblockd.qapi.OptsParser;
import org.qblockd.qapi.OptsParser.Parsed;
import org.qblockd.qapi.QmpException;

/**
 * Reads the options about the machine that is not there: their form is checked, and what queries
 * show is kept. Main thread.
 */
final class GuestParser {
  private final OptionReader reader;
  private final GuestOptions guest = new GuestOptions();
  private @Nullable NetForm netForm;

  GuestParser(OptionReader reader) {
    this.reader = reader;
  }

  GuestOptions options() {
    return guest;
  }

  void apply(OptionName option, String argument)
      throws CommandLineException, QmpException, HelpException {
    switch (option) {
      case MACHINE, M_LARGE -> GuestOptions.merge(guest.machine, argument, GuestOptions.TYPE);
      case KERNEL -> guest.machine.put("kernel", argument);
      case INITRD -> guest.machine.put("initrd", argument);
      case APPEND -> guest.machine.put("append", argument);
      case SHIM -> guest.machine.put("shim", argument);
      case DTB -> guest.machine.put("dtb", argument);
      case ACCEL -> accelerator(argument);
      case ENABLE_KVM -> guest.accelerators.add(reader.located("kvm"));
      case CPU -> guest.cpu = argument;
      case SMP -> topology(argument);
      case BOOT -> boot(argument);
      case M -> memory(argument);
      case DISPLAY -> display(argument);
      case NOGRAPHIC -> guest.graphics = false;
      case NODEFAULTS -> guest.defaults = false;
      case VGA -> guest.vga = argument;
      case QTEST -> guest.testDriver = reader.located(argument);
      case QTEST_LOG -> guest.testLog = argument;
      case SERIAL -> port(GuestPort.Kind.SERIAL, argument);
      case PARALLEL -> port(GuestPort.Kind.PARALLEL, argument);
      case DEBUGCON -> port(GuestPort.Kind.DEBUGCON, argument);
      default -> others(option, argument);
    }
  }

  private void port(GuestPort.Kind kind, String device) {
    guest.ports.add(reader.located(new GuestPort(kind, device)));
  }

  private void others(OptionName option, String argument)
      throws CommandLineException, QmpException, HelpException {
    switch (option) {
      case NET, NIC, NETDEV -> network(option, argument);
      case RTC -> guest.clock.add(reader.parse(OptionForm.of(option), argument));
      case COMPAT -> compatibility(argument);
      case SEED -> seed(argument);
      case L -> directory(argument);
      case AUDIODEV, AUDIO -> audio(option, argument);
      case SPICE -> throw reader.wrong("There is no option group 'spice'");
      case USBDEVICE -> throw reader.wrong("could not add USB device '" + argument + "'");
      case PLUGIN, GDB, S_SMALL, DUMP_VMSTATE, DFILTER, ECHR -> guest.inert.add(option);
      default -> {
        Parsed unused = reader.parse(OptionForm.of(option), argument);
      }
    }
  }

  private void network(OptionName option, String argument) throws QmpException, HelpException {
    guest.network = true;
    NetForm form = netForm;
    if (form == null) {
      form = new NetForm(reader);
      netForm = form;
    }
    NetOption read = form.read(option, argument);
    if (read != null) {
      guest.networks.add(reader.located(read));
    }
  }

  private void accelerator(String argument) throws QmpException, HelpException {
    Parsed parsed = reader.parse(OptsParser.acceptingAny("accel"), argument);
    if (parsed.help()) {
      throw new HelpException("Accelerators supported in QEMU binary:\ntcg\nkvm");
    }
    String accelerator = OptionReader.blank(parsed.get("accel"));
    guest.qtest |= guest.accelerators.isEmpty() && accelerator.equals("qtest");
    guest.accelerators.add(reader.located(accelerator));
  }

  private void topology(String argument) throws QmpException, HelpException {
    GuestOptions.merge(guest.smp, argument, "cpus");
    if (guest.smp.containsKey("help")) {
      throw new HelpException(GuestHelp.topology());
    }
  }

  private void boot(String argument) throws QmpException, HelpException {
    GuestOptions.merge(guest.boot, argument, "order");
    if (guest.boot.containsKey("help")) {
      throw new HelpException(GuestHelp.boot());
    }
  }

  private void memory(String argument) throws QmpException {
    Parsed parsed = reader.parse(OptionForm.of(OptionName.M), argument);
    for (OptsParser.Option each : parsed.options()) {
      guest.memory.put(each.name(), each.value());
    }
  }

  private static void display(String argument) throws QmpException, HelpException {
    int comma = argument.indexOf(',');
    String type = comma < 0 ? argument : argument.substring(0, comma);
    if (type.equals("help") || type.equals("?")) {
      throw new HelpException("Available display backend types:\nnone\n");
    }
    if (!type.equals("none")) {
      throw QmpException.generic("Parameter 'type' does not accept value '" + type + "'");
    }
    for (String key : Keyval.flat(argument, "type").keySet()) {
      if (!key.equals("type")) {
        throw QmpException.generic("Parameter '" + key + "' is unexpected");
      }
    }
  }

  private void compatibility(String argument) throws QmpException {
    Map<String, String> policies = Keyval.flat(argument, null);
    for (Map.Entry<String, String> policy : policies.entrySet()) {
      GuestChecks.compatibility(policy.getKey(), policy.getValue());
    }
    guest.compatibility.putAll(policies);
  }

  private void seed(String argument) throws CommandLineException {
    try {
      long unused = Long.parseUnsignedLong(argument);
    } catch (NumberFormatException e) {
      throw new CommandLineException(reader.location(), "Invalid seed number: " + argument);
    }
  }

  /** There is nothing to load from directories; {@code help} has none to name. */
  private static void directory(String argument) throws HelpException {
    if (argument.equals("help") || argument.equals("?")) {
      throw new HelpException("");
    }
  }

  private void audio(OptionName option, String argument) throws QmpException, HelpException {
    String driver = "driver";
    Map<String, String> values = Keyval.flat(argument, driver);
    if (values.containsKey("help") || "help".equals(values.get(driver))) {
      throw new HelpException("Available audio drivers:\nnone");
    }
    if (option == OptionName.AUDIODEV && !values.containsKey("id")) {
      throw QmpException.generic("Parameter 'id' is missing");
    }
    if (!"none".equals(values.get(driver))) {
      throw QmpException.generic(
          "Parameter 'driver' does not accept value '" + values.get(driver) + "'");
    }
  }
}
