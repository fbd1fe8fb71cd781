// SPDX-License-Identifier: Apache-2.0
package org.qblockd.command.machine;

import java.util.List;
import java.util.Optional;
import org.qblockd.qapi.QmpException;
import org.qblockd.qapi.commands.CryptodevCommands;
import org.qblockd.qapi.commands.RockerCommands;
import org.qblockd.qapi.commands.TpmCommands;
import org.qblockd.qapi.types.QCryptodevInfo;
import org.qblockd.qapi.types.RockerOfDpaFlow;
import org.qblockd.qapi.types.RockerOfDpaGroup;
import org.qblockd.qapi.types.RockerPort;
import org.qblockd.qapi.types.RockerSwitch;
import org.qblockd.qapi.types.TPMInfo;
import org.qblockd.qapi.types.TpmModel;
import org.qblockd.qapi.types.TpmType;

/**
 * The commands about kinds of devices of which no machine here has any: crypto devices, rocker
 * switches, TPMs. Control lane.
 */
public final class AbsentDevices implements CryptodevCommands, RockerCommands, TpmCommands {
  /** The commands. */
  public AbsentDevices() {}

  @Override
  public List<QCryptodevInfo> queryCryptodev() {
    return List.of();
  }

  @Override
  public RockerSwitch queryRocker(String name) throws QmpException {
    throw noRocker(name);
  }

  @Override
  public List<RockerPort> queryRockerPorts(String name) throws QmpException {
    throw noRocker(name);
  }

  @Override
  public List<RockerOfDpaFlow> queryRockerOfDpaFlows(String name, Optional<Long> tblId)
      throws QmpException {
    throw noRocker(name);
  }

  @Override
  public List<RockerOfDpaGroup> queryRockerOfDpaGroups(String name, Optional<Long> type)
      throws QmpException {
    throw noRocker(name);
  }

  private static QmpException noRocker(String name) {
    return QmpException.generic("rocker " + name + " not found");
  }

  @Override
  public List<TpmModel> queryTpmModels() {
    return List.of(TpmModel.TPM_CRB, TpmModel.TPM_TIS);
  }

  @Override
  public List<TpmType> queryTpmTypes() {
    return List.of(TpmType.PASSTHROUGH, TpmType.EMULATOR);
  }

  @Override
  public List<TPMInfo> queryTpm() {
    return List.of();
  }
}
