// SPDX-License-Identifier: Apache-2.0
package org.qblockd.command.blockjob;

import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.qblockd.blockjob.BitmapMode;
import org.qblockd.blockjob.CopyOptions;
import org.qblockd.blockjob.OnError;
import org.qblockd.blockjob.SyncMode;
import org.qblockd.qapi.types.BitmapSyncMode;
import org.qblockd.qapi.types.BlockdevOnError;
import org.qblockd.qapi.types.MirrorSyncMode;

/** Turns the arguments that all commands for copies have into options of jobs. Any thread. */
final class CopyArguments {
  private CopyArguments() {}

  /** What {@code on-source-error} and {@code on-target-error} say. */
  static <B extends CopyOptions.Builder<B>> B onError(
      B options, Optional<BlockdevOnError> ofSource, Optional<BlockdevOnError> ofTarget) {
    return options.onError(wire(ofSource), wire(ofTarget));
  }

  /** What {@code job-id}, {@code speed}, {@code auto-finalize} and {@code auto-dismiss} say. */
  static <B extends CopyOptions.Builder<B>> B job(
      B options,
      Optional<String> jobId,
      Optional<Long> speed,
      Optional<Boolean> autoFinalize,
      Optional<Boolean> autoDismiss) {
    return options
        .jobId(jobId.orElse(null))
        .speed(speed.orElse(0L))
        .auto(autoFinalize.orElse(true), autoDismiss.orElse(true));
  }

  /** What {@code bitmap-mode} says, or null. */
  static @Nullable BitmapMode mode(Optional<BitmapSyncMode> mode) {
    return mode.isEmpty() ? null : BitmapMode.valueOf(mode.get().name());
  }

  static SyncMode wire(MirrorSyncMode sync) {
    return SyncMode.valueOf(sync.name());
  }

  private static OnError wire(Optional<BlockdevOnError> policy) {
    return OnError.valueOf(policy.orElse(BlockdevOnError.REPORT).name());
  }
}
