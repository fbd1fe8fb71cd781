// SPDX-License-Identifier: Apache-2.0
package org.qblockd.machine.qom;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.qblockd.qapi.ErrorClass;
import org.qblockd.qapi.QmpException;

/**
 * The composition tree and its paths. Its containers are made when something first asks for the
 * tree. Control lane.
 */
public final class ObjectTree {
  private static final String CONTAINER = "container";

  private final String machineType;
  private @Nullable QomObject root;
  private @Nullable Runnable firstUse;

  /**
   * The tree of a machine.
   *
   * @param machineType the name given to -machine, such as {@code none} or {@code pc}
   */
  public ObjectTree(String machineType) {
    this.machineType = machineType;
  }

  /** Sets what fills the tree of the machine when somebody first asks for the tree. */
  public void onFirstUse(Runnable filling) {
    firstUse = filling;
  }

  /** The root. */
  public QomObject root() {
    QomObject current = root;
    if (current == null) {
      current = new QomObject(CONTAINER);
      root = current;
      fill(current);
      if (firstUse != null) {
        firstUse.run();
      }
    }
    return current;
  }

  private void fill(QomObject tree) {
    tree.addChild("objects", new QomObject(CONTAINER));
    tree.addChild("chardevs", new QomObject(CONTAINER));
    tree.addChild("backend", new QomObject(CONTAINER));
    QomObject machine = new QomObject(machineClass() + "-machine");
    tree.addChild("machine", machine);
    machine.addChild("peripheral", new QomObject(CONTAINER));
    machine.addChild("peripheral-anon", new QomObject(CONTAINER));
    machine.addChild("unattached", new QomObject(CONTAINER));
  }

  private String machineClass() {
    return switch (machineType) {
      case "pc" -> "pc-i440fx-10.0";
      case "q35" -> "pc-q35-10.0";
      default -> machineType;
    };
  }

  /** {@code /objects}: what object-add made. */
  public QomObject objects() {
    return container(root(), "objects");
  }

  /** {@code /chardevs}: character devices. */
  public QomObject chardevs() {
    return container(root(), "chardevs");
  }

  /** {@code /machine}. */
  public QomObject machine() {
    return container(root(), "machine");
  }

  /** {@code /machine/peripheral}: devices with an id. */
  public QomObject peripheral() {
    return container(machine(), "peripheral");
  }

  /** {@code /machine/peripheral-anon}: devices of the user without an id. */
  public QomObject peripheralAnon() {
    return container(machine(), "peripheral-anon");
  }

  /** {@code /machine/unattached}: what has no better place. */
  public QomObject unattached() {
    return container(machine(), "unattached");
  }

  private static QomObject container(QomObject parent, String name) {
    QomObject child = parent.child(name);
    if (child == null) {
      throw new IllegalStateException(parent.path() + " has lost " + name);
    }
    return child;
  }

  /**
   * The object at a path: from the root, or, without a slash at the start, the only one whose path
   * ends so.
   *
   * @throws QmpException DeviceNotFound, or when the path is ambiguous
   */
  public QomObject resolve(String path) throws QmpException {
    QomObject found = resolve(path, "object");
    if (found == null) {
      throw new QmpException(ErrorClass.DEVICE_NOT_FOUND, "Device '" + path + "' not found");
    }
    return found;
  }

  /**
   * The object of this type at a path, or null.
   *
   * @throws QmpException when the path is ambiguous
   */
  public @Nullable QomObject resolve(String path, String type) throws QmpException {
    List<String> parts = List.of(path.split("/", -1));
    if (path.startsWith("/")) {
      return walk(root(), parts, type);
    }
    Search search = new Search(parts, type);
    search.visit(root());
    if (search.ambiguous) {
      throw QmpException.generic("Path '" + path + "' is ambiguous");
    }
    return search.found;
  }

  /** The object below {@code start} that the parts lead to, or null. */
  private static @Nullable QomObject walk(QomObject start, List<String> parts, String type) {
    QomObject at = start;
    for (String part : parts) {
      QomObject next = part.isEmpty() ? at : at.step(part);
      if (next == null) {
        return null;
      }
      at = next;
    }
    return at.isA(type) ? at : null;
  }

  /** Looks for the only place in the tree from which the parts lead somewhere. */
  private static final class Search {
    private final List<String> parts;
    private final String type;
    private @Nullable QomObject found;
    private boolean ambiguous;

    Search(List<String> parts, String type) {
      this.parts = parts;
      this.type = type;
    }

    void visit(QomObject start) {
      QomObject here = walk(start, parts, type);
      if (here != null) {
        ambiguous |= found != null;
        found = here;
      }
      for (QomObject child : start.children()) {
        if (!ambiguous) {
          visit(child);
        }
      }
    }
  }
}
