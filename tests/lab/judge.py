# SPDX-License-Identifier: GPL-3.0-or-later
"""What a run has left, judged: "ok - sentence" or "not ok - sentence" each, then "N passed,
N failed". Counts come from tcpdump's reading of tcpdump's own capture; nothing is shared with what is
judged.

  tests/lab/judge.py OUT        again, of an earlier run"""

import collections
import csv
import io
import json
import os
import pathlib
import re
import struct
import subprocess
import sys

import clients
import experiment

BUCKET = 300
APPEAR_SECONDS = 60
# An attempt is remembered until so long after its last SYN (observer/attempt_table.h).
REMEMBERED = 120

Syn = collections.namedtuple("Syn", "time source port sequence")


class Judgement:
    def __init__(self, file):
        self.file, self.passed, self.failed = file, 0, 0

    def say(self, line):
        print(line, flush=True)
        self.file.write(line + "\n")

    def attempt(self, sentence, check, *arguments):
        """A check in which a program may fail, which is then what is said."""
        try:
            check(self, *arguments)
        except (RuntimeError, ValueError, KeyError) as error:
            self.expect(False, sentence, str(error))

    def expect(self, holds, sentence, seen=""):
        if holds:
            self.passed += 1
            self.say(f"ok - {sentence}")
        else:
            self.failed += 1
            self.say(f"not ok - {sentence}" + (f"\n    {seen}" if seen else ""))


def output_of(*command):
    done = subprocess.run([str(word) for word in command], capture_output=True, text=True,
                          check=False)
    if done.returncode:
        raise RuntimeError(f"{' '.join(str(word) for word in command)}: {done.stderr.strip()}")
    return done.stdout


def events_of(out):
    """(time, what, who, detail) in the order in which they happened."""
    rows = []
    for line in (out / "events.tsv").read_text("utf-8").splitlines():
        when, what, who, detail = line.split("\t")
        rows.append((float(when), what, who, detail))
    return rows


def syns_of(capture, address, port):
    """The SYNs in a capture, by tcpdump. A connection request is SYN without ACK, FIN and RST."""
    text = output_of(
        "tcpdump", "-r", capture, "-n", "-tt", "-S", "-K",
        f"dst host {address} and tcp dst port {port} and "
        "tcp[tcpflags] & (tcp-syn|tcp-ack|tcp-fin|tcp-rst) == tcp-syn")
    syns = []
    for line in text.splitlines():
        found = re.match(r"(\d+\.\d+) IP (\d+\.\d+\.\d+\.\d+)\.(\d+) > .* seq (\d+)", line)
        syns.append(Syn(float(found[1]), found[2], int(found[3]), int(found[4])))
    return syns


def attempts_of(syns):
    """The first SYN of each attempt, and how many each took."""
    last, first_of, firsts, taken = {}, {}, [], collections.Counter()
    for syn in syns:
        key = syn[1:]
        if key not in last or syn.time - last[key] > REMEMBERED:
            first_of[key] = syn
            firsts.append(syn)
        last[key] = syn.time
        taken[first_of[key]] += 1
    return firsts, taken


def per_bucket(syns):
    return collections.Counter(int(syn.time) // BUCKET * BUCKET for syn in syns)


def ledger(build, state, name):
    return list(csv.DictReader(io.StringIO(output_of(build / "stalenode", "dump", state / name))))


def column(rows, name):
    return {int(row["bucket_start_unix"]): int(row[name]) for row in rows if int(row[name])}


def judge_counts(judgement, build, out, name, syns):
    rows = ledger(build, out / name / "state", name)
    counted, sent = column(rows, "syn"), dict(per_bucket(syns))
    judgement.expect(counted == sent and sum(sent.values()) > 0,
                     f"{name}: the agent counts {sum(sent.values())} SYNs in {len(sent)} buckets, "
                     "as tcpdump does beside it", f"agent {counted}, tcpdump {sent}")
    firsts, taken = attempts_of(syns)
    counted, made = column(rows, "attempts"), dict(per_bucket(firsts))
    judgement.expect(counted == made,
                     f"{name}: the agent finds the {len(firsts)} attempts in them",
                     f"agent {counted}, by their keys {made}")
    dropped = sum(int(row["kernel_drops"]) for row in rows if row["kernel_drops"])
    judgement.expect(dropped == 0, f"{name}: no packet was lost", f"{dropped} lost")
    return taken


def judge_policy(judgement, name, policy, taken, retired):
    after = {first: number for first, number in taken.items() if first.time >= retired + 1}
    syns = sum(after.values())
    if not after:
        judgement.expect(False, f"{name}: somebody calls after the retirement")
        return
    ratio = syns / len(after)
    if policy == "drop":
        judgement.expect(ratio > 1.5, f"{name}: unanswered, an attempt takes {ratio:.2f} SYNs",
                         f"{syns} SYNs in {len(after)} attempts")
    else:
        # A refused SYN is not repeated. One in twenty may be, where a host was not yet reachable.
        judgement.expect(ratio < 1.05, f"{name}: refused, an attempt takes {ratio:.2f} SYNs",
                         f"{syns} SYNs in {len(after)} attempts")


def judge_restarts(judgement, name, events, addresses, firsts, end):
    """Who had the node in a saved list when it was started again, and whether it called: as often as
    its client does."""
    starts = collections.defaultdict(list)
    for when, what, who, _ in events:
        if what == "start":
            starts[who].append(when)
    keeping, tracker_ended, expected, missing = set(), False, 0, []
    known_starts, known_attempts = 0, 0
    for when, what, who, detail in events:
        tracker_ended = tracker_ended or what == "tracker-ends"
        if what == "keeps" and detail == name:
            keeping.add(who)
        if what == "forgets" and detail == name:
            keeping.discard(who)
        if what != "start" or who not in keeping:
            continue
        following = min([other for other in starts[who] if other > when] + [end])
        if when + APPEAR_SECONDS > end:
            continue
        calls = sum(first.source == addresses[who] and
                    when <= first.time < min(following, when + APPEAR_SECONDS) for first in firsts)
        expected += 1
        if not calls:
            missing.append(who)
        per_start = getattr(clients.client(detail), "ATTEMPTS_PER_START", None)
        if per_start and tracker_ended:
            known_starts += per_start
            known_attempts += calls
    judgement.expect(expected and not missing,
                     f"{name}: all {expected} starts of peers that kept it bring calls within "
                     f"{APPEAR_SECONDS} s", "silent: " + " ".join(missing))
    if known_starts:
        judgement.expect(known_starts == known_attempts,
                         f"{name}: {known_starts} starts of clients that call once are "
                         f"{known_starts} attempts", f"{known_attempts} attempts")


def stretched(source, target, origin, factor):
    """A capture with its times after origin made longer (origin + factor * (time - origin))."""
    with open(source, "rb") as file, open(target, "wb") as written:
        header = file.read(24)
        if struct.unpack("<I", header[:4])[0] != 0xA1B2C3D4:
            raise RuntimeError(f"{source}: not little-endian pcap in microseconds")
        written.write(header)
        while record := file.read(16):
            seconds, fraction, kept, length = struct.unpack("<IIII", record)
            content = file.read(kept)
            since = (seconds - origin) * 1000000 + fraction
            if since < 0:
                continue
            time = origin * 1000000 + round(since * factor)
            written.write(struct.pack("<IIII", *divmod(time, 1000000), kept, length) + content)


def judge_half_life(judgement, build, out, name, wanted, address, port, retired):
    """The decay that the schedule made is the one that is found."""
    truth = wanted.half_life * wanted.stretch / 3600
    state = out / name / "stretched"
    capture = out / name / "stretched.pcap"
    stretched(out / name / "capture.pcap", capture, retired, wanted.stretch)
    output_of(build / "stalenode", "import", "--state", state, "--evidence", "0", "--target",
              f"{name}={address}/{port}:retired={retired}", capture)
    capture.unlink()
    analysis = json.loads(output_of(build / "stalenode", "analyze", "--json", state / name))
    found = analysis["derived"]["half_life_hours"]
    low, high = found["ci95"]
    judgement.expect(low is not None and high is not None and low <= truth <= high,
                     f"{name}: the half-life, {truth:.2f} h as scheduled, is found as "
                     f"{found['value']:.2f} h, 95 % {low:.2f} to {high:.2f}", json.dumps(found))


def judge_explanation(judgement, build, out, name, address, port):
    log = out / name / "firewall.log"
    told = json.loads(output_of(build / "stalenode", "explain", "--json", "--local", address, log))
    (out / name / "explanation.json").write_text(json.dumps(told, indent=1) + "\n")
    verdicts = [(cluster["verdict"], cluster["confidence"]) for cluster in told["clusters"]
                if cluster["dport"] == port and cluster["proto"] == "tcp"]
    judgement.expect([verdict for verdict, _ in verdicts] == ["residual-p2p"],
                     f"{name}: its firewall's log is explained as residual-p2p", str(verdicts))


def judge_table(judgement, name, taken, retired):
    """How many SYNs attempts took."""
    numbers = collections.Counter(number for first, number in taken.items()
                                  if first.time >= retired + 1)
    judgement.say(f"    {name}: " + ", ".join(f"{attempts} attempts of {number} SYN"
                                              for number, attempts in sorted(numbers.items())))



def judge(out, build):
    """Returns 0 when all is as it should be, else 1."""
    out = pathlib.Path(out)
    wanted = experiment.read(out / "experiment.conf")
    events = events_of(out)
    addresses = {who: detail for _, what, who, detail in events if what == "address"}
    end = max(when for when, _, _, _ in events)
    with open(out / "judgement.txt", "w", encoding="utf-8") as file:
        judgement = Judgement(file)
        for retired in wanted.retired:
            name, address = retired.name, addresses[retired.name]
            port = clients.client(retired.client).PORT
            when = next(int(detail) for _, what, who, detail in events
                        if what == "retire" and who == name)
            syns = syns_of(out / name / "capture.pcap", address, port)
            taken = judge_counts(judgement, build, out, name, syns)
            judge_policy(judgement, name, retired.policy, taken, when)
            judge_table(judgement, name, taken, when)
            if wanted.restart is not None or wanted.half_life is not None:
                judge_restarts(judgement, name, events, addresses, list(taken), end)
            if wanted.half_life is not None:
                judgement.attempt(f"{name}: the decay is analyzed", judge_half_life, build, out,
                                  name, wanted, address, port, when)
            judgement.attempt(f"{name}: its firewall's log is explained", judge_explanation, build,
                              out, name, address, port)
        for what, sentence in (("left", "nothing left the laboratory"),
                               ("uplinks", "the hub has no way out")):
            number = next(int(detail) for _, event, _, detail in events if event == what)
            judgement.expect(number == 0, sentence, f"{number}")
        report = out / "report"
        output_of(build / "stalenode", "report", "--out", report,
                  *[out / retired.name / "state" / retired.name for retired in wanted.retired])
        judgement.expect((report / "index.html").stat().st_size > 0, "the report is made")
        judgement.say(f"{judgement.passed} passed, {judgement.failed} failed")
    return 1 if judgement.failed else 0


if __name__ == "__main__":
    sys.dont_write_bytecode = True
    sys.exit(judge(sys.argv[1], pathlib.Path(os.environ.get("BUILD", "build")).resolve()))
