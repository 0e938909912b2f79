# SPDX-License-Identifier: GPL-3.0-or-later
"""rtorrent. Peers are kept in the session's *.libtorrent_resume."""

PACKAGE = "rtorrent"
PORT = 6900
ATTEMPTS_PER_START = 1

SETTINGS = """system.daemon.set = true
session.path.set = {directory}/session
directory.default.set = {directory}/downloads
network.port_range.set = {port}-{port}
network.port_random.set = no
network.bind_address.set = {address}
dht.mode.set = on
protocol.pex.set = yes
schedule2 = save, 15, 15, ((session.save))
schedule2 = load, 1, 10, ((load.start, {directory}/lab.torrent))
"""


def start(node, directory, torrent):
    settings = directory / "rtorrent.rc"
    session = directory / "session"
    if not settings.exists():
        session.mkdir()
        (directory / "downloads").mkdir(exist_ok=True)
        (directory / "lab.torrent").write_bytes(torrent.file)
        settings.write_text(SETTINGS.format(directory=directory, port=PORT, address=node.address))
    # It refuses to start where it believes another one to run.
    (session / "rtorrent.lock").unlink(missing_ok=True)
    return ["rtorrent", "-n", "-o", f"import={settings}"]


def saved_lists(directory):
    return sorted((directory / "session").glob("*.libtorrent_resume"))
