// SPDX-License-Identifier: Apache-2.0
package org.qblockd.command.qemuio;

import org.qblockd.block.Permission;

/** The six forms of a transfer of bytes, with the options of each. Immutable. */
enum TransferForm {
  READ(
      new QemuIoCommand.Description(
          "read",
          "r",
          2,
          -1,
          0,
          "[-abCqrv] [-P pattern [-s off] [-l len]] off len",
          "reads a number of bytes at a specified offset"),
      "bCl:pP:qrs:v",
      false,
      false),
  WRITE(
      new QemuIoCommand.Description(
          "write",
          "w",
          2,
          -1,
          Permission.WRITE,
          "[-bcCfnqruz] [-P pattern | -s source_file] off len",
          "writes a number of bytes at a specified offset"),
      "bcCfnpP:qrs:uz",
      true,
      false),
  READV(
      new QemuIoCommand.Description(
          "readv",
          "",
          2,
          -1,
          0,
          "[-Cqrv] [-P pattern] off len [len..]",
          "reads a number of bytes at a specified offset"),
      "CP:qrv",
      false,
      false),
  WRITEV(
      new QemuIoCommand.Description(
          "writev",
          "",
          2,
          -1,
          Permission.WRITE,
          "[-Cfqr] [-P pattern] off len [len..]",
          "writes a number of bytes at a specified offset"),
      "CfP:qr",
      true,
      false),
  AIO_READ(
      new QemuIoCommand.Description(
          "aio_read",
          "",
          2,
          -1,
          0,
          "[-Ciqrv] [-P pattern] off len [len..]",
          "asynchronously reads a number of bytes"),
      "CiP:qrv",
      false,
      true),
  AIO_WRITE(
      new QemuIoCommand.Description(
          "aio_write",
          "",
          2,
          -1,
          Permission.WRITE,
          "[-Cfiqruz] [-P pattern] off len [len..]",
          "asynchronously writes a number of bytes"),
      "CfiP:qruz",
      true,
      true);

  private final QemuIoCommand.Description description;
  private final String options;
  private final boolean writes;
  private final boolean asynchronous;

  TransferForm(
      QemuIoCommand.Description description, String options, boolean writes, boolean asynchronous) {
    this.description = description;
    this.options = options;
    this.writes = writes;
    this.asynchronous = asynchronous;
  }

  /** Whether the form takes one length only. */
  boolean oneLength() {
    return this == READ || this == WRITE;
  }

  QemuIoCommand.Description description() {
    return description;
  }

  /** getopt's option string. */
  String options() {
    return options;
  }

  boolean writes() {
    return writes;
  }

  boolean asynchronous() {
    return asynchronous;
  }
}
