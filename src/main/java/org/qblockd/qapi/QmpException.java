// SPDX-License-Identifier: Apache-2.0
package org.qblockd.qapi;

/** An error as a QMP client sees it: a class and a sentence. Any thread. */
public final class QmpException extends Exception {
  private static final long serialVersionUID = 1L;

  private final ErrorClass errorClass;
  private final String text;

  public QmpException(ErrorClass errorClass, String text) {
    super(text);
    this.errorClass = errorClass;
    this.text = text;
  }

  /** An error that keeps what caused it. */
  public QmpException(ErrorClass errorClass, String text, Throwable cause) {
    super(text, cause);
    this.errorClass = errorClass;
    this.text = text;
  }

  /** An error of the class that most errors have. */
  public static QmpException generic(String text) {
    return new QmpException(ErrorClass.GENERIC_ERROR, text);
  }

  /** The class. */
  public ErrorClass errorClass() {
    return errorClass;
  }

  /** The sentence; never null, unlike {@link #getMessage()}. */
  public String text() {
    return text;
  }
}
