#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""extended.py SOCKET: talks extended headers to a writable export `disk` of 6 GiB, and prints each chunk that comes.

Data are printed as a digest of what a read came to, since a server may cut it into chunks as it likes.
"""
import hashlib
import socket
import struct
import sys

MIB = 1 << 20
SIZE = 6 << 30
READ, WRITE, DISC, FLUSH, TRIM, CACHE, ZEROES, STATUS = range(8)
FUA, NO_HOLE, DF, ONE, FAST, PAYLOAD = (1 << bit for bit in range(6))
DATA, HOLE, BLOCK_STATUS_32, BLOCK_STATUS_64 = 1, 2, 5, 6

sock = socket.socket(socket.AF_UNIX)


def take(count):
    data = bytearray()
    while len(data) < count:
        more = sock.recv(count - len(data))
        if not more:
            raise EOFError
        data += more
    return bytes(data)


def option(number, data=b""):
    """Sends an option; returns the types and data of the replies up to the last."""
    sock.sendall(struct.pack(">8sII", b"IHAVEOPT", number, len(data)) + data)
    replies = []
    while True:
        _, _, kind, length = struct.unpack(">QIII", take(20))
        replies.append((kind, take(length)))
        if kind == 1 or kind >> 31:
            return replies


def shown(replies):
    return [(hex(kind), data.hex() if kind >> 31 == 0 else "") for kind, data in replies]


def name(text):
    return struct.pack(">I", len(text)) + text


def status(payload):
    """The extents of a status reply; the server chooses the context's number."""
    wide = [struct.unpack_from(">QQ", payload, at) for at in range(8, len(payload), 16)]
    return struct.unpack_from(">I", payload, 4)[0], wide


cookie = 0


def request(what, command, offset, length, flags=0, data=b""):
    global cookie
    cookie += 1
    sock.sendall(struct.pack(">IHHQQQ", 0x21E41C71, flags, command, cookie, offset, length) + data)
    read, said = {}, []
    while True:
        magic, bits, kind, back, begin, size = struct.unpack(">IHHQQQ", take(32))
        payload = take(size)
        assert magic == 0x6E8A278C and back == cookie and begin == offset, (hex(magic), back, begin)
        if kind == DATA:
            read[struct.unpack_from(">Q", payload)[0]] = payload[8:]
        elif kind == HOLE:
            at, hole = struct.unpack(">QI", payload)
            read[at] = bytes(hole)
        elif kind == BLOCK_STATUS_64:
            said.append(status(payload))
        elif kind >> 15:
            said.append(("error", struct.unpack_from(">I", payload)[0]))
        else:
            said.append(kind)
        if bits & 1:
            break
    if read:
        whole = b"".join(read[at] for at in sorted(read))
        said = [("data", min(read), len(whole), hashlib.sha256(whole).hexdigest()[:12])]
    print(what, said)


def main():
    sock.connect(sys.argv[1])
    print("greeting", take(18)[:16])
    sock.sendall(struct.pack(">I", 3))
    print("extended headers", shown(option(11)))
    print("again", shown(option(11)))
    print("structured replies after that", shown(option(8)))
    print("with data", shown(option(11, b"x")))
    queries = [b"base:allocation"]
    asked = name(b"disk") + struct.pack(">I", len(queries)) + b"".join(map(name, queries))
    print("contexts", [(hex(kind), data[4:]) for kind, data in option(10, asked)])
    print("go", shown(option(7, name(b"disk") + struct.pack(">HH", 1, 3))))
    request("write", WRITE, MIB, MIB, PAYLOAD, b"e" * MIB)
    request("write without the payload flag", WRITE, MIB, 4096, 0, b"f" * 4096)
    request("write fua", WRITE, 5 << 30, 512, PAYLOAD | FUA, b"g" * 512)
    request("read", READ, 0, 4 * MIB)
    request("read df", READ, MIB, MIB, DF)
    request("flush", FLUSH, 0, 0)
    request("zeroes of 5 GiB", ZEROES, 0, 5 << 30)
    request("trim of 6 GiB", TRIM, 0, SIZE)
    request("write again", WRITE, 3 << 30, 65536, PAYLOAD, b"h" * 65536)
    request("cache of 5 GiB", CACHE, 0, 5 << 30)
    request("status of 6 GiB", STATUS, 0, SIZE)
    request("first status of 6 GiB", STATUS, 0, SIZE, ONE)
    request("status of the end", STATUS, 5 << 30, 1 << 30)
    request("status with a payload", STATUS, 0, 12, PAYLOAD, struct.pack(">QI", 4096, 0))
    request("read too long", READ, 0, 33 * MIB)
    request("read beyond the end", READ, SIZE - 512, 4096)
    request("zeroes beyond the end", ZEROES, SIZE - 512, 1 << 40)
    request("trim beyond the end", TRIM, 1 << 62, 4096)
    request("status beyond the end", STATUS, SIZE - 512, 4096)
    request("write beyond the end", WRITE, SIZE - 512, 4096, PAYLOAD, b"x" * 4096)
    request("read with a payload", READ, 0, 16, PAYLOAD, b"y" * 16)
    request("unknown command", 77, 0, 512)
    request("unknown flag", READ, 0, 512, 1 << 9)
    request("still here", READ, 3 << 30, 65536)
    sock.sendall(struct.pack(">IHHQQQ", 0x21E41C71, 0, DISC, 99, 0, 0))
    print("end", sock.recv(1))


main()
