# SPDX-License-Identifier: Apache-2.0
"""A server process under measurement and one QMP session with it."""

import contextlib
import json
import os
import signal
import socket
import subprocess
import time

BASE = ["-machine", "none", "-nodefaults", "-display", "none"]
POLL_SECONDS = 0.0002
WATCHDOG_SECONDS = 120


class Program:
    """A command that takes the command line of qemu-system."""

    def __init__(self, name, command):
        self.name = name
        self.command = command

    def version(self):
        text = subprocess.run(self.command + ["-version"], check=True, capture_output=True, text=True)
        return text.stdout.splitlines()[0]

    @contextlib.contextmanager
    def started(self, arguments, cwd, inherited=False):
        """Starts a server and negotiates (Server.start_seconds); ends it when the work is done."""
        server = Server(self, arguments, cwd, inherited)
        try:
            yield server
            server.quit()
        except BaseException:
            server.kill()
            raise


class Server:
    """A running server. Not a class for more than one thread."""

    def __init__(self, program, arguments, cwd, inherited):
        self.events = []
        self.buffer = bytearray()
        self.socket = None
        self.path = os.path.join(cwd, "qmp.sock")
        chardev, theirs = self._chardev(inherited)
        command = program.command + BASE + [
            "-chardev", chardev, "-mon", "chardev=qmp,mode=control"] + arguments
        self.errors = open(os.path.join(cwd, "errors"), "w+b")
        begin = time.perf_counter()
        self.process = subprocess.Popen(
            command, cwd=cwd, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
            stderr=self.errors, pass_fds=[theirs.fileno()] if theirs else ())
        try:
            if theirs:
                theirs.close()
            else:
                self._connect()
            self.socket.settimeout(WATCHDOG_SECONDS)
            if "QMP" not in self._message():
                raise RuntimeError("no greeting")
            self.execute("qmp_capabilities")
            self.start_seconds = time.perf_counter() - begin
        except BaseException:
            self.kill()
            raise

    def _chardev(self, inherited):
        if inherited:
            self.socket, theirs = socket.socketpair()
            return f"socket,id=qmp,fd={theirs.fileno()}", theirs
        if os.path.exists(self.path):
            os.unlink(self.path)
        return f"socket,id=qmp,path={self.path},server=on,wait=off", None

    def _connect(self):
        end = time.monotonic() + WATCHDOG_SECONDS
        self.socket = socket.socket(socket.AF_UNIX)
        while True:
            try:
                self.socket.connect(self.path)
                return
            except (FileNotFoundError, ConnectionRefusedError):
                if self.process.poll() is not None or time.monotonic() > end:
                    raise RuntimeError(f"no monitor: {self._words()}") from None
                time.sleep(POLL_SECONDS)

    def _words(self):
        self.errors.seek(0)
        return self.errors.read().decode(errors="replace").strip()

    def _message(self):
        while True:
            end = self.buffer.find(b"\n")
            if end >= 0:
                line = bytes(self.buffer[:end])
                del self.buffer[:end + 1]
                return json.loads(line)
            data = self.socket.recv(1 << 16)
            if not data:
                raise RuntimeError(f"the server went: {self._words()}")
            self.buffer += data

    def execute(self, command, **arguments):
        """Runs a command; an underscore in a name stands for a hyphen."""
        request = {"execute": command,
                   "arguments": {k.replace("_", "-"): v for k, v in arguments.items()}}
        self.socket.sendall(json.dumps(request).encode() + b"\n")
        while True:
            message = self._message()
            if "event" in message:
                self.events.append(message)
            elif "error" in message:
                raise RuntimeError(f"{command}: {message['error']['desc']}")
            else:
                return message["return"]

    def await_event(self, *names):
        """The next event with one of these names, also one that has come already."""
        while True:
            while self.events:
                event = self.events.pop(0)
                if event["event"] in names:
                    return event
            message = self._message()
            self.events.append(message)

    def peak_kib(self):
        """The most memory that the process has had resident, in KiB."""
        with open(f"/proc/{self.process.pid}/status", encoding="ascii") as status:
            for line in status:
                if line.startswith("VmHWM:"):
                    return int(line.split()[1])
        raise RuntimeError("no VmHWM")

    def cpu_seconds(self):
        """Processor time of the process so far; unlike the clock it does not see other programs."""
        with open(f"/proc/{self.process.pid}/stat", encoding="ascii") as stat:
            fields = stat.read().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def quit(self):
        """Ends the server and waits for it."""
        self.execute("quit")
        self.process.wait(WATCHDOG_SECONDS)
        self._close()

    def kill(self):
        """Ends a server that did not do what it should."""
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()
        self._close()

    def _close(self):
        if self.socket:
            self.socket.close()
        self.errors.close()
