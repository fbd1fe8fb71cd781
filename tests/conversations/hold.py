# SPDX-License-Identifier: Apache-2.0
"""Stands in for another QEMU that has an image open: hold.py FILE PERMISSIONS UNSHARED, each a
list of r (consistent-read), w (write), s (resize) letters, e.g. "rw" "ws". Takes open file
description locks on the bytes that QEMU uses, then goes to the background until it is killed or
two minutes are over. Prints its process id."""
import fcntl
import os
import signal
import struct
import sys

BIT = {"r": 0, "w": 1, "s": 3}
F_OFD_SETLK = 37
image = open(sys.argv[1], "r+b")
for base, letters in ((100, sys.argv[2]), (200, sys.argv[3])):
    for letter in letters:
        lock = struct.pack("hhqqi4x", fcntl.F_RDLCK, 0, base + BIT[letter], 1, 0)
        fcntl.fcntl(image, F_OFD_SETLK, lock)
child = os.fork()
if child:
    print(child)
    sys.stdout.flush()
    os._exit(0)
null = os.open(os.devnull, os.O_RDWR)
for descriptor in (0, 1, 2):
    os.dup2(null, descriptor)
signal.alarm(120)
signal.pause()
