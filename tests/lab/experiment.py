# SPDX-License-Identifier: GPL-3.0-or-later
"""An experiment as its file declares it (experiments/*.conf): who takes part, when what happens, and
what has to be true at the end."""

import configparser
import dataclasses
import pathlib

import clients


class Mistake(Exception):
    """One line: the file, what is wrong, the mend."""


@dataclasses.dataclass
class Retired:
    name: str
    client: str
    policy: str  # "rst" or "drop"
    signal: str  # "KILL" or "TERM"


@dataclasses.dataclass
class Experiment:
    path: str
    name: str
    title: str
    minutes: float  # from the first client to the end
    peers: dict  # client -> how many
    retired: list
    # Seconds. retire: behind the first client; all others behind the retirement.
    retire: float
    tracker_ends: float | None
    restart: float | None  # first restart of all peers at once
    restart_every: float | None  # and again
    half_life: float | None  # peers leave for ever at the quantiles of an exponential law
    start_again_every: float | None  # each peer, by itself, from the saved list of the retirement
    stretch: float  # hours of the fit are so much longer than those of the laboratory

    def nodes(self):
        return sum(self.peers.values()) + len(self.retired) + 1

    def needs_tracker(self):
        named = set(self.peers) | {retired.client for retired in self.retired}
        return any(getattr(clients.client(name), "DIRECTORY", True) for name in named)


KEYS = {
    "experiment": {"title", "minutes", "retire", "tracker ends", "restart", "restart every",
                   "half life", "start again every", "stretch"},
    "peers": None,  # the names of clients
}
RETIRED_KEYS = {"client", "policy", "signal"}


def read(path):
    path = pathlib.Path(path)
    parser = configparser.ConfigParser(interpolation=None)
    try:
        with open(path, encoding="utf-8") as file:
            parser.read_file(file)
    except (OSError, configparser.Error, UnicodeDecodeError) as error:
        raise Mistake(f"{path}: {str(error).splitlines()[0]}") from error
    known = clients.names()

    def mistake(what):
        raise Mistake(f"{path}: {what}")

    def number(section, key, default=None, least=1.0):
        text = parser.get(section, key, fallback=None)
        if text is None:
            return default
        try:
            value = float(text)
        except ValueError:
            value = -1.0
        if not value >= least:
            mistake(f"[{section}] {key} = {text} is not a number of {least:g} or more")
        return value

    for section in parser.sections():
        if section.startswith("retired "):
            allowed = RETIRED_KEYS
        elif section in KEYS:
            allowed = KEYS[section]
        else:
            mistake(f"no section [{section}]; there are [experiment], [peers] and [retired NAME]")
        for key in parser[section]:
            if allowed is None and key not in known:
                mistake(f"[{section}] {key} is no client; there are {', '.join(known)}")
            if allowed is not None and key not in allowed:
                mistake(f"[{section}] {key} is no key; there are {', '.join(sorted(allowed))}")
    if not parser.has_section("experiment") or not parser.has_section("peers"):
        mistake("needs the sections [experiment] and [peers]")

    retired = []
    for section in parser.sections():
        if not section.startswith("retired "):
            continue
        values = Retired(section.split(" ", 1)[1], parser.get(section, "client", fallback=""),
                         parser.get(section, "policy", fallback="rst"),
                         parser.get(section, "signal", fallback="KILL"))
        if values.client not in known:
            mistake(f"[{section}] client = {values.client} is none of {', '.join(known)}")
        if values.policy not in ("rst", "drop"):
            mistake(f"[{section}] policy = {values.policy} is neither rst nor drop")
        if values.signal not in ("KILL", "TERM"):
            mistake(f"[{section}] signal = {values.signal} is neither KILL nor TERM")
        retired.append(values)
    if not retired:
        mistake("needs a section [retired NAME]: who is to be observed")

    return Experiment(
        path=str(path), name=path.stem, title=parser.get("experiment", "title", fallback=path.stem),
        minutes=number("experiment", "minutes", 10.0),
        peers={name: int(number("peers", name)) for name in parser["peers"]}, retired=retired,
        retire=number("experiment", "retire", 150.0),
        tracker_ends=number("experiment", "tracker ends"),
        restart=number("experiment", "restart"),
        restart_every=number("experiment", "restart every", least=60.0),
        half_life=number("experiment", "half life", least=10.0),
        start_again_every=number("experiment", "start again every", least=5.0),
        stretch=number("experiment", "stretch", 1.0))
