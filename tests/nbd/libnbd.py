#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""libnbd.py SOCKET: what a client of libnbd sees of a writable export `disk` of 6 GiB that begins empty.

Prints the same for every server that keeps NBD's protocol, and qemu-nbd's choices where the protocol leaves one.
"""
import hashlib
import sys

import nbd

MIB = 1 << 20
SIZE = 6 << 30


def attempt(name, action):
    """Runs an action and prints what it came to."""
    try:
        result = action()
    except nbd.Error as error:
        print(name, "->", error.errno)
    else:
        print(name, "->", result)


def digest(data):
    return hashlib.sha256(data).hexdigest()[:12]


def connect(structured=True, contexts=("base:allocation",)):
    handle = nbd.NBD()
    handle.set_export_name("disk")
    handle.set_strict_mode(0)
    handle.set_request_structured_replies(structured)
    for context in contexts:
        handle.add_meta_context(context)
    handle.connect_unix(sys.argv[1])
    return handle


def exports():
    handle = nbd.NBD()
    handle.set_opt_mode(True)
    handle.connect_unix(sys.argv[1])
    print("protocol", handle.get_protocol(), handle.get_handshake_flags() & 3)
    found = []
    handle.opt_list(lambda name, text: found.append((name, text)) or 0)
    print("exports", found)
    handle.set_export_name("nothing")
    attempt("info of nothing", handle.opt_info)
    attempt("go to nothing", handle.opt_go)
    handle.set_export_name("disk")
    handle.add_meta_context("base:allocation")
    attempt("info", handle.opt_info)
    print("size by info", handle.get_size())
    contexts = []
    for query in ([], ["base:"], ["qemu:"], ["base:nope"], ["nope"], ["qemu:allocation-depth"]):
        del contexts[:]
        handle.clear_meta_contexts()
        for each in query:
            handle.add_meta_context(each)
        attempt("list %s" % query, lambda: handle.opt_list_meta_context(lambda c: contexts.append(c) or 0))
        print("   ", contexts)
    attempt("abort", handle.opt_abort)


def abilities(handle):
    print("structured", handle.get_structured_replies_negotiated())
    print("size", handle.get_size(), "block", [handle.get_block_size(i) for i in range(3)])
    for name in ("cache", "df", "fast_zero", "flush", "fua", "multi_conn", "trim", "zero"):
        attempt(name, getattr(handle, "can_" + name))
    attempt("read-only", handle.is_read_only)
    attempt("rotational", handle.is_rotational)


def extents(handle, count, offset, flags=0):
    seen = []

    def collect(context, begin, entries, error):
        seen.append((context, begin, list(entries), error.value))
        return 0

    attempt("status %d+%d/%d" % (offset, count, flags), lambda: handle.block_status(count, offset, collect, flags))
    print("   ", seen)


def chunks(handle, count, offset, flags=0):
    seen = []

    def collect(data, begin, status, error):
        seen.append((begin, len(data), status, error.value))
        return 0

    attempt("read %d+%d/%d" % (offset, count, flags), lambda: digest(handle.pread_structured(count, offset, collect, flags)))
    covered = sorted((begin, length) for begin, length, _, _ in seen)
    print("    complete", sum(length for _, length in covered), "in one" if flags else "")
    if flags:
        print("    pieces", [piece for piece in covered])


def requests(handle):
    attempt("write", lambda: handle.pwrite(b"a" * MIB, 2 * MIB))
    attempt("write fua", lambda: handle.pwrite(b"b" * 4096, 5 * MIB + 512, nbd.CMD_FLAG_FUA))
    attempt("write unaligned", lambda: handle.pwrite(b"c" * 1001, 7 * MIB + 13))
    attempt("read back", lambda: handle.pread(1001, 7 * MIB + 13) == b"c" * 1001)
    attempt("zero", lambda: handle.zero(64 * 1024, 2 * MIB))
    attempt("zero no hole", lambda: handle.zero(64 * 1024, 2 * MIB + 128 * 1024, nbd.CMD_FLAG_NO_HOLE))
    attempt("zero fua", lambda: handle.zero(4096, 2 * MIB + 256 * 1024, nbd.CMD_FLAG_FUA))
    attempt("fast zero", lambda: handle.zero(64 * 1024, 2 * MIB + 512 * 1024, nbd.CMD_FLAG_FAST_ZERO))
    attempt("zero unaligned", lambda: handle.zero(777, 2 * MIB + 1))
    attempt("trim", lambda: handle.trim(128 * 1024, 2 * MIB + 640 * 1024))
    attempt("trim fua", lambda: handle.trim(4096, 2 * MIB + 768 * 1024, nbd.CMD_FLAG_FUA))
    attempt("trim of 3 GiB", lambda: handle.trim(3 << 30, 2 << 30))
    attempt("zero of 3 GiB", lambda: handle.zero(3 << 30, 2 << 30))
    attempt("flush", handle.flush)
    attempt("cache", lambda: handle.cache(1 * MIB, 2 * MIB))
    attempt("content", lambda: digest(handle.pread(8 * MIB, 0)))
    for offset, count in ((0, 8 * MIB), (2 * MIB, 1 * MIB), (0, 32 * MIB), (SIZE - MIB, MIB), (7 * MIB + 13, 1001)):
        chunks(handle, count, offset)
        chunks(handle, count, offset, nbd.CMD_FLAG_DF)
    extents(handle, 16 * MIB, 0)
    extents(handle, 16 * MIB, 0, nbd.CMD_FLAG_REQ_ONE)
    extents(handle, 0xFFFFFE00, 1 << 30)
    extents(handle, 4096, SIZE - 4096)


def mistakes(handle):
    attempt("read beyond the end", lambda: handle.pread(4096, SIZE - 512))
    attempt("read behind the end", lambda: handle.pread(512, SIZE + MIB))
    attempt("write beyond the end", lambda: handle.pwrite(b"x" * 4096, SIZE - 512))
    attempt("zero beyond the end", lambda: handle.zero(4096, SIZE - 512))
    attempt("trim beyond the end", lambda: handle.trim(4096, SIZE - 512))
    attempt("cache beyond the end", lambda: handle.cache(4096, SIZE - 512))
    attempt("status beyond the end", lambda: handle.block_status(4096, SIZE - 512, lambda *a: 0))
    attempt("read of 33 MiB", lambda: len(handle.pread(33 * MIB, 0)))
    attempt("empty read", lambda: len(handle.pread(0, 0)))
    attempt("empty write", lambda: handle.pwrite(b"", 0))
    attempt("empty zero", lambda: handle.zero(0, 0))
    attempt("empty trim", lambda: handle.trim(0, 0))
    attempt("empty status", lambda: handle.block_status(0, 0, lambda *a: 0))
    attempt("read with fua", lambda: len(handle.pread(512, 0, nbd.CMD_FLAG_FUA)))
    attempt("write with df", lambda: handle.pwrite(b"y" * 512, 0, nbd.CMD_FLAG_DF))
    attempt("flush with fua", lambda: handle.flush(nbd.CMD_FLAG_FUA))
    attempt("trim with no hole", lambda: handle.trim(512, 0, nbd.CMD_FLAG_NO_HOLE))
    attempt("read with an unknown flag", lambda: len(handle.pread(512, 0, 0x800)))
    attempt("still here", lambda: digest(handle.pread(512, 2 * MIB)))


def many():
    handles = [connect() for _ in range(3)]
    for i, handle in enumerate(handles):
        handle.pwrite(bytes([i + 1]) * MIB, (16 + i) * MIB)
    handles[0].flush()
    print("others", [digest(h.pread(3 * MIB, 16 * MIB)) for h in handles])
    buffers = []
    cookies = []
    for i in range(64):
        buffer = nbd.Buffer(65536)
        buffers.append(buffer)
        cookies.append((handles[i % 3], handles[i % 3].aio_pread(buffer, 16 * MIB + i * 49152)))
    for handle, cookie in cookies:
        while not handle.aio_command_completed(cookie):
            handle.poll(-1)
    print("in flight", digest(b"".join(bytes(b.to_bytearray()) for b in buffers)))
    for handle in handles:
        handle.shutdown()


def simple():
    handle = connect(structured=False)
    abilities(handle)
    attempt("simple read", lambda: digest(handle.pread(8 * MIB, 0)))
    attempt("simple write", lambda: handle.pwrite(b"s" * 512, 30 * MIB))
    attempt("simple status", lambda: handle.block_status(512, 0, lambda *a: 0))
    mistakes(handle)
    handle.shutdown()


def main():
    exports()
    handle = connect()
    abilities(handle)
    requests(handle)
    mistakes(handle)
    handle.shutdown()
    bad = connect(contexts=("base:allocation", "qemu:nothing", "x:y"))
    attempt("contexts", lambda: [bad.can_meta_context(c) for c in ("base:allocation", "qemu:nothing")])
    bad.shutdown()
    many()
    simple()


main()
