# SPDX-License-Identifier: GPL-3.0-or-later
"""Frames and capture files made by hand, independent of libpcap and of the product's decoder.

Times are whole microseconds since 1970, UTC. Addresses are from the documentation ranges.
"""
import ipaddress
import struct

FIN, SYN, RST, ACK = 1, 2, 4, 16
ETHERNET, NULL, RAW, LINUX_SLL, IPV4, IPV6 = 1, 0, 101, 113, 228, 229
TARGET = "198.51.100.7"
TARGET6 = "2001:db8::7"
PORT = 7743


def checksum(data):
    if len(data) % 2:
        data += b"\0"
    total = sum(struct.unpack(f">{len(data) // 2}H", data))
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return ~total & 0xFFFF


def transport(source, destination, protocol, segment, offset):
    """Fills the checksum at offset of a TCP or UDP segment in."""
    addresses = ipaddress.ip_address(source).packed + ipaddress.ip_address(destination).packed
    pseudo = addresses + struct.pack(">IHBB", len(segment), 0, 0, protocol)
    if len(addresses) == 8:
        pseudo = addresses + struct.pack(">BBH", 0, protocol, len(segment))
    value = checksum(pseudo + segment) or 0xFFFF
    return segment[:offset] + struct.pack(">H", value) + segment[offset + 2 :]


def ip(source, destination, protocol, payload):
    a, b = ipaddress.ip_address(source), ipaddress.ip_address(destination)
    if a.version == 6:
        head = struct.pack(">IHBB", 6 << 28, len(payload), protocol, 57)
        return head + a.packed + b.packed + payload
    head = struct.pack(">BBHHHBBH", 0x45, 0, 20 + len(payload), 0, 0x4000, 57, protocol, 0)
    head += a.packed + b.packed
    return head[:10] + struct.pack(">H", checksum(head)) + head[12:] + payload


def tcp(source, destination, sport, dport, flags=SYN, seq=1):
    segment = struct.pack(">HHIIBBHHH", sport, dport, seq, 0, 0x50, flags, 29200, 0, 0)
    return ip(source, destination, 6, transport(source, destination, 6, segment, 16))


def udp(source, destination, sport, dport, payload=b"stale"):
    segment = struct.pack(">HHHH", sport, dport, 8 + len(payload), 0) + payload
    return ip(source, destination, 17, transport(source, destination, 17, segment, 6))


def ethernet(packet, vlans=(), pppoe=False):
    """vlans: (ethertype, id) from the outside in."""
    kind = 0x86DD if packet[0] >> 4 == 6 else 0x0800
    frame = bytes.fromhex("02000000000202000000000a")
    for ethertype, identifier in vlans:
        frame += struct.pack(">HH", ethertype, identifier)
    if pppoe:
        protocol = 0x0057 if kind == 0x86DD else 0x0021
        frame += struct.pack(">HBBHHH", 0x8864, 0x11, 0, 0x0101, len(packet) + 2, protocol)
    else:
        frame += struct.pack(">H", kind)
    return frame + packet


def capture(packets, link=ETHERNET, snap=262144):
    """A classic little-endian capture of (time in microseconds, frame)."""
    content = struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, snap, link)
    for time, frame in packets:
        kept = frame[:snap]
        content += struct.pack("<IIII", time // 10**6, time % 10**6, len(kept), len(frame)) + kept
    return content


def write(path, packets, link=ETHERNET, snap=262144):
    with open(path, "wb") as file:
        file.write(capture(packets, link, snap))


def cut_points(content, packets):
    """Offsets at which to cut a classic capture: every byte up to the end of its first packets,
    or of the first 2,000 bytes of any other kind of file."""
    magic = content[:4]
    if magic in (b"\xd4\xc3\xb2\xa1", b"\x4d\x3c\xb2\xa1"):
        order = "<"
    elif magic in (b"\xa1\xb2\xc3\xd4", b"\xa1\xb2\x3c\x4d"):
        order = ">"
    else:
        return range(min(len(content), 2000))
    end = 24
    for _ in range(packets):
        if end + 16 > len(content):
            break
        end += 16 + struct.unpack(order + "I", content[end + 8 : end + 12])[0]
    return range(min(len(content), end))
