// SPDX-License-Identifier: Apache-2.0
package org.qblockd.app;

import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.qblockd.app.commandline.ChardevOptions;
import org.qblockd.app.commandline.HelpException;
import org.qblockd.command.hmp.CharDeviceText;
import org.qblockd.qapi.QmpException;
import org.qblockd.qapi.types.ChardevBackend;

/** Character devices as a user types them at a human monitor. Control lane. */
final class TypedChardev implements CharDeviceText {
  @Override
  public @Nullable Description read(String text, boolean help, Consumer<String> shown)
      throws QmpException {
    try {
      return new Typed(
          help ? ChardevOptions.read(text, shown) : ChardevOptions.readPlain(text, shown));
    } catch (HelpException list) {
      shown.accept(list.text());
      return null;
    } catch (QmpException wrong) {
      shown.accept(wrong.text());
      if (!wrong.hint().isEmpty()) {
        shown.accept(wrong.hint().stripTrailing());
      }
      throw new QmpException(wrong.errorClass(), "Parsing chardev args failed", wrong);
    }
  }

  private record Typed(ChardevOptions options) implements Description {
    @Override
    public @Nullable String id() {
      return options.id();
    }

    @Override
    public ChardevBackend backend() throws QmpException {
      return options.backend();
    }

    @Override
    public ChardevBackend backendOf(String id) throws QmpException {
      return new ChardevOptions(id, options.options()).backend();
    }

    @Override
    public boolean shared() throws QmpException {
      return options.shared();
    }
  }
}
