// SPDX-License-Identifier: Apache-2.0
package org.qblockd.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.AnnotatedElement;
import java.util.Arrays;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolutionException;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.junit.platform.commons.support.AnnotationSupport;

/** Starts the server of {@link Qblockd} when a test method asks for it. JUnit's threads. */
public final class QblockdExtension implements ParameterResolver {
  private static final ExtensionContext.Namespace NAMESPACE =
      ExtensionContext.Namespace.create(QblockdExtension.class);

  /** For JUnit. */
  public QblockdExtension() {}

  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
    return parameter.getParameter().getType().equals(QblockdServer.class);
  }

  @Override
  public QblockdServer resolveParameter(ParameterContext parameter, ExtensionContext context) {
    // The store closes what it holds when the method has ended.
    return context
        .getStore(NAMESPACE)
        .computeIfAbsent(
            QblockdServer.class, key -> start(settings(parameter, context)), QblockdServer.class);
  }

  private static Qblockd settings(ParameterContext parameter, ExtensionContext context) {
    AnnotatedElement method = parameter.getDeclaringExecutable();
    return AnnotationSupport.findAnnotation(method, Qblockd.class)
        .or(() -> AnnotationSupport.findAnnotation(context.getRequiredTestClass(), Qblockd.class))
        .orElseThrow(() -> new ParameterResolutionException("@Qblockd is missing"));
  }

  private static QblockdServer start(Qblockd settings) {
    QblockdServer.Builder builder = QblockdServer.builder();
    if (settings.testClock()) {
      builder.arguments("-accel", "qtest", "-qtest-log", "none");
    }
    builder.arguments(settings.arguments());
    if (settings.mode() == Qblockd.Mode.IN_JVM) {
      builder.inJvm();
    }
    try {
      return builder.start();
    } catch (IOException e) {
      throw new UncheckedIOException(
          "cannot start qblockd with " + Arrays.toString(settings.arguments()), e);
    }
  }
}
