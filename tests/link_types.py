# SPDX-License-Identifier: GPL-3.0-or-later
"""link_types.py DIRECTORY: writes a small capture of every link type and wrapping that the reader
knows, each of 5 SYNs of either version of IP beside packets that are none."""
import gzip
import sys
from packets import *

directory = sys.argv[1]
start = 1203508800 * 10**6
pairs = ((lambda *flags: tcp("203.0.113.9", TARGET, 40000, PORT, *flags)),
         (lambda *flags: tcp("2001:db8::9", TARGET6, 40000, PORT, *flags)))
flags = (SYN, SYN, SYN | ACK, SYN | 0xC0, RST, SYN | FIN, ACK, SYN | RST)


def timed(frames):
    return [(start + i * 250000, frame) for i, frame in enumerate(frames)]


packets = [make(f) for f in flags for make in pairs]
packets += [udp("203.0.113.9", TARGET, 40000, PORT), udp("2001:db8::9", TARGET6, 40000, PORT)]
wrappings = {
    "ethernet": {},
    "vlan": {"vlans": [(0x8100, 7)]},
    "qinq": {"vlans": [(0x88A8, 100), (0x8100, 7)]},
    "qinq-old": {"vlans": [(0x8100, 100), (0x8100, 7)]},
    "pppoe": {"pppoe": True},
    "pppoe-vlan": {"vlans": [(0x8100, 7)], "pppoe": True},
    "pppoe-qinq": {"vlans": [(0x88A8, 100), (0x8100, 7)], "pppoe": True},
}
for name, how in wrappings.items():
    write(f"{directory}/{name}.pcap", timed([ethernet(p, **how) for p in packets]))
write(f"{directory}/raw.pcap", timed(packets), link=RAW)
write(f"{directory}/ipv4.pcap", timed([p for p in packets if p[0] >> 4 == 4]), link=IPV4)
write(f"{directory}/ipv6.pcap", timed([p for p in packets if p[0] >> 4 == 6]), link=IPV6)
families = {4: 2, 6: 24}
write(f"{directory}/null.pcap",
      timed([struct.pack("<I", families[p[0] >> 4]) + p for p in packets]), link=NULL)
types = {4: 0x0800, 6: 0x86DD}
cooked = bytes.fromhex("0000 0001 0006 02000000000a 0000")
write(f"{directory}/cooked.pcap",
      timed([cooked + struct.pack(">H", types[p[0] >> 4]) + p for p in packets]), link=LINUX_SLL)
write(f"{directory}/cooked2.pcap",
      timed([struct.pack(">HHIHBB", types[p[0] >> 4], 0, 2, 1, 0, 6) + bytes(8) + p
             for p in packets]), link=276)
with gzip.open(f"{directory}/ethernet.pcap.gz", "wb") as file:
    file.write(capture(timed([ethernet(p) for p in packets])))
