// SPDX-License-Identifier: Apache-2.0
package org.qblockd.command.hmp;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.qblockd.base.BlockException;
import org.qblockd.machine.Machine;
import org.qblockd.machine.object.ObjectHelp;
import org.qblockd.machine.qom.ObjectTree;
import org.qblockd.machine.qom.QomObject;
import org.qblockd.qapi.AnyValue;
import org.qblockd.qapi.InputVisitor;
import org.qblockd.qapi.Keyval;
import org.qblockd.qapi.QmpException;
import org.qblockd.qapi.types.IOThreadInfo;
import org.qblockd.qapi.types.ObjectOptions;
import org.qblockd.qapi.types.ObjectPropertyInfo;
import org.qblockd.qapi.types.ObjectType;

/** The human commands on the composition tree and on objects of users. Control lane. */
final class ObjectRows {
  private static final String QOM_TYPE = "qom-type";

  private final QmpGroups qmp;
  private final ObjectTree tree;

  private ObjectRows(QmpGroups qmp, ObjectTree tree) {
    this.qmp = qmp;
    this.tree = tree;
  }

  static List<HmpCommand> rows(QmpGroups qmp, Machine machine) {
    ObjectRows rows = new ObjectRows(qmp, machine.tree());
    return List.of(
        new HmpCommand(
                "object_add",
                "object:S",
                "[qom-type=]type,id=str[,prop=value][,...]",
                "make an object",
                rows::add)
            .completedBy(position -> position == 1 ? types() : List.of()),
        new HmpCommand(
                "object_del",
                "id:s",
                "id",
                "take an object away",
                call -> qmp.qomObjects().objectDel(call.text("id")))
            .completedBy(position -> position == 1 ? rows.ids() : List.of()),
        new HmpCommand(
            "qom-get",
            "path:s property:s",
            "path property",
            "show a property of an object",
            call ->
                call.print(
                    qmp.qom().qomGet(call.text("path"), call.text("property")).toPrettyText()
                        + "\n")),
        new HmpCommand(
            "qom-list", "path?:s", "path", "list the properties of an object", rows::list),
        new HmpCommand(
            "qom-set",
            "-j path:s property:s value:S",
            "[-j] path property value",
            "change a property of an object\n\t\t\t(-j: the value is JSON)",
            rows::set));
  }

  static List<HmpCommand> infos(QmpGroups qmp, Machine machine) {
    ObjectRows rows = new ObjectRows(qmp, machine.tree());
    return List.of(
        new HmpCommand("iothreads", "", "", "list the I/O threads", rows::iothreads),
        new HmpCommand(
            "qom-tree",
            "path?:s",
            "[path]",
            "show what the machine, or an object, is made of",
            rows::show));
  }

  private void add(HmpCall call) throws QmpException, BlockException {
    String text = call.text("object");
    if (!text.startsWith("{") && Keyval.parseWithHelp(text, QOM_TYPE).help()) {
      call.print(ObjectHelp.text(Keyval.flat(text, QOM_TYPE).get(QOM_TYPE)) + "\n");
      return;
    }
    InputVisitor in = Keyval.visitor(text, QOM_TYPE);
    qmp.qomObjects().objectAdd(ObjectOptions.decode(in, null));
  }

  private static List<String> types() {
    List<String> names = new ArrayList<>();
    for (ObjectType type : ObjectType.values()) {
      names.add(type.wireName());
    }
    return names;
  }

  private List<String> ids() {
    List<String> names = new ArrayList<>();
    for (QomObject object : tree.objects().children()) {
      names.add(object.name());
    }
    return names;
  }

  private void list(HmpCall call) throws QmpException, BlockException {
    if (!call.has("path")) {
      call.print("/\n");
      return;
    }
    for (ObjectPropertyInfo property : qmp.qom().qomList(call.text("path"))) {
      call.print(property.name() + " (" + property.type() + ")\n");
    }
  }

  private void set(HmpCall call) throws QmpException, BlockException {
    String path = call.text("path");
    String property = call.text("property");
    String value = call.text("value");
    if (call.has("j")) {
      qmp.qom().qomSet(path, property, AnyValue.parse(value));
      return;
    }
    QomObject object = tree.resolve(path);
    InputVisitor in = Keyval.visitor(property + "=" + value.replace(",", ",,"), null);
    in.startStruct(null);
    object.set(property, in);
  }

  private void iothreads(HmpCall call) throws QmpException, BlockException {
    for (IOThreadInfo thread : qmp.misc().queryIothreads()) {
      call.print(
          """
          %s:
            thread_id=%d
            poll-max-ns=%d
            poll-grow=%d
            poll-shrink=%d
            aio-max-batch=%d
          """
              .formatted(
                  thread.id(),
                  thread.threadId(),
                  thread.pollMaxNs(),
                  thread.pollGrow(),
                  thread.pollShrink(),
                  thread.aioMaxBatch()));
    }
  }

  private void show(HmpCall call) {
    String path = call.optionalText("path").orElse("/machine");
    try {
      show(call, tree.resolve(path), 0);
    } catch (QmpException unresolved) {
      call.print("Path '" + path + "' could not be resolved.\n");
    }
  }

  private void show(HmpCall call, QomObject object, int depth) {
    String name = object.parent() == null ? "" : object.name();
    call.print("  ".repeat(depth) + "/" + name + " (" + object.type() + ")\n");
    List<QomObject> children = new ArrayList<>(object.children());
    children.sort(Comparator.comparing(QomObject::name));
    for (QomObject child : children) {
      show(call, child, depth + 1);
    }
  }
}
