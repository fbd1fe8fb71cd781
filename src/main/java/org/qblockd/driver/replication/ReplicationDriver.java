// SPDX-License-Identifier: Apache-2.0
package org.qblockd.driver.replication;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.qblockd.base.BlockException;
import org.qblockd.block.Child;
import org.qblockd.block.ChildRole;
import org.qblockd.block.NodeOps;
import org.qblockd.driver.BlockDriver;
import org.qblockd.driver.OpenRequest;
import org.qblockd.driver.RuntimeOption;
import org.qblockd.driver.RuntimeOption.Kind;
import org.qblockd.qapi.options.OptionMap;
import org.qblockd.qapi.types.BlockdevOptions;
import org.qblockd.qapi.types.BlockdevOptionsReplication;
import org.qblockd.qapi.types.ReplicationMode;

/** The driver {@code replication}: one side of a disk that is kept on two hosts. Control lane. */
public final class ReplicationDriver implements BlockDriver {
  private static final String FILE = "file";
  private static final String MODE = "mode";
  private static final String TOP_ID = "top-id";
  private static final String SHARED = "shared-disk";
  private static final String SHARED_ID = "shared-disk-id";

  private final ReplicationListener listener;

  /** The driver; the listener is told of its nodes. */
  public ReplicationDriver(ReplicationListener listener) {
    this.listener = listener;
  }

  @Override
  public String name() {
    return "replication";
  }

  @Override
  public boolean isFilter() {
    return true;
  }

  @Override
  public List<RuntimeOption> runtimeOptions() {
    return List.of(
        RuntimeOption.of(FILE, Kind.CHILD),
        RuntimeOption.of(MODE, Kind.TEXT),
        RuntimeOption.of(TOP_ID, Kind.TEXT),
        RuntimeOption.of(SHARED, Kind.BOOL),
        RuntimeOption.of(SHARED_ID, Kind.TEXT));
  }

  @Override
  public List<String> strongOptions() {
    return List.of(MODE, TOP_ID, SHARED, SHARED_ID);
  }

  @Override
  public @Nullable String complaint(OptionMap options) {
    if (!options.has(MODE)) {
      return "Missing the option mode";
    }
    String mode = options.string(MODE);
    return "primary".equals(mode) || "secondary".equals(mode)
        ? null
        : "The option mode's value should be primary or secondary";
  }

  @Override
  public NodeOps open(OpenRequest request) throws BlockException {
    if (!(request.options() instanceof BlockdevOptions.Replication branch)) {
      throw new IllegalArgumentException("options of another driver");
    }
    BlockdevOptionsReplication options = branch.data();
    int filtered = ChildRole.FILTERED | ChildRole.PRIMARY;
    Child file = request.openChild(FILE, filtered, options.file());
    check(options);
    ReplicationOps ops =
        new ReplicationOps(
            request.node(),
            file,
            new ReplicationOps.Role(
                options.mode() == ReplicationMode.PRIMARY,
                options.topId().orElse(""),
                options.sharedDisk().orElse(false),
                options.sharedDiskId().orElse("")),
            listener);
    listener.opened(ops);
    return ops;
  }

  private static void check(BlockdevOptionsReplication options) throws BlockException {
    boolean primary = options.mode() == ReplicationMode.PRIMARY;
    boolean shared = options.sharedDisk().orElse(false);
    if (primary && options.topId().isPresent()) {
      throw BlockException.invalid("The primary side does not support option top-id");
    }
    if (!primary && options.topId().isEmpty()) {
      throw BlockException.invalid("Missing the option top-id");
    }
    if (primary && shared && options.sharedDiskId().isEmpty()) {
      throw BlockException.invalid("Missing the option shared-disk-id");
    }
    if (options.sharedDiskId().isPresent() && !(primary && shared)) {
      throw BlockException.invalid(
          primary
              ? "The option shared-disk-id needs shared-disk=on"
              : "The secondary side does not support option shared-disk-id");
    }
  }
}
