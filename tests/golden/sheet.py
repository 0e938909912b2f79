#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""What of drawings (SVG files of "graph") leaves its sheet, and what words lie over others: a line
each. Widths of words are estimated, and half a letter of overlap is forgiven."""
import re
import sys
import unicodedata
import xml.etree.ElementTree as tree

SVG = "{http://www.w3.org/2000/svg}"


def shift(transform):
    found = re.search(r"translate\(([-\d.]+),([-\d.]+)\)", transform or "")
    return (float(found[1]), float(found[2])) if found else (0.0, 0.0)


def widths(text, size):
    return sum(size * (1 if unicodedata.east_asian_width(letter) in "WF" else
                       0.64 if letter.isdigit() else 0.55) for letter in text)


def collect(element, x, y, style, words, places):
    dx, dy = shift(element.get("transform"))
    x, y = x + dx, y + dy
    style = {**style, **element.attrib}
    if element.tag == SVG + "text" and (element.text or "").strip():
        turned = "rotate" in style.get("transform", "")
        words.append((" ".join(element.text.split()), x, y, float(style["font-size"]), style["text-anchor"], turned))
    if element.tag == SVG + "use":
        places.append((x, y))
    numbers = element.get("points") or element.get("d") or ""
    found = [float(number) for number in re.findall(r"-?\d+\.?\d*", numbers)]
    places += list(zip(found[::2], found[1::2]))
    for child in element:
        if child.tag not in (SVG + "defs", SVG + "title", SVG + "desc"):
            collect(child, x, y, style, words, places)


def boxes(words):
    for text, x, y, size, anchor, turned in words:
        width = widths(text, size)
        before = {"start": 0, "middle": width / 2, "end": width}[anchor]
        if turned:
            yield text, x - 0.75 * size, x, y + before - width, y + before, size
        else:
            yield text, x - before, x - before + width, y - 0.75 * size, y, size


for path in sys.argv[1:]:
    root = tree.parse(path).getroot()
    width, height = (float(side) for side in root.get("viewBox").split()[2:])
    words, places = [], []
    collect(root, 0.0, 0.0, {}, words, places)
    for x, y in places:
        if not (-0.5 <= x <= width + 0.5 and -0.5 <= y <= height + 0.5):
            print(f"{path}: a mark at {x:g}, {y:g} is off the sheet")
    known = list(boxes(words))
    for number, (text, left, right, top, bottom, size) in enumerate(known):
        if left < 0 or right > width + size or top < 0 or bottom > height:
            print(f"{path}: '{text}' leaves the sheet")
        for other, begins, ends, above, below, _ in known[:number]:
            slack = size / 2
            apart = (right < begins + slack or ends < left + slack or bottom <= above
                     or below <= top)
            if not apart and text != other:
                print(f"{path}: '{text}' lies over '{other}'")
