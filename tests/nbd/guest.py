#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""guest.py SOCKET EXPORT SEED: writes at random places of the first half, many requests at a time, until standard input ends.

Prints a line when the first 200 requests are done, and their number at the end.
"""
import random
import select
import sys

import nbd

IN_FLIGHT = 8
MAX_BYTES = 48 << 10


def request(handle, dice, size):
    offset = dice.randrange(0, size // 2 - MAX_BYTES)
    count = dice.randrange(1, MAX_BYTES)
    kind = dice.randrange(8)
    if kind == 0:
        return handle.aio_zero(count, offset)
    if kind == 1:
        return handle.aio_zero(count, offset, flags=nbd.CMD_FLAG_NO_HOLE)
    if kind == 2:
        return handle.aio_trim(count, offset)
    return handle.aio_pwrite(nbd.Buffer.from_bytearray(bytearray([dice.randrange(256)]) * count), offset)


def main():
    handle = nbd.NBD()
    handle.set_export_name(sys.argv[2])
    handle.connect_unix(sys.argv[1])
    dice = random.Random(int(sys.argv[3]))
    size = handle.get_size()
    done = 0
    waiting = []
    while not select.select([sys.stdin], [], [], 0)[0]:
        while len(waiting) < IN_FLIGHT:
            waiting.append(request(handle, dice, size))
        handle.poll(-1)
        left = [each for each in waiting if not handle.aio_command_completed(each)]
        done += len(waiting) - len(left)
        if done >= 200 > done - (len(waiting) - len(left)):
            print("going", flush=True)
        waiting = left
    while waiting:
        waiting = [each for each in waiting if not handle.aio_command_completed(each)]
        if waiting:
            handle.poll(-1)
    handle.flush()
    handle.shutdown()
    print("done", done)


main()
