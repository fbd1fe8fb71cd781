// SPDX-License-Identifier: Apache-2.0
package org.qblockd.command.hmp;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.qblockd.base.BlockException;
import org.qblockd.machine.net.NetBackend;
import org.qblockd.machine.net.NetBackends;
import org.qblockd.machine.net.NetKinds;
import org.qblockd.qapi.OptsParser;
import org.qblockd.qapi.OptsParser.Parsed;
import org.qblockd.qapi.QmpException;
import org.qblockd.qapi.types.Netdev;

/** The human commands on network back ends. Control lane. */
final class NetRows {
  private static final String TYPE = "type";
  private static final Set<String> LISTS = Set.of("dnssearch", "hostfwd", "guestfwd");

  private final QmpGroups qmp;
  private final NetBackends backEnds;

  private NetRows(QmpGroups qmp, NetBackends backEnds) {
    this.qmp = qmp;
    this.backEnds = backEnds;
  }

  static List<HmpCommand> rows(QmpGroups qmp, NetBackends backEnds) {
    NetRows rows = new NetRows(qmp, backEnds);
    return List.of(
        new HmpCommand(
                "netdev_add",
                "netdev:O",
                "[user|tap|socket|stream|dgram|hubport|l2tpv3|vde|bridge|vhost-user|vhost-vdpa]"
                    + ",id=str[,prop=value][,...]",
                "make a network back end",
                rows::add)
            .completedBy(position -> position == 1 ? NetKinds.listed() : List.of()),
        new HmpCommand(
                "netdev_del",
                "id:s",
                "id",
                "take a network back end away",
                call -> qmp.net().netdevDel(call.text("id")))
            .completedBy(position -> position == 1 ? rows.ids() : List.of()),
        new HmpCommand(
            "set_link",
            "name:s up:b",
            "name on|off",
            "plug or unplug a network adapter's cable",
            call -> qmp.net().setLink(call.text("name"), call.isOn("up"))));
  }

  static List<HmpCommand> infos(NetBackends backEnds) {
    return List.of(
        new HmpCommand(
            "network",
            "",
            "",
            "list the network adapters and their back ends",
            call -> call.print(backEnds.describe())),
        new HmpCommand(
            "usernet",
            "",
            "",
            "list the connections of the user mode network",
            call -> call.print(backEnds.describeUserNetworks())));
  }

  private void add(HmpCall call) throws QmpException, BlockException {
    OptsParser parser = OptsParser.acceptingAny(TYPE);
    Parsed parsed = parser.parse(call.optionalText("netdev").orElse(""), new HashSet<>()::add);
    if (parsed.help() || "help".equals(parsed.get(TYPE))) {
      call.print("Available netdev backend types:\n" + String.join("\n", NetKinds.listed()) + "\n");
      return;
    }
    qmp.net().netdevAdd(Netdev.decode(parsed.visitorOfTexts(LISTS), null));
  }

  private List<String> ids() {
    List<String> names = new ArrayList<>();
    for (NetBackend each : backEnds.all()) {
      names.add(each.id());
    }
    return names;
  }
}
