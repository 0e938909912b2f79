# SPDX-License-Identifier: GPL-3.0-or-later
"""A torrent of 4 MiB of which nobody has the last quarter, so that every node goes on looking for
others; and bencoding (BEP 3)."""

import hashlib
import random

PIECE = 64 * 1024
PIECES = 64
SHARED = PIECES * 3 // 4
NAME = "stalelab"


def bencode(value):
    if isinstance(value, int):
        return b"i%de" % value
    if isinstance(value, str):
        value = value.encode()
    if isinstance(value, bytes):
        return b"%d:%s" % (len(value), value)
    if isinstance(value, list):
        return b"l" + b"".join(bencode(item) for item in value) + b"e"
    return b"d" + b"".join(bencode(key) + bencode(value[key]) for key in sorted(value)) + b"e"


class Torrent:
    """file: the .torrent; shared: what its seed has, with zeros at the end; info_hash: 20 octets."""

    def __init__(self, announce):
        content = random.Random(1).randbytes(PIECE * PIECES)
        digests = [hashlib.sha1(content[at:at + PIECE]).digest()
                   for at in range(0, len(content), PIECE)]
        info = {"length": len(content), "name": NAME, "piece length": PIECE,
                "pieces": b"".join(digests)}
        self.info_hash = hashlib.sha1(bencode(info)).digest()
        self.file = bencode({"announce": announce, "info": info})
        self.shared = content[:PIECE * SHARED] + bytes(PIECE * (PIECES - SHARED))
