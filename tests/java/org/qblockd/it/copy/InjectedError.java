// SPDX-License-Identifier: Apache-2.0
package org.qblockd.it.copy;

import java.util.ArrayList;
import java.util.List;
import org.qblockd.it.copy.Copy.Format;
import org.qblockd.qapi.json.JsonValue.JsonArray;
import org.qblockd.qapi.json.JsonValue.JsonObject;

/**
 * One failing request of a job, and what the job is told to do about it. Immutable; any thread.
 *
 * @param onSource whether the read of the source fails, else the write of the target
 */
record InjectedError(
    boolean mirror, boolean onSource, Format target, Policy policy, boolean noSpace) {
  private static final int EIO = 5;
  private static final int ENOSPC = 28;

  /** Values of on-source-error and on-target-error. */
  enum Policy {
    REPORT,
    IGNORE,
    ENOSPC,
    STOP
  }

  /** What a job does about an error. */
  enum Action {
    REPORT,
    IGNORE,
    STOP
  }

  /** All combinations. */
  static List<InjectedError> all() {
    List<InjectedError> all = new ArrayList<>();
    for (Policy policy : Policy.values()) {
      for (int bits = 0; bits < 16; bits++) {
        Format target = (bits & 4) == 0 ? Format.RAW : Format.QCOW2;
        all.add(
            new InjectedError((bits & 1) == 0, (bits & 2) == 0, target, policy, (bits & 8) == 0));
      }
    }
    return all;
  }

  Action action() {
    return switch (policy) {
      case REPORT -> Action.REPORT;
      case IGNORE -> Action.IGNORE;
      case STOP -> Action.STOP;
      case ENOSPC -> noSpace ? Action.STOP : Action.REPORT;
    };
  }

  private JsonObject rule(boolean source) {
    int errno = noSpace ? ENOSPC : EIO;
    if (source) {
      return QmpClient.object("event", "read_aio", "errno", errno, "once", true);
    }
    if (target == Format.QCOW2) {
      return QmpClient.object("event", "write_aio", "errno", errno, "once", true);
    }
    return QmpClient.object("event", "none", "iotype", "write", "errno", errno, "once", true);
  }

  /** A file, with the error when it is for this side. */
  JsonObject protocol(boolean source, String file) {
    JsonObject plain = QmpClient.object("driver", "file", "filename", file);
    if (source != onSource) {
      return plain;
    }
    JsonArray rules = new JsonArray(List.of(rule(source)));
    return QmpClient.object("driver", "blkdebug", "image", plain, "inject-error", rules);
  }
}
