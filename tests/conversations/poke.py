# SPDX-License-Identifier: Apache-2.0
"""Writes bytes into a copy of a file: poke.py FROM TO OFFSET=HEX..., or OFFSET:BITS=NUMBER
(big-endian), or size=NUMBER."""
import sys

data = bytearray(open(sys.argv[1], "rb").read())
for change in sys.argv[3:]:
    where, value = change.split("=")
    if where == "size":
        del data[int(value, 0):]
        data.extend(bytes(int(value, 0) - len(data)))
        continue
    offset, _, bits = where.partition(":")
    raw = int(value, 0).to_bytes(int(bits) // 8, "big") if bits else bytes.fromhex(value)
    at = int(offset, 0)
    data.extend(bytes(max(0, at + len(raw) - len(data))))
    data[at:at + len(raw)] = raw
open(sys.argv[2], "wb").write(data)
