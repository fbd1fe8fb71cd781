// SPDX-License-Identifier: Apache-2.0
package org.qblockd.command.control;

import java.util.ArrayList;
import java.util.List;
import org.qblockd.base.YankInstances;
import org.qblockd.qapi.ErrorClass;
import org.qblockd.qapi.QmpException;
import org.qblockd.qapi.commands.YankCommands;
import org.qblockd.qapi.types.YankInstance;
import org.qblockd.qapi.types.YankInstanceBlockNode;
import org.qblockd.qapi.types.YankInstanceChardev;
import org.qblockd.qapi.types.YankInstanceType;

/** The commands of {@code yank.json}. Any thread: they also run out of band. */
public final class YankVerbs implements YankCommands {
  private final YankInstances instances;

  /** The commands for these connections. */
  public YankVerbs(YankInstances instances) {
    this.instances = instances;
  }

  @Override
  public void yank(List<YankInstance> named) throws QmpException {
    List<YankInstances.Owner> owners = new ArrayList<>();
    for (YankInstance instance : named) {
      owners.add(owner(instance));
    }
    if (!instances.cut(owners)) {
      throw new QmpException(ErrorClass.DEVICE_NOT_FOUND, "Instance not found");
    }
  }

  private static YankInstances.Owner owner(YankInstance instance) {
    return switch (instance) {
      case YankInstance.BlockNode node -> new YankInstances.Node(node.data().nodeName());
      case YankInstance.Chardev device -> new YankInstances.CharacterDevice(device.data().id());
      case YankInstance.Other other -> new YankInstances.Migration();
    };
  }

  @Override
  public List<YankInstance> queryYank() {
    List<YankInstance> shown = new ArrayList<>();
    for (YankInstances.Owner owner : instances.all()) {
      shown.add(
          switch (owner) {
            case YankInstances.Node node ->
                new YankInstance.BlockNode(new YankInstanceBlockNode(node.name()));
            case YankInstances.CharacterDevice device ->
                new YankInstance.Chardev(new YankInstanceChardev(device.id()));
            case YankInstances.Migration migration ->
                new YankInstance.Other(YankInstanceType.MIGRATION);
          });
    }
    return shown;
  }
}
