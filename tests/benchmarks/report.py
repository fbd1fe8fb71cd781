# SPDX-License-Identifier: Apache-2.0
"""Figures of the programs and the table of their ratios."""

import statistics
import sys


class Report:
    """Collects figures by measure, unit and program, and prints a line per measure and unit."""

    def __init__(self, machine):
        self.machine = machine
        self.figures = {}

    def head(self):
        for name, value in self.machine.items():
            print(f"{name:8} {value}")
        print()
        print(f"{'measure':34} {'qblockd':>10} {'min':>9} {'peer':>10} {'min':>9} {'unit':5}"
              f" {'ratio':>7} {'of min':>7} {'aim':>7}")
        sys.stdout.flush()

    def add(self, measure, program, values):
        """Takes a dict of unit name -> figure of one turn."""
        for key, value in values.items():
            of_measure = self.figures.setdefault((measure.name, key), {})
            of_measure.setdefault(program, []).append(value)

    def line(self, measure):
        for (name, key), programs in self.figures.items():
            if name == measure.name:
                self._line(measure, key, programs)
        sys.stdout.flush()

    def _line(self, measure, key, programs):
        label, unit = key
        ours = programs["qblockd"]
        peer, theirs = min(((name, values) for name, values in programs.items() if name != "qblockd"),
                           key=lambda each: statistics.median(each[1]))
        ratio = statistics.median(ours) / (statistics.median(theirs) or float("inf"))
        least = min(ours) / (min(theirs) or float("inf"))
        if label == "memory":
            aim, met = "200 MiB", max(ours) <= 200
        elif label:
            aim, met = "", True
        else:
            aim, met = f"{measure.aim:.1f}", ratio <= measure.aim
        title = measure.name + (" " + label if label else "")
        print(f"{title:34} {statistics.median(ours):10.2f} {min(ours):9.2f}"
              f" {statistics.median(theirs):10.2f} {min(theirs):9.2f} {unit:5}"
              f" {ratio:7.2f} {least:7.2f} {aim:>7}{'' if peer == 'qemu' else '  ' + peer}"
              f"{'' if met else '  missed'}")

    def foot(self):
        print()
        print("Medians of alternated turns; a ratio below 1 is in favour of qblockd. The peer is QEMU,")
        print("or the better of those that the line names.")

    def data(self):
        return {
            "machine": self.machine,
            "figures": [
                {"measure": name, "label": key[0], "unit": key[1], **programs}
                for (name, key), programs in self.figures.items()
            ],
        }
