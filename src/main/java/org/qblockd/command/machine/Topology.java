// SPDX-License-Identifier: Apache-2.0
package org.qblockd.command.machine;

import java.util.Map;
import java.util.Optional;
import org.qblockd.qapi.types.CpuInstanceProperties;

/**
 * How the CPUs of a machine are arranged, from what -smp says of it. Dies and the like are one
 * each. Immutable; any thread.
 *
 * @param cpus CPUs that are there
 * @param maxCpus places for CPUs
 * @param cores per socket
 * @param threads per core
 * @param inNode whether they belong to NUMA node 0
 */
record Topology(int cpus, int maxCpus, int cores, int threads, boolean inNode) {

  /**
   * Completes what was given.
   *
   * @param coresFirst whether CPUs become cores of one socket, as since version 6.2
   */
  static Topology of(Map<String, String> smp, boolean coresFirst, boolean inNode) {
    int sockets = number(smp, "sockets");
    int cores = number(smp, "cores");
    int threads = number(smp, "threads");
    int cpus = number(smp, "cpus");
    int max = number(smp, "maxcpus");
    int places = max > 0 ? max : cpus;
    if (places == 0) {
      places = atLeastOne(sockets) * atLeastOne(cores) * atLeastOne(threads);
    }
    int known = atLeastOne(sockets) * atLeastOne(cores);
    if (coresFirst && cores == 0) {
      cores = places / (atLeastOne(sockets) * atLeastOne(threads));
    } else if (!coresFirst && sockets > 0 && cores == 0) {
      cores = places / (sockets * atLeastOne(threads));
    } else if (sockets > 0 && cores > 0 && threads == 0) {
      threads = places / known;
    }
    return new Topology(
        cpus > 0 ? cpus : places, places, atLeastOne(cores), atLeastOne(threads), inNode);
  }

  private static int number(Map<String, String> smp, String key) {
    String text = smp.get(key);
    return text == null ? 0 : Integer.parseInt(text);
  }

  private static int atLeastOne(int number) {
    return Math.max(number, 1);
  }

  /** Where the CPU of this number sits. */
  CpuInstanceProperties place(int cpu) {
    return new CpuInstanceProperties(
        inNode ? Optional.of(0L) : Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.of((long) (cpu / (cores * threads))),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.of((long) (cpu / threads % cores)),
        Optional.of((long) (cpu % threads)));
  }
}
