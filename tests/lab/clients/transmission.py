# SPDX-License-Identifier: GPL-3.0-or-later
"""transmission-daemon. Peers are kept in resume/*.resume."""

import json

PACKAGE = "transmission-daemon"
PORT = 51413


def start(node, directory, torrent):
    settings = directory / "settings.json"
    if not settings.exists():
        watched, downloads = directory / "watch", directory / "downloads"
        watched.mkdir()
        downloads.mkdir(exist_ok=True)
        settings.write_text(json.dumps({
            "bind-address-ipv4": node.address,
            "peer-port": PORT,
            "peer-port-random-on-start": False,
            "port-forwarding-enabled": False,
            # TCP only: attempts inside uTP are not to be seen as SYNs.
            "utp-enabled": False,
            "dht-enabled": True,
            "pex-enabled": True,
            "lpd-enabled": True,
            "encryption": 1,
            "rpc-bind-address": "127.0.0.1",
            "download-dir": str(downloads),
            "incomplete-dir-enabled": False,
            "watch-dir": str(watched),
            "watch-dir-enabled": True,
        }))
        (watched / "lab.torrent").write_bytes(torrent.file)
    return ["transmission-daemon", "-f", "-g", str(directory)]


def saved_lists(directory):
    return sorted((directory / "resume").glob("*.resume"))


def verify(node):
    """A file that lay there before is not looked at until it is asked for."""
    return node.command("transmission-remote", "-t", "all", "-v")


VERIFY = verify
