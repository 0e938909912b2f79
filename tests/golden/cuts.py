# SPDX-License-Identifier: GPL-3.0-or-later
"""cuts.py COUNT_SYNS FILE...: cuts each FILE at every byte of its first packets and compares what the
capture reader says with what a classic capture's own record headers say: every whole packet, then
an error unless the cut falls between two. Prints what is not right, with the FILE before it, and
at the end how many files it looked at."""
import gzip
import os
import subprocess
import sys
import tempfile

from packets import cut_points

PACKETS = 3


def boundaries(content):
    """Ends of the whole packets of a classic capture, from its file header on; None otherwise."""
    orders = {b"\xd4\xc3\xb2\xa1": "little", b"\x4d\x3c\xb2\xa1": "little",
              b"\xa1\xb2\xc3\xd4": "big", b"\xa1\xb2\x3c\x4d": "big"}
    order = orders.get(content[:4])
    if order is None:
        return None
    ends = [24]
    while ends[-1] + 16 <= len(content):
        length = int.from_bytes(content[ends[-1] + 8 : ends[-1] + 12], order)
        ends.append(ends[-1] + 16 + length)
    return ends


def examine(count_syns, path, content, whole_capture):
    length = len(cut_points(content, PACKETS))
    done = subprocess.run([count_syns, "--cuts", str(length), path], capture_output=True, text=True,
                          timeout=250)
    if done.returncode != 0:
        print(f"{path}: exit {done.returncode}: {done.stderr[:2000]}")
        return
    lines = [line.split() for line in done.stdout.splitlines()]
    if len(lines) != length:
        print(f"{path}: {len(lines)} answers for {length} cuts")
    ends = boundaries(content) if whole_capture else None
    for cut, (at, packets, syns, outcome) in enumerate(lines):
        if int(at) != cut or int(syns) > int(packets):
            print(f"{path}: cut at {cut}: {at} {packets} {syns} {outcome}")
        if ends is None:
            continue
        wanted = "refused" if cut < 24 else "end" if cut in ends else "failed"
        whole = sum(1 for end in ends[1:] if end <= cut)
        if (outcome, int(packets)) != (wanted, whole):
            print(f"{path}: cut at {cut}: {packets} packets, {outcome}; wanted {whole}, {wanted}")


def examine_file(count_syns, path):
    with open(path, "rb") as file:
        content = file.read()
    examine(count_syns, path, content, True)
    if content[:2] == b"\x1f\x8b":
        with tempfile.TemporaryDirectory() as directory:
            plain = os.path.join(directory, os.path.basename(path) + ".plain")
            with open(plain, "wb") as file:
                file.write(gzip.decompress(content))
            with open(plain, "rb") as file:
                examine(count_syns, plain, file.read(), True)


for name in sys.argv[2:]:
    examine_file(sys.argv[1], name)
print(len(sys.argv) - 2, "files")
