# SPDX-License-Identifier: GPL-3.0-or-later
"""i2pd, a router of I2P. Other routers are kept in netDb. A closed network has no server that
introduces them: each is given the others' descriptions after a first short run."""

PACKAGE = "i2pd"
PORT = 4567
DIRECTORY = False

SETTINGS = """ipv4 = true
ipv6 = false
nat = false
netid = 97
reservedrange = false
floodfill = true
host = {address}
address4 = {address}
port = {port}
log = file
logfile = {directory}/i2pd.log
[ntcp2]
enabled = true
published = true
[ssu2]
enabled = false
[reseed]
urls =
yggurls =
threshold = 0
verify = false
[http]
enabled = false
[httpproxy]
enabled = false
[socksproxy]
enabled = false
[sam]
enabled = false
[bob]
enabled = false
[upnp]
enabled = false
[nettime]
enabled = false
"""
# The alphabet of I2P's base 64, in the order of its values: netDb has a folder for each.
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-~"


def start(node, directory, _torrent):
    settings = directory / "i2pd.conf"
    if not settings.exists():
        settings.write_text(SETTINGS.format(address=node.address, port=PORT, directory=directory))
        (directory / "tunnels.conf").touch()
    return ["i2pd", f"--datadir={directory}", f"--conf={settings}",
            f"--tunconf={directory}/tunnels.conf"]


def saved_lists(directory):
    return sorted((directory / "netDb").glob("r*/routerInfo-*.dat"))


def setup(routers):
    """routers: (node, directory) of each, stopped after a first run."""
    import base64
    import hashlib

    descriptions = {}
    for _, directory in routers:
        description = (directory / "router.info").read_bytes()
        # The identity: 256 + 128 octets of keys and a certificate, whose length is behind its type.
        identity = description[:387 + int.from_bytes(description[385:387], "big")]
        digest = base64.b64encode(hashlib.sha256(identity).digest(), altchars=b"-~").decode()
        descriptions[digest] = description
    for _, directory in routers:
        for digest, description in descriptions.items():
            folder = directory / "netDb" / ("r" + digest[0])
            folder.mkdir(parents=True, exist_ok=True)
            (folder / f"routerInfo-{digest}.dat").write_bytes(description)


SETUP = setup
