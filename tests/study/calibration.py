#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Are the forecasts of silence calibrated?

    calibration.py path/to/stalenode [--seeds N] [--first SEED] [--jobs N] [--table FILE] [--judge]
    calibration.py --from FILE [--judge]

Simulates 240 days of Winny and Share for each seed, as published and as networks, cuts each record
at 14 times after the retirement, asks the analyzer for the probability of no SYN over the next
7 and 30 days (the background pinned by a baseline of none in a day, as a fresh address has it), and
compares with what the rest of the record shows. Prints, for each horizon, the reliability table:
forecasts sorted into bins, the mean forecast of each, the share that came true, the limits that this
share keeps to 95 times in 100 when the forecasts are right; and the Brier score beside that of the
base rate.

Forecasts of one record hang together, how much nobody knows. The limits take the worst case: in
each record the same luck decides all of them (when a forecast of 0.6 comes true, so does each higher
one), records are independent. No dependence makes the number that comes true vary more. The
distribution of that number is exact, not an approximation for large bins.

The cuts are drawn anew for each record, one in each of 14 equal parts of the logarithm of 2 to 200
days: calls break off, or come back, on one day in all records of a client, and a cut on the same
day of each would ask one question of all of them and count its answers as independent.

Judged are the forecasts of both kinds together: no forecaster can be calibrated on each of two
kinds that look alike when it is asked and differ afterwards, which is what these do between day 14
and 25. Their own tables are printed. With --judge the exit status is 1 when a bin, or all forecasts
of a horizon together, had less than a chance of 5 % for all of these questions together (after
Holm, A simple sequentially rejective multiple test procedure, Scand. J. Statist. 6, 1979; marked
`!!`, where `!` is a bin outside its own limits), or when the base rate alone scores as well, of
either kind or both. --from FILE judges a table that was written before instead.
"""
import argparse
import concurrent.futures
import csv
import json
import math
import os
import random
import subprocess
import tempfile

RETIRED, DAY = 1203465600, 86400
DAYS = 240
CUTS, EARLIEST, LATEST = 14, 2, 200  # cuts of a record; days
HORIZONS = (7, 30)
LEVEL = 0.05
BINS = (0, 0.1, 0.3, 0.5, 0.7, 0.9, 1.0000001)
CLIENTS = ("winny", "share", "data/clients/network-winny.conf", "data/clients/network-share.conf")


def cuts(name, seed):
    """In days, on whole buckets."""
    generator, first = random.Random("%s %d" % (name, seed)), math.log(EARLIEST)
    part = (math.log(LATEST) - first) / CUTS
    return [math.floor(288 * math.exp(first + part * (i + generator.random()))) / 288
            for i in range(CUTS)]


def forecasts(job):
    program, client, seed, directory = job
    name = os.path.basename(client).replace(".conf", "")
    path = os.path.join(directory, "%s-%d.csv" % (name, seed))
    subprocess.run([program, "simulate", "--client", client, "--days", str(DAYS), "--seed",
                    str(seed), "--out", path], check=True, capture_output=True)
    with open(path, encoding="ascii") as stream:
        rows = [(int(row["bucket_start_unix"]), int(row["syn"]))
                for row in csv.DictReader(stream)]
    found = []
    for cut in cuts(name, seed):
        end = RETIRED + round(cut * 288) * 300
        part = os.path.join(directory, "%s-%d-%.3f.csv" % (name, seed, cut))
        with open(part, "w", encoding="ascii") as stream:
            stream.write("bucket_start_unix,syn,observed_seconds\n")
            stream.writelines("%d,%d,300\n" % row for row in rows if row[0] < end)
        answer = json.loads(subprocess.run(
            [program, "analyze", "--json", "--retired", str(RETIRED), "--baseline", "0/86400",
             part], check=True, capture_output=True).stdout)
        os.unlink(part)
        for entry in answer["derived"]["silent"]:
            days = entry["hours"] / 24
            if days not in HORIZONS or entry["probability"] is None:
                continue
            silent = not any(syn for start, syn in rows if end <= start < end + days * DAY)
            found.append((int(days), name, seed, cut, entry["probability"], silent,
                          answer["best"]["family"]))
    os.unlink(path)
    return found


def by_chance(rows):
    """P(so many come true) for 0 to all, if the forecasts are right: in a record at least k of
    them do with the probability of its k-th highest forecast."""
    records = {}
    for row in rows:
        records.setdefault((row[1], row[2]), []).append(row[4])
    whole = [1.0]
    for forecast in records.values():
        least = [1.0] + sorted(forecast, reverse=True) + [0.0]
        share = [a - b for a, b in zip(least, least[1:])]
        longer = [0.0] * (len(whole) + len(share) - 1)
        for i, one in enumerate(whole):
            for j, other in enumerate(share):
                longer[i + j] += one * other
        whole = longer
    return whole


class Bin:
    def __init__(self, rows, judged):
        self.rows, self.judged, self.rejected = rows, judged, False
        self.records = len({(row[1], row[2]) for row in rows})
        self.mean = sum(row[4] for row in rows) / len(rows)
        self.share = sum(row[5] for row in rows) / len(rows)
        chance, true, below = by_chance(rows), sum(row[5] for row in rows), 0.0
        self.chance = min(1, 2 * min(sum(chance[:true + 1]), sum(chance[true:])))
        inside = []
        for number, one in enumerate(chance):
            if below + one > LEVEL / 2 and 1 - below > LEVEL / 2:
                inside.append(number / len(rows))
            below += one
        self.low, self.high = min(inside), max(inside)

    def mark(self):
        if self.rejected:
            return " (!!)"
        return "" if self.low <= self.share <= self.high else " (!)"


def holm(bins):
    """Marks those that are rejected at LEVEL for all together."""
    left = sorted((one for one in bins if one.judged), key=lambda one: one.chance)
    for number, one in enumerate(left):
        if one.chance > LEVEL / (len(left) - number):
            break
        one.rejected = True


def sort_into_bins(found, which, judged):
    """The bins of each horizon, and all its forecasts as one more."""
    horizons = []
    for days in HORIZONS:
        rows = [row for row in found if row[0] == days and which(row[1])]
        parts = [[row for row in rows if low <= row[4] < high]
                 for low, high in zip(BINS, BINS[1:])]
        horizons.append([Bin(part, judged) if part else None for part in parts + [rows]])
    return horizons


def table(bins):
    """Prints; true when the base rate alone scores as well, or when there is nothing."""
    whole = bins[-1]
    if not whole:
        print("not one forecast\n")
        return True
    print("| forecast | n | records | mean forecast | came true | 95 % by chance |")
    print("|---|---|---|---|---|---|")
    for low, high, one in zip(BINS, BINS[1:], bins):
        if one:
            print("| %.1f to %.1f | %d | %d | %.2f | %.2f | %.2f to %.2f%s |" %
                  (low, min(high, 1), len(one.rows), one.records, one.mean, one.share, one.low,
                   one.high, one.mark()))
    brier = sum((row[4] - row[5]) ** 2 for row in whole.rows) / len(whole.rows)
    base = whole.share * (1 - whole.share)
    print("\n%d forecasts of %d records, mean forecast %.2f, came true %.2f (95 %% by chance %.2f to "
          "%.2f%s); Brier score %.3f (of the base rate alone: %.3f).\n" %
          (len(whole.rows), whole.records, whole.mean, whole.share, whole.low, whole.high,
           whole.mark(), brier, base))
    return brier >= base


def read_table(path):
    with open(path, encoding="ascii") as stream:
        return [(int(row[0]), row[1], int(row[2]), float(row[3]), float(row[4]), row[5] == "True",
                 row[6]) for row in csv.reader(stream)]


def study(arguments):
    with tempfile.TemporaryDirectory() as directory:
        jobs = [(arguments.program, client, seed, directory)
                for seed in range(arguments.first, arguments.first + arguments.seeds)
                for client in CLIENTS]
        with concurrent.futures.ThreadPoolExecutor(arguments.jobs) as pool:
            return [row for rows in pool.map(forecasts, jobs) for row in rows]


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("program", nargs="?")
    parser.add_argument("--from", dest="read", metavar="FILE")
    parser.add_argument("--seeds", type=int, default=16)
    parser.add_argument("--first", type=int, default=101)
    parser.add_argument("--jobs", type=int, default=os.cpu_count())
    parser.add_argument("--table")
    parser.add_argument("--judge", action="store_true")
    arguments = parser.parse_args()
    if bool(arguments.read) == bool(arguments.program):
        parser.error("either the program or --from FILE")
    found = read_table(arguments.read) if arguments.read else study(arguments)
    if arguments.table:
        with open(arguments.table, "w", encoding="ascii") as stream:
            csv.writer(stream).writerows(found)
    kinds = [("as published", sort_into_bins(found, lambda name: not name.startswith("network"),
                                             False)),
             ("as networks", sort_into_bins(found, lambda name: name.startswith("network"), False)),
             ("of both kinds", sort_into_bins(found, lambda name: True, True))]
    judged = [one for _, horizons in kinds for bins in horizons for one in bins if one]
    holm(judged)
    worthless = False
    for title, horizons in kinds:
        for days, bins in zip(HORIZONS, horizons):
            print("No SYN over the next %d days, Winny and Share %s:\n" % (days, title))
            worthless = table(bins) or worthless
    bad = worthless or any(one.rejected for one in judged)
    return 1 if arguments.judge and bad else 0


if __name__ == "__main__":
    raise SystemExit(main())
