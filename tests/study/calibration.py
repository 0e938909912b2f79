#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Are the forecasts of silence calibrated?

    calibration.py path/to/stalenode [--seeds N] [--first SEED] [--jobs N] [--table FILE] [--judge]

Simulates 240 days of Winny and Share for each seed, as published and as networks, cuts each record
at 14 times after the retirement, asks the analyzer for the probability of no SYN over the next
7 and 30 days (the background pinned by a baseline of none in a day, as a fresh address has it), and
compares with what the rest of the record shows. Prints, for each horizon, the reliability table:
forecasts sorted into bins, the mean forecast of each, the share that came true with its 95 %
interval (Wilson; forecasts of one record hang together, so it is that of as many draws as there
are records: too wide rather than too narrow), and the Brier score beside that of the base rate.

The cuts are drawn anew for each record, one in each of 14 equal parts of the logarithm of 2 to 200
days: calls break off, or come back, on one day in all records of a client, and a cut on the same
day of each would ask one question of all of them and count its answers as independent.

Judged are the forecasts of both kinds together: no forecaster can be calibrated on each of two
kinds that look alike when it is asked and differ afterwards, which is what these do between day 14
and 25. Their own tables are printed. With --judge the exit status is 1 when a bin of 8 records or
more excludes its mean forecast at 95 % for all bins together (Bonferroni: twelve bins at 95 % each
would reject a perfect forecaster nearly every other time; `!!`, where `!` is the single bin at
95 %), or when the base rate alone scores as well, of either kind or both.
"""
import argparse
import concurrent.futures
import csv
import json
import math
import os
import random
import statistics
import subprocess
import tempfile

RETIRED, DAY = 1203465600, 86400
DAYS = 240
CUTS, EARLIEST, LATEST = 14, 2, 200  # cuts of a record; days
HORIZONS = (7, 30)
FEWEST = 8  # records in a bin that is judged
BINS = (0, 0.1, 0.3, 0.5, 0.7, 0.9, 1.0000001)
BINS_JUDGED = len(HORIZONS) * (len(BINS) - 1)
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


def wilson(share, n, bins=1):
    z = statistics.NormalDist().inv_cdf(1 - 0.025 / bins)
    middle = (share + z * z / (2 * n)) / (1 + z * z / n)
    half = z * math.sqrt(share * (1 - share) / n + z * z / (4 * n * n)) / (1 + z * z / n)
    # Exactly 0 and 1 at the ends, where rounding would leave a forecast of 1e-30 outside.
    return middle - half if share > 0 else 0, middle + half if share < 1 else 1


def table(found, days, which, judged):
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
        mark = "" if records < FEWEST or below <= mean <= above else " (!)"
        lowest, highest = wilson(share, records, BINS_JUDGED)
        if mark and not lowest <= mean <= highest:
            mark, mistakes = " (!!)", mistakes + judged
        print("| %.1f to %.1f | %d | %d | %.2f | %.2f | %.2f to %.2f%s |" %
              (low, min(high, 1), len(inside), records, mean, share, below, above,
               mark))
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
    for title, which, judged in (
            ("as published", lambda name: not name.startswith("network"), False),
            ("as networks", lambda name: name.startswith("network"), False),
            ("of both kinds", lambda name: True, True)):
        for days in HORIZONS:
            print("No SYN over the next %d days, Winny and Share %s:\n" % (days, title))
            mistakes += table(found, days, which, judged)
    return 1 if arguments.judge and mistakes else 0


if __name__ == "__main__":
    raise SystemExit(main())
