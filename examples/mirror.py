#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""mirror.py SOCKET: a write that fails once, seen by a mirror, with qemu.qmp where it is installed."""
import asyncio
import json
import sys

DISK = {'driver': 'null-co', 'size': 1 << 20}
FAULT = {'id': 'f', 'node-name': 'b', 'operations': ['write', 'write-zeroes'], 'errno': 28, 'count': 1}
MIRROR = {'job-id': 'm', 'device': 'a', 'target': 'b', 'sync': 'full', 'on-target-error': 'ignore'}


async def talk(execute, wait):
    await execute('blockdev-add', {**DISK, 'node-name': 'a'})
    await execute('blockdev-add', {**DISK, 'node-name': 'b'})
    await execute('x-fault-add', FAULT)
    await execute('blockdev-mirror', MIRROR)
    await wait('X_FAULT_FIRED')
    await wait('BLOCK_JOB_READY')
    await execute('job-complete', {'id': 'm'})
    await wait('BLOCK_JOB_COMPLETED')
    faults = await execute('x-query-faults', {})
    assert faults[0]['fired'] == 1, faults


async def by_library(path):
    from qemu.qmp import EventListener, QMPClient
    client = QMPClient('mirror')
    await client.connect(path)
    listener = EventListener()
    client.register_listener(listener)

    async def wait(name):
        while (await listener.get())['event'] != name:
            pass

    await talk(client.execute, wait)
    await client.disconnect()
    print('done with qemu.qmp')


async def by_socket(path):
    reader, writer = await asyncio.open_unix_connection(path, limit=1 << 24)
    await reader.readline()
    events = []

    async def message():
        line = await reader.readline()
        assert line, 'the server has gone'
        return json.loads(line)

    async def execute(command, arguments):
        writer.write(json.dumps({'execute': command, 'arguments': arguments}).encode() + b'\n')
        while True:
            got = await message()
            if 'event' not in got:
                assert 'return' in got, got
                return got['return']
            events.append(got)

    async def wait(name):
        while True:
            event = events.pop(0) if events else await message()
            if event['event'] == name:
                return

    await execute('qmp_capabilities', {})
    await talk(execute, wait)
    writer.close()
    print('done with a socket')

try:
    import qemu.qmp  # noqa: F401
    asyncio.run(by_library(sys.argv[1]))
except ImportError:
    asyncio.run(by_socket(sys.argv[1]))
