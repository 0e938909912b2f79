#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""same_drawing.py WANTED SEEN: whether two SVG files draw the same. Their words, marks and order are
equal to the letter; places may differ by less than the eye can see, as a fit that is found from
another side does in its sixth digit. Says the first differences, and exits 1."""
import re
import sys

NEAR = 0.05  # of a 96th of an inch
NUMBER = re.compile(r"-?\d+\.\d+")
wanted, seen = (open(path, encoding="utf-8").read().split() for path in sys.argv[1:])
differences = []
for here, there in zip(wanted, seen):
    if here != there and not (
            NUMBER.sub("#", here) == NUMBER.sub("#", there)
            and all(abs(float(a) - float(b)) <= NEAR
                    for a, b in zip(NUMBER.findall(here), NUMBER.findall(there)))):
        differences.append(f"-{here}\n+{there}")
if len(wanted) != len(seen) or not wanted:
    differences.append(f"-{len(wanted)} words and marks\n+{len(seen)}")
print("\n".join(differences[:10]))
sys.exit(1 if differences else 0)
