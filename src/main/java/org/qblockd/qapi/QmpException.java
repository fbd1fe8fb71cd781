// SPDX-License-Identifier: Apache-2.0
package org.qblockd.qapi;

/** An error as a QMP client sees it: a class and a sentence. Any thread. */
public final class QmpException extends Exception {
  private static final long serialVersionUID = 1L;

  private final ErrorClass errorClass;
  private final String text;
  private final String hint;

  public QmpException(ErrorClass errorClass, String text) {
    super(text);
    this.errorClass = errorClass;
    this.text = text;
    this.hint = "";
  }

  /** An error that keeps what caused it. */
  public QmpException(ErrorClass errorClass, String text, Throwable cause) {
    super(text, cause);
    this.errorClass = errorClass;
    this.text = text;
    this.hint = "";
  }

  private QmpException(String text, String hint) {
    super(text);
    this.errorClass = ErrorClass.GENERIC_ERROR;
    this.text = text;
    this.hint = hint;
  }

  /** An error of the class that most errors have. */
  public static QmpException generic(String text) {
    return new QmpException(ErrorClass.GENERIC_ERROR, text);
  }

  /** An error with lines that follow it on standard error; QMP clients do not see them. */
  public static QmpException withHint(String text, String hint) {
    return new QmpException(text, hint);
  }

  /** What standard error shows on the lines after the sentence; may be empty. */
  public String hint() {
    return hint;
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
