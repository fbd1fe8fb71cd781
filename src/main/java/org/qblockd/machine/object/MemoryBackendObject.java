// SPDX-License-Identifier: Apache-2.0
package org.qblockd.machine.object;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.qblockd.base.BlockException;
import org.qblockd.machine.qom.QomObject;
import org.qblockd.machine.qom.QomProperty;
import org.qblockd.qapi.AnyValue;
import org.qblockd.qapi.InputVisitor;
import org.qblockd.qapi.QmpException;
import org.qblockd.qapi.types.HostMemPolicy;
import org.qblockd.qapi.types.Memdev;

/**
 * Memory of a guest. There is no guest, so none is taken from the host; but what a file needs is
 * made. Control lane.
 */
public class MemoryBackendObject extends UserObject {
  private static final int MAX_NODES = 128;

  private boolean merge = true;
  private boolean dump = true;
  private boolean prealloc;
  private long preallocThreads = 1;
  private @Nullable QomObject preallocContext;
  private long size;
  private TreeSet<Long> hostNodes = new TreeSet<>();
  private HostMemPolicy policy = HostMemPolicy.DEFAULT;
  private boolean share;
  private boolean reserve = true;
  private boolean canonicalPath;
  private boolean sealed = true;
  private boolean completed;

  MemoryBackendObject(String type, boolean share, ObjectTypes types) {
    super(type);
    this.share = share;
    addClass(
        QomProperty.bool("merge", () -> merge, (in, name) -> merge = in.bool(name)),
        QomProperty.bool("dump", () -> dump, (in, name) -> dump = in.bool(name)),
        QomProperty.bool("prealloc", () -> prealloc, this::setPrealloc),
        QomProperty.number("prealloc-threads", "int", () -> preallocThreads, this::setThreads),
        QomProperty.link(
            "prealloc-context",
            "thread-context",
            () -> preallocContext,
            (in, name) -> preallocContext = types.link(in.string(name), "thread-context")),
        new QomProperty("size", "int", () -> AnyValue.unsigned(size), this::setSize),
        new QomProperty("host-nodes", "int", () -> AnyValue.list(nodes()), this::setNodes),
        new QomProperty(
            "policy",
            "HostMemPolicy",
            () -> AnyValue.of(policy),
            (in, name) -> policy = HostMemPolicy.decode(in, name)),
        QomProperty.bool("share", () -> this.share, this::setShare),
        QomProperty.bool("reserve", () -> reserve, this::setReserve),
        QomProperty.bool(
            "x-use-canonical-path-for-ramblock-id",
            () -> canonicalPath,
            (in, name) -> canonicalPath = in.bool(name)));
  }

  /** Memory in a file without a name. */
  static MemoryBackendObject memfd(ObjectTypes types) {
    MemoryBackendObject object = new MemoryBackendObject("memory-backend-memfd", true, types);
    object.addClass(
        QomProperty.bool(
            "hugetlb",
            () -> false,
            (in, name) -> {
              if (in.bool(name)) {
                throw QmpException.generic("huge pages are not served");
              }
            }),
        QomProperty.number(
            "hugetlbsize",
            "int",
            () -> 0,
            (in, name) -> {
              throw QmpException.generic("huge pages are not served");
            }),
        QomProperty.bool("seal", () -> object.sealed, (in, name) -> object.sealed = in.bool(name)));
    return object;
  }

  /** Memory in a shared memory object. */
  static MemoryBackendObject shm(ObjectTypes types) {
    return new MemoryBackendObject("memory-backend-shm", true, types) {
      @Override
      void allocate() throws QmpException {
        if (!shared()) {
          throw QmpException.generic("can't create shm backend with `share=off`");
        }
      }
    };
  }

  @Override
  public final boolean isA(String wanted) {
    return wanted.equals("memory-backend") || super.isA(wanted);
  }

  private void setPrealloc(InputVisitor in, String name) throws QmpException {
    boolean value = in.bool(name);
    if (!reserve && value) {
      throw incompatible();
    }
    prealloc = value || prealloc && completed;
  }

  private void setReserve(InputVisitor in, String name) throws QmpException {
    boolean value = in.bool(name);
    checkOpen();
    if (prealloc && !value) {
      throw incompatible();
    }
    reserve = value;
  }

  private static QmpException incompatible() {
    return QmpException.generic("'prealloc=on' and 'reserve=off' are incompatible");
  }

  private void setThreads(InputVisitor in, String name) throws QmpException {
    preallocThreads = positive(in.unsigned(name, Integer.SIZE), name);
  }

  private void setSize(InputVisitor in, String name) throws QmpException {
    if (completed) {
      throw QmpException.generic("cannot change property " + name + " of " + type() + " ");
    }
    size = positive(in.size(name), name);
  }

  private long positive(long value, String name) throws QmpException {
    if (value == 0) {
      throw QmpException.generic(
          "property '" + name + "' of " + type() + " doesn't take value '0'");
    }
    return value;
  }

  private void setNodes(InputVisitor in, String name) throws QmpException {
    List<Long> wanted = in.unsigneds(name, Short.SIZE);
    for (long node : wanted) {
      if (node >= MAX_NODES) {
        throw QmpException.generic("Invalid host-nodes value: " + node);
      }
    }
    hostNodes = new TreeSet<>(wanted);
  }

  private List<AnyValue> nodes() {
    return hostNodes.stream().map(AnyValue::of).toList();
  }

  private void setShare(InputVisitor in, String name) throws QmpException {
    boolean value = in.bool(name);
    checkOpen();
    share = value;
  }

  private void checkOpen() throws QmpException {
    if (completed) {
      throw QmpException.generic("cannot change property value");
    }
  }

  final boolean completed() {
    return completed;
  }

  final boolean shared() {
    return share;
  }

  final long size() {
    return size;
  }

  @Override
  protected void complete() throws QmpException, BlockException {
    completed = true;
    allocate();
    addChild(name() + "[0]", new MemoryRegion(size));
    if (policy == HostMemPolicy.DEFAULT && !hostNodes.isEmpty()) {
      throw QmpException.generic(
          "host-nodes must be empty for policy default, or you should explicitly specify a policy"
              + " other than default");
    }
    if (policy != HostMemPolicy.DEFAULT && hostNodes.isEmpty()) {
      throw QmpException.generic("host-nodes must be set for policy " + policy.wireName());
    }
    for (long node : hostNodes) {
      if (!Files.exists(Path.of("/sys/devices/system/node/node" + node))) {
        throw QmpException.generic("cannot bind memory to host NUMA nodes: Invalid argument");
      }
    }
  }

  /** Takes what the memory needs of the host. */
  void allocate() throws QmpException, BlockException {}

  /** As query-memdev shows it. */
  public final Memdev info() {
    return Memdev.builder()
        .id(name())
        .size(size)
        .merge(merge)
        .dump(dump)
        .prealloc(prealloc)
        .share(share)
        .reserve(reserve)
        .hostNodes(List.copyOf(hostNodes))
        .policy(policy)
        .build();
  }

  /** The region of the guest's memory that the back end stands behind: it is in no container. */
  private static final class MemoryRegion extends QomObject {
    MemoryRegion(long size) {
      super("memory-region");
      add(QomProperty.link("container", "memory-region", () -> null));
      add(QomProperty.number("addr", "uint64", () -> 0, null));
      add(QomProperty.number("priority", "uint32", () -> 0, null));
      add(new QomProperty("size", "uint64", () -> AnyValue.unsigned(size), null));
    }
  }
}
