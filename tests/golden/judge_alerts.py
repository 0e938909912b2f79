#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
#
# judge_alerts.py STALENODE DIRECTORY [--tables] [--least SHARE]: what "explain" says of the labelled
# logs in DIRECTORY. Its LABELS.tsv has a header; file, select and group (also called expected) are
# needed, verdict is not. A select is a protocol and a port ("udp 31522"), "*" for any port, "tcp
# reply" for what is no bare SYN, "out" or "outbound" before the port of outgoing ones; several are
# divided by ";", as their groups are. Where several clusters are meant, the group of most of their
# events counts.
#
# Prints a line for each that is not told right, then how many were; --tables also the confusion of
# the groups and how often confidences come true. Exit status 1 when less than SHARE (1) are in their
# group, or one that was told with 0.95 or more is in another.
import argparse
import collections
import csv
import json
import os
import subprocess
import sys


def answers(program, path):
    answer = subprocess.run([program, "explain", "--json", "--year", "2026", path], check=True,
                            capture_output=True)
    return json.loads(answer.stdout)["clusters"]


def cases(directory):
    with open(os.path.join(directory, "LABELS.tsv"), encoding="utf-8") as labels:
        for row in csv.DictReader(labels, delimiter="\t"):
            groups = (row.get("group") or row["expected"]).split(";")
            for select, group in zip(row["select"].split(";"), groups):
                yield row["file"], select.strip(), group.strip(), row.get("verdict")


def told(clusters, select):
    """The answer for the clusters that are meant: the largest of the group of most of their events."""
    words = select.lower().split()
    out = "out" in words or "outbound" in words
    protocol = words[0] if words[0] in ("tcp", "udp", "icmp") else "tcp"
    port = int(words[-1]) if words[-1].isdigit() else None
    found = [cluster for cluster in clusters
             if cluster["proto"] == protocol and (cluster["direction"] == "out") == out and
             port in (None, cluster["dport"])]
    if not found:
        return {"verdict": "none", "group": "none", "group_confidence": 1.0, "evidence": []}
    events = collections.Counter()
    for cluster in found:
        events[cluster["group"]] += cluster["events"]
    group = events.most_common(1)[0][0]
    return max((cluster for cluster in found if cluster["group"] == group),
               key=lambda cluster: cluster["events"])


def table(title, columns, rows):
    print("\n%s\n" % title)
    print("| " + " | ".join(columns) + " |")
    print("|---" * len(columns) + "|")
    for row in rows:
        print("| " + " | ".join(str(cell) for cell in row) + " |")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("program")
    parser.add_argument("directory")
    parser.add_argument("--tables", action="store_true")
    parser.add_argument("--least", type=float, default=1.0)
    request = parser.parse_args()
    confusion = collections.Counter()
    groups, reliability = [], []
    right = unclear = wrong = surely_wrong = verdicts = verdict_right = 0
    for name, select, group, verdict in cases(request.directory):
        answer = told(answers(request.program, os.path.join(request.directory, name)), select)
        sure = answer["group_confidence"]
        if group not in groups:
            groups.append(group)
        confusion[group, answer["group"]] += 1
        verdicts += verdict is not None
        verdict_right += answer["verdict"] == verdict
        if answer["verdict"] != "unclear":
            reliability.append((sure, answer["group"] == group))
        if answer["group"] == group:
            right += 1
            continue
        unclear += answer["verdict"] == "unclear"
        wrong += answer["verdict"] != "unclear"
        surely_wrong += answer["verdict"] != "unclear" and sure >= 0.95
        print("%s, %s: %s, not %s (%.2f): %s" % (
            name, select, answer["verdict"], group, sure,
            "; ".join("%s [%s %.1f]" % (fact["fact"], fact["for"], fact["weight"])
                      for fact in answer["evidence"])))
    total = right + unclear + wrong
    print("%d cases: %d in their group, %d unclear, %d in another%s" % (
        total, right, unclear, wrong,
        "; %d of the very verdict" % verdict_right if verdicts else ""))
    if request.tables:
        tables(groups, confusion, reliability)
    return 0 if total > 0 and right >= request.least * total and surely_wrong == 0 else 1


def tables(groups, confusion, reliability):
    columns = groups + (["unclear"] if "unclear" not in groups else [])
    table("Groups: true (rows), told (columns)", [""] + columns,
          [[group] + [confusion[group, other] or "" for other in columns] for group in groups])
    rows = []
    for low, high in ((0.5, 0.7), (0.7, 0.8), (0.8, 0.9), (0.9, 0.95), (0.95, 0.99), (0.99, 1.001)):
        part = [(sure, true) for sure, true in reliability if low <= sure < high]
        if part:
            rows.append(("%.2f to %.2f" % (low, min(high, 1)), len(part),
                         "%.3f" % (sum(sure for sure, _ in part) / len(part)),
                         "%.3f" % (sum(true for _, true in part) / len(part))))
    table("Confidence in the group, and how often it was right", ["told", "answers", "mean", "right"], rows)


sys.exit(main())
