// SPDX-License-Identifier: Apache-2.0
package org.qblockd.command.machine;

import java.util.List;
import java.util.Optional;
import org.qblockd.machine.MachineFacts;
import org.qblockd.qapi.QmpException;
import org.qblockd.qapi.commands.MiscTargetCommands;
import org.qblockd.qapi.types.EvtchnInfo;
import org.qblockd.qapi.types.SGXInfo;
import org.qblockd.qapi.types.SevAttestationReport;
import org.qblockd.qapi.types.SevCapability;
import org.qblockd.qapi.types.SevGuestInfo;
import org.qblockd.qapi.types.SevInfo;
import org.qblockd.qapi.types.SevLaunchMeasureInfo;
import org.qblockd.qapi.types.SevState;

/** The commands of {@code misc-target.json}: what only KVM or Xen could offer. Control lane. */
public final class HostFeatures implements MiscTargetCommands {
  private final MachineFacts facts;

  /** The commands for this machine. */
  public HostFeatures(MachineFacts facts) {
    this.facts = facts;
  }

  /** No tick is owed to anybody. */
  @Override
  public void rtcResetReinjection() {}

  @Override
  public SevInfo querySev() {
    return new SevInfo.Sev(false, 0, 0, 0, SevState.UNINIT, new SevGuestInfo(0, 0));
  }

  @Override
  public SevLaunchMeasureInfo querySevLaunchMeasure() throws QmpException {
    throw QmpException.generic("SEV launch measurement is not available");
  }

  @Override
  public SevCapability querySevCapabilities() throws QmpException {
    throw QmpException.generic("KVM not enabled");
  }

  @Override
  public void sevInjectLaunchSecret(String packetHeader, String secret, Optional<Long> gpa)
      throws QmpException {
    throw QmpException.generic("SEV not enabled for guest");
  }

  @Override
  public SevAttestationReport querySevAttestationReport(String mnonce) throws QmpException {
    throw QmpException.generic("SEV is not enabled");
  }

  @Override
  public SGXInfo querySgx() throws QmpException {
    String type = facts.type();
    boolean pc = !type.equals("none") && !type.equals("x-remote") && !type.equals("microvm");
    throw QmpException.generic(
        pc ? "No EPC regions defined, SGX not available" : "SGX is only supported on PC machines");
  }

  @Override
  public SGXInfo querySgxCapabilities() throws QmpException {
    throw QmpException.generic("Could not open '/dev/sgx_vepc': No such file or directory");
  }

  @Override
  public List<EvtchnInfo> xenEventList() throws QmpException {
    throw noXen();
  }

  @Override
  public void xenEventInject(long port) throws QmpException {
    throw noXen();
  }

  private static QmpException noXen() {
    return QmpException.generic("Xen event channel emulation not enabled");
  }
}
