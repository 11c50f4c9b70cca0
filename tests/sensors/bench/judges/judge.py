"""What the judges share: the bench's table of truth, and a verdict on each of its rows."""
import csv
import os
import sys


def read_truth(folder):
    """{(quantity, where): row} with numbers as floats."""
    rows = {}
    with open(folder + "/truth.csv", newline="") as file:
        for row in csv.DictReader(file):
            for key in ("value", "below", "above"):
                row[key] = float(row[key])
            rows[row["quantity"], row["where"]] = row
    return rows


class Verdict:
    def __init__(self, folder):
        self.truth = read_truth(folder)
        self.failed = []
        self.count = 0

    def check(self, quantity, where, measured):
        """Compares a measurement with its row of truth."""
        row = self.truth[quantity, where]
        low, high = row["value"] - row["below"], row["value"] + row["above"]
        holds = low <= measured <= high  # false for NaN
        self.count += 1
        if not holds:
            self.failed.append(quantity)
        print(
            "%-4s %-16s %-12s measured %12.6g  true %12.6g %-5s  allowed %.4g .. %.4g  light %s noise %s"
            % ("ok" if holds else "FAIL", quantity, where, measured, row["value"], row["unit"], low,
               high, row["light_error"], row["noise_error"])
        )

    def end(self, expected):
        """Exit code: with `expected` (from --fails A,B) exactly these quantities must have failed."""
        failed = sorted(set(self.failed))
        print("%d compared, off: %s" % (self.count, ", ".join(failed) or "none"))
        if self.count == 0:
            print("nothing was compared")
            return 1
        if failed != sorted(expected):
            print("expected to be off: %s" % (", ".join(sorted(expected)) or "none"))
            return 1
        return 0


def camera(folder):
    """The sheet as the bench was given it; judge_test.sh says."""
    return os.environ["BENCH_SHEET"]


def arguments():
    """FOLDER [--fails A,B]"""
    folder = sys.argv[1]
    expected = sys.argv[3].split(",") if len(sys.argv) > 3 and sys.argv[2] == "--fails" else []
    return folder, expected
