// SPDX-License-Identifier: Apache-2.0
package org.qblockd.command.hmp;

import java.util.ArrayList;
import java.util.List;
import org.qblockd.qapi.ErrorClass;
import org.qblockd.qapi.QmpException;

/**
 * The human commands about parts of a machine that is not there: what they say is what QEMU says on
 * a machine without CPU, memory and displays. Control lane.
 */
final class GuestRows {
  private final List<HmpCommand> rows = new ArrayList<>();

  private GuestRows() {}

  static List<HmpCommand> rows() {
    GuestRows all = new GuestRows();
    all.addMachine();
    all.addBoards();
    all.addLimits();
    all.addConsoles();
    all.addReplay();
    all.addDumps();
    return all.rows;
  }

  private void add(
      String name, String notation, String synopsis, String summary, HmpCommand.Body body) {
    rows.add(new HmpCommand(name, notation, synopsis, summary, body));
  }

  private static HmpCommand.Body says(String text) {
    return call -> call.print(text);
  }

  private static HmpCommand.Body fails(String text) {
    return call -> {
      throw QmpException.generic(text);
    };
  }

  private void addMachine() {
    add(
        "announce_self",
        "interfaces?:s id?:s",
        "[interfaces] [id]",
        "let the guest's network adapters tell where they are",
        says(""));
    add(
        "balloon",
        "value:M",
        "target",
        "ask the guest to use this much memory (in MB)",
        call -> {
          throw new QmpException(
              ErrorClass.DEVICE_NOT_ACTIVE, "No balloon device has been activated");
        });
    add(
        "boot_set",
        "bootdevice:s",
        "bootdevice",
        "say what to boot from",
        says("no function defined to set boot device list for this architecture\n"));
    add(
        "cpu",
        "index:i",
        "index",
        "choose the CPU that other commands look at",
        says("invalid CPU index\n"));
    add(
        "exit_preconfig",
        "",
        "",
        "leave the state before the machine is made",
        fails("The command is permitted only before machine initialization"));
    add(
        "gdbserver",
        "device?:s",
        "[device]",
        "let a debugger attach ('none': no longer)",
        call ->
            call.print(
                """
                warning: gdbstub: meaningless to attach gdb to a machine without any CPU.
                Could not open gdbserver on device '%s'
                """
                    .formatted(call.optionalText("device").orElse("tcp::1234"))));
    add(
        "mce",
        "-b cpu_index:i bank:i status:l mcg_status:l addr:l misc:l",
        "[-b] cpu bank status mcgstatus addr misc",
        "raise a machine check exception (-b: on all CPUs)",
        says(""));
  }

  private void addBoards() {
    add("nmi", "", "", "raise a non-maskable interrupt", fails("machine does not provide NMIs"));
    add(
        "one-insn-per-tb",
        "option?:s",
        "[on|off]",
        "translate each guest instruction by itself",
        call -> {
          String option = call.optionalText("option").orElse("on");
          if (!option.equals("on") && !option.equals("off")) {
            call.print("unexpected option " + option + "\n");
          }
        });
    add(
        "pcie_aer_inject_error",
        "-a -c id:s error_status:s header0?:i header1?:i header2?:i header3?:i"
            + " prefix0?:i prefix1?:i prefix2?:i prefix3?:i",
        "[-a] [-c] id <error_status> [<tlp header> [<tlp header prefix>]]",
        "let a PCI Express device report an error (-a: advisory; -c: correctable)",
        call -> {
          throw QmpException.generic("device '" + call.text("id") + "' not found");
        });
  }

  private void addLimits() {
    add(
        "cancel_vcpu_dirty_limit",
        "cpu_index?:i",
        "[cpu_index]",
        "no longer limit how fast CPUs write memory",
        says("[Please use 'info vcpu_dirty_limit' to query dirty limit for virtual CPU]\n"));
    add(
        "set_vcpu_dirty_limit",
        "dirty_rate:l cpu_index?:l",
        "dirty_rate [cpu_index]",
        "limit how fast CPUs write memory",
        fails(
            "dirty page limit feature requires KVM with accelerator property"
                + " 'dirty-ring-size' set'"));
    add(
        "hostfwd_add",
        "arg1:s arg2?:s",
        "[netdev_id] [tcp|udp]:[hostaddr]:hostport-[guestaddr]:guestport",
        "let a port of the host lead to the guest",
        GuestRows::forward);
    add(
        "hostfwd_remove",
        "arg1:s arg2?:s",
        "[netdev_id] [tcp|udp]:[hostaddr]:hostport",
        "end what hostfwd_add began",
        GuestRows::forward);
    add(
        "xen-event-inject",
        "port:i",
        "port",
        "raise a Xen event",
        fails("Xen event channel emulation not enabled"));
    add(
        "xen-event-list",
        "",
        "",
        "list Xen's event channels",
        fails("Xen event channel emulation not enabled"));
  }

  private static void forward(HmpCall call) {
    call.print(
        call.has("arg2")
            ? "unrecognized netdev id '" + call.text("arg1") + "'\n"
            : "user mode network stack not in use\n");
  }

  private void addConsoles() {
    add(
        "client_migrate_info",
        "protocol:s hostname:s port?:i tls-port?:i cert-subject?:s",
        "protocol hostname port tls-port cert-subject",
        "tell a remote display where the machine migrates to",
        call -> {
          throw QmpException.generic(
              call.text("protocol").equals("spice")
                  ? "SPICE is not in use"
                  : "Parameter 'protocol' expects 'spice'");
        });
    add(
        "expire_password",
        "protocol:s time:s -d:s",
        "protocol time [-d display]",
        "let a display's password end",
        call -> {
          checkProtocol(call);
          throw QmpException.generic("Could not set password expire time");
        });
    add(
        "set_password",
        "protocol:s password:s -d:s connected?:s",
        "protocol password [-d display] [action-if-connected]",
        "change a display's password",
        call -> {
          checkProtocol(call);
          checkOneOf(call, "connected", "keep", "fail", "disconnect");
          throw QmpException.generic("Could not set password");
        });
    add(
        "mouse_button",
        "button_state:i",
        "state",
        "press buttons of the mouse (1=L, 2=M, 4=R)",
        says(""));
    add("mouse_move", "dx_str:s dy_str:s dz_str?:s", "dx dy [dz]", "move the mouse", says(""));
    add(
        "mouse_set",
        "index:i",
        "index",
        "choose the mouse that is moved",
        call -> {
          throw QmpException.generic("Mouse at index '" + call.number("index") + "' not found");
        });
    add(
        "screendump",
        "filename:F -f:s device?:s head?:i",
        "filename [-f format] [device [head]]",
        "write a display's picture to a file (format: 'png' or 'ppm')",
        GuestRows::screendump);
    add("stopcapture", "n:i", "capture index", "end a capture of sound", says(""));
    add(
        "wavcapture",
        "path:F audiodev:s freq?:i bits?:i nchannels?:i",
        "path audiodev [frequency [bits [channels]]]",
        "write the sound of a machine to a file",
        call -> call.print("audiodev '" + call.text("audiodev") + "' not found\n"));
  }

  private static void checkProtocol(HmpCall call) throws QmpException {
    checkOneOf(call, "protocol", "vnc", "spice");
  }

  private static void checkOneOf(HmpCall call, String name, String... values) throws QmpException {
    String value = call.optionalText(name).orElse(values[0]);
    if (!List.of(values).contains(value)) {
      throw QmpException.generic("invalid parameter value: " + value);
    }
  }

  private static void screendump(HmpCall call) throws QmpException {
    checkOneOf(call, "f", "ppm", "png");
    if (call.has("device")) {
      throw new QmpException(
          ErrorClass.DEVICE_NOT_FOUND, "Device '" + call.text("device") + "' not found");
    }
    throw QmpException.generic("There is no console to take a screendump from");
  }

  private void addReplay() {
    add(
        "replay_break",
        "icount:l",
        "icount",
        "halt a replay at this instruction",
        says("setting the breakpoint is allowed only in play mode\n"));
    add(
        "replay_delete_break",
        "",
        "",
        "no longer halt a replay",
        says("replay breakpoints are allowed only in play mode\n"));
    add(
        "replay_seek",
        "icount:l",
        "icount",
        "replay up to this instruction",
        says("replay must be enabled to seek\n"));
  }

  private void addDumps() {
    add(
        "dump-guest-memory",
        "-p -d -z -l -s -w -R filename:F begin?:l length?:l",
        "[-p] [-d] [-z|-l|-s|-w] [-R] filename [begin length]",
        """
        write the guest's memory to a file
        \t\t\t(-p: by its page tables; -d: do not wait; -z, -l, -s: compressed by zlib,
        \t\t\tlzo, snappy; -R: not flattened; -w: for Windows' debugger)\
        """,
        GuestRows::dump);
    add(
        "dumpdtb",
        "filename:F",
        "filename",
        "write the device tree blob to a file",
        call -> {
          throw QmpException.withHint(
              "This machine doesn't have an FDT",
              "(Perhaps it doesn't support FDT at all, or perhaps you need to provide an FDT with"
                  + " the -fdt option?)\n");
        });
    add("log", "items:s", "item1[,...]", "choose what is logged", GuestRows::log);
  }

  private static void dump(HmpCall call) throws QmpException {
    int formats = 0;
    for (String format : List.of("z", "l", "s", "w")) {
      formats += call.has(format) ? 1 : 0;
    }
    if (formats > 1) {
      throw QmpException.generic("only one of '-z|-l|-s|-w' can be set");
    }
    if (call.has("begin") && !call.has("length")) {
      throw QmpException.generic("Parameter 'length' is missing");
    }
    throw QmpException.generic("dump: no guest memory to dump");
  }

  /** Nothing that can be logged ever happens here; the items are checked all the same. */
  private static void log(HmpCall call) {
    String items = call.text("items");
    if (!LogItems.areKnown(items)) {
      call.print(LogItems.help());
    } else if (items.contains("all") || items.contains("tid")) {
      call.print("Filename template with '%d' required for 'tid'\n");
    }
  }
}
