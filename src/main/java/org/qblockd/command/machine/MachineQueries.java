// SPDX-License-Identifier: Apache-2.0
package org.qblockd.command.machine;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.qblockd.machine.Machine;
import org.qblockd.machine.MachineFacts;
import org.qblockd.machine.object.MemoryBackendObject;
import org.qblockd.qapi.ErrorClass;
import org.qblockd.qapi.QmpException;
import org.qblockd.qapi.commands.MachineCommands;
import org.qblockd.qapi.types.BalloonInfo;
import org.qblockd.qapi.types.CpuInfoFast;
import org.qblockd.qapi.types.CurrentMachineParams;
import org.qblockd.qapi.types.GuidInfo;
import org.qblockd.qapi.types.HostMemPolicy;
import org.qblockd.qapi.types.HotpluggableCPU;
import org.qblockd.qapi.types.HumanReadableText;
import org.qblockd.qapi.types.HvBalloonInfo;
import org.qblockd.qapi.types.KvmInfo;
import org.qblockd.qapi.types.MachineInfo;
import org.qblockd.qapi.types.Memdev;
import org.qblockd.qapi.types.MemoryDeviceInfo;
import org.qblockd.qapi.types.MemoryInfo;
import org.qblockd.qapi.types.NumaOptions;
import org.qblockd.qapi.types.PowerdownEvent;
import org.qblockd.qapi.types.SysEmuTarget;
import org.qblockd.qapi.types.TargetInfo;
import org.qblockd.qapi.types.UuidInfo;

/** The commands of {@code machine.json}. Control lane. */
public final class MachineQueries implements MachineCommands {
  private static final String NO_UUID = "00000000-0000-0000-0000-000000000000";
  private static final long DEFAULT_MEMORY_BYTES = 128L << 20;
  private static final long MEBIBYTE = 1 << 20;

  private final Machine machine;
  private final MachineFacts facts;
  private final MachineTypes types = new MachineTypes();
  private final MachineInfo type;

  /** The commands for this machine. */
  public MachineQueries(Machine machine) {
    this.machine = machine;
    facts = machine.facts();
    type = types.find(facts.type());
  }

  // ---- CPUs ------------------------------------------------------------------------------------

  /** Nothing runs: each is shown with the server's own thread. */
  @Override
  public List<CpuInfoFast> queryCpusFast() {
    List<CpuInfoFast> infos = new ArrayList<>();
    if (hasCpus()) {
      Topology topology = topology();
      for (int cpu = 0; cpu < topology.cpus(); cpu++) {
        infos.add(
            new CpuInfoFast.Other(
                cpu,
                path(cpu),
                ProcessHandle.current().pid(),
                Optional.of(topology.place(cpu)),
                SysEmuTarget.X86_64));
      }
    }
    return infos;
  }

  @Override
  public List<HotpluggableCPU> queryHotpluggableCpus() throws QmpException {
    if (!type.hotpluggableCpus()) {
      throw QmpException.generic("machine does not support hot-plugging CPUs");
    }
    Topology topology = topology();
    List<HotpluggableCPU> places = new ArrayList<>();
    for (int cpu = topology.maxCpus() - 1; cpu >= 0; cpu--) {
      Optional<String> path = cpu < topology.cpus() ? Optional.of(path(cpu)) : Optional.empty();
      places.add(new HotpluggableCPU(cpuType(), 1, topology.place(cpu), path));
    }
    return places;
  }

  private boolean hasCpus() {
    return type.defaultCpuType().isPresent();
  }

  private Topology topology() {
    return Topology.of(facts.topology(), coresFirst(), slots() > 0);
  }

  /** Since version 6.2; types without a version are new. */
  private boolean coresFirst() {
    String name = type.name();
    int dash = name.lastIndexOf('-');
    if (!name.startsWith("pc-") || dash < 0) {
      return true;
    }
    String[] parts = name.substring(dash + 1).split("\\.", -1);
    int major = Integer.parseInt(parts[0]);
    return major > 6 || major == 6 && Integer.parseInt(parts[1]) >= 2;
  }

  private String cpuType() {
    if (facts.cpu().isEmpty()) {
      return type.defaultCpuType().orElse("");
    }
    String model = facts.cpu().get();
    int comma = model.indexOf(',');
    return (comma < 0 ? model : model.substring(0, comma)) + "-x86_64-cpu";
  }

  /** Beside the first CPU QEMU's composition tree has another object. */
  private static String path(int cpu) {
    return "/machine/unattached/device[" + (cpu == 0 ? 0 : cpu + 1) + "]";
  }

  // ---- the machine -----------------------------------------------------------------------------

  @Override
  public List<MachineInfo> queryMachines(Optional<Boolean> compatProps) {
    return types.all(compatProps.orElse(false));
  }

  @Override
  public CurrentMachineParams queryCurrentMachine() {
    return new CurrentMachineParams(canSleep());
  }

  /** The PCs with a power management device can. */
  private boolean canSleep() {
    return type.name().startsWith("pc-") || type.name().startsWith("xenfv");
  }

  @Override
  public TargetInfo queryTarget() {
    return new TargetInfo(SysEmuTarget.X86_64);
  }

  @Override
  public UuidInfo queryUuid() {
    return new UuidInfo(facts.uuid().orElse(NO_UUID));
  }

  @Override
  public GuidInfo queryVmGenerationId() throws QmpException {
    throw QmpException.generic("VM Generation ID device not found");
  }

  @Override
  public KvmInfo queryKvm() {
    return new KvmInfo(false, true);
  }

  @Override
  public void systemReset() {
    machine.runStates().reset();
  }

  @Override
  public void systemPowerdown() {
    machine.events().emit(new PowerdownEvent());
  }

  @Override
  public void systemWakeup() throws QmpException {
    throw QmpException.generic(
        canSleep()
            ? "Unable to wake up: guest is not in suspended state"
            : "wake-up from suspend is not supported by this guest");
  }

  @Override
  public void injectNmi() throws QmpException {
    if (!hasCpus()) {
      throw QmpException.generic("machine does not provide NMIs");
    }
  }

  @Override
  public void setNumaNode(NumaOptions arguments) throws QmpException {
    throw QmpException.generic("The command is permitted only before the machine has been created");
  }

  // ---- memory ----------------------------------------------------------------------------------

  @Override
  public List<Memdev> queryMemdev() {
    List<Memdev> all = new ArrayList<>();
    if (hasCpus()) {
      all.add(
          new Memdev(
              type.defaultRamId(),
              memoryBytes(),
              true,
              true,
              false,
              false,
              Optional.of(true),
              List.of(),
              HostMemPolicy.DEFAULT));
    }
    for (MemoryBackendObject object : machine.objects().all(MemoryBackendObject.class).reversed()) {
      all.add(object.info());
    }
    return all;
  }

  @Override
  public MemoryInfo queryMemorySizeSummary() {
    return new MemoryInfo(memoryBytes(), Optional.of(0L));
  }

  @Override
  public List<MemoryDeviceInfo> queryMemoryDevices() {
    return List.of();
  }

  private long memoryBytes() {
    String size = facts.memory().get("size");
    if (size != null) {
      return bytes(size);
    }
    return type.name().equals("none") ? 0 : DEFAULT_MEMORY_BYTES;
  }

  /** The command line has checked the form; without a unit it counts mebibytes. */
  private static long bytes(String size) {
    int unit = "bkmgtpe".indexOf(size.toLowerCase(Locale.ROOT).charAt(size.length() - 1));
    BigDecimal number = new BigDecimal(unit < 0 ? size : size.substring(0, size.length() - 1));
    long scale = unit < 0 ? MEBIBYTE : 1L << (10 * unit);
    return number.multiply(BigDecimal.valueOf(scale)).longValue();
  }

  private int slots() {
    Map<String, String> memory = facts.memory();
    return Integer.parseInt(memory.getOrDefault("slots", "0"));
  }

  @Override
  public void balloon(long value) throws QmpException {
    throw noBalloon();
  }

  @Override
  public BalloonInfo queryBalloon() throws QmpException {
    throw noBalloon();
  }

  @Override
  public HvBalloonInfo queryHvBalloonStatusReport() throws QmpException {
    throw QmpException.generic("no hv-balloon device present");
  }

  private static QmpException noBalloon() {
    return new QmpException(ErrorClass.DEVICE_NOT_ACTIVE, "No balloon device has been activated");
  }

  // ---- for people ------------------------------------------------------------------------------

  @Override
  public HumanReadableText xQueryNuma() throws QmpException {
    if (slots() > 0) {
      throw QmpException.generic("NUMA nodes of a machine with memory slots are not shown");
    }
    return new HumanReadableText("0 nodes\n");
  }

  @Override
  public HumanReadableText xQueryOpcount() {
    return new HumanReadableText("[TCG profiler not compiled]\n");
  }

  @Override
  public HumanReadableText xQueryUsb() throws QmpException {
    throw QmpException.generic("USB support not enabled");
  }

  @Override
  public void dumpdtb(String filename) throws QmpException {
    throw QmpException.generic("This machine doesn't have an FDT");
  }
}
