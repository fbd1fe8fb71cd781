# SPDX-License-Identifier: Apache-2.0
"""Jobs over chains and bitmaps, each until it has concluded (a commit of the top: until READY)."""

import json
import os
import time

from measures import CPU, GIB, MEMORY, MIB, MILLIS, Measure, tool

CLUSTER = 64 << 10


class Job(Measure):
    """A job on images that each turn makes anew. Subclasses say which."""

    warm_up = True
    end = "BLOCK_JOB_COMPLETED"

    def make(self, place):
        """Makes the images."""
        raise NotImplementedError

    def nodes(self, place):
        """The node trees of the command line."""
        raise NotImplementedError

    def before(self, server, place):
        """What comes before the time that counts."""

    def job(self, server):
        """Starts the job 'job'."""
        raise NotImplementedError

    def compared(self, place):
        """Two images that must have the same content at the end, with their formats."""
        raise NotImplementedError

    def run(self, program, place):
        for name in os.listdir(place):
            os.unlink(os.path.join(place, name))
        self.make(place)
        os.sync()
        arguments = [word for node in self.nodes(place)
                     for word in ("-blockdev", json.dumps(node))]
        with program.started(arguments, place) as server:
            self.before(server, place)
            begin, cpu = time.perf_counter(), server.cpu_seconds()
            self.job(server)
            event = server.await_event(self.end)
            seconds, cpu = time.perf_counter() - begin, server.cpu_seconds() - cpu
            if "error" in event["data"]:
                raise RuntimeError(f"{program.name}: {event['data']['error']}")
            if self.end == "BLOCK_JOB_READY":
                server.execute("block-job-complete", device="job")
                server.await_event("BLOCK_JOB_COMPLETED")
            memory = server.peak_kib() / 1024
        one, other = self.compared(place)
        tool("qemu-img", "compare", "-f", one[1], "-F", other[1],
             os.path.join(place, one[0]), os.path.join(place, other[0]))
        return {MILLIS: seconds * 1e3, CPU: cpu * 1e3, MEMORY: memory}


def qcow2(path, node, backing=None):
    """A node tree of a qcow2 image."""
    tree = {"driver": "qcow2", "node-name": node, "discard": "unmap",
            "file": {"driver": "file", "filename": path, "discard": "unmap"}}
    return tree if backing is None else {**tree, "backing": backing}


def create(path, size, writes, backing=None):
    """A qcow2 image with data in (offset, length) extents."""
    over = ["-b", backing, "-F", "qcow2"] if backing else []
    tool("qemu-img", "create", "-q", "-f", "qcow2", *over, path, str(size))
    for offset, length in writes:
        tool("qemu-io", "-f", "qcow2", "-c", f"write -P 90 {offset} {length}", path)


FULL = [(offset, 64 * MIB) for offset in range(0, GIB, 64 * MIB)]


class Chain(Job):
    """A base and a top, of which one holds the data."""

    data_below = True

    def make(self, place):
        base, top = os.path.join(place, "base"), os.path.join(place, "top")
        create(base, GIB, FULL if self.data_below else [])
        create(top, GIB, [] if self.data_below else FULL, base)
        tool("qemu-img", "convert", "-f", "qcow2", "-O", "qcow2", top, os.path.join(place, "copy"))

    def nodes(self, place):
        return [qcow2(os.path.join(place, "base"), "base"),
                qcow2(os.path.join(place, "top"), "top", "base")]


class Stream(Chain):
    """Everything of the base into the top."""

    def job(self, server):
        server.execute("block-stream", job_id="job", device="top")

    def compared(self, place):
        tool("qemu-img", "rebase", "-u", "-f", "qcow2", "-b", "", os.path.join(place, "top"))
        return ("top", "qcow2"), ("copy", "qcow2")


class Commit(Chain):
    """Everything of the top into the base."""

    data_below = False
    end = "BLOCK_JOB_READY"

    def job(self, server):
        server.execute("block-commit", job_id="job", device="top")

    def compared(self, place):
        return ("base", "qcow2"), ("copy", "qcow2")


class Incremental(Job):
    """A backup of the hundredth part of a disk that a bitmap has found dirty."""

    SIZE = 4 * GIB
    DIRTY = 655  # clusters

    def make(self, place):
        create(os.path.join(place, "disk"), self.SIZE, [(o, 64 * MIB) for o in range(0, GIB, 64 * MIB)])
        tool("qemu-img", "convert", "-f", "qcow2", "-O", "qcow2", os.path.join(place, "disk"),
             os.path.join(place, "full"))
        tool("qemu-img", "create", "-q", "-f", "qcow2", "-b", os.path.join(place, "full"), "-F",
             "qcow2", os.path.join(place, "delta"))

    def nodes(self, place):
        return [qcow2(os.path.join(place, "disk"), "disk"),
                qcow2(os.path.join(place, "delta"), "delta",
                      qcow2(os.path.join(place, "full"), "full"))]

    def before(self, server, place):
        server.execute("block-dirty-bitmap-add", node="disk", name="bitmap")
        step = self.SIZE // self.DIRTY // CLUSTER * CLUSTER
        for number in range(self.DIRTY):
            server.execute("human-monitor-command",
                           command_line=f'qemu-io disk "write -q -P 7 {number * step} {CLUSTER}"')

    def job(self, server):
        server.execute("blockdev-backup", job_id="job", device="disk", target="delta",
                       sync="incremental", bitmap="bitmap")

    def compared(self, place):
        return ("disk", "qcow2"), ("delta", "qcow2")


class Compressed(Job):
    """A backup into compressed clusters, a quarter of each random."""

    SIZE = 512 * MIB

    def make(self, place):
        with open(os.path.join(place, "disk"), "wb") as disk:
            for _ in range(self.SIZE // CLUSTER):
                disk.write(os.urandom(CLUSTER // 4) + bytes(range(256)) * (CLUSTER * 3 // 4 // 256))
        tool("qemu-img", "create", "-q", "-f", "qcow2", os.path.join(place, "target"),
             str(self.SIZE))

    def nodes(self, place):
        return [{"driver": "raw", "node-name": "disk",
                 "file": {"driver": "file", "filename": os.path.join(place, "disk")}},
                qcow2(os.path.join(place, "target"), "target")]

    def job(self, server):
        server.execute("blockdev-backup", job_id="job", device="disk", target="target",
                       sync="full", compress=True)

    def compared(self, place):
        return ("disk", "raw"), ("target", "qcow2")


JOB_MEASURES = [
    Stream("stream", "1 GiB qcow2 into its overlay", 1.0),
    Commit("commit", "1 GiB of an overlay into its base, to READY", 1.0),
    Incremental("backup incremental", "1 % dirty of 4 GiB, qcow2", 1.0),
    Compressed("backup compressed", "512 MiB raw into compressed qcow2", 1.0),
]
