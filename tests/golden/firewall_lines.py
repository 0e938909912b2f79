# SPDX-License-Identifier: GPL-3.0-or-later
#
# firewall_lines.py OUT FILE...: the lines that carry an address pair and a destination port, found
# by patterns that share nothing with the product. Of each FILE they go to OUT/N.log, and what they
# carry to OUT/N.want: line,source,destination,port. Prints "N FILE LINES". A line behind "# " is the
# example in a comment of another project's tests; the code around carries no such line.
import ipaddress
import re
import sys

V4 = r"(?:(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)\.){3}(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)"
V6 = r"(?:[0-9A-Fa-f]{0,4}:){2,7}[0-9A-Fa-f]{0,4}"
IP = rf"(?:{V4}|{V6})"
Q = r"[\\\"' ]*"

SOURCE = r"src|SRC|src_ip|srcip|SrcIP|source-address|sourceIPv4Address|IPV4_SRC_ADDR|connsrcip|sourceAddress|c6a2|saddr|source_ip|sourceip"
TARGET = r"dst|DST|dst_ip|dstip|DstIP|destination-address|destinationIPv4Address|IPV4_DST_ADDR|conndestip|destinationAddress|daddr|dest_ip|destinationip"
PORT = r"dpt|DPT|dst_port|dstport|DstPort|destination-port|destinationTransportPort|DST_PORT|L4_DST_PORT|conndestport|destinationPort|dport|dest_port|DPORT|dstPort"

def named(names, value):
    return re.compile(rf"(?<![A-Za-z0-9_.-])(?:{names}){Q}[=:]{Q}({value})(?![\w.])")

NAMED_SOURCE, NAMED_TARGET = named(SOURCE, IP), named(TARGET, IP)
NAMED_PORT = named(PORT, r"\d{1,5}")
# Check Point has the destination's port in service, where the source's is in s_port.
SERVICE = re.compile(rf"\A(?=.*\bs_port{Q}[=:]).*\bservice{Q}[=:]{Q}(\d{{1,5}})(?![\w.])")
INLINE_PORT = re.compile(rf"(?<![A-Za-z0-9_.-])dst{Q}={Q}{V4}:(\d{{1,5}})")
ZONE = r"(?:[\w./-]+[:/])?"
NAT = r"(?: ?\([^)]*\)){0,2}"
PAIRS = [re.compile(pattern) for pattern in (
    # 192.0.2.1:1 -> 192.0.2.2:2, also with / and ( ), zones before and NAT behind
    rf"(?<![\w.])({V4})[:/]\d+{NAT} ?(?:->|>|=>| to ) ?{ZONE}({V4})[:/](\d+)(?![\w.])",
    rf"(?<![\w.])({V4})\(\d+\) -> {ZONE}({V4})\((\d+)\)",
    rf"\[({V6})\]:\d+ ?-> ?\[({V6})\]:(\d+)",
    rf"[ :/]({V4})[/(]\d+\)?{NAT} to {ZONE}({V4})/(\d+)(?![\w.])",
    rf"src {ZONE}({V4})/\d+{NAT} dst {ZONE}({V4})/(\d+)",
    rf"(?<![\w.])({V4})\.\d+ > ({V4})\.(\d+):",
    # filterlog; PAN-OS; Windows; Barracuda
    rf",(?:in|out),4,.*,(?:6,tcp|17,udp),\d+,({V4}),({V4}),\d+,(\d+),",
    rf",(?:in|out),6,.*,(?:(?i:6,tcp|tcp,6|17,udp|udp,17)),\d+,({V6}),({V6}),\d+,(\d+),",
    rf",(?:TRAFFIC|THREAT|DECRYPTION),[^,]*,[^,]*,[^,]*,({IP}),({IP})(?:,[^,]*){{16}},(\d+),",
    rf"(?:DROP|ALLOW) (?:TCP|UDP) ({IP}) ({IP}) \d+ (\d+) ",
    rf"\|(?:TCP|UDP)\|[^|]*\|({V4})\|\d+\|[^|]*\|({V4})\|(\d+)\|",
    rf"(?:TCP|UDP) ({V4}) \d+ ({V4}) (\d+) ",
    rf"(?i:tcp|udp) ({V4}) ({V4}) +\d+ +(\d+) \(",
)]

def is_address(text):
    try:
        ipaddress.ip_address(text)
        return True
    except ValueError:
        return False

# Of ICMP the numbers behind the addresses are no ports, and a packet inside an ICMP error has gone
# the other way.
NO_PORTS = re.compile(r"\bicmp\b.*(?:Original IP payload|/0\b)|\bICMP connection|^[^a-z]*$", re.I)
# Cisco's connection logs name the peer first, also when it was called.
BACKWARDS = re.compile(r"Built outbound \w+ connection \d+ for ")

def carried(line):
    if NO_PORTS.search(line) or re.search(r"{V4}/\d+->{V4}/\d+,ANY".format(V4=V4), line):
        return None
    source, target = NAMED_SOURCE.search(line), NAMED_TARGET.search(line)
    port = NAMED_PORT.search(line) or INLINE_PORT.search(line) or SERVICE.search(line)
    if source and target and port and "=>" not in line:
        found = source[1], target[1], port[1]
        if is_address(found[0]) and is_address(found[1]) and int(found[2]) < 65536:
            return found
    for pair in PAIRS:
        match = pair.search(line)
        if match and is_address(match[1]) and is_address(match[2]) and int(match[3]) < 65536:
            if BACKWARDS.search(line):
                other = re.search(rf" for {ZONE}{V4}/(\d+)", line)
                return match[2], match[1], other[1]
            return match.groups()
    return None

out = sys.argv[1]
for index, name in enumerate(sys.argv[2:]):
    count = 0
    with open(name, "rb") as file, open(f"{out}/{index}.log", "wb") as log, \
            open(f"{out}/{index}.want", "w", encoding="ascii") as want:
        for octets in file:
            octets = re.sub(rb"^# ?", b"", octets)
            found = carried(octets.decode("utf-8", errors="replace").replace("#011", "\t"))
            if found:
                count += 1
                log.write(octets.rstrip(b"\n") + b"\n")
                source, target = (ipaddress.ip_address(text) for text in found[:2])
                want.write(f"{count},{source},{target},{int(found[2])}\n")
    print(index, name, count)
