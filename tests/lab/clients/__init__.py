# SPDX-License-Identifier: GPL-3.0-or-later
"""P2P clients. Each is a module of this package, named as experiments name it, with

PACKAGE      the Debian package
PORT         the TCP port that it listens on
start(node, directory, torrent)
             writes its settings into the directory at its first start, and returns the words of
             its command; torrent is a torrent.Torrent
saved_lists(directory)
             the files in which it keeps other nodes while it is stopped
SETUP        optional: a function of all (node, directory) of the client, called after a first,
             short run of each, for clients that have to be introduced to one another
VERIFY       optional: a function of the node, the words of a command that makes the running client
             look at what it has already
ATTEMPTS_PER_START
             optional: how often it calls each node of a saved list within a minute of its start, where
             that was found to be always the same
DIRECTORY    optional: False where the client needs no tracker"""

import importlib
import pkgutil
import socket
import subprocess


def names():
    return sorted(module.name for module in pkgutil.iter_modules(__path__))


def client(name):
    return importlib.import_module("clients." + name)


def version(module):
    """As its package has it, or "not installed"."""
    done = subprocess.run(["dpkg-query", "-W", "-f", "${Version}", module.PACKAGE],
                          capture_output=True, text=True, check=False)
    return done.stdout if done.returncode == 0 and done.stdout else "not installed"


def keeps(module, directory, address):
    """Whether a stopped client still has the address in its saved lists: packed, or as text."""
    packed, text = socket.inet_aton(address), address.encode()
    for path in module.saved_lists(directory):
        content = path.read_bytes()
        if packed in content or text in content:
            return True
    return False
