// SPDX-License-Identifier: Apache-2.0
package org.qblockd.app;

import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.qblockd.app.commandline.CommandLineException;
import org.qblockd.app.commandline.DashboardReader;
import org.qblockd.app.commandline.Located;
import org.qblockd.app.commandline.ProcessOptions;
import org.qblockd.base.BlockException;
import org.qblockd.block.NodeTraffic;
import org.qblockd.dashboard.Dashboard;
import org.qblockd.dashboard.DashboardOptions;
import org.qblockd.dashboard.Figures;
import org.qblockd.machine.Machine;
import org.qblockd.monitor.Backend;
import org.qblockd.monitor.WatchedCommands;
import org.qblockd.qapi.QmpException;

/**
 * The dashboard of a server that has one; a start without it does not load this class. Main thread;
 * {@link #close} as that of {@link Transports}.
 */
final class DashboardStart {
  private final Located<String> option;
  private final DashboardOptions options;
  private final WatchedCommands commands;
  private final Core core;
  private final String version;
  private final Messages messages;
  private @Nullable Dashboard dashboard;

  private DashboardStart(
      Located<String> option,
      DashboardOptions options,
      Core made,
      String version,
      Messages messages) {
    this.option = option;
    this.options = options;
    this.version = version;
    this.messages = messages;
    Backend before = made.backend();
    commands = new WatchedCommands(before.dispatcher(), made.machine().clock());
    Backend backend = new Backend(before.version(), commands, before.lane(), before.bugs());
    core = new Core(made.machine(), made.migration(), made.events(), backend, made.commands());
  }

  /** The dashboard that the command line asks for; null when it asks for none. */
  static @Nullable DashboardStart of(
      ProcessOptions process, Core made, String version, Messages messages)
      throws CommandLineException {
    Located<String> option = process.dashboard().orElse(null);
    if (option == null || DashboardReader.isOff(option.value())) {
      return null;
    }
    try {
      DashboardOptions options = DashboardReader.read(option.value());
      return new DashboardStart(option, options, made, version, messages);
    } catch (QmpException e) {
      throw new CommandLineException(option.location(), e);
    }
  }

  /** What the server is made of, with commands that are watched. */
  Core core() {
    return core;
  }

  /** Begins to listen. */
  void open() throws CommandLineException {
    Quiet.logging(messages);
    try {
      dashboard =
          Dashboard.open(
              new Dashboard.Host(
                  core.backend(),
                  commands,
                  core.events(),
                  new MachineFigures(core.machine()),
                  version,
                  messages::bug),
              options);
    } catch (BlockException e) {
      throw new CommandLineException(option.location(), e);
    }
  }

  /** Where to point a browser; empty before it is open. */
  String url() {
    Dashboard opened = dashboard;
    return opened == null ? "" : opened.url();
  }

  /** Ends it. */
  void close() {
    Dashboard opened = dashboard;
    dashboard = null;
    if (opened != null) {
      opened.close();
    }
  }

  /** The figures, collected on the control lane. */
  private record MachineFigures(Machine machine) implements Figures {
    @Override
    public void collect(Consumer<Moment> taker) {
      machine.lane().execute(() -> taker.accept(new Moment(nodes(), exports())));
    }

    private List<Figures.NodeFigures> nodes() {
      return machine.graph().nodes().stream()
          .map(node -> {
            NodeTraffic figures = NodeTraffic.of(node);
            return new Figures.NodeFigures(
                node.name(),
                node.driver(),
                figures.inFlight(),
                figures.operations(),
                figures.bytes());
          })
          .toList();
    }

    private List<ExportFigures> exports() {
      return machine.exports().all().stream()
          .map(export -> new ExportFigures(export.id(), export.nodeName(), export.clients()))
          .toList();
    }
  }
}
