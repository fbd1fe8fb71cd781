// SPDX-License-Identifier: Apache-2.0
package org.qblockd.machine.object;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.qblockd.base.BlockException;
import org.qblockd.machine.net.NetBackend;
import org.qblockd.machine.net.NetFilter;
import org.qblockd.machine.qom.QomProperty;
import org.qblockd.qapi.AnyValue;
import org.qblockd.qapi.InputVisitor;
import org.qblockd.qapi.QmpException;
import org.qblockd.qapi.types.NetFilterDirection;

/** A filter on a network back end: its place among the others. Control lane. */
abstract class NetFilterObject extends UserObject implements NetFilter {
  private static final String HEAD = "head";
  private static final String TAIL = "tail";
  private static final String BY_ID = "id=";
  private static final String BEFORE = "before";
  private static final String BEHIND = "behind";

  private final ObjectTypes types;
  private String netdev = "";
  private NetFilterDirection queue = NetFilterDirection.ALL;
  private boolean on = true;
  private String position = TAIL;
  private boolean before;
  private @Nullable NetBackend backEnd;

  NetFilterObject(String type, ObjectTypes types) {
    super(type);
    this.types = types;
    addClass(
        QomProperty.string("netdev", () -> netdev, (in, name) -> netdev = in.string(name)),
        new QomProperty(
            "queue",
            "NetFilterDirection",
            () -> AnyValue.of(queue),
            (in, name) -> queue = NetFilterDirection.decode(in, name)),
        QomProperty.string("status", () -> on ? "on" : "off", this::setStatus),
        QomProperty.string("position", () -> position, (in, name) -> position = in.string(name)),
        QomProperty.string("insert", () -> before ? BEFORE : BEHIND, this::setInsert));
  }

  final NetParts parts() {
    return types.network();
  }

  @Override
  public boolean isA(String wanted) {
    return wanted.equals("netfilter") || super.isA(wanted);
  }

  private void setStatus(InputVisitor in, String name) throws QmpException {
    String value = in.string(name);
    if (!value.equals("on") && !value.equals("off")) {
      throw QmpException.generic("Invalid value for netfilter status, should be 'on' or 'off'");
    }
    on = value.equals("on");
  }

  private void setInsert(InputVisitor in, String name) throws QmpException {
    String value = in.string(name);
    if (!value.equals(BEFORE) && !value.equals(BEHIND)) {
      throw QmpException.generic(
          "Invalid value for netfilter insert, should be 'before' or 'behind'");
    }
    before = value.equals(BEFORE);
  }

  @Override
  protected final void complete() throws QmpException, BlockException {
    NetBackend wanted = parts().backEnds().find(netdev);
    if (wanted == null) {
      throw QmpException.generic("Parameter 'netdev' expects a network backend id");
    }
    NetFilter neighbour = neighbour(wanted);
    setUp();
    List<NetFilter> filters = wanted.filters();
    int index = position.equals(HEAD) ? 0 : filters.size();
    if (neighbour != null) {
      index = filters.indexOf(neighbour) + (before ? 0 : 1);
    }
    filters.add(index, this);
    backEnd = wanted;
  }

  /** The filter that the position names, or null. */
  private @Nullable NetFilter neighbour(NetBackend wanted) throws QmpException {
    if (position.equals(HEAD) || position.equals(TAIL)) {
      return null;
    }
    if (!position.startsWith(BY_ID)) {
      throw QmpException.generic("Parameter 'position' expects 'head', 'tail' or 'id=<id>'");
    }
    String id = position.substring(BY_ID.length());
    if (!(types.userObject(id) instanceof NetFilterObject other)) {
      throw QmpException.generic("filter '" + id + "' not found");
    }
    if (other.backEnd != wanted) {
      throw QmpException.generic("filter '" + id + "' belongs to a different netdev");
    }
    return other;
  }

  /** Checks the filter's own options and takes what it needs. */
  protected abstract void setUp() throws QmpException, BlockException;

  @Override
  public final String description() throws QmpException {
    StringBuilder text = new StringBuilder("type=" + type());
    for (QomProperty property : properties().reversed()) {
      QomProperty.Getter getter = property.getter();
      String name = property.name();
      if (getter == null || name.equals("type")) {
        continue;
      }
      AnyValue value = getter.get();
      boolean quoted =
          property.type().equals("string") || property.type().equals("NetFilterDirection");
      text.append(
          "," + name + "=" + (quoted ? value.visitor(name).string(name) : value.toPrettyText()));
    }
    return text.toString();
  }

  @Override
  public final void backEndGone() {
    unparent();
    dispose();
  }

  @Override
  protected final void dispose() {
    NetBackend left = backEnd;
    backEnd = null;
    if (left != null) {
      left.filters().remove(this);
    }
    giveBack();
  }

  /** Gives back what {@link #setUp} took. */
  protected void giveBack() {}
}
