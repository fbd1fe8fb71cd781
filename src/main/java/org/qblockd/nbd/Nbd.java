// SPDX-License-Identifier: Apache-2.0
package org.qblockd.nbd;

import org.qblockd.base.Errno;

/** Numbers of the NBD protocol, fixed newstyle. Any thread. */
public final class Nbd {
  /** The first bytes of a server: {@code NBDMAGIC}. */
  public static final long MAGIC = 0x4e42444d41474943L;

  /** Begins each option: {@code IHAVEOPT}. */
  public static final long OPTION_MAGIC = 0x49484156454F5054L;

  /** Begins each reply to an option. */
  public static final long REPLY_MAGIC = 0x0003e889045565a9L;

  /** Begins a request of 28 bytes. */
  public static final int REQUEST_MAGIC = 0x25609513;

  /** Begins a request of 32 bytes. */
  public static final int EXTENDED_REQUEST_MAGIC = 0x21e41c71;

  /** Begins a simple reply. */
  public static final int SIMPLE_REPLY_MAGIC = 0x67446698;

  /** Begins a chunk of a structured reply. */
  public static final int STRUCTURED_REPLY_MAGIC = 0x668e33ef;

  /** Begins a chunk with an extended header. */
  public static final int EXTENDED_REPLY_MAGIC = 0x6e8a278c;

  /** Handshake: the server speaks fixed newstyle; the client, too. */
  public static final int FIXED_NEWSTYLE = 1;

  /** Handshake: no zeroes behind the answer to EXPORT_NAME. */
  public static final int NO_ZEROES = 2;

  // Options.
  public static final int OPT_EXPORT_NAME = 1;
  public static final int OPT_ABORT = 2;
  public static final int OPT_LIST = 3;
  public static final int OPT_STARTTLS = 5;
  public static final int OPT_INFO = 6;
  public static final int OPT_GO = 7;
  public static final int OPT_STRUCTURED_REPLY = 8;
  public static final int OPT_LIST_META_CONTEXT = 9;
  public static final int OPT_SET_META_CONTEXT = 10;
  public static final int OPT_EXTENDED_HEADERS = 11;

  // Replies to options.
  public static final int REP_ACK = 1;
  public static final int REP_SERVER = 2;
  public static final int REP_INFO = 3;
  public static final int REP_META_CONTEXT = 4;
  public static final int REP_ERROR = 1 << 31;
  public static final int REP_ERR_UNSUP = REP_ERROR | 1;
  public static final int REP_ERR_POLICY = REP_ERROR | 2;
  public static final int REP_ERR_INVALID = REP_ERROR | 3;
  public static final int REP_ERR_PLATFORM = REP_ERROR | 4;
  public static final int REP_ERR_TLS_REQD = REP_ERROR | 5;
  public static final int REP_ERR_UNKNOWN = REP_ERROR | 6;
  public static final int REP_ERR_SHUTDOWN = REP_ERROR | 7;
  public static final int REP_ERR_BLOCK_SIZE_REQD = REP_ERROR | 8;
  public static final int REP_ERR_TOO_BIG = REP_ERROR | 9;
  public static final int REP_ERR_EXT_HEADER_REQD = REP_ERROR | 10;

  // Kinds of information about an export.
  public static final int INFO_EXPORT = 0;
  public static final int INFO_NAME = 1;
  public static final int INFO_DESCRIPTION = 2;
  public static final int INFO_BLOCK_SIZE = 3;

  // Transmission flags of an export.
  public static final int HAS_FLAGS = 1;
  public static final int READ_ONLY = 1 << 1;
  public static final int SEND_FLUSH = 1 << 2;
  public static final int SEND_FUA = 1 << 3;
  public static final int SEND_TRIM = 1 << 5;
  public static final int SEND_WRITE_ZEROES = 1 << 6;
  public static final int SEND_DF = 1 << 7;
  public static final int CAN_MULTI_CONN = 1 << 8;
  public static final int SEND_CACHE = 1 << 10;
  public static final int SEND_FAST_ZERO = 1 << 11;
  public static final int BLOCK_STATUS_PAYLOAD = 1 << 12;

  // Commands.
  public static final int CMD_READ = 0;
  public static final int CMD_WRITE = 1;
  public static final int CMD_DISC = 2;
  public static final int CMD_FLUSH = 3;
  public static final int CMD_TRIM = 4;
  public static final int CMD_CACHE = 5;
  public static final int CMD_WRITE_ZEROES = 6;
  public static final int CMD_BLOCK_STATUS = 7;

  // Flags of commands.
  public static final int CMD_FLAG_FUA = 1;
  public static final int CMD_FLAG_NO_HOLE = 1 << 1;
  public static final int CMD_FLAG_DF = 1 << 2;
  public static final int CMD_FLAG_REQ_ONE = 1 << 3;
  public static final int CMD_FLAG_FAST_ZERO = 1 << 4;
  public static final int CMD_FLAG_PAYLOAD_LEN = 1 << 5;

  // Chunks of structured replies.
  public static final int REPLY_FLAG_DONE = 1;
  public static final int REPLY_NONE = 0;
  public static final int REPLY_OFFSET_DATA = 1;
  public static final int REPLY_OFFSET_HOLE = 2;
  public static final int REPLY_BLOCK_STATUS = 5;
  public static final int REPLY_BLOCK_STATUS_EXT = 6;
  public static final int REPLY_ERROR = (1 << 15) | 1;
  public static final int REPLY_ERROR_OFFSET = (1 << 15) | 2;

  /** In {@code base:allocation}: nothing is stored here. */
  public static final int STATE_HOLE = 1;

  /** In {@code base:allocation}: reads as zeroes. */
  public static final int STATE_ZERO = 2;

  /** The longest data of a request or of an option, in bytes. */
  public static final int MAX_BUFFER = 32 << 20;

  /** The longest name or text, in bytes. */
  public static final int MAX_STRING = 4096;

  private Nbd() {}

  /** The error number that a reply carries. */
  public static int errorOnWire(Errno errno) {
    return switch (errno) {
      case EPERM, EROFS -> 1;
      case EIO -> 5;
      case ENOMEM -> 12;
      case ENOSPC, EFBIG, EDQUOT -> 28;
      case EOVERFLOW -> 75;
      case ENOTSUP -> 95;
      case ESHUTDOWN -> 108;
      default -> 22;
    };
  }

  /** What a reply's error number means here. */
  public static Errno errorOffWire(int error) {
    return switch (error) {
      case 1 -> Errno.EPERM;
      case 5 -> Errno.EIO;
      case 12 -> Errno.ENOMEM;
      case 28 -> Errno.ENOSPC;
      case 75 -> Errno.EOVERFLOW;
      case 95 -> Errno.ENOTSUP;
      case 108 -> Errno.ESHUTDOWN;
      default -> Errno.EINVAL;
    };
  }

  /** The name of an option as messages show it. */
  public static String optionName(int option) {
    return switch (option) {
      case OPT_EXPORT_NAME -> "export name";
      case OPT_ABORT -> "abort";
      case OPT_LIST -> "list";
      case 4 -> "peek export";
      case OPT_STARTTLS -> "starttls";
      case OPT_INFO -> "info";
      case OPT_GO -> "go";
      case OPT_STRUCTURED_REPLY -> "structured reply";
      case OPT_LIST_META_CONTEXT -> "list meta context";
      case OPT_SET_META_CONTEXT -> "set meta context";
      case OPT_EXTENDED_HEADERS -> "extended headers";
      default -> "<unknown>";
    };
  }

  /** The name of a command as messages show it. */
  public static String commandName(int command) {
    return switch (command) {
      case CMD_READ -> "read";
      case CMD_WRITE -> "write";
      case CMD_DISC -> "disconnect";
      case CMD_FLUSH -> "flush";
      case CMD_TRIM -> "trim";
      case CMD_CACHE -> "cache";
      case CMD_WRITE_ZEROES -> "write zeroes";
      case CMD_BLOCK_STATUS -> "block status";
      default -> "<unknown>";
    };
  }
}
