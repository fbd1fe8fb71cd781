// SPDX-License-Identifier: Apache-2.0
package org.qblockd.app.commandline;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What the command line says about the process and how it starts. Filled by the parser, then only
 * read; main thread.
 */
public final class ProcessOptions {
  /**
   * A descriptor of {@code -add-fd} for the set of that number.
   *
   * @param opaque what the caller wants to see in {@code query-fdsets}, or null
   */
  public record Descriptor(int fd, long set, @Nullable String opaque) {}

  final List<Located<Descriptor>> descriptors = new ArrayList<>();
  @Nullable String name;
  @Nullable String uuid;
  @Nullable String pidFile;
  @Nullable String logFile;
  @Nullable String logItems;
  @Nullable Located<String> incoming;
  @Nullable String savedState;
  @Nullable Located<String> dashboard;
  final List<Located<List<String>>> actions = new ArrayList<>();
  @Nullable String recordFile;
  @Nullable String release;
  boolean stopped;
  boolean daemonize;
  boolean timestamps;
  boolean guestNames;
  boolean preconfig;

  ProcessOptions() {}

  /** The name of the machine, as {@code query-name} shows it. */
  public Optional<String> name() {
    return Optional.ofNullable(name);
  }

  /** The identity of the machine, in lower case, as {@code query-uuid} shows it. */
  public Optional<String> uuid() {
    return Optional.ofNullable(uuid);
  }

  /** Where to write the process id. */
  public Optional<String> pidFile() {
    return Optional.ofNullable(pidFile);
  }

  /** Whether the machine waits for {@code cont}. */
  public boolean stopped() {
    return stopped;
  }

  /** Whether the caller is to go on when all is open. */
  public boolean daemonize() {
    return daemonize;
  }

  /** Where the state of a machine is to come from, or {@code defer}. */
  public Optional<Located<String>> incoming() {
    return Optional.ofNullable(incoming);
  }

  /** Whether messages begin with the time. */
  public boolean timestamps() {
    return timestamps;
  }

  /** Descriptors that the parent left open for descriptor sets. */
  public List<Located<Descriptor>> descriptors() {
    return descriptors;
  }

  /** What the machine is to do on an event of {@code -action}: event and action. */
  public List<Located<List<String>>> actions() {
    return actions;
  }

  /** The snapshot of {@code -loadvm}. */
  public Optional<String> savedState() {
    return Optional.ofNullable(savedState);
  }

  /** Whether messages begin with the machine's name. */
  public boolean guestNames() {
    return guestNames;
  }

  /** Where the dashboard is to listen, or {@code off}. */
  public Optional<Located<String>> dashboard() {
    return Optional.ofNullable(dashboard);
  }

  /** Where what monitors and clients say is written down. */
  public Optional<String> recordFile() {
    return Optional.ofNullable(recordFile);
  }

  /** The release of QEMU that monitors present, as {@code 8.2}. */
  public Optional<String> release() {
    return Optional.ofNullable(release);
  }

  /** Where {@code -D} wants the log. */
  public Optional<String> logFile() {
    return Optional.ofNullable(logFile);
  }
}
