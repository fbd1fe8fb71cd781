// SPDX-License-Identifier: Apache-2.0
package org.qblockd.machine.object;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.qblockd.base.BlockException;
import org.qblockd.base.Errno;
import org.qblockd.machine.qom.QomProperty;
import org.qblockd.qapi.AnyValue;
import org.qblockd.qapi.QmpException;
import org.qblockd.qapi.types.QCryptoSecretFormat;

/** A password or key that other objects and drivers name by its id. Control lane. */
public final class SecretObject extends UserObject {
  private final ObjectTypes types;
  private QCryptoSecretFormat format = QCryptoSecretFormat.RAW;
  private @Nullable String keyid;
  private @Nullable String iv;
  private @Nullable String data;
  private @Nullable String file;
  private byte[] secret = {};

  SecretObject(ObjectTypes types) {
    super("secret");
    this.types = types;
    addClass(
        new QomProperty(
            "format",
            "QCryptoSecretFormat",
            () -> AnyValue.of(format),
            (in, name) -> format = QCryptoSecretFormat.decode(in, name)),
        QomProperty.string("keyid", () -> text(keyid), (in, name) -> keyid = in.string(name)),
        QomProperty.string("iv", () -> text(iv), (in, name) -> iv = in.string(name)));
    addClass(
        QomProperty.string("data", () -> text(data), (in, name) -> data = in.string(name)),
        QomProperty.string("file", () -> text(file), (in, name) -> file = in.string(name)));
  }

  private static String text(@Nullable String value) {
    return value == null ? "" : value;
  }

  /** The secret's bytes. */
  public byte[] bytes() {
    return secret.clone();
  }

  /**
   * The secret as text.
   *
   * @throws QmpException when it is none
   */
  public String text() throws QmpException {
    String text = new String(secret, StandardCharsets.UTF_8);
    if (!Arrays.equals(text.getBytes(StandardCharsets.UTF_8), secret)) {
      throw QmpException.generic("Data from secret " + name() + " is not valid UTF-8");
    }
    return text;
  }

  @Override
  protected void complete() throws QmpException, BlockException {
    byte[] given = load();
    boolean base64 = format == QCryptoSecretFormat.BASE64;
    String key = keyid;
    if (key != null) {
      SecretObject with = types.secret(key);
      secret = SecretCipher.decrypt(given, base64, with.secret, iv);
    } else {
      secret = base64 ? SecretCipher.base64(given) : given;
    }
  }

  private byte[] load() throws QmpException {
    String path = file;
    String direct = data;
    if (path != null && direct != null) {
      throw QmpException.generic("'file' and 'data' are mutually exclusive");
    }
    if (path != null) {
      return read(path);
    }
    if (direct == null) {
      throw QmpException.generic("Either 'file' or 'data' must be provided");
    }
    return direct.getBytes(StandardCharsets.UTF_8);
  }

  private static byte[] read(String path) throws QmpException {
    try {
      return Files.readAllBytes(Path.of(path));
    } catch (NoSuchFileException e) {
      throw unreadable(path, "Failed to open file", Errno.ENOENT.text());
    } catch (AccessDeniedException e) {
      throw unreadable(path, "Failed to open file", Errno.EACCES.text());
    } catch (IOException e) {
      throw unreadable(path, "Error reading file", String.valueOf(e.getMessage()));
    }
  }

  private static QmpException unreadable(String path, String what, String why) {
    return QmpException.generic(
        "Unable to read " + path + ": " + what + " \u201c" + path + "\u201d: " + why);
  }
}
