# SPDX-License-Identifier: GPL-3.0-or-later
"""One run of an experiment: the network, its nodes, and what happens to them when."""

import heapq
import itertools
import math
import os
import signal
import time

import clients
from network import Network
from processes import Process, stop_all
from torrent import NAME, Torrent
from watch import Watch

TRACKER_PORT = 6969
FIRST_RUN_SECONDS = 8  # of clients that have to be introduced
# Kernels before and since 6.5 repeat a SYN at other times; nodes have either, in turn.
TIMEOUTS = itertools.cycle((0, 4))


class Member:
    """A node with a client."""

    def __init__(self, laboratory, client, name, directory):
        self.laboratory, self.client, self.directory = laboratory, client, directory
        self.module = clients.client(client)
        self.node = laboratory.network.add(name, next(TIMEOUTS))
        self.process = None
        self.gone = False
        self.saved = {}
        directory.mkdir(parents=True)
        laboratory.event("address", name, self.node.address)
        laboratory.event("timeouts", name, self.linear_timeouts())

    def linear_timeouts(self):
        return self.node.inside("sysctl", "-n", "net.ipv4.tcp_syn_linear_timeouts").strip()

    def start(self):
        self.laboratory.event("start", self.node.name, self.client)
        words = self.module.start(self.node, self.directory, self.laboratory.torrent)
        self.process = Process(
            self.node.command(*words), self.directory / "output.log", self.directory,
            {"HOME": str(self.directory), "TERM": "dumb",
             "XDG_CONFIG_HOME": str(self.directory / ".config")})

    def give(self, content):
        """Has the file before it starts."""
        downloads = self.directory / "downloads"
        downloads.mkdir(exist_ok=True)
        (downloads / NAME).write_bytes(content)

    def note_stopped(self):
        """Says whom of the retired it still remembers."""
        for watch in self.laboratory.watches:
            kept = clients.keeps(self.module, self.directory, watch.node.address)
            self.laboratory.event("keeps" if kept else "forgets", self.node.name, watch.node.name)

    def save(self):
        self.saved = {path: path.read_bytes()
                      for path in self.module.saved_lists(self.directory)}

    def start_saved(self):
        """Starts from the lists that were saved, whatever became of them since."""
        for path in self.module.saved_lists(self.directory):
            if path not in self.saved:
                path.unlink()
        for path, content in self.saved.items():
            path.write_bytes(content)
        self.start()


class Laboratory:
    """build: where stalenode and stalenoded are; out: what is left; minutes: of this run, those of
    the experiment or more; say: a function that is given one line of progress."""

    def __init__(self, experiment, build, out, work, minutes, say):
        self.experiment, self.build, self.out, self.work = experiment, build, out, work
        self.seconds, self.say = minutes * 60.0, say
        self.events = open(out / "events.tsv", "w", encoding="utf-8", buffering=1)
        self.began = time.time()
        self.network = Network()
        self.tracker, self.torrent = None, None
        self.members, self.peers, self.retiring, self.watches = [], [], [], []
        self.tracker_runs = False
        self.queue, self.order = [], itertools.count()

    def event(self, what, who="-", detail="-"):
        self.events.write(f"{time.time():.3f}\t{what}\t{who}\t{detail}\n")

    def at(self, seconds, action, *arguments):
        """seconds since the beginning"""
        heapq.heappush(self.queue, (seconds, next(self.order), action, arguments))

    def run(self):
        """Ends with all links down and every process ended."""
        experiment = self.experiment
        self.say(f"{experiment.title}")
        self.say(f"a closed network of {experiment.nodes()} nodes")
        self.build_nodes()
        self.introduce()
        for member in self.members:
            member.start()
            time.sleep(0.2)
        self.say("started " + ", ".join(f"{number} x {name}" for name, number
                                        in experiment.peers.items()))
        self.at(5, self.verify)
        self.at(experiment.retire, self.retire)
        while True:
            due = self.queue[0][0] if self.queue else math.inf
            elapsed = time.time() - self.began
            if min(due, self.seconds) > elapsed:
                time.sleep(min(1.0, min(due, self.seconds) - elapsed))
                for watch in self.watches:
                    watch.require()
                continue
            if due > self.seconds:
                break
            _, _, action, arguments = heapq.heappop(self.queue)
            action(*arguments)
        self.end()

    def build_nodes(self):
        tracker = self.network.add("tracker")
        if self.experiment.needs_tracker():
            self.torrent = Torrent(f"http://{tracker.address}:{TRACKER_PORT}/announce")
            directory = self.work / "tracker"
            directory.mkdir(parents=True)
            (directory / "white").write_text(self.torrent.info_hash.hex() + "\n")
            os.chmod(directory, 0o755)
            self.tracker = Process(
                tracker.command("opentracker", "-i", tracker.address, "-p", str(TRACKER_PORT), "-P",
                                str(TRACKER_PORT), "-d", str(directory), "-w", "/white", "-u",
                                "nobody"),
                self.work / "tracker.log")
            self.tracker_runs = True
            time.sleep(0.5)
            self.tracker.require("opentracker")
        for retired in self.experiment.retired:
            member = Member(self, retired.client, retired.name, self.work / retired.name)
            directory = self.out / retired.name
            directory.mkdir()
            self.watches.append(Watch(self.build, member.node, member.module.PORT, retired.policy,
                                      retired.client, clients.version(member.module), directory))
            self.retiring.append(member)
        for client, number in self.experiment.peers.items():
            for index in range(1, number + 1):
                name = f"{client}{index}"
                self.peers.append(Member(self, client, name, self.work / name))
        if self.torrent:
            self.peers[0].give(self.torrent.shared)
        self.members = self.retiring + self.peers

    def introduce(self):
        """A short run of each client that has to be, and then to all what was made in it."""
        for client in dict.fromkeys(member.client for member in self.members):
            setup = getattr(clients.client(client), "SETUP", None)
            if not setup:
                continue
            members = [member for member in self.members if member.client == client]
            for member in members:
                member.start()
            time.sleep(FIRST_RUN_SECONDS)
            stop_all([member.process for member in members])
            setup([(member.node, member.directory) for member in members])

    def verify(self):
        member = self.peers[0]
        verify = getattr(member.module, "VERIFY", None)
        if verify and self.torrent:
            Process(verify(member.node), member.directory / "verify.log").wait(20)

    def retire(self):
        for member in self.members:
            member.process.require(member.node.name)
        for retired, member, watch in zip(self.experiment.retired, self.retiring, self.watches):
            number = signal.SIGKILL if retired.signal == "KILL" else signal.SIGTERM
            member.process.stop(number)
            when = time.time()
            watch.retire(when)
            self.event("retire", member.node.name, int(when))
            self.say(f"retired {member.node.name} ({member.client}, answers with "
                     f"{'RST' if retired.policy == 'rst' else 'nothing'})")
        now = time.time() - self.began
        if self.experiment.tracker_ends is not None:
            self.at(now + self.experiment.tracker_ends, self.end_tracker)
        if self.experiment.restart is not None:
            self.at(now + self.experiment.restart, self.restart)
        if self.experiment.half_life is not None:
            self.at(now + 1, self.begin_churn)

    def end_tracker(self):
        if self.tracker_runs:
            self.tracker.stop()
            self.tracker_runs = False
            self.event("tracker-ends")
            self.say("the tracker is gone: what is left are saved lists")

    def restart(self):
        self.say(f"all {len(self.peers)} peers stop and start again")
        stop_all([peer.process for peer in self.peers])
        for peer in self.peers:
            peer.note_stopped()
        for peer in self.peers:
            peer.start()
        if self.experiment.restart_every:
            self.at(time.time() - self.began + self.experiment.restart_every, self.restart)

    def begin_churn(self):
        """From here on each peer starts again and again by itself, from what it had saved now, until
        it leaves for ever: peer i of n when an exponential law has lost (i - 1/2)/n of them."""
        self.end_tracker()
        stop_all([peer.process for peer in self.peers])
        now = time.time() - self.began
        every, count = self.experiment.start_again_every, len(self.peers)
        self.event("churn", "-", f"{self.experiment.half_life:g}")
        self.say(f"peers leave for ever, half of them in {self.experiment.half_life:g} s")
        for index, peer in enumerate(self.peers):
            peer.note_stopped()
            peer.save()
            leaves = -math.log2(1 - (index + 0.5) / count) * self.experiment.half_life
            # The order in which they call has nothing to do with the order in which they leave.
            first = (index * 0.618034 % 1.0) * every
            self.at(now + first, self.start_again, peer, now + leaves)

    def start_again(self, peer, leaves):
        peer.process.stop(signal.SIGKILL)
        now = time.time() - self.began
        if now >= leaves:
            if not peer.gone:
                peer.gone = True
                self.event("leave", peer.node.name)
                left = sum(not other.gone for other in self.peers)
                self.say(f"{peer.node.name} left for ever; {left} are left")
            return
        peer.start_saved()
        following = now + self.experiment.start_again_every
        self.at(min(following, leaves), self.start_again, peer, leaves)

    def end(self):
        self.say("ending: all links go down, then what watched")
        for watch in self.watches:
            watch.end()
        stop_all([member.process for member in self.members if member.process])
        self.end_tracker()
        self.event("left", "-", self.network.left())
        self.event("refused", "-", self.network.refused())
        self.event("uplinks", "-", len(self.network.uplinks()))
        self.event("end")
        self.events.close()
