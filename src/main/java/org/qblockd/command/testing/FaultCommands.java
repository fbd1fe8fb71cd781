// SPDX-License-Identifier: Apache-2.0
package org.qblockd.command.testing;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.qblockd.base.BlockException;
import org.qblockd.base.Errno;
import org.qblockd.base.Identifiers;
import org.qblockd.block.BlockNode;
import org.qblockd.block.RequestKind;
import org.qblockd.block.fault.Fault;
import org.qblockd.block.fault.FaultSpec;
import org.qblockd.block.fault.Faults;
import org.qblockd.machine.Machine;
import org.qblockd.qapi.QmpException;
import org.qblockd.qapi.types.FaultClock;
import org.qblockd.qapi.types.FaultInfo;
import org.qblockd.qapi.types.FaultOperation;
import org.qblockd.qapi.types.FaultRule;

/** Adds, removes and shows faults. Control lane. */
final class FaultCommands {
  private final Machine machine;

  FaultCommands(Machine machine) {
    this.machine = machine;
  }

  void add(FaultRule rule) throws QmpException, BlockException {
    if (!Identifiers.wellFormed(rule.id())) {
      throw QmpException.generic("Parameter 'id' expects an identifier");
    }
    FaultSpec spec = spec(rule);
    if (spec.onTestClock() && !machine.underTest()) {
      throw QmpException.generic("There is no test clock: start the server with -accel qtest");
    }
    BlockNode node = machine.graph().lookup(rule.nodeName(), rule.nodeName());
    machine.faults().add(node, rule.id(), spec);
  }

  private static FaultSpec spec(FaultRule rule) throws QmpException {
    double rate = rule.rate().orElse(1.0);
    if (!(rate > 0 && rate <= 1)) {
      throw QmpException.generic("Parameter 'rate' expects a number above 0 and up to 1");
    }
    long delay = notNegative("delay-ns", rule.delayNs(), 0);
    Errno errno = rule.errno().isPresent() || delay == 0 ? errno(rule.errno().orElse(5L)) : null;
    long offset = notNegative("offset", rule.offset(), 0);
    long length = positive("length", rule.length());
    return new FaultSpec(
        kinds(rule.operations()),
        offset,
        rule.length().isPresent() ? length : Long.MAX_VALUE,
        notNegative("after", rule.after(), 0),
        positive("count", rule.count()),
        rate,
        rule.seed().orElse(0L),
        errno,
        delay,
        rule.clock().orElse(FaultClock.HOST) == FaultClock.TEST,
        rule.event().orElse(true));
  }

  private static Set<RequestKind> kinds(Optional<List<FaultOperation>> operations)
      throws QmpException {
    if (operations.isEmpty()) {
      return EnumSet.allOf(RequestKind.class);
    }
    Set<RequestKind> kinds = EnumSet.noneOf(RequestKind.class);
    for (FaultOperation each : operations.get()) {
      kinds.add(RequestKind.valueOf(each.name()));
    }
    if (kinds.isEmpty()) {
      throw QmpException.generic("Parameter 'operations' expects at least one operation");
    }
    return kinds;
  }

  private static Errno errno(long number) throws QmpException {
    Errno errno = Errno.of((int) number);
    if (number <= 0 || errno.number() != number) {
      throw QmpException.generic(
          "Parameter 'errno' expects an error number of Linux, not " + number);
    }
    return errno;
  }

  private static long notNegative(String name, Optional<Long> value, long usual)
      throws QmpException {
    if (value.isPresent() && value.get() < 0) {
      throw QmpException.generic("Parameter '" + name + "' expects a non-negative value");
    }
    return value.orElse(usual);
  }

  private static long positive(String name, Optional<Long> value) throws QmpException {
    if (value.isPresent() && value.get() <= 0) {
      throw QmpException.generic("Parameter '" + name + "' expects a positive value");
    }
    return value.orElse(Long.MAX_VALUE);
  }

  FaultInfo remove(String id) throws QmpException {
    Faults.Placed removed = machine.faults().remove(id);
    if (removed == null) {
      throw QmpException.generic("There is no fault '" + id + "'");
    }
    return info(removed);
  }

  List<FaultInfo> query() {
    List<FaultInfo> infos = new ArrayList<>();
    for (Faults.Placed each : machine.faults().all()) {
      infos.add(info(each));
    }
    return infos;
  }

  private static FaultInfo info(Faults.Placed placed) {
    Fault fault = placed.fault();
    FaultSpec spec = fault.spec();
    Fault.Counters counters = fault.counters();
    List<FaultOperation> operations = new ArrayList<>();
    for (RequestKind kind : spec.kinds()) {
      operations.add(FaultOperation.valueOf(kind.name()));
    }
    return new FaultInfo(
        fault.id(),
        placed.node().name(),
        Optional.of(operations),
        some(spec.offset(), 0),
        some(spec.length(), Long.MAX_VALUE),
        some(spec.after(), 0),
        some(spec.count(), Long.MAX_VALUE),
        spec.rate() < 1 ? Optional.of(spec.rate()) : Optional.empty(),
        some(spec.seed(), 0),
        number(spec.errno()),
        some(spec.delayNanos(), 0),
        spec.onTestClock() ? Optional.of(FaultClock.TEST) : Optional.empty(),
        spec.told() ? Optional.empty() : Optional.of(false),
        counters.matched(),
        counters.fired(),
        counters.waiting());
  }

  private static Optional<Long> number(@Nullable Errno errno) {
    return errno == null ? Optional.empty() : Optional.of((long) errno.number());
  }

  private static Optional<Long> some(long value, long usual) {
    return value == usual ? Optional.empty() : Optional.of(value);
  }
}
