// SPDX-License-Identifier: Apache-2.0
package org.qblockd.machine.device;

import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.qblockd.base.BlockException;
import org.qblockd.base.ControlLane;
import org.qblockd.block.BlockGraph;
import org.qblockd.machine.drive.Drive;
import org.qblockd.machine.drive.DriveInfo;
import org.qblockd.machine.drive.Drives;
import org.qblockd.machine.qom.ObjectTree;
import org.qblockd.machine.qom.PropertyFact;
import org.qblockd.machine.qom.QomObject;
import org.qblockd.machine.qom.QomType;
import org.qblockd.machine.qom.QomTypes;
import org.qblockd.qapi.ErrorClass;
import org.qblockd.qapi.EventSink;
import org.qblockd.qapi.QmpException;
import org.qblockd.qapi.options.DeviceOptions;

/** The devices of the machine: how they come and go. Control lane. */
public final class Devices implements Runnable {
  /** What is made when the machine is built. */
  private record Parts(
      Board board,
      PropertyRules rules,
      DriveProperty driveProperty,
      BoardDrives drives,
      Unplugging unplugging) {}

  private final ControlLane lane;
  private final Drives drives;
  private final ObjectTree tree;
  private final EventSink events;
  private final ResetSource resets;
  private final String machineType;
  private final BlockGraph graph;
  private final NewBuses newBuses = new NewBuses();
  private @Nullable Parts parts;
  private @Nullable Predicate<String> netdevs;
  private int anonymous;
  private boolean ready;
  private boolean building;
  private @Nullable Globals globals;
  private Onboard onboard = Onboard.NOTHING;

  /** The devices of a machine of the type given to -machine; built when first asked for. */
  public Devices(
      ControlLane lane,
      BlockGraph graph,
      Drives drives,
      ObjectTree tree,
      EventSink events,
      ResetSource resets,
      String machineType) {
    this.lane = lane;
    this.drives = drives;
    this.tree = tree;
    this.events = events;
    this.resets = resets;
    this.machineType = machineType;
    this.graph = graph;
    tree.onFirstUse(this);
    drives.setDeviceFinder(new DeviceLookup(this));
  }

  /** Sets who knows the network back ends that {@code netdev} may name. */
  public void setNetdevs(Predicate<String> known) {
    netdevs = known;
  }

  /** Sets what a PC has on its board besides; before the machine is built. */
  public void setOnboard(Onboard extras) {
    onboard = extras;
  }

  /**
   * Sets the values that devices begin with; before the machine is built.
   *
   * @param warnings takes what is wrong with one for a device that is added later
   */
  public void setGlobals(List<Global> values, Consumer<String> warnings) {
    globals = new Globals(values, warnings);
  }

  /** What is to be said of values that no device can have. */
  public List<String> vainGlobals() {
    return globals == null ? List.of() : globals.vain();
  }

  /** Builds the machine now, since its drives may be refused. */
  public void build() throws QmpException, BlockException {
    parts().drives().check();
  }

  /** Whether a device that is made now comes while the machine is there. */
  private boolean hot() {
    return ready && !building;
  }

  /** The machine is complete: from now on only buses that can are plugged into. */
  public void machineReady() {
    ready = true;
  }

  /** Builds the machine unless that has been done; the tree calls it when it is first used. */
  @Override
  public void run() {
    Parts unused = parts();
  }

  private Parts parts() {
    Parts current = parts;
    if (current == null) {
      DriveProperty driveProperty = new DriveProperty(graph, drives);
      PropertyRules rules = new PropertyRules(tree, driveProperty);
      if (netdevs != null) {
        rules.setNetdevs(netdevs);
      }
      BoardDrives boardDrives = new BoardDrives(this, drives);
      Board board = new Board(tree, rules, this::begin);
      Unplugging unplugging = new Unplugging(lane, drives, events);
      current = new Parts(board, rules, driveProperty, boardDrives, unplugging);
      parts = current;
      resets.onReset(driveProperty::settle);
      resets.onReset(unplugging::reset);
      building = true;
      current.board().build(machineType, onboard, boardDrives);
      building = false;
    }
    return current;
  }

  private Board board() {
    return parts().board();
  }

  // ---- plugging -------------------------------------------------------------------------------

  /** Adds a device, as -device and device_add do. */
  public Device add(DeviceOptions options) throws QmpException, BlockException {
    Board machine = board();
    String driver = options.string("driver");
    if (driver == null) {
      throw QmpException.generic("Parameter 'driver' is missing");
    }
    QomType kind = Choice.userType(driver);
    Bus bus = Choice.bus(machine.system(), kind, options.string("bus"));
    if (hot() && !bus.hotplug()) {
      if (kind.bus().isEmpty()) {
        throw QmpException.generic(
            "Device '" + kind.name() + "' can not be hotplugged on this machine");
      }
      throw QmpException.generic("Bus '" + bus.busName() + "' does not support hotplugging");
    }
    Device device = make(kind);
    if (globals != null) {
      globals.apply(device, hot());
    }
    String id = options.string("id");
    place(device, id == null ? "" : id);
    try {
      for (String property : options.properties()) {
        device.set(property, options.visitor());
      }
      realize(device, bus);
    } catch (QmpException | BlockException | RuntimeException refused) {
      parts().unplugging().drop(device);
      throw refused;
    }
    return device;
  }

  private Device make(QomType kind) {
    Device device = new Device(kind, parts().rules());
    for (PropertyFact fact : kind.properties()) {
      if (fact.name().equals("virtio-backend") && fact.type().startsWith("child<")) {
        String inner = fact.type().substring("child<".length(), fact.type().length() - 1);
        QomType innerKind = QomTypes.find(inner);
        if (innerKind != null) {
          Device part = new Device(innerKind, parts().rules(), device.values());
          device.addChild("virtio-backend", part);
          device.setPart(part);
        }
      }
    }
    return device;
  }

  /** Gives a device of the board its values; what is wrong is told when the board is there. */
  private void begin(Device device) {
    if (globals != null) {
      try {
        globals.apply(device, false);
      } catch (QmpException e) {
        parts().drives().refuse(e);
      }
    }
  }

  private void place(Device device, String id) throws QmpException {
    if (id.isEmpty()) {
      tree.peripheralAnon().addChild("device[" + anonymous++ + "]", device);
      return;
    }
    if (tree.peripheral().find(id) != null) {
      throw QmpException.generic("Duplicate device ID '" + id + "'");
    }
    tree.peripheral().addChild(id, device);
    device.setId(id);
  }

  private void realize(Device device, Bus bus) throws QmpException, BlockException {
    device.plugInto(bus);
    DeviceChecks.check(device);
    Placement.place(device, bus);
    BlockUse use = device.blockUse();
    Device inside = device.part() == null ? device : device.part();
    BlockModel model = BlockModel.of(inside.type());
    if (device.type().equals("nvme") && use != null) {
      model = BlockModel.nvme();
    }
    if (model != null) {
      realizeBlock(device, inside, model);
    }
    addBuses(device, inside);
    device.setRealized(hot());
    if (device.part() != null) {
      device.part().setRealized(hot());
    }
  }

  private void realizeBlock(Device device, Device inside, BlockModel model)
      throws QmpException, BlockException {
    BlockUse use = device.blockUse();
    if (use == null) {
      if (model.missing() != null) {
        throw QmpException.generic(model.missing());
      }
      use = parts().driveProperty().empty(device);
    }
    use.showAs(inside);
    if (device.type().equals("usb-storage")) {
      addBuses(device, device);
      use.showAs(legacyDisk(device));
    }
    use.realize(model);
    parts().driveProperty().join(device, use.drive());
  }

  /** The disk that a USB stick has on its own SCSI bus. */
  private Device legacyDisk(Device stick) {
    QomType kind = QomTypes.find("scsi-hd");
    if (kind == null) {
      throw new IllegalStateException("the table of types lacks scsi-hd");
    }
    Device disk = new Device(kind, parts().rules(), stick.values());
    Bus bus = stick.buses().getFirst();
    bus.addChild("legacy[0]", disk);
    disk.plugInto(bus);
    disk.setRealized(hot());
    return disk;
  }

  private void addBuses(Device device, Device inside) {
    newBuses.add(board().system(), device, inside);
  }

  // ---- drives ---------------------------------------------------------------------------------

  /**
   * Makes the device that a drive of the command line asks for with {@code if=}.
   *
   * @return the device, or null when the drive's interface is plugged in by nobody
   */
  public @Nullable Device addForDrive(Drive drive) throws QmpException, BlockException {
    DriveInfo info = drive.info();
    if (info == null) {
      return null;
    }
    Map<String, String> options = DriveModel.options(drive, info);
    if (options.isEmpty()) {
      return null;
    }
    return options.containsKey("bus")
        ? addUnattached(DeviceOptions.ofTexts(options))
        : add(DeviceOptions.ofTexts(options));
  }

  /** Adds a device of the machine's own. */
  private Device addUnattached(DeviceOptions options) throws QmpException, BlockException {
    Device device = add(options);
    device.unparent();
    anonymous--;
    tree.unattached().addChild(board().nextUnattached(), device);
    return device;
  }

  // ---- unplugging -----------------------------------------------------------------------------

  /** The device with this id or path. */
  public Device find(String idOrPath) throws QmpException {
    board();
    QomObject found =
        idOrPath.isEmpty()
            ? tree.peripheral()
            : idOrPath.startsWith("/")
                ? tree.resolve(idOrPath, "object")
                : tree.resolve("/machine/peripheral/" + idOrPath, "object");
    if (found == null) {
      throw new QmpException(ErrorClass.DEVICE_NOT_FOUND, "Device '" + idOrPath + "' not found");
    }
    if (!(found instanceof Device device)) {
      throw QmpException.generic(idOrPath + " is not a device");
    }
    return device;
  }

  /** Asks a device to go, as device_del does. */
  public void delete(String idOrPath) throws QmpException {
    Device device = find(idOrPath);
    parts().unplugging().ask(device, idOrPath);
  }
}
