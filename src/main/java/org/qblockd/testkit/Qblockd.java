// SPDX-License-Identifier: Apache-2.0
package org.qblockd.testkit;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Gives each test method of a class, or one method, a server of its own: parameters of the type
 * {@link QblockdServer} are that server. It is ended after the method.
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.TYPE, ElementType.METHOD})
@ExtendWith(QblockdExtension.class)
public @interface Qblockd {
  /** Where the server runs. */
  enum Mode {
    /** As a process, started by the launcher. */
    PROCESS,
    /** In the JVM of the test, which needs the flags that docs/testing.md names. */
    IN_JVM
  }

  /** Where the server runs. */
  Mode mode() default Mode.PROCESS;

  /** Arguments beside those for the machine {@code none} and the QMP socket. */
  String[] arguments() default {};

  /** Whether the server has a test clock: {@code -accel qtest}. */
  boolean testClock() default false;
}
