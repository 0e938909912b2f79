#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Judges what the agent left on disk, by the format as documented; shares nothing with the product.

    judge_state.py view STATE/NAME...
        every line of the ledger is whole, and rrdtool reads from counts.rrd what the ledger says:
        the same values, and NaN where it has no line or says that the clock was set
    judge_state.py covered STATE/NAME LEAST MOST
        the seconds covered are that many, or within LEAST and MOST
    judge_state.py unbroken STATE/NAME
        no second is missing from the first instant covered to the last
    judge_state.py sane STATE/NAME FROM UNTIL
        every bucket begins at a multiple of 300, none ends before FROM, none begins after UNTIL
        (Unix seconds)
    judge_state.py evidence STATE/NAME
        the evidence holds as many packets as the ledger counts SYNs, none of them twice (a packet
        is known by the sequence number and the IPv4 identification that send_load gave it)
    judge_state.py lost STATE/NAME PCAP GAP...
        what a capture made beside has and the evidence has not, was sent within a GAP (FROM-TO,
        Unix seconds); prints how many
    judge_state.py each
        such judgements from standard input, a line each, the sentence for the test before it, all
        separated by tabs
"""
import contextlib
import io
import struct
import subprocess
import sys
from pathlib import Path

STEP = 300
TARGET = bytes([198, 51, 100, 7])


def crc_of_byte(crc):
    for _ in range(8):
        crc = crc >> 1 ^ (0x82F63B78 if crc & 1 else 0)
    return crc


CRC_TABLE = [crc_of_byte(byte) for byte in range(256)]


def crc32c(data):
    crc = 0xFFFFFFFF
    for byte in data:
        crc = crc >> 8 ^ CRC_TABLE[(crc ^ byte) & 0xFF]
    return crc ^ 0xFFFFFFFF


class Unfit(Exception):
    """What is on disk is not as it has to be."""


def fail(text):
    raise Unfit(text)


def read_ledger(target):
    """The latest revision of every bucket, in order of time."""
    lines = (Path(target) / "ledger").read_bytes().split(b"\n")
    if lines[-1] != b"" or not lines[0].startswith(b"stalenode-ledger "):
        fail(f"{target}: the ledger is no ledger, or torn")
    names = lines[1].decode().lstrip("#").split("\t")
    rows = {}
    for number, line in enumerate(lines[2:-1], 3):
        body, _, crc = line.rpartition(b"\t")
        if crc32c(body + b"\t") != int(crc, 16):
            fail(f"{target}: line {number} is damaged")
        row = dict(zip(names, line.decode().split("\t")))
        row = {k: v if k in ("flags", "crc32c") else int(v) for k, v in row.items()}
        start = row["bucket_start_unix"]
        if start in rows and rows[start]["revision"] >= row["revision"]:
            fail(f"{target}: line {number} is an older revision than one before it")
        rows[start] = row
    return [rows[start] for start in sorted(rows)]


def view(*targets):
    for target in targets:
        view_of(target)


def view_of(target):
    rows = read_ledger(target)
    if not rows:
        fail(f"{target}: the ledger is empty")
    first, last = rows[0]["bucket_start_unix"], rows[-1]["bucket_start_unix"]
    text = subprocess.run(
        ["rrdtool", "fetch", f"{target}/counts.rrd", "AVERAGE", "-r", str(STEP)]
        + ["-s", str(first), "-e", str(last + STEP - 1)],
        check=True,
        capture_output=True,
        text=True,
    ).stdout.splitlines()
    names = text[0].split()
    columns = {
        "syn": "syn",
        "attempts": "attempts",
        "sources": "sources",
        "udp": "udp",
        "othersyn": "other_syn",
        "covered": "observed_seconds",
    }
    if sorted(names) != sorted(columns):
        fail(f"{target}: counts.rrd has {names}")
    seen = {}
    for line in text[2:]:
        end, _, values = line.partition(":")
        seen[int(end) - STEP] = [float(value) for value in values.split()]
    wanted = {row["bucket_start_unix"]: row for row in rows}
    for start in range(first, last + 1, STEP):
        values = seen.get(start)
        if values is None:
            fail(f"{target}: counts.rrd has no row for {start}: a coarser step?")
        for name, value in zip(names, values):
            if start not in wanted and value == value:
                fail(f"{target}: {start}: {name} is {value}, the ledger does not know")
            if start in wanted and "clock-stepped" in wanted[start]["flags"].split(","):
                if value == value:
                    fail(f"{target}: {start}: {name} is {value} although the clock was set")
                continue
            if start in wanted and value != wanted[start][columns[name]]:
                fail(f"{target}: {start}: {name} {value}, ledger {wanted[start][columns[name]]}")


def whole_seconds(row):
    """From the first instant covered to the last: a second that was begun counts."""
    return -(-row["covered_to_us"] // 1000000) - row["covered_from_us"] // 1000000


def covered(target, least, most):
    seconds = 0
    for row in read_ledger(target):
        seconds += row["observed_seconds"]
        if row["observed_seconds"] > whole_seconds(row):
            fail(f"{target}: seconds covered twice: {row}")
    print(seconds)
    if not int(least) <= seconds <= int(most):
        fail(f"{target}: {seconds} s covered, not {least} to {most}")


def unbroken(target):
    end = None
    for row in read_ledger(target):
        begin = row["bucket_start_unix"] * 1000000 + row["covered_from_us"]
        if end is not None and begin != end:
            fail(f"{target}: a hole from {end} to {begin} us")
        end = row["bucket_start_unix"] * 1000000 + row["covered_to_us"]
        if row["observed_seconds"] != whole_seconds(row):
            fail(f"{target}: {row['observed_seconds']} s covered of {whole_seconds(row)}: {row}")


def sane(target, earliest, latest):
    starts = [row["bucket_start_unix"] for row in read_ledger(target)]
    for start in starts:
        if start % STEP:
            fail(f"{target}: a bucket begins at {start}")
        if start > int(latest):
            fail(f"{target}: a bucket of the future: {start}, the clock was never past {latest}")
        if start + STEP <= int(earliest):
            fail(f"{target}: a bucket of the past: {start}, the run began at {earliest}")
    if not starts:
        fail(f"{target}: the ledger is empty")


def packets(path):
    """(time in seconds, sequence number, identification) of each SYN to the target."""
    data = Path(path).read_bytes()
    if str(path).endswith(".zst"):
        data = subprocess.run(["zstd", "-dc"], input=data, stdout=subprocess.PIPE, check=True).stdout
    order = "<" if data[:4] in (b"\xd4\xc3\xb2\xa1", b"\x4d\x3c\xb2\xa1") else ">"
    parts = 1e9 if data[:4] in (b"\x4d\x3c\xb2\xa1", b"\xa1\xb2\x3c\x4d") else 1e6
    offset = {1: 14, 101: 0, 113: 16}[struct.unpack_from(order + "I", data, 20)[0]]
    at = 24
    while at < len(data):
        if at + 16 > len(data):
            fail(f"{path}: torn at byte {at}")
        seconds, part, length, _ = struct.unpack_from(order + "IIII", data, at)
        frame = data[at + 16 + offset : at + 16 + length]
        at += 16 + length
        if at > len(data):
            fail(f"{path}: its last packet is torn")
        if len(frame) < 40 or frame[0] != 0x45 or frame[9] != 6 or frame[16:20] != TARGET:
            continue
        (identification,) = struct.unpack_from(">H", frame, 4)
        port, sequence = struct.unpack_from(">HI", frame, 22)
        if port == 7743 and frame[33] == 2:
            yield seconds + part / parts, sequence, identification


def all_evidence(target):
    seen = {}
    for path in sorted(Path(target).glob("evidence/*.pcap*")):
        for _, sequence, identification in packets(path):
            key = sequence, identification
            seen[key] = seen.get(key, 0) + 1
    return seen


def evidence(target):
    seen = all_evidence(target)
    twice = sum(1 for times in seen.values() if times > 1)
    counted = sum(row["syn"] for row in read_ledger(target))
    if twice or len(seen) != counted:
        fail(f"{target}: {counted} SYNs counted, {len(seen)} in the evidence, {twice} twice")


def lost(target, capture, *gaps):
    seen = all_evidence(target)
    if any(times > 1 for times in seen.values()):
        fail(f"{target}: packets are in the evidence twice")
    bounds = [tuple(float(part) for part in gap.split("-")) for gap in gaps]
    missing, wrong = 0, []
    for time, sequence, identification in packets(capture):
        if (sequence, identification) in seen:
            continue
        missing += 1
        if not any(begin <= time <= end for begin, end in bounds):
            wrong.append(time)
    print(missing)
    if wrong:
        fail(f"{len(wrong)} packets lost while it counted, the first at {wrong[0]:.6f}; gaps {gaps}")


def each():
    """Judgements from standard input: sentence, command and arguments, separated by tabs."""
    for line in sys.stdin:
        sentence, command, *arguments = line.rstrip("\n").split("\t")
        try:
            with contextlib.redirect_stdout(io.StringIO()):
                COMMANDS[command](*arguments)
            print(f"ok - {sentence}")
        except Exception as error:  # whatever it is, it is what was seen
            print(f"not ok - {sentence}\n    {type(error).__name__}: {error}")


COMMANDS = {f.__name__: f for f in (view, covered, unbroken, sane, evidence, lost, each)}
if __name__ == "__main__":
    if len(sys.argv) < 2 or sys.argv[1] not in COMMANDS:
        sys.exit(__doc__)
    try:
        COMMANDS[sys.argv[1]](*sys.argv[2:])
    except Unfit as error:
        sys.exit(str(error))
