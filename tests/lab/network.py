# SPDX-License-Identifier: GPL-3.0-or-later
"""The closed network of the laboratory: a hub with a bridge and no uplink, and nodes of one network
namespace and one address each, joined to the bridge by a veth pair.

Every node refuses to send anywhere but into the laboratory (`refused`), and the bridge counts what
came to it with another destination all the same (`left`): that has to stay zero. The names are
made in a /run/netns of the laboratory's own (see lab), so they end with it, however it ends."""

import re
import subprocess

SUBNET = "198.18.7.0/24"  # RFC 2544, benchmarks: i2pd takes it for public addresses
PREFIX = "stalelab-"
HUB = PREFIX + "hub"
HUB_ADDRESS = "198.18.7.1"
FIRST_HOST = 10
INTERFACE = "eth0"
NODES_MAX = 22

# Into the laboratory, to a group of it, or to all of it.
INSIDE = "{ 198.18.7.0/24, 127.0.0.0/8, 224.0.0.0/4, 255.255.255.255 }"

GUARD = f"""
table ip lab {{
	counter refused {{ }}
	chain guard {{
		type filter hook output priority 0; policy accept;
		ip daddr != {INSIDE} counter name refused reject
	}}
}}
"""
WATCH = f"""
table bridge lab {{
	counter left {{ }}
	chain watch {{
		type filter hook prerouting priority 0; policy accept;
		ether type ip ip daddr != {INSIDE} counter name left drop
		ether type ip6 drop
	}}
}}
"""


def run(*command, text=None):
    done = subprocess.run(command, input=text, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"{' '.join(command)}: {done.stderr.strip() or done.returncode}")
    return done.stdout


def neighbour_room():
    """Entries that the kernel's one table of IPv4 neighbours, shared by all namespaces, still
    takes; read it outside of the laboratory."""
    with open("/proc/sys/net/ipv4/neigh/default/gc_thresh3", encoding="ascii") as file:
        limit = int(file.read())
    with open("/proc/net/stat/arp_cache", encoding="ascii") as file:
        entries = int(file.read().splitlines()[1].split()[0], 16)
    return limit - entries


class Node:
    """A host of the laboratory. `name` is also its namespace's, behind PREFIX."""

    def __init__(self, name, number, linear_timeouts=None):
        self.name = name
        self.namespace = PREFIX + name
        self.address = f"198.18.7.{FIRST_HOST + number}"
        run("ip", "netns", "add", self.namespace)
        port = f"port{number}"
        run("ip", "link", "add", port, "netns", HUB, "type", "veth", "peer", "name", INTERFACE,
            "netns", self.namespace)
        run("ip", "-n", HUB, "link", "set", port, "master", "bridge", "up")
        self.inside("sysctl", "-q", "net.ipv6.conf.all.disable_ipv6=1")
        if linear_timeouts is not None:
            self.inside("sysctl", "-q", f"net.ipv4.tcp_syn_linear_timeouts={linear_timeouts}")
        run("ip", "-n", self.namespace, "link", "set", "lo", "up")
        run("ip", "-n", self.namespace, "address", "add", self.address + "/24",
            "broadcast", "+", "dev", INTERFACE)
        run("ip", "-n", self.namespace, "link", "set", INTERFACE, "up")
        run("ip", "-n", self.namespace, "route", "add", "default", "via", HUB_ADDRESS)
        self.inside("nft", "-f", "-", text=GUARD)

    def inside(self, *command, text=None):
        return run("ip", "netns", "exec", self.namespace, *command, text=text)

    def command(self, *command):
        """The words that run a command inside, as the process that is started."""
        return ["ip", "netns", "exec", self.namespace, *command]

    def unplug(self):
        """Takes the link down: nothing comes or goes any more."""
        run("ip", "-n", self.namespace, "link", "set", INTERFACE, "down")

    def refused(self):
        return counted(self.inside("nft", "list", "counter", "ip", "lab", "refused"))


def counted(listing):
    return int(re.search(r"packets (\d+)", listing).group(1))


class Network:
    def __init__(self):
        run("ip", "netns", "add", HUB)
        self.nodes = []
        run("ip", "netns", "exec", HUB, "sysctl", "-q", "net.ipv6.conf.all.disable_ipv6=1",
            "net.ipv4.ip_forward=0")
        run("ip", "-n", HUB, "link", "add", "bridge", "type", "bridge")
        run("ip", "-n", HUB, "address", "add", HUB_ADDRESS + "/24", "dev", "bridge")
        run("ip", "-n", HUB, "link", "set", "lo", "up")
        run("ip", "-n", HUB, "link", "set", "bridge", "up")
        run("ip", "netns", "exec", HUB, "nft", "-f", "-", text=WATCH)

    def add(self, name, linear_timeouts=None):
        if len(self.nodes) >= NODES_MAX:
            raise RuntimeError(f"a laboratory has {NODES_MAX} nodes at most")
        node = Node(name, len(self.nodes), linear_timeouts)
        self.nodes.append(node)
        return node

    def left(self):
        """Packets that came to the bridge with a destination outside, and were dropped there."""
        return counted(run("ip", "netns", "exec", HUB, "nft", "list", "counter", "bridge", "lab",
                           "left"))

    def refused(self):
        """Packets that nodes wanted to send outside: refused where they began."""
        return sum(node.refused() for node in self.nodes)

    def uplinks(self):
        """Interfaces of the hub that are neither its own nor a node's: there have to be none."""
        names = re.findall(r"^\d+: ([^:@]+)", run("ip", "-n", HUB, "-o", "link"), re.M)
        return [name for name in names
                if name not in ("lo", "bridge") and not name.startswith("port")]
