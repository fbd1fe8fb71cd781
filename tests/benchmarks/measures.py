# SPDX-License-Identifier: Apache-2.0
"""What is measured. A measure prepares a directory once, then runs each program in it by turns."""

import contextlib
import json
import os
import subprocess
import tempfile
import time

MIB = 1 << 20
GIB = 1 << 30
MILLIS = ("", "ms")
MICROS = ("", "us")
CPU = ("cpu", "ms")
MEMORY = ("memory", "MiB")


def tool(*words):
    """Runs a program that must succeed."""
    subprocess.run(words, check=True, stdout=subprocess.DEVNULL)


class Measure:
    """A name, what it is about, and the ratio that is aimed at."""

    warm_up = False
    peers = "qemu"

    def __init__(self, name, what, aim):
        self.name, self.what, self.aim = name, what, aim

    @contextlib.contextmanager
    def prepared(self, directory):
        with tempfile.TemporaryDirectory(dir=directory) as place:
            self.prepare(place)
            yield place

    def prepare(self, place):
        """Makes what all turns share."""

    def run(self, program, place):
        """One turn; returns figures by (label, unit)."""
        raise NotImplementedError


class Start(Measure):
    """From exec to the reply to qmp_capabilities."""

    REPEATS = 5

    def __init__(self, name, what, aim, inherited):
        super().__init__(name, what, aim)
        self.inherited = inherited

    def run(self, program, place):
        times, cpu = [], []
        for _ in range(self.REPEATS):
            with program.started([], place, self.inherited) as server:
                times.append(server.start_seconds)
                cpu.append(server.cpu_seconds())
        middle = self.REPEATS // 2
        return {MILLIS: sorted(times)[middle] * 1e3, CPU: sorted(cpu)[middle] * 1e3}


class RoundTrip(Measure):
    """A command is sent when the reply to the one before has come."""

    COMMANDS = 20_000

    def __init__(self, name, what, aim, command):
        super().__init__(name, what, aim)
        self.command = command

    def run(self, program, place):
        request = json.dumps({"execute": self.command}).encode() + b"\n"
        with program.started([], place) as server:
            for part in (self.COMMANDS // 10, self.COMMANDS):  # the first is for warming up
                begin = time.perf_counter()
                for _ in range(part):
                    self._exchange(server.socket, request)
                seconds = time.perf_counter() - begin
        return {MICROS: seconds / self.COMMANDS * 1e6}


    @staticmethod
    def _exchange(connection, request):
        connection.sendall(request)
        reply = connection.recv(1 << 16)
        while not reply.endswith(b"\n"):
            reply += connection.recv(1 << 16)


class Pipelined(Measure):
    """64 commands are kept on the way; QEMU queues eight and then leaves them in the socket."""

    COMMANDS = 20_000
    IN_FLIGHT = 64

    def run(self, program, place):
        with program.started([], place) as server:
            for part in (self.COMMANDS // 10, self.COMMANDS):
                begin = time.perf_counter()
                self._exchange(server.socket, part)
                seconds = time.perf_counter() - begin
        return {MICROS: seconds / self.COMMANDS * 1e6}

    def _exchange(self, connection, count):
        request = json.dumps({"execute": "query-version"}).encode() + b"\n"
        sent = min(count, self.IN_FLIGHT)
        connection.sendall(request * sent)
        done = 0
        while done < count:
            data = connection.recv(1 << 18)
            if not data:
                raise RuntimeError("the server closed its monitor")
            done += data.count(b"\n")
            more = min(count - sent, self.IN_FLIGHT - (sent - done))
            if more > 0:
                connection.sendall(request * more)
                sent += more


class Copy(Measure):
    """blockdev-mirror until BLOCK_JOB_READY, or blockdev-backup until BLOCK_JOB_COMPLETED."""

    # The first to write pays for what the file system has not yet finished of the source.
    warm_up = True

    def __init__(self, name, what, aim, job, source, target):
        super().__init__(name, what, aim)
        self.job, self.source, self.target = job, source, target

    def prepare(self, place):
        self.source.create(os.path.join(place, "source"))

    def run(self, program, place):
        source, target = os.path.join(place, "source"), os.path.join(place, "target")
        self.target.create(target)
        os.sync()
        with open(source, "rb") as content:  # into the page cache
            while content.read(4 * MIB):
                pass
        nodes = ["-blockdev", self.source.node("source", source),
                 "-blockdev", self.target.node("target", target)]
        with program.started(nodes, place) as server:
            begin, cpu = time.perf_counter(), server.cpu_seconds()
            server.execute(f"blockdev-{self.job}", job_id="job", device="source", target="target",
                           sync="full")
            event = server.await_event("BLOCK_JOB_READY", "BLOCK_JOB_COMPLETED")
            seconds, cpu = time.perf_counter() - begin, server.cpu_seconds() - cpu
            if "error" in event["data"]:
                raise RuntimeError(f"{program.name}: {event['data']['error']}")
            if self.job == "mirror":
                server.execute("block-job-cancel", device="job")
                server.await_event("BLOCK_JOB_COMPLETED")
            memory = server.peak_kib() / 1024
        tool("qemu-img", "compare", "-f", self.source.format, "-F", self.target.format, source,
             target)
        os.unlink(target)
        return {MILLIS: seconds * 1e3, CPU: cpu * 1e3, MEMORY: memory}


class ReplicatedWrite(Measure):
    """Writes of 4 KiB through an NBD export, one after the other: how long the client waits for
    each, first for the disk alone, then with a secondary of the same program."""

    WRITES = 5_000
    SIZE = 64 * MIB
    QUORUM = ("if=none,id=colo-disk0,driver=quorum,read-pattern=fifo,vote-threshold=1,"
              "children.0")

    def run(self, program, place):
        with tempfile.TemporaryDirectory(dir=place) as one, \
                tempfile.TemporaryDirectory(dir=place) as two:
            for path in (os.path.join(one, "p.raw"), os.path.join(two, "s.raw")):
                with open(path, "wb") as disk:
                    disk.truncate(self.SIZE)
            for buffer in ("hid", "act"):
                tool("qemu-img", "create", "-q", "-f", "qcow2", os.path.join(two, buffer),
                     str(self.SIZE))
            with self._secondary(program, two) as secondary, \
                    self._primary(program, one) as primary:
                alone = self._write(one)
                self._connect(primary, secondary, two)
                replicated = self._write(one)
                status = primary.execute("query-xen-replication-status")
                if status["error"]:
                    raise RuntimeError(f"{program.name}: {status['desc']}")
        return {MICROS: replicated, ("alone", "us"): alone}

    def _secondary(self, program, place):
        return program.started([
            "-drive", "if=none,id=parent0,node-name=sec0,driver=raw,file.filename=s.raw",
            "-drive", "if=none,id=childs0,node-name=rep0,driver=replication,mode=secondary,"
            "top-id=colo-disk0,file.driver=qcow2,file.file.filename=act,file.backing.driver=qcow2,"
            "file.backing.file.filename=hid,file.backing.backing=sec0",
            "-drive", self.QUORUM + "=rep0"], place)

    @contextlib.contextmanager
    def _primary(self, program, place):
        arguments = ["-drive", f"{self.QUORUM}.driver=raw,children.0.file.filename=p.raw"]
        with program.started(arguments, place) as server:
            self._export(server, "colo-disk0")
            yield server

    @staticmethod
    def _export(server, device):
        server.execute("nbd-server-start", addr={"type": "unix", "data": {"path": "nbd"}})
        server.execute("nbd-server-add", device=device, writable=True)

    def _connect(self, primary, secondary, place):
        self._export(secondary, "parent0")
        primary.execute(
            "human-monitor-command",
            command_line="drive_add -n buddy driver=replication,mode=primary,node-name=replication0,"
            f"file.driver=nbd,file.server.type=unix,file.server.path={place}/nbd,"
            "file.export=parent0")
        primary.execute("x-blockdev-change", parent="colo-disk0", node="replication0")
        secondary.execute("xen-set-replication", enable=True, primary=False)
        primary.execute("xen-set-replication", enable=True, primary=True)

    def _write(self, place):
        begin = time.perf_counter()
        tool("qemu-img", "bench", "-w", "-q", "-t", "writeback", "-f", "raw", "-c",
             str(self.WRITES), "-d", "1", "-s", "4096",
             f"nbd+unix:///colo-disk0?socket={place}/nbd")
        return (time.perf_counter() - begin) / self.WRITES * 1e6


class Image:
    """How an image is made: format, size, and how much of it holds data."""

    def __init__(self, image_format, size, content):
        self.format, self.size, self.content = image_format, size, content

    def create(self, path):
        if self.format == "raw":
            with open(path, "wb") as image:
                image.truncate(self.size)
                for offset, length in self._extents():
                    self._write(image, offset, length)
            return
        tool("qemu-img", "create", "-q", "-f", self.format, path, str(self.size))
        writes = [f"write -P 90 {offset} {length}" for offset, length in self._extents()]
        if writes:
            commands = [word for write in writes for word in ("-c", write)]
            tool("qemu-io", "-f", self.format, *commands, path)

    def _extents(self):
        if self.content == "full":
            return [(offset, 64 * MIB) for offset in range(0, self.size, 64 * MIB)]
        if self.content == "sparse":
            return [(offset, MIB) for offset in range(0, self.size, self.size // 64)]
        return []

    @staticmethod
    def _write(image, offset, length):
        image.seek(offset)
        piece = bytes(range(256)) * (MIB // 256)
        for _ in range(length // MIB):
            image.write(piece)

    def node(self, name, path):
        return json.dumps({
            "driver": self.format, "node-name": name, "discard": "unmap",
            "file": {"driver": "file", "filename": path, "discard": "unmap"}})


RAW = Image("raw", GIB, "full")
RAW_NEW = Image("raw", GIB, "")
QCOW2 = Image("qcow2", GIB, "full")
QCOW2_NEW = Image("qcow2", GIB, "")
SPARSE = Image("raw", 4 * GIB, "sparse")
SPARSE_NEW = Image("raw", 4 * GIB, "")

MEASURES = [
    Start("start unix", "exec to negotiated session, unix socket", 10, False),
    Start("start inherited", "the same on a socket passed as fd=N", 4, True),
    RoundTrip("round trip query-version", "one command after the other", 0.3, "query-version"),
    RoundTrip("round trip query-status", "one command after the other", 0.3, "query-status"),
    Pipelined("pipelined", "64 commands in flight", 0.1),
    Copy("mirror raw new", "1 GiB raw to a new sparse raw", 0.5, "mirror", RAW, RAW_NEW),
    Copy("mirror raw allocated", "1 GiB raw to a raw with data", 0.5, "mirror", RAW, RAW),
    Copy("mirror qcow2 new", "1 GiB qcow2 to a new qcow2", 0.9, "mirror", QCOW2, QCOW2_NEW),
    Copy("mirror qcow2 allocated", "1 GiB qcow2 to a qcow2 with data", 0.9, "mirror", QCOW2, QCOW2),
    Copy("backup raw new", "1 GiB raw to a new sparse raw", 0.5, "backup", RAW, RAW_NEW),
    Copy("backup raw allocated", "1 GiB raw to a raw with data", 0.5, "backup", RAW, RAW),
    Copy("backup qcow2 new", "1 GiB qcow2 to a new qcow2", 0.9, "backup", QCOW2, QCOW2_NEW),
    Copy("backup qcow2 allocated", "1 GiB qcow2 to a qcow2 with data", 0.9, "backup", QCOW2, QCOW2),
    Copy("mirror sparse", "4 GiB raw with 64 extents of 1 MiB", 0.5, "mirror", SPARSE, SPARSE_NEW),
    Copy("backup sparse", "4 GiB raw with 64 extents of 1 MiB", 0.5, "backup", SPARSE, SPARSE_NEW),
    ReplicatedWrite("replicated write", "4 KiB writes with a secondary; and alone", 1),
]
