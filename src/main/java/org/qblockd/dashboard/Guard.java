// SPDX-License-Identifier: Apache-2.0
package org.qblockd.dashboard;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.vertx.core.Handler;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import java.security.MessageDigest;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Looks at each request before anything else does. Refused are: hosts that are not ours, since a
 * foreign page can give its own name our address (DNS rebinding); pages of other origins, by
 * whatever method, WebSockets included; paths that are not in their plain form; and, when a token
 * is wanted, those who do not know it. The event loop only.
 */
final class Guard implements Handler<RoutingContext> {
  private static final Pattern PLAIN_PATH = Pattern.compile("/[A-Za-z0-9/_.-]*");
  private static final Pattern IPV4 = Pattern.compile("[0-9]{1,3}(\\.[0-9]{1,3}){3}");
  private static final Pattern IPV6 = Pattern.compile("\\[[0-9a-f:.]+]");
  private static final Pattern PORT = Pattern.compile(":[0-9]{1,5}$");
  private static final String BEARER = "bearer ";

  /** What may be read without the token: how to give it, and whether the server is alive. */
  private static final Set<String> OPEN =
      Set.of("/login", "/login.css", "/icon.svg", "/healthz", "/readyz");

  /** The header that says what a page may load. */
  static final String POLICY = "Content-Security-Policy";

  private final boolean secure;
  private final Optional<String> name;
  private final Optional<String> token;
  private final Logins logins;

  /**
   * A guard.
   *
   * @param secure whether clients speak TLS
   * @param name a host name that is ours, beside localhost and all addresses
   * @param token what a client must know, if anything
   */
  Guard(boolean secure, Optional<String> name, Optional<String> token, Logins logins) {
    this.secure = secure;
    this.name = name.map(each -> each.toLowerCase(Locale.ROOT));
    this.token = token;
    this.logins = logins;
  }

  @Override
  public void handle(RoutingContext context) {
    HttpServerRequest request = context.request();
    addHeaders(context.response().headers());
    String host = single(request.headers(), "Host");
    String path = String.valueOf(request.path());
    if (!PLAIN_PATH.matcher(path).matches()
        || path.contains("//")
        || path.contains("/.")
        || !request.uri().startsWith("/")) {
      Answers.refuse(context, 400, "the path is not in its plain form");
    } else if (host == null || !isOurs(host)) {
      Answers.refuse(context, 421, "this host is not served here");
    } else if (!isSameOrigin(request, host)) {
      Answers.refuse(context, 403, "requests of other origins are refused");
    } else if (!knowsToken(request)) {
      challenge(context);
    } else {
      context.next();
    }
  }

  private void addHeaders(MultiMap headers) {
    headers
        .set(POLICY, policy(""))
        .set("X-Content-Type-Options", "nosniff")
        .set("X-Frame-Options", "DENY")
        .set("Referrer-Policy", "no-referrer")
        .set("Cross-Origin-Opener-Policy", "same-origin")
        .set("Cross-Origin-Resource-Policy", "same-origin")
        .set("Permissions-Policy", "camera=(), microphone=(), geolocation=()");
    if (secure) {
      headers.set("Strict-Transport-Security", "max-age=31536000");
    }
  }

  /**
   * A policy that allows what comes from this server only.
   *
   * @param nonce styles with this text are allowed, too; empty for none
   */
  static String policy(String nonce) {
    String styles = nonce.isEmpty() ? "'self'" : "'self' 'nonce-" + nonce + "'";
    return "default-src 'none'; script-src 'self'; style-src "
        + styles
        + "; img-src 'self' data:; connect-src 'self'; font-src 'self'; base-uri 'none';"
        + " form-action 'self'; frame-ancestors 'none'";
  }

  /** The value of a header that is there once; null otherwise. */
  private static @Nullable String single(MultiMap headers, String header) {
    List<String> values = headers.getAll(header);
    return values.size() == 1 ? values.getFirst() : null;
  }

  /** A name can be made to mean any address; an address means only itself. */
  private boolean isOurs(String host) {
    String lower = host.toLowerCase(Locale.ROOT);
    String bare = PORT.matcher(lower).replaceFirst("");
    return bare.equals("localhost")
        || IPV4.matcher(bare).matches()
        || IPV6.matcher(bare).matches()
        || name.isPresent() && name.get().equals(bare);
  }

  private boolean isSameOrigin(HttpServerRequest request, String host) {
    String ours = (secure ? "https://" : "http://") + host;
    List<String> origins = request.headers().getAll("Origin");
    for (String origin : origins) {
      if (!origin.equalsIgnoreCase(ours)) {
        return false;
      }
    }
    String site = request.getHeader("Sec-Fetch-Site");
    if (site == null || site.equals("same-origin") || site.equals("none")) {
      return true;
    }
    // Following a link is not yet a request of the other page: it does not see the answer.
    return HttpMethod.GET.equals(request.method())
        && "navigate".equals(request.getHeader("Sec-Fetch-Mode"))
        && "document".equals(request.getHeader("Sec-Fetch-Dest"));
  }

  private boolean knowsToken(HttpServerRequest request) {
    if (token.isEmpty() || OPEN.contains(request.path())) {
      return true;
    }
    String authorization = single(request.headers(), "Authorization");
    if (authorization != null && authorization.toLowerCase(Locale.ROOT).startsWith(BEARER)) {
      return same(authorization.substring(BEARER.length()).strip(), token.get());
    }
    return logins.isIn(request);
  }

  /** Takes the same time wherever the texts differ. */
  static boolean same(String given, String wanted) {
    return MessageDigest.isEqual(given.getBytes(UTF_8), wanted.getBytes(UTF_8));
  }

  private static void challenge(RoutingContext context) {
    boolean page =
        HttpMethod.GET.equals(context.request().method()) && "/".equals(context.request().path());
    if (page) {
      context.response().setStatusCode(303).putHeader("Location", "/login").end();
      return;
    }
    context.response().putHeader("WWW-Authenticate", "Bearer realm=\"qblockd\"");
    Answers.refuse(context, 401, "a token is wanted");
  }
}
