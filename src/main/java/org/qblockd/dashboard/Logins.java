// SPDX-License-Identifier: Apache-2.0
package org.qblockd.dashboard;

import io.vertx.core.Vertx;
import io.vertx.core.http.Cookie;
import io.vertx.core.http.CookieSameSite;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;
import java.util.ArrayDeque;
import java.util.Optional;
import org.qblockd.base.Secrets;

/**
 * Browsers that have given the token once, and have a cookie since then: {@code POST /login} and
 * {@code POST /logout}. The event loop only.
 */
final class Logins {
  /** The one before this is forgotten. */
  private static final int MAX_LOGINS = 32;

  /** Who guesses has to wait, and few may wait. */
  private static final long PENALTY_MILLIS = 1000;

  private static final int MAX_PENALTIES = 8;
  private static final long MAX_BODY_BYTES = 4096;
  private static final String COOKIE = "qblockd";

  private final Vertx vertx;
  private final Optional<String> token;
  private final boolean secure;
  private final ArrayDeque<String> sessions = new ArrayDeque<>();
  private int penalties;

  Logins(Vertx vertx, Optional<String> token, boolean secure) {
    this.vertx = vertx;
    this.token = token;
    this.secure = secure;
  }

  void mount(Router router) {
    router
        .post("/login")
        .handler(BodyHandler.create(false).setBodyLimit(MAX_BODY_BYTES))
        .handler(this::login);
    router.post("/logout").handler(this::logout);
  }

  boolean isIn(HttpServerRequest request) {
    Cookie cookie = request.getCookie(COOKIE);
    return cookie != null
        && sessions.stream().anyMatch(each -> Guard.same(cookie.getValue(), each));
  }

  private void login(RoutingContext request) {
    String given = request.request().getFormAttribute("token");
    if (penalties >= MAX_PENALTIES) {
      Answers.refuse(request, 429, "too many wrong tokens");
    } else if (given != null && token.isPresent() && Guard.same(given.strip(), token.get())) {
      request.response().addCookie(cookie(begin()));
      request.response().setStatusCode(303).putHeader("Location", "/").end();
    } else {
      penalties++;
      vertx.setTimer(
          PENALTY_MILLIS,
          unused -> {
            penalties--;
            request.response().setStatusCode(303).putHeader("Location", "/login?wrong").end();
          });
    }
  }

  private String begin() {
    String session = Secrets.next();
    sessions.addLast(session);
    if (sessions.size() > MAX_LOGINS) {
      sessions.removeFirst();
    }
    return session;
  }

  private void logout(RoutingContext request) {
    Cookie cookie = request.request().getCookie(COOKIE);
    if (cookie != null) {
      sessions.remove(cookie.getValue());
    }
    request.response().addCookie(cookie("").setMaxAge(0));
    request.response().setStatusCode(303).putHeader("Location", "/login").end();
  }

  private Cookie cookie(String value) {
    return Cookie.cookie(COOKIE, value)
        .setPath("/")
        .setHttpOnly(true)
        .setSecure(secure)
        .setSameSite(CookieSameSite.STRICT);
  }
}
