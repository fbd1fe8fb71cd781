# SPDX-License-Identifier: Apache-2.0
"""NBD servers side by side: qblockd, qemu-nbd and nbdkit export one raw file to the same client."""

import contextlib
import json
import os
import shlex
import signal
import socket
import subprocess
import time

from measures import MIB, CPU, MILLIS, MICROS, Measure, tool

SIZE = 1024 * MIB
TCP_PORT = 10899
WATCHDOG_SECONDS = 60


class Exporter:
    """A program that exports a raw file: by name how it is called for a socket."""

    def __init__(self, name, command, arguments):
        self.name, self.command, self.arguments = name, command, arguments

    @contextlib.contextmanager
    def serving(self, place, transport):
        """Starts the server and waits until it takes connections; gives its process."""
        path = os.path.join(place, "nbd.sock")
        if os.path.exists(path):
            os.unlink(path)
        words = self.command + self.arguments(place, path if transport == "unix" else None)
        with open(os.path.join(place, "errors"), "w+b") as errors:
            process = subprocess.Popen(
                words, cwd=place, stdin=subprocess.DEVNULL, stdout=errors, stderr=errors)
            try:
                self._await(process, path if transport == "unix" else None, errors)
                yield process
            finally:
                process.send_signal(signal.SIGTERM)
                try:
                    process.wait(WATCHDOG_SECONDS)
                except subprocess.TimeoutExpired:
                    process.kill()
                    process.wait()

    @staticmethod
    def _await(process, path, errors):
        end = time.monotonic() + WATCHDOG_SECONDS
        while True:
            with socket.socket(socket.AF_UNIX if path else socket.AF_INET) as probe:
                try:
                    probe.connect(path or ("127.0.0.1", TCP_PORT))
                    probe.recv(1)
                    return
                except OSError:
                    if process.poll() is not None or time.monotonic() > end:
                        errors.seek(0)
                        said = errors.read().decode(errors="replace").strip()
                        raise RuntimeError(f"no NBD server: {said}") from None
            time.sleep(0.001)


def exporters(qblockd):
    """The programs; {@code qblockd} is a command as a shell would take it."""

    def ours(place, path):
        address = f"addr.type=unix,addr.path={path}" if path else \
            f"addr.type=inet,addr.host=127.0.0.1,addr.port={TCP_PORT}"
        return ["--as", "qemu-storage-daemon", "--nbd-server", address + ",max-connections=0",
                "--blockdev", "driver=file,node-name=file,filename=disk",
                "--blockdev", "driver=raw,node-name=disk,file=file",
                "--export", "nbd,id=export,name=disk,node-name=disk,writable=on"]

    def qemu_nbd(place, path):
        where = ["-k", path] if path else ["-b", "127.0.0.1", "-p", str(TCP_PORT)]
        return ["-t", "-e", "16", "-f", "raw", "-x", "disk", "--cache=writeback", *where, "disk"]

    def nbdkit(place, path):
        where = ["-U", path] if path else ["-i", "127.0.0.1", "-p", str(TCP_PORT)]
        return ["-f", *where, "file", "disk"]

    return [Exporter("qblockd", shlex.split(qblockd), ours),
            Exporter("qemu-nbd", ["qemu-nbd"], qemu_nbd),
            Exporter("nbdkit", ["nbdkit"], nbdkit)]


class NbdMeasure(Measure):
    """A client's work against each server. The servers of a turn are new and serve the work once
    before it counts."""

    warm_up = True
    peers = "nbd"

    def __init__(self, name, what, aim, transport, cold=False):
        super().__init__(name, what, aim)
        self.transport, self.cold = transport, cold

    def prepare(self, place):
        with open(os.path.join(place, "disk"), "wb") as disk:
            for _ in range(SIZE // (16 * MIB)):
                disk.write(os.urandom(16 * MIB))
        tool("cp", os.path.join(place, "disk"), os.path.join(place, "other"))

    def run(self, program, place):
        uri = f"nbd+unix:///disk?socket={place}/nbd.sock" if self.transport == "unix" \
            else f"nbd://127.0.0.1:{TCP_PORT}/disk"
        os.sync()
        with program.serving(place, self.transport) as process:
            self.work(uri, place)
            if self.cold:
                self._drop(os.path.join(place, "disk"))
            cpu = self._cpu(process)
            figure = self.work(uri, place)
            return {figure[0]: figure[1], CPU: (self._cpu(process) - cpu) * 1e3 / figure[2]}

    def work(self, uri, place):
        """Does it once; gives the unit, the figure, and by what to divide processor time."""
        raise NotImplementedError

    @staticmethod
    def _drop(path):
        with open(path, "rb") as disk:
            os.fsync(disk.fileno())
            os.posix_fadvise(disk.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)

    @staticmethod
    def _cpu(process):
        with open(f"/proc/{process.pid}/stat", encoding="ascii") as stat:
            fields = stat.read().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


class NbdCopy(NbdMeasure):
    """nbdcopy of the whole disk, from the server into nothing or from a file to the server."""

    def __init__(self, name, what, aim, transport, write=False, cold=False):
        super().__init__(name, what, aim, transport, cold)
        self.write = write

    def work(self, uri, place):
        begin = time.perf_counter()
        tool("nbdcopy", *([os.path.join(place, "other"), uri] if self.write else [uri, "null:"]))
        return MILLIS, (time.perf_counter() - begin) * 1e3, 1


class Fio(NbdMeasure):
    """fio for some seconds: microseconds of the run for each request."""

    SECONDS = 2

    def __init__(self, name, what, aim, transport, words):
        super().__init__(name, what, aim, transport)
        self.words = words

    def work(self, uri, place):
        said = os.path.join(place, "fio.json")
        tool("fio", "--ioengine=nbd", f"--uri={uri}", "--name=job", f"--size={SIZE}",
             f"--runtime={self.SECONDS}", "--time_based", "--group_reporting", "--thread",
             "--output-format=json", f"--output={said}", *self.words)
        with open(said, encoding="utf-8") as text:
            data = text.read()
        job = json.loads(data[data.index("{"):])["jobs"][0]
        done = sum(job[kind]["total_ios"] for kind in ("read", "write"))
        if job["error"] or not done:
            raise RuntimeError(f"fio did nothing: {job['error']}")
        seconds = max(job[kind]["runtime"] for kind in ("read", "write")) / 1e3
        return MICROS, seconds / done * 1e6, done / 1000


def _fio(name, what, aim, transport, pattern, size, depth, connections=1):
    return Fio(name, what, aim, transport,
               [f"--rw={pattern}", f"--bs={size}", f"--iodepth={depth}", f"--numjobs={connections}"])


def _measures(transport):
    named = f"nbd {transport} "
    return [
        NbdCopy(named + "copy read", "nbdcopy of 1 GiB into nothing", 0.7, transport),
        NbdCopy(named + "copy write", "nbdcopy of 1 GiB from a file", 1.0, transport, write=True),
        NbdCopy(named + "copy read cold", "the same, nothing in the page cache", 1.0, transport,
                cold=True),
        _fio(named + "read 4k d1", "random, one at a time", 0.5, transport, "randread", "4k", 1),
        _fio(named + "read 4k d32", "random, 32 in flight", 0.8, transport, "randread", "4k", 32),
        _fio(named + "read 4k d32 x4", "the same on four connections", 0.8, transport, "randread",
             "4k", 32, 4),
        _fio(named + "write 4k d1", "random, one at a time", 0.8, transport, "randwrite", "4k", 1),
        _fio(named + "write 4k d32", "random, 32 in flight", 0.8, transport, "randwrite", "4k", 32),
        _fio(named + "write 4k d32 x4", "the same on four connections", 0.8, transport, "randwrite",
             "4k", 32, 4),
        _fio(named + "read 1m", "one after the other, 4 in flight", 0.7, transport, "read", "1m", 4),
        _fio(named + "read 1m x4", "the same on four connections", 0.7, transport, "read", "1m", 4,
             4),
        _fio(named + "write 1m", "one after the other, 4 in flight", 1.0, transport, "write", "1m",
             4),
    ]


NBD_MEASURES = _measures("unix") + _measures("tcp")
