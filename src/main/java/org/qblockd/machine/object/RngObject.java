// SPDX-License-Identifier: Apache-2.0
package org.qblockd.machine.object;

import java.nio.file.Files;
import java.nio.file.Path;
import org.qblockd.base.Errno;
import org.qblockd.machine.qom.QomProperty;
import org.qblockd.qapi.InputVisitor;
import org.qblockd.qapi.QmpException;

/** A source of random numbers for a guest. Control lane. */
class RngObject extends UserObject {
  private boolean opened;

  RngObject(String type) {
    super(type);
    addClass(QomProperty.bool("opened", () -> opened, null));
  }

  final boolean opened() {
    return opened;
  }

  @Override
  protected void complete() throws QmpException {
    opened = true;
  }

  /** One that reads a file of the host. */
  static final class FromFile extends RngObject {
    private String filename = "/dev/urandom";

    FromFile() {
      super("rng-random");
      addClass(QomProperty.string("filename", () -> filename, this::setFilename));
    }

    private void setFilename(InputVisitor in, String name) throws QmpException {
      String value = in.string(name);
      if (opened()) {
        throw QmpException.generic("Property '" + name + "' can no longer be set");
      }
      filename = value;
    }

    @Override
    protected void complete() throws QmpException {
      Path file = Path.of(filename);
      if (!Files.isReadable(file)) {
        Errno why = Files.exists(file) ? Errno.EACCES : Errno.ENOENT;
        throw QmpException.generic("Could not open '" + filename + "': " + why.text());
      }
      super.complete();
    }
  }
}
