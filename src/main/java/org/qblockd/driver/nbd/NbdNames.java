// SPDX-License-Identifier: Apache-2.0
package org.qblockd.driver.nbd;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.qblockd.base.BlockException;
import org.qblockd.qapi.options.FullOptions;
import org.qblockd.qapi.options.OptionMap;

/** File names of exports: URIs and the older {@code nbd:host:port:exportname=…}. Pure. */
final class NbdNames {
  static final String DEFAULT_PORT = "10809";
  private static final String EXPORT_NAME = ":exportname=";

  private NbdNames() {}

  static void parse(String name, OptionMap options) throws BlockException {
    if (name.contains("://")) {
      uri(name, options);
      return;
    }
    String rest = name.startsWith("nbd:") ? name.substring("nbd:".length()) : name;
    int export = rest.indexOf(EXPORT_NAME);
    if (export >= 0) {
      options.put("export", rest.substring(export + EXPORT_NAME.length()));
      rest = rest.substring(0, export);
    }
    if (rest.isEmpty()) {
      return;
    }
    if (rest.startsWith("unix:")) {
      unix(rest.substring("unix:".length()), options);
      return;
    }
    int colon = rest.lastIndexOf(':');
    if (colon < 0) {
      throw BlockException.invalid("error parsing address '" + rest + "'");
    }
    inet(rest.substring(0, colon), rest.substring(colon + 1), options);
  }

  private static void unix(String path, OptionMap options) {
    options.put("server.type", "unix");
    options.put("server.path", path);
  }

  private static void inet(String host, String port, OptionMap options) {
    boolean bracketed = host.startsWith("[") && host.endsWith("]");
    options.put("server.type", "inet");
    options.put("server.host", bracketed ? host.substring(1, host.length() - 1) : host);
    options.put("server.port", port);
  }

  private static void uri(String name, OptionMap options) throws BlockException {
    int colon = name.indexOf("://");
    String scheme = name.substring(0, colon);
    String rest = name.substring(colon + "://".length());
    int question = rest.indexOf('?');
    String query = question < 0 ? "" : rest.substring(question + 1);
    rest = question < 0 ? rest : rest.substring(0, question);
    int slash = rest.indexOf('/');
    String authority = slash < 0 ? rest : rest.substring(0, slash);
    String path = slash < 0 ? "" : decoded(rest.substring(slash + 1));
    if (!path.isEmpty()) {
      options.put("export", path);
    }
    if (scheme.equals("nbd+unix")) {
      if (!authority.isEmpty() || !query.startsWith("socket=") || query.contains("&")) {
        throw invalid();
      }
      unix(decoded(query.substring("socket=".length())), options);
      return;
    }
    if (authority.isEmpty() || !query.isEmpty()) {
      throw invalid();
    }
    authority = authority.substring(authority.indexOf('@') + 1);
    int port = authority.lastIndexOf(':');
    boolean hasPort = port > authority.lastIndexOf(']');
    inet(
        hasPort ? authority.substring(0, port) : authority,
        hasPort ? authority.substring(port + 1) : DEFAULT_PORT,
        options);
  }

  private static String decoded(String text) {
    return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
  }

  private static BlockException invalid() {
    return BlockException.invalid("No valid URL specified");
  }

  /** A URI cannot say which versions of IP, nor which ports, may be used. */
  private static String inet(FullOptions options, String path) {
    for (String beyond : List.of("server.to", "server.ipv4", "server.ipv6")) {
      if (options.names().contains(beyond)) {
        return "";
      }
    }
    return "nbd://" + options.string("server.host") + ":" + options.string("server.port") + path;
  }

  /** The URI that means the same as the options, or the empty string. */
  static String of(FullOptions options) {
    if (options.names().contains("tls-creds")) {
      return "";
    }
    boolean named = options.names().contains("export");
    String export = options.string("export");
    return switch (options.string("server.type")) {
      case "unix" ->
          "nbd+unix://" + (named ? "/" + export : "") + "?socket=" + options.string("server.path");
      case "inet" -> inet(options, named ? "/" + export : "");
      default -> "";
    };
  }
}
