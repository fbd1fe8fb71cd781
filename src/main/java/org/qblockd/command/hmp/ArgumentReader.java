// SPDX-License-Identifier: Apache-2.0
package org.qblockd.command.hmp;

import java.util.List;
import org.qblockd.command.hmp.Parameter.Need;

/** Reads the arguments of a command line, in the order of the command's parameters. Lane. */
final class ArgumentReader {
  private static final int BITS_PER_MEBIBYTE = 20;

  /** What {@code /fmt} says when it says nothing: the same as last time, at any monitor. */
  private DumpFormat lastFormat = DumpFormat.INITIAL;

  /**
   * Reads the rest of the line.
   *
   * @throws WrongArgument with what the user is told
   */
  void read(HmpCommand command, HmpLine line, HmpCall call) throws WrongArgument {
    List<Parameter> parameters = command.parameters();
    for (int i = 0; i < parameters.size(); i++) {
      Parameter parameter = parameters.get(i);
      line.skipBlanks();
      if (parameter.isFlag()) {
        flag(command, parameter, parameters.subList(i + 1, parameters.size()), line, call);
      } else if (isThere(parameter, line)) {
        value(command, parameter, line, call);
      }
    }
    line.skipBlanks();
    if (!line.atEnd()) {
      throw wrong(command, "extraneous characters at the end of line");
    }
  }

  private static boolean isThere(Parameter parameter, HmpLine line) {
    if (parameter.need() == Need.AFTER_DOT) {
      boolean dot = line.peek(0) == '.';
      line.advance(dot ? 1 : 0);
      return dot;
    }
    return parameter.need() == Need.MUST || !line.atEnd();
  }

  private void value(HmpCommand command, Parameter parameter, HmpLine line, HmpCall call)
      throws WrongArgument {
    String name = parameter.name();
    switch (parameter.kind()) {
      case DEVICE -> call.putText(name, string(command, line, "block device name expected"));
      case FILE -> call.putText(name, string(command, line, "filename expected"));
      case STRING -> call.putText(name, string(command, line, "string expected"));
      case REST -> call.putText(name, rest(command, line));
      case OPTIONS ->
          call.putText(name, line.atEnd() ? "" : string(command, line, "string expected"));
      case FORMAT -> {
        lastFormat = DumpFormat.read(line, lastFormat);
        call.putFormat(lastFormat);
      }
      case INTEGER -> call.putNumber(name, integer(command, line));
      case LONG -> call.putNumber(name, Expression.read(line));
      case MEBIBYTES -> call.putNumber(name, mebibytes(line));
      case SIZE -> call.putNumber(name, SizeText.read(line));
      case ON_OFF -> call.putSwitch(name, onOff(line));
      case FLAG, FLAG_VALUE -> throw new IllegalStateException("read elsewhere");
    }
  }

  private static String rest(HmpCommand command, HmpLine line) throws WrongArgument {
    if (line.atEnd()) {
      throw wrong(command, "string expected");
    }
    return line.rest();
  }

  private static long integer(HmpCommand command, HmpLine line) throws WrongArgument {
    long value = Expression.read(line);
    if (value >>> Integer.SIZE != 0) {
      String main = command.names().getFirst();
      throw new WrongArgument("'" + main + "' has failed: integer is for 32-bit values\n");
    }
    return value;
  }

  private static long mebibytes(HmpLine line) throws WrongArgument {
    long value = Expression.read(line);
    if (value < 0) {
      throw new WrongArgument("enter a positive value\n");
    }
    return value << BITS_PER_MEBIBYTE;
  }

  private static String string(HmpCommand command, HmpLine line, String complaint)
      throws WrongArgument {
    String value = line.string();
    if (value == null) {
      throw wrong(command, complaint);
    }
    return value;
  }

  private static boolean onOff(HmpLine line) throws WrongArgument {
    String word = line.toBlank();
    if (!word.equals("on") && !word.equals("off")) {
      throw new WrongArgument("Expected 'on' or 'off'\n");
    }
    return word.equals("on");
  }

  private static void flag(
      HmpCommand command, Parameter parameter, List<Parameter> later, HmpLine line, HmpCall call)
      throws WrongArgument {
    if (line.peek(0) != '-') {
      return;
    }
    char letter = line.peek(1);
    if (letter != parameter.name().charAt(0)) {
      if (!isFlagOf(later, letter)) {
        // At the end of the line QEMU prints the zero byte there, which cuts its sentence short.
        String shown = letter == 0 ? "" : letter + "\n";
        throw new WrongArgument(command.name() + ": unsupported option -" + shown);
      }
      return;
    }
    line.advance(2);
    if (parameter.kind() == Parameter.Kind.FLAG) {
      call.putSwitch(parameter.name(), true);
      return;
    }
    String value = line.string();
    if (value == null) {
      throw wrong(command, "value expected for -" + letter);
    }
    call.putText(parameter.name(), value);
  }

  private static boolean isFlagOf(List<Parameter> parameters, char letter) {
    for (Parameter parameter : parameters) {
      if (parameter.isFlag() && parameter.name().charAt(0) == letter) {
        return true;
      }
    }
    return false;
  }

  private static WrongArgument wrong(HmpCommand command, String sentence) {
    return new WrongArgument(command.name() + ": " + sentence + "\n");
  }
}
