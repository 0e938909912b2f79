#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
#
# make_alerts.py OUT [--seed N] [--count K]: K firewall logs of each kind of cause, drawn from how the
# cause works (the comment of each), each other than the last: rates, lengths, ports, systems, forms
# of log. Writes OUT/KIND-NN.log or .csv and OUT/LABELS.tsv: file, select, verdict, group. Addresses
# are of documentation and benchmarks; nothing is taken from a log of anybody.
import argparse
import csv
import math
import os
import random
import time

HOST = "192.0.2.7"
NETWORK = ["192.0.2.%d" % last for last in range(1, 33)]
START = 1772323200  # 2026-03-01
HOUR, DAY = 3600.0, 86400.0
SYN, ACK, RST, FIN, PSH = 2, 16, 4, 1, 8

# SYNs at a silent address, seconds from the first: Windows, Linux until 6.4 and from 6.5, BSD.
SCHEDULES = [(0, 3, 9), (0, 3, 9, 21), (0, 1, 3, 7, 15, 31), (0, 1, 2, 3, 4, 5, 7, 11, 19),
             (0, 1, 2, 3, 4, 6, 10)]
# Length of the SYN with its options, window, time to live as it starts.
SYSTEMS = [(48, 65535, 128), (48, 16384, 128), (52, 8192, 128), (52, 64240, 128), (60, 29200, 64),
           (60, 64240, 64), (60, 5840, 64), (64, 65535, 64)]
P2P_PORTS = [("tcp", 4662), ("tcp", 6346), ("tcp", 6881), ("tcp", 51413), ("udp", 51413),
             ("udp", 6881), ("udp", 4672), ("tcp", 1214), ("tcp", 6699), ("tcp", 8333)]
P2P_SOURCES = [6881, 51413, 4672, 6882, 6889, 45682, 16881]


class Packet:
    def __init__(self, when, proto, src, sport, dst, dport, flags=SYN, length=None, window=None,
                 ttl=None, icmp=None, out=False):
        self.when, self.proto, self.src, self.sport = when, proto, src, sport
        self.dst, self.dport, self.flags, self.icmp, self.out = dst, dport, flags, icmp, out
        self.length = length if length else (40 if proto == "tcp" else 95)
        self.window = window if window is not None else 1024
        self.ttl = ttl if ttl else 50


class Source:
    """A host somewhere, with a system of its own."""

    def __init__(self, rng):
        self.rng = rng
        self.address = "198.%d.%d.%d" % (rng.choice((18, 19)), rng.randrange(256), rng.randrange(1, 255))
        self.length, self.window, self.ttl = rng.choice(SYSTEMS)
        self.ttl -= rng.randrange(8, 25)
        self.schedule = rng.choice(SCHEDULES)

    def port(self):
        return self.rng.randrange(1024, 65536)

    def dial(self, when, dst, dport, sport=None):
        """A connection that nobody answers: a SYN and its repetitions."""
        sport = sport or self.port()
        return [Packet(when + after + self.rng.random() * 0.05, "tcp", self.address, sport, dst, dport, SYN,
                       self.length, self.window, self.ttl) for after in self.schedule]

    def datagram(self, when, dst, dport, sport=None, length=None):
        return Packet(when, "udp", self.address, sport or self.port(), dst, dport,
                      length=length or self.rng.randrange(60, 160), ttl=self.ttl)


def moments(rng, rate, begin, end, highest):
    """Times of a Poisson process whose rate, per second, is rate(t) <= highest."""
    when = begin
    while True:
        when += rng.expovariate(highest)
        if when >= end:
            return
        if rng.random() * highest < rate(when):
            yield when


def daily(when, phase):
    return 1 + 0.5 * math.sin(2 * math.pi * (when / DAY + phase))


def high_port(rng):
    while True:
        port = rng.randrange(10000, 62000)
        if port not in (30303, 33445, 51413, 22000, 22133, 25565, 27017, 30120, 47808, 51820, 51821,
                        52869, 53413, 37215, 34567, 37777, 60001, 44818, 20000, 27015, 33389):
            return port


def scanners(rng, begin, end, per_hour):
    """The usual noise beside: scanners that try a port here and there, one bare SYN each."""
    packets, pool = [], [Source(rng) for _ in range(rng.randrange(3, 15))]
    for when in moments(rng, lambda _: per_hour / HOUR, begin, end, per_hour / HOUR):
        source = rng.choice(pool) if rng.random() < 0.5 else Source(rng)
        packets.append(Packet(when, "tcp", source.address, source.port(), HOST,
                              rng.choice((21, 22, 23, 80, 443, 445, 3389, 5900, 8080, rng.randrange(1, 65536))),
                              SYN, 40, 1024, source.ttl))
    return packets


# Nodes that remember one that is gone dial it when they start and, some, every few hours; each
# forgets it after a while, so that they become fewer. Now and then the log begins days later.
def residual_p2p(rng):
    proto, port = rng.choice(P2P_PORTS) if rng.random() < 0.5 else (
        rng.choice(("tcp", "tcp", "udp")), high_port(rng))
    length = rng.choice((1, 2, 5, 10, 20)) * DAY
    packets = []
    # As many and as long as a user who looks at a log would see at all.
    peers = rng.randrange(15, 150)
    tau = rng.uniform(0.15, 0.5) * length
    phase = rng.random()
    for _ in range(peers):
        source = Source(rng)
        own = rng.choice(P2P_SOURCES) if rng.random() < 0.15 else None
        stops = START + rng.expovariate(1 / tau)
        interval = rng.choice((0.5, 1, 2, 6, 24)) * HOUR
        when = START + rng.random() * min(interval, tau)
        while when < min(stops, START + length):
            if proto == "tcp":
                packets += source.dial(when, HOST, port, own)
            else:
                packets.append(source.datagram(when, HOST, port, own or source.port()))
            when += interval * rng.uniform(0.7, 1.6) / daily(when, phase)
    packets += scanners(rng, START, START + length, rng.choice((0.0001, 1, 4)))
    return packets, "%s %d" % (proto, port)


# What a user finds in a log some days after the removal: a few peers, an hour or two apart.
def residual_few(rng):
    port = rng.choice([port for proto, port in P2P_PORTS if proto == "tcp"])
    packets = []
    for _ in range(rng.randrange(1, 4)):
        source = Source(rng)
        when = START + rng.random() * HOUR
        for _ in range(rng.randrange(2, 4)):
            packets += source.dial(when, HOST, port)
            when += rng.uniform(0.6, 2.2) * HOUR
    return packets, "tcp %d" % port


# An index tells strangers a wrong address for weeks: always new ones, a few tries each, no end.
def contaminated_index(rng):
    proto, port = rng.choice(("tcp", "udp", "udp")), high_port(rng)
    length = rng.uniform(18, 60) * DAY
    per_day = rng.uniform(6, 60)
    phase = rng.random()
    packets = []
    for when in moments(rng, lambda t: per_day / DAY * daily(t, phase), START, START + length,
                        per_day * 1.5 / DAY):
        source = Source(rng)
        own = rng.choice(P2P_SOURCES) if rng.random() < rng.uniform(0.1, 0.5) else source.port()
        for _ in range(rng.randrange(1, 4)):
            if proto == "tcp":
                packets += source.dial(when, HOST, port, own)
            else:
                packets.append(source.datagram(when, HOST, port, own))
            when += rng.uniform(2, 400)
    packets += scanners(rng, START, START + length, 0.5)
    return packets, "%s %d" % (proto, port)


# Stateless scanners send one bare SYN per address, all with one window; the port is what they seek.
def scan(rng):
    port = rng.choice((22, 80, 443, 8080, 3306, 6379, 8118, 3128, 1080, 2375, 5900, 8291, 21, 3389, 5432))
    length = rng.uniform(0.5, 15) * DAY
    window, fixed = rng.choice((1024, 65535, 14600)), rng.choice((None, None, 6000, 43210))
    several = rng.random() < 0.4
    packets = []
    for _ in range(rng.randrange(12, 200)):
        source = Source(rng)
        when = START + rng.random() * length
        for address in (rng.sample(NETWORK, rng.randrange(3, 32)) if several else [HOST]):
            packets.append(Packet(when, "tcp", source.address, fixed or source.port(), address, port, SYN,
                                  rng.choice((40, 40, 44)) , window, source.ttl))
            when += rng.random() * 20
    return packets, "tcp %d" % port


# One address tries hundreds of ports of another.
def port_scan(rng):
    packets = []
    for _ in range(rng.randrange(1, 4)):
        source = Source(rng)
        sport, when = source.port(), START + rng.random() * DAY
        for port in rng.sample(range(1, 10000), rng.randrange(100, 900)):
            packets.append(Packet(when, "tcp", source.address, sport, HOST, port, SYN, 44, 1024, source.ttl))
            when += rng.expovariate(1 / 0.5)
    return packets, "tcp *"


# Infected hosts connect as any program of their system does, to addresses drawn by a generator that
# may like this one more than its neighbours; they do not forget, and hardly one draws it twice.
def worm(rng):
    port = rng.choice((445, 445, 135, 139, 23, 2323, 1433, 5555, 7547, 37215))
    iot = port in (23, 2323, 5555, 7547, 37215)
    length = rng.uniform(2, 25) * DAY
    packets = []
    for _ in range(rng.randrange(60, 500)):
        source = Source(rng)
        when = START + rng.random() * length
        if iot:
            packets.append(Packet(when, "tcp", source.address, source.port(), HOST, port, SYN, 40,
                                  rng.randrange(1024, 65535), source.ttl))
            if rng.random() < 0.2:
                packets.append(Packet(when + 1, "tcp", source.address, source.port(), HOST, port, SYN, 40,
                                      rng.randrange(1024, 65535), source.ttl))
        else:
            source.schedule, source.length, source.window = (0, 3, 9), rng.choice((48, 52)), rng.choice((8192, 65535))
            packets += source.dial(when, HOST, port)[:rng.choice((2, 3))]
    return packets, "tcp %d" % port


# Forged sources, one SYN each, as many in a second as the sender can.
def syn_flood(rng):
    port = rng.choice((80, 443, 22, 25565, 30120, 7777, high_port(rng)))
    per_second, seconds = rng.choice((150, 400, 1000)), rng.uniform(4, 15)
    length, window = rng.choice(((40, 512), (40, 64240), (60, 29200), (52, 8192)))
    packets = []
    begin = START + rng.random() * DAY
    for when in moments(rng, lambda _: per_second, begin, begin + seconds, per_second):
        source = Source(rng)
        packets.append(Packet(when, "tcp", source.address, source.port(), HOST, port, SYN, length, window, source.ttl))
    return packets, "tcp %d" % port


# Somebody floods others in this address's name: they answer to the ports that were forged.
def backscatter(rng):
    packets = []
    flags = rng.choice((SYN | ACK, SYN | ACK, RST | ACK, RST))
    for _ in range(rng.randrange(1, 6)):
        victim = Source(rng)
        service = rng.choice((80, 443, 22, 53, 25565, 6667))
        when = START + rng.random() * 20 * DAY
        for _ in range(rng.randrange(10, 120)):
            port = rng.randrange(1024, 65536)
            for after in ((0, 1, 3, 7) if flags & SYN and rng.random() < 0.5 else (0,)):
                packets.append(Packet(when + after, "tcp", victim.address, service, HOST, port, flags, 44 if flags & SYN else 40,
                                      64240, victim.ttl))
            when += rng.expovariate(1 / 30)
    return packets, "tcp reply"


# The victim's router says that it cannot deliver what this address is said to have sent.
def icmp_backscatter(rng):
    packets = []
    for _ in range(rng.randrange(2, 30)):
        victim = Source(rng)
        when = START + rng.random() * 5 * DAY
        for _ in range(rng.randrange(1, 10)):
            packets.append(Packet(when, "icmp", victim.address, None, HOST, None, icmp=rng.choice(((3, 3), (3, 1), (11, 0))),
                                  length=68, ttl=victim.ttl))
            when += rng.expovariate(1 / 60)
    return packets, "icmp *"


# Few sources, very many logins each: connections that are begun anew, from new ports.
def brute_force(rng):
    port = rng.choice((22, 3389, 5900))
    packets = []
    for _ in range(rng.randrange(1, 7)):
        source = Source(rng)
        when = START + rng.random() * DAY
        for _ in range(rng.randrange(80, 400)):
            packets.append(Packet(when, "tcp", source.address, source.port(), HOST, port, SYN, source.length,
                                  source.window, source.ttl))
            when += rng.uniform(1, 20)
    return packets, "tcp %d" % port


# A program that is stuck, or one sender's small flood.
def single_source(rng):
    proto, port, source = rng.choice(("udp", "udp", "tcp")), high_port(rng), Source(rng)
    sport, when, packets = source.port(), START, []
    pause = rng.choice((0.5, 5, 60))
    for _ in range(rng.randrange(200, 3000)):
        if proto == "udp":
            packets.append(source.datagram(when, HOST, port, sport, 128))
        else:
            packets.append(source.dial(when, HOST, port)[0])
        when += rng.expovariate(1 / pause)
    return packets, "%s %d" % (proto, port)


# Mail for who had the address before: servers queue and try again for days, as RFC 5321 tells them.
def residual_service(rng):
    packets, network = [], rng.random() < 0.5
    length = rng.uniform(4, 15) * DAY
    for _ in range(rng.randrange(15, 90)):
        server = Source(rng)
        server.length, server.window = rng.choice(((60, 64240), (60, 29200), (52, 8192)))
        when = START + rng.random() * length
        for _ in range(rng.randrange(1, 4)):
            for pause in (0, 0.25, 0.5, 1, 2, 4, 8, 16)[:rng.randrange(3, 9)]:
                packets += server.dial(when + pause * HOUR, HOST, 25)
            when += rng.uniform(1, 4) * DAY
    if network:
        for _ in range(20):
            source = Source(rng)
            when = START + rng.random() * length
            for address in rng.sample(NETWORK, 12):
                packets.append(Packet(when, "tcp", source.address, source.port(), address, 445, SYN, 40, 1024, source.ttl))
                when += 3
    return packets, "tcp 25"


# The host itself dials a list of nodes.
def own_client(rng):
    proto, port, packets = "tcp", rng.choice((6346, 4662, 6881, high_port(rng))), []
    me = Source(rng)
    me.address = HOST
    when = START
    for _ in range(rng.randrange(10, 120)):
        node = Source(rng)
        for packet in me.dial(when, node.address, port):
            packet.out = True
            packets.append(packet)
        when += rng.uniform(0.5, 60)
    return packets, "%s out %d" % (proto, port)


# A stateful firewall has forgotten the connection; the server has not: late ACK, FIN, data.
def own_replies(rng):
    packets, when = [], START
    for _ in range(rng.randrange(1, 8)):
        server, port = Source(rng), rng.randrange(32768, 60999)
        flags = rng.choice((ACK, ACK | FIN, ACK | PSH, ACK | PSH | FIN))
        for _ in range(rng.randrange(1, 5)):
            packets.append(Packet(when, "tcp", server.address, rng.choice((443, 443, 80)), HOST, port, flags, 52, 501, server.ttl))
            when += rng.uniform(0.2, 5)
        when += rng.expovariate(1 / HOUR)
    return packets, "tcp reply"


# Hosts of one network find one another.
def benign(rng):
    port, to, length = rng.choice(((137, "192.168.1.255", 78), (5353, "224.0.0.251", 120), (1900, "239.255.255.250", 200),
                                   (138, "192.168.1.255", 229), (17500, "255.255.255.255", 180)))
    packets = []
    for host in range(rng.randrange(1, 6)):
        for when in moments(rng, lambda _: 1 / 600, START, START + DAY, 1 / 600):
            packets.append(Packet(when, "udp", "192.168.1.%d" % (20 + host), port, to, port, length=length, ttl=64))
    return packets, "udp %d" % port


KINDS = {
    "residual-p2p": (residual_p2p, "residual-p2p", "p2p-endpoint"),
    "residual-few": (residual_few, "residual-p2p", "p2p-endpoint"),
    "contaminated-index": (contaminated_index, "contaminated-index", "p2p-endpoint"),
    "scan": (scan, "scan", "scan-or-worm"),
    "port-scan": (port_scan, "scan", "scan-or-worm"),
    "worm": (worm, "worm", "scan-or-worm"),
    "syn-flood": (syn_flood, "syn-flood", "syn-flood"),
    "backscatter": (backscatter, "backscatter", "backscatter"),
    "icmp-backscatter": (icmp_backscatter, "backscatter", "backscatter"),
    "brute-force": (brute_force, "brute-force", "brute-force"),
    "single-source": (single_source, "single-source", "single-source"),
    "residual-service": (residual_service, "residual-service", "residual-service"),
    "own-client": (own_client, "own-client", "own-client"),
    "own-replies": (own_replies, "own-replies", "own-replies"),
    "benign": (benign, "benign", "benign"),
}


def belongs(packet, select):
    words = select.split()
    return packet.proto == words[0] and words[-1] in ("*", "reply", str(packet.dport))


# What a CSV of addresses and ports cannot tell.
NEEDS_FLAGS = ("backscatter", "icmp-backscatter", "own-replies", "own-client", "benign")


def netfilter(packet, prefix):
    words = ["IN=%s OUT=%s" % (("", "eth0") if packet.out else ("eth0", ""))]
    if not packet.out:
        words.append("MAC=00:00:5e:00:53:01:00:00:5e:00:53:02:08:00")
    words.append("SRC=%s DST=%s LEN=%d TOS=0x00 PREC=0x00 TTL=%d ID=0 PROTO=%s" % (
        packet.src, packet.dst, packet.length, packet.ttl, packet.proto.upper()))
    if packet.proto == "icmp":
        words.append("TYPE=%d CODE=%d" % packet.icmp)
    else:
        words.append("SPT=%d DPT=%d" % (packet.sport, packet.dport))
    if packet.proto == "tcp":
        names = [name for bit, name in ((ACK, "ACK"), (PSH, "PSH"), (RST, "RST"), (SYN, "SYN"), (FIN, "FIN"))
                 if packet.flags & bit]
        words.append("WINDOW=%d RES=0x00 %s URGP=0" % (packet.window, " ".join(names)))
    elif packet.proto == "udp":
        words.append("LEN=%d" % (packet.length - 20))
    return "%s gate kernel: [%d.%06d] %s%s" % (
        time.strftime("%b %e %H:%M:%S", time.gmtime(packet.when)), packet.when - START + 1000,
        packet.when % 1 * 1e6, prefix, " ".join(words))


def write(path, packets, form):
    packets.sort(key=lambda packet: packet.when)
    with open(path, "w", encoding="ascii", newline="") as stream:
        if form == "csv":
            rows = csv.writer(stream, lineterminator="\n")
            rows.writerow(("time", "proto", "src", "sport", "dst", "dport"))
            for packet in packets:
                rows.writerow((time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(packet.when)), packet.proto, packet.src,
                               packet.sport, packet.dst, packet.dport))
        else:
            for packet in packets:
                stream.write(netfilter(packet, "[UFW BLOCK] " if form == "ufw" else "DROP ") + "\n")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("out")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--count", type=int, default=6)
    parser.add_argument("--poor", action="store_true",
                        help="only the first tenth of each, as a CSV where that can say it at all")
    parser.add_argument("--first", type=int, help="only so many packets of each, those of its cause alone")
    request = parser.parse_args()
    os.makedirs(request.out, exist_ok=True)
    with open(os.path.join(request.out, "LABELS.tsv"), "w", encoding="ascii") as labels:
        labels.write("file\tselect\tverdict\tgroup\n")
        for kind, (make, verdict, group) in KINDS.items():
            for number in range(request.count):
                rng = random.Random("%d %s %d" % (request.seed, kind, number))
                packets, select = make(rng)
                # What has no flags and no direction cannot be told from such a CSV.
                plain = kind in ("residual-p2p", "contaminated-index", "scan", "worm", "single-source")
                form = rng.choice(("ufw", "netfilter", "csv") if plain else ("ufw", "netfilter"))
                if request.first:
                    packets = sorted((packet for packet in packets if belongs(packet, select)),
                                     key=lambda packet: packet.when)[:request.first]
                if request.poor:
                    packets.sort(key=lambda packet: packet.when)
                    end = packets[0].when + (packets[-1].when - packets[0].when) / 10
                    packets = [packet for packet in packets if packet.when <= end]
                    form = "csv" if kind not in NEEDS_FLAGS else form
                name = "%s-%02d.%s" % (kind, number, "csv" if form == "csv" else "log")
                write(os.path.join(request.out, name), packets, form)
                labels.write("%s\t%s\t%s\t%s\n" % (name, select, verdict, group))


main()
