// SPDX-License-Identifier: Apache-2.0
package org.qblockd.driver.luks;

import java.nio.ByteBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.qblockd.base.BlockException;
import org.qblockd.base.Clock;
import org.qblockd.block.Child;
import org.qblockd.block.ChildRole;
import org.qblockd.block.NodeOps;
import org.qblockd.crypto.LuksHeader;
import org.qblockd.crypto.LuksVolume;
import org.qblockd.crypto.Secrets;
import org.qblockd.driver.BlockDriver;
import org.qblockd.driver.FormatCreator;
import org.qblockd.driver.OpenRequest;
import org.qblockd.driver.RuntimeOption;
import org.qblockd.driver.RuntimeOption.Kind;
import org.qblockd.qapi.types.BlockdevOptions;
import org.qblockd.qapi.types.BlockdevOptionsLUKS;

/** The driver {@code luks}. Control lane. */
public final class LuksDriver implements BlockDriver {
  private final Secrets secrets;
  private final Clock clock;

  /**
   * A driver for volumes whose passwords are in objects.
   *
   * @param clock measures how fast keys are derived
   */
  public LuksDriver(Secrets secrets, Clock clock) {
    this.secrets = secrets;
    this.clock = clock;
  }

  @Override
  public String name() {
    return "luks";
  }

  @Override
  public int probe(ByteBuffer head, String filename) {
    return LuksHeader.looksLike(head) ? 100 : 0;
  }

  @Override
  public List<RuntimeOption> runtimeOptions() {
    return List.of(
        RuntimeOption.of("file", Kind.CHILD),
        RuntimeOption.of("header", Kind.CHILD),
        RuntimeOption.of("key-secret", Kind.TEXT));
  }

  @Override
  public List<String> strongOptions() {
    return List.of("key-secret");
  }

  @Override
  public FormatCreator creator() {
    return new LuksCreator(secrets, clock);
  }

  @Override
  public NodeOps open(OpenRequest request) throws BlockException {
    if (!(request.options() instanceof BlockdevOptions.Luks branch)) {
      throw new IllegalArgumentException("options of another driver");
    }
    BlockdevOptionsLUKS typed = branch.data();
    boolean detached = typed.header().isPresent();
    Child header =
        detached ? request.openChild("header", ChildRole.METADATA, typed.header().get()) : null;
    int role = detached ? ChildRole.DATA | ChildRole.PRIMARY : ChildRole.IMAGE;
    Child file = request.openChild("file", role, typed.file());
    LuksVolume volume = volume(request, typed, new ChildArea(header == null ? file : header));
    return new LuksOps(file, header, volume, request.node().readOnly());
  }

  private LuksVolume volume(OpenRequest request, BlockdevOptionsLUKS typed, ChildArea area)
      throws BlockException {
    @Nullable String id = typed.keySecret().orElse(null);
    if (id == null) {
      throw BlockException.invalid("Parameter 'key-secret' is required for cipher");
    }
    LuksHeader found = LuksVolume.readHeader(area);
    byte[] password = secrets.password(id);
    return request.compute(() -> LuksVolume.open(found, area, password));
  }
}
