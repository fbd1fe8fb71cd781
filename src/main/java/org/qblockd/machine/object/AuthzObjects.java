// SPDX-License-Identifier: Apache-2.0
package org.qblockd.machine.object;

import java.util.List;
import org.qblockd.machine.qom.QomProperty;
import org.qblockd.qapi.AnyValue;
import org.qblockd.qapi.types.QAuthZListFormat;
import org.qblockd.qapi.types.QAuthZListPolicy;
import org.qblockd.qapi.types.QAuthZListRule;

/** Objects that say which clients may do something. Control lane. */
final class AuthzObjects {
  private AuthzObjects() {}

  /** Allows one identity. */
  static final class Simple extends Authz {
    private String identity = "";

    Simple() {
      super("authz-simple");
      addClass(
          QomProperty.string("identity", () -> identity, (in, name) -> identity = in.string(name)));
    }

    @Override
    public boolean allows(String who) {
      return who.equals(identity);
    }
  }

  /** Allows and denies by the first rule that matches. */
  static final class Rules extends Authz {
    private QAuthZListPolicy policy = QAuthZListPolicy.DENY;
    private List<QAuthZListRule> rules = List.of();

    Rules() {
      super("authz-list");
      addClass(
          new QomProperty(
              "policy",
              "QAuthZListPolicy",
              () -> AnyValue.of(policy),
              (in, name) -> policy = QAuthZListPolicy.decode(in, name)),
          new QomProperty(
              "rules",
              "QAuthZListRule",
              () -> AnyValue.list(rules),
              (in, name) -> rules = QAuthZListRule.decodeList(in, name)));
    }

    @Override
    public boolean allows(String who) {
      for (QAuthZListRule rule : rules) {
        boolean glob = rule.format().orElse(QAuthZListFormat.EXACT) == QAuthZListFormat.GLOB;
        if (glob ? Globs.matches(rule.match(), who) : rule.match().equals(who)) {
          return rule.policy() == QAuthZListPolicy.ALLOW;
        }
      }
      return policy == QAuthZListPolicy.ALLOW;
    }
  }
}
