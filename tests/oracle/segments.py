#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Judges the segmentation of `stalenode analyze --json` from outside.

    segments.py path/to/stalenode

Series of its own, with gaps and partly observed buckets: the least cost over all partitions of the
hours, by the plain quadratic recursion, must be reached to 1e-6; the cost that the reported
segments have by the counts of the file must be the reported one. Then the cases of a reference set
(STALENODE_REFERENCE, else ../shared/reference/decay beside the checkout), whose segments
reference.json holds. Exit status 1 on any difference.
"""
import csv
import json
import os
import subprocess
import sys
import tempfile

import numpy as np

RETIRED = 1203465600 + 1500  # not on a full hour


def analyze(program, path, retired):
    return json.loads(subprocess.run(
        [program, "analyze", "--json", "--family", "const", "--likelihood", "poisson",
         "--retired", str(retired), path], check=True, capture_output=True).stdout)


def hours_of(path, retired):
    """{hour since retirement: [count, observed hours]} of the used rows."""
    hours = {}
    with open(path, encoding="ascii") as stream:
        for row in csv.DictReader(stream):
            seconds, start = int(row["observed_seconds"]), int(row["bucket_start_unix"])
            if seconds == 0 or start < retired:
                continue
            hour = hours.setdefault((start - retired) // 3600, [0, 0.0])
            hour[0] += int(row["syn"])
            hour[1] += seconds / 3600
    return hours


def cost(count, observed):
    return count - count * np.log(count / observed) if count else 0.0


def least_cost(hours, penalty):
    table = np.array([hours[hour] for hour in sorted(hours)])
    sums = np.vstack([[0, 0], np.cumsum(table, axis=0)])
    best = np.zeros(len(sums))
    best[0] = -penalty
    for end in range(1, len(sums)):
        count = sums[end, 0] - sums[:end, 0]
        observed = sums[end, 1] - sums[:end, 1]
        with np.errstate(divide="ignore", invalid="ignore"):
            each = np.where(count > 0, count - count * np.log(count / observed), 0)
        best[end] = (best[:end] + each).min() + penalty
    return best[-1]


def cost_of_reported(segmentation, hours):
    total = segmentation["penalty"] * (len(segmentation["segments"]) - 1)
    seen = 0
    for segment in segmentation["segments"]:
        inside = [hours[hour] for hour in hours
                  if segment["from_hours"] <= hour < segment["to_hours"]]
        seen += len(inside)
        total += cost(sum(count for count, _ in inside), sum(hour for _, hour in inside))
    return total if seen == len(hours) else float("nan")


def write_series(path, generator, days):
    with open(path, "w", encoding="ascii") as stream:
        stream.write("bucket_start_unix,syn,observed_seconds\n")
        for i in range(days * 288):
            hour = i / 12
            rate = 20 if hour < 9 else 2.5 * np.exp(-(hour - 9) / 60) if hour < 200 else 0.002
            seconds = 300
            if 40 <= hour % 100 < 52:
                seconds = 0 if i % 5 else 77
            count = generator.poisson(rate * seconds / 300) * 3 if seconds else 0
            stream.write("%d,%d,%d\n" % (RETIRED + 300 * i, count, seconds))


def compare(what, answer, hours, expected):
    mistakes = 0
    for name, factor in (("3ln_n", 3), ("10ln_n", 10)):
        found = answer["segmentation"][name]
        wanted = expected(name, factor * np.log(len(hours)))
        own = cost_of_reported(found, hours)
        if not abs(found["total_cost"] - wanted) < 1e-6 or not abs(own - wanted) < 1e-6:
            print("%s, %s: %.9f reported, its segments have %.9f, the least is %.9f" %
                  (what, name, found["total_cost"], own, wanted))
            mistakes += 1
    return mistakes


def reference_directory():
    given = os.environ.get("STALENODE_REFERENCE")
    here = os.path.dirname(os.path.abspath(__file__))
    return given or os.path.normpath(os.path.join(here, "../../../shared/reference/decay"))


def own_series(program):
    mistakes = 0
    with tempfile.TemporaryDirectory() as directory:
        for number in range(4):
            path = os.path.join(directory, "series%d.csv" % number)
            write_series(path, np.random.default_rng([1862, number]), 5 + 25 * number)
            hours = hours_of(path, RETIRED)
            answer = analyze(program, path, RETIRED)
            mistakes += compare("series %d" % number, answer, hours,
                                lambda name, penalty, hours=hours: least_cost(hours, penalty))
    return mistakes


def reference_cases(program, directory):
    with open(os.path.join(directory, "reference.json"), encoding="utf-8") as stream:
        reference = json.load(stream)
    with open(os.path.join(directory, "truth.json"), encoding="utf-8") as stream:
        truth = json.load(stream)
    mistakes = 0
    for case in sorted(reference):
        path = os.path.join(directory, "cases", case + ".csv")
        retired = truth[case]["retired_at"]
        known = reference[case]["segments"]
        mistakes += compare(case, analyze(program, path, retired), hours_of(path, retired),
                            lambda name, _, known=known: known[name]["total_cost"])
    return len(reference), mistakes


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    mistakes, cases = own_series(sys.argv[1]), 0
    directory = reference_directory()
    if os.path.exists(os.path.join(directory, "reference.json")):
        cases, wrong = reference_cases(sys.argv[1], directory)
        mistakes += wrong
    print("segments: 4 series of its own and %d reference cases, %d mistakes" % (cases, mistakes))
    return 1 if mistakes else 0


if __name__ == "__main__":
    sys.exit(main())
