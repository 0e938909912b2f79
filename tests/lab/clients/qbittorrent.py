# SPDX-License-Identifier: GPL-3.0-or-later
"""qbittorrent-nox. Peers are kept in BT_backup/*.fastresume."""

PACKAGE = "qbittorrent-nox"
PORT = 8999

SETTINGS = """[LegalNotice]
Accepted=true

[BitTorrent]
Session\\BTProtocol=TCP
Session\\Port={port}
Session\\InterfaceAddress={address}
Session\\QueueingSystemEnabled=false
Session\\SaveResumeDataInterval=1
Session\\DefaultSavePath={directory}/downloads

[Preferences]
WebUI\\Address=127.0.0.1
Downloads\\SavePath={directory}/downloads
"""


def start(node, directory, torrent):
    settings = directory / "qBittorrent" / "config" / "qBittorrent.conf"
    words = ["qbittorrent-nox", f"--profile={directory}", "--webui-port=8080"]
    if settings.exists():
        return words
    settings.parent.mkdir(parents=True)
    (directory / "downloads").mkdir(exist_ok=True)
    settings.write_text(SETTINGS.format(port=PORT, address=node.address, directory=directory))
    file = directory / "lab.torrent"
    file.write_bytes(torrent.file)
    return words + [f"--save-path={directory}/downloads", "--skip-dialog=true", str(file)]


def saved_lists(directory):
    return sorted((directory / "qBittorrent" / "data" / "BT_backup").glob("*.fastresume"))
