// SPDX-License-Identifier: Apache-2.0
package org.qblockd.app.commandline;

import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.qblockd.dashboard.DashboardOptions;
import org.qblockd.qapi.OptsParser;
import org.qblockd.qapi.OptsParser.Kind;
import org.qblockd.qapi.OptsParser.Parsed;
import org.qblockd.qapi.QmpException;

/** Reads what stands behind {@code -x-dashboard}. Stateless; main thread. */
public final class DashboardReader {
  private static final String OFF = "off";
  private static final String ON = "on";
  private static final int MAX_PORT = 65535;

  private static final OptsParser PARSER =
      OptsParser.of(
          "addr",
          Map.of(
              "addr", Kind.STRING,
              "token-file", Kind.STRING,
              "tls-cert", Kind.STRING,
              "tls-key", Kind.STRING,
              "name", Kind.STRING));

  private DashboardReader() {}

  /** Whether the text says that there is to be no dashboard. */
  public static boolean isOff(String text) {
    return text.equals(OFF);
  }

  /** The options, for a dashboard that is wanted. */
  public static DashboardOptions read(String text) throws QmpException {
    Parsed parsed = PARSER.parse(text, warning -> {});
    String address = parsed.get("addr");
    Optional<String> certificate = Optional.ofNullable(parsed.get("tls-cert"));
    Optional<String> key = Optional.ofNullable(parsed.get("tls-key"));
    if (certificate.isPresent() != key.isPresent()) {
      throw QmpException.generic("tls-cert and tls-key go together");
    }
    boolean usual = address == null || address.equals(ON);
    String given = usual ? Integer.toString(DashboardOptions.USUAL_PORT) : address;
    return new DashboardOptions(
        host(given),
        port(given),
        Optional.ofNullable(parsed.get("token-file")),
        certificate,
        key,
        Optional.ofNullable(parsed.get("name")));
  }

  private static String host(@Nullable String address) {
    int colon = String.valueOf(address).lastIndexOf(':');
    if (address == null || colon <= 0) {
      return DashboardOptions.LOOPBACK;
    }
    String host = address.substring(0, colon);
    return host.startsWith("[") && host.endsWith("]") ? host.substring(1, host.length() - 1) : host;
  }

  private static int port(@Nullable String address) throws QmpException {
    String text = String.valueOf(address);
    String digits = text.substring(text.lastIndexOf(':') + 1);
    boolean number = !digits.isEmpty() && digits.chars().allMatch(c -> c >= '0' && c <= '9');
    int port = number && digits.length() <= 5 ? Integer.parseInt(digits) : -1;
    if (port < 0 || port > MAX_PORT) {
      throw QmpException.generic("Parameter 'addr' expects [HOST:]PORT");
    }
    return port;
  }
}
