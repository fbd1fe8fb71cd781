#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""pull.py SOCKET EXPORT BITMAP FILE: copies what the bitmap says is dirty from the export into the file.

Prints how many bytes that were.
"""
import sys

import nbd

PIECE = 1 << 20


def main():
    handle = nbd.NBD()
    handle.set_export_name(sys.argv[2])
    context = "qemu:dirty-bitmap:" + sys.argv[3]
    handle.add_meta_context(context)
    handle.connect_unix(sys.argv[1])
    if not handle.can_meta_context(context):
        sys.exit("no such bitmap")
    dirty = []
    at = 0

    def collect(name, offset, entries, error):
        nonlocal at
        for length, flags in zip(entries[0::2], entries[1::2]):
            if flags & 1:
                dirty.append((offset, length))
            offset += length
        at = offset
        return 0

    while at < handle.get_size():
        handle.block_status(handle.get_size() - at, at, collect)
    copied = 0
    with open(sys.argv[4], "r+b") as copy:
        for offset, length in dirty:
            for begin in range(offset, offset + length, PIECE):
                count = min(PIECE, offset + length - begin)
                copy.seek(begin)
                copy.write(handle.pread(count, begin))
                copied += count
    handle.shutdown()
    print(copied)


main()
