// SPDX-License-Identifier: Apache-2.0
package org.qblockd.machine.qom;

import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.qblockd.base.BlockException;
import org.qblockd.qapi.AnyValue;
import org.qblockd.qapi.InputVisitor;
import org.qblockd.qapi.QmpException;

/**
 * A property of an object. Control lane.
 *
 * @param name the name
 * @param type as QMP shows it: {@code string}, {@code int}, {@code child<T>}, …
 * @param getter reads it; null if it cannot be read
 * @param setter changes it; null if it cannot be changed
 * @param target what a path goes on to from here: a child, or what a link points to
 */
public record QomProperty(
    String name,
    String type,
    @Nullable Getter getter,
    @Nullable Setter setter,
    @Nullable Target target) {

  /** Reads a property. */
  public interface Getter {
    /** The value. */
    AnyValue get() throws QmpException;
  }

  /** Changes a property. */
  public interface Setter {
    /**
     * Takes the value from the visitor.
     *
     * @param in stands before a member called {@code name}
     */
    void set(InputVisitor in, String name) throws QmpException, BlockException;
  }

  /** Where a path goes on. */
  public interface Target {
    /** The object, or null. */
    @Nullable QomObject object();
  }

  /** A property without a way on. */
  public QomProperty(String name, String type, @Nullable Getter getter, @Nullable Setter setter) {
    this(name, type, getter, setter, null);
  }

  /** Whether this property holds a child, rather than a link or a value. */
  public boolean isChild() {
    return type.startsWith("child<");
  }

  /** A string; without {@code setter} it cannot be changed. */
  public static QomProperty string(String name, Supplier<String> getter, @Nullable Setter setter) {
    return new QomProperty(name, "string", () -> AnyValue.of(getter.get()), setter);
  }

  /** A boolean. */
  public static QomProperty bool(String name, BooleanSupplier getter, @Nullable Setter setter) {
    return new QomProperty(name, "bool", () -> AnyValue.of(getter.getAsBoolean()), setter);
  }

  /** A signed number of any of QEMU's types ({@code int}, {@code uint32}, …). */
  public static QomProperty number(
      String name, String type, LongSupplier getter, @Nullable Setter setter) {
    return new QomProperty(name, type, () -> AnyValue.of(getter.getAsLong()), setter);
  }

  /** A child; {@link QomObject#addChild} makes it. */
  static QomProperty child(String name, QomObject child) {
    return new QomProperty(
        name, "child<" + child.type() + ">", () -> AnyValue.of(child.path()), null, () -> child);
  }

  /** A link; without an object its value is the empty string. */
  public static QomProperty link(String name, String type, Target target) {
    return link(name, type, target, null);
  }

  /** A link that may be set. */
  public static QomProperty link(String name, String type, Target target, @Nullable Setter setter) {
    return new QomProperty(
        name, "link<" + type + ">", () -> AnyValue.of(pathOf(target.object())), setter, target);
  }

  private static String pathOf(@Nullable QomObject object) {
    return object == null ? "" : object.path();
  }
}
