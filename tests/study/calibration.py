#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Are the forecasts of silence calibrated?

    calibration.py path/to/stalenode [--seeds N] [--first SEED] [--jobs N] [--table FILE] [--judge]

Simulates 240 days of Winny and Share for each seed, as published and as networks, cuts each record
at several days after the retirement, asks the analyzer for the probability of no SYN over the next
7 and 30 days (the background pinned by a baseline of none in a day, as a fresh address has it), and
compares with what the rest of the record shows. Prints, for each horizon, the reliability table:
forecasts sorted into bins, the mean forecast of each, the share that came true with its 95 %
interval (Wilson; forecasts of one record hang together, so it is that of as many draws as there
are records: too wide rather than too narrow), and the Brier score beside that of the base rate.
The two kinds each, which the analyzer cannot know, and both together.
With --judge the exit status is 1 when a bin of 8 records or more excludes its mean forecast, or when
the base rate alone scores as well.
"""
import argparse
import concurrent.futures
import csv
import json
import math
import os
import subprocess
import tempfile

RETIRED, DAY = 1203465600, 86400
DAYS = 240
CUTS = (2, 4, 7, 11, 16, 22, 30, 45, 60, 90, 120, 150, 180, 200)
HORIZONS = (7, 30)
FEWEST = 8  # records in a bin that is judged
BINS = (0, 0.1, 0.3, 0.5, 0.7, 0.9, 1.0000001)
CLIENTS = ("winny", "share", "data/clients/network-winny.conf", "data/clients/network-share.conf")


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
    for cut in CUTS:
        end = RETIRED + cut * DAY
        part = os.path.join(directory, "%s-%d-%d.csv" % (name, seed, cut))
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


def wilson(share, n):
    z = 1.96
    middle = (share + z * z / (2 * n)) / (1 + z * z / n)
    half = z * math.sqrt(share * (1 - share) / n + z * z / (4 * n * n)) / (1 + z * z / n)
    # Exactly 0 and 1 at the ends, where rounding would leave a forecast of 1e-30 outside.
    return middle - half if share > 0 else 0, middle + half if share < 1 else 1


def table(found, days, which):
    mistakes = 0
    rows = [row for row in found if row[0] == days and which(row[1])]
    if not rows:
        print("not one forecast\n")
        return 1
    print("| forecast | n | records | mean forecast | came true | 95 % of that |")
    print("|---|---|---|---|---|---|")
    for low, high in zip(BINS, BINS[1:]):
        inside = [row for row in rows if low <= row[4] < high]
        if not inside:
            continue
        records = len({(row[1], row[2]) for row in inside})
        mean = sum(row[4] for row in inside) / len(inside)
        share = sum(row[5] for row in inside) / len(inside)
        below, above = wilson(share, records)
        wrong = records >= FEWEST and not below <= mean <= above
        mistakes += wrong
        print("| %.1f to %.1f | %d | %d | %.2f | %.2f | %.2f to %.2f%s |" %
              (low, min(high, 1), len(inside), records, mean, share, below, above,
               " (!)" if wrong else ""))
    base = sum(row[5] for row in rows) / len(rows)
    mean = sum(row[4] for row in rows) / len(rows)
    brier = sum((row[4] - row[5]) ** 2 for row in rows) / len(rows)
    mistakes += brier >= base * (1 - base)
    print("\n%d forecasts of %d records, mean forecast %.2f, came true %.2f; Brier score %.3f (of "
          "the base rate alone: %.3f).\n" %
          (len(rows), len({(row[1], row[2]) for row in rows}), mean, base, brier,
           base * (1 - base)))
    return mistakes


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("program")
    parser.add_argument("--seeds", type=int, default=20)
    parser.add_argument("--first", type=int, default=101)
    parser.add_argument("--jobs", type=int, default=os.cpu_count())
    parser.add_argument("--table")
    parser.add_argument("--judge", action="store_true")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as directory:
        jobs = [(arguments.program, client, seed, directory)
                for seed in range(arguments.first, arguments.first + arguments.seeds)
                for client in CLIENTS]
        with concurrent.futures.ThreadPoolExecutor(arguments.jobs) as pool:
            found = [row for rows in pool.map(forecasts, jobs) for row in rows]
    if arguments.table:
        with open(arguments.table, "w", encoding="ascii") as stream:
            csv.writer(stream).writerows(found)
    mistakes = 0
    for title, which in (("as published", lambda name: not name.startswith("network")),
                         ("as networks", lambda name: name.startswith("network")),
                         ("of both kinds", lambda name: True)):
        for days in HORIZONS:
            print("No SYN over the next %d days, Winny and Share %s:\n" % (days, title))
            mistakes += table(found, days, which)
    return 1 if arguments.judge and mistakes else 0


if __name__ == "__main__":
    raise SystemExit(main())
