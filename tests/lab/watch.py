# SPDX-License-Identifier: GPL-3.0-or-later
"""What watches a node that is to retire: tcpdump, stalenoded and, once it is retired, a firewall that
logs each SYN to its port (through ulogd, in the words of the kernel's own log)."""

import glob
import os
import signal
import time

from network import INTERFACE
from processes import Process

FIREWALL = """
table ip firewall {{
	chain input {{
		type filter hook input priority 0; policy accept;
		tcp dport {port} tcp flags & (syn | ack) == syn log prefix "stale: " group 1
		{drop}
	}}
}}
"""
DROP = "meta l4proto {{ tcp, udp }} th dport {port} drop"

ULOGD = """[global]
logfile="{directory}/ulogd.log"
{plugins}
stack=log1:NFLOG,base1:BASE,ifi1:IFINDEX,ip2str1:IP2STR,print1:PRINTPKT,emu1:LOGEMU
[log1]
group=1
[emu1]
file="{directory}/firewall.log"
sync=1
"""

AGENT = """[agent]
state = {directory}/state
[interface {interface}]
ring = 4
[target {name}]
address = {address}
ports = {port}
client = {client}
version = {version}
started = {started}
policy = {policy}
"""


def packet_sockets(node):
    return len(node.inside("cat", "/proc/net/packet").splitlines()) - 1


def wait_for(condition, seconds, what, process):
    until = time.monotonic() + seconds
    while not condition():
        process.require(what)
        if time.monotonic() > until:
            raise RuntimeError(f"{what}: nothing within {seconds} s: {process.last_words()}")
        time.sleep(0.1)


class Watch:
    """Over one node, from before its client starts until after its link is down. directory holds
    what it leaves: capture.pcap, state/NAME, firewall.log."""

    def __init__(self, build, node, port, policy, client, version, directory):
        self.node, self.port, self.policy, self.directory = node, port, policy, directory
        self.configuration = directory / "agent.conf"
        self.text = AGENT.format(directory=directory, interface=INTERFACE, name=node.name,
                                 address=node.address, port=port, client=client, version=version,
                                 started=int(time.time()), policy=policy)
        self.configuration.write_text(self.text)
        self.tcpdump = Process(
            node.command("tcpdump", "-i", INTERFACE, "-n", "-U", "-s", "128", "-B", "8192",
                         "-Z", "root", "-w", str(directory / "capture.pcap"),
                         f"dst host {node.address}"),
            directory / "tcpdump.log")
        wait_for(lambda: packet_sockets(node) >= 1, 10, "tcpdump", self.tcpdump)
        self.agent = Process(
            node.command(f"{build}/stalenoded", "--config", str(self.configuration)),
            directory / "agent.log")
        wait_for(lambda: packet_sockets(node) >= 2, 20, "stalenoded", self.agent)
        self.ulogd = None

    def retire(self, when):
        """when: UTC seconds. The client has ended; the host stays."""
        drop = DROP.format(port=self.port) if self.policy == "drop" else ""
        self.node.inside("nft", "-f", "-", text=FIREWALL.format(port=self.port, drop=drop))
        wanted = ("inppkt_NFLOG", "raw2packet_BASE", "filter_IFINDEX", "filter_IP2STR",
                  "filter_PRINTPKT", "output_LOGEMU")
        plugins = "\n".join(f'plugin="{path}"' for name in wanted
                            for path in glob.glob(f"/usr/lib/*/ulogd/ulogd_{name}.so"))
        settings = self.directory / "ulogd.conf"
        settings.write_text(ULOGD.format(directory=self.directory, plugins=plugins))
        self.ulogd = Process(self.node.command("ulogd", "-c", str(settings)),
                             self.directory / "ulogd.output",
                             environment={"TZ": "UTC"})
        self.configuration.write_text(self.text + f"retired = {int(when)}\n")
        self.agent.send(signal.SIGHUP)

    def require(self):
        self.tcpdump.require("tcpdump")
        self.agent.require("stalenoded")
        if self.ulogd:
            self.ulogd.require("ulogd")

    def end(self):
        """The link is taken down first, so that both captures end with the same packet."""
        time.sleep(1)
        self.node.unplug()
        time.sleep(1)
        if self.ulogd:
            self.ulogd.stop()
        status = self.agent.stop()
        self.tcpdump.stop(signal.SIGINT)
        for name in ("ulogd.conf", "ulogd.output"):
            if os.path.exists(self.directory / name):
                os.unlink(self.directory / name)
        if status != 0:
            raise RuntimeError(f"stalenoded ended with {status}: {self.agent.last_words()}")
