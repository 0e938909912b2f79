/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * port_table: what is known of ports (data/ports.tsv, compiled in): whose default they are, and
 * what comes to them unasked. */
#ifndef STALENODE_PORT_TABLE_H
#define STALENODE_PORT_TABLE_H

#include <stdint.h>

enum port_class {
	PORT_UNLISTED,
	PORT_UNKNOWN, /* listed, unexplained */
	PORT_P2P,
	PORT_SCAN,
	PORT_WORM,
	PORT_BRUTE_FORCE,
	PORT_MAIL,
	PORT_WEB,
	PORT_FLOOD_TARGET,
	PORT_BENIGN,
};

/* protocol: IANA number; ports of others than TCP and UDP are unlisted. */
enum port_class port_table_class(uint8_t protocol, uint16_t port);
/* Its program, and what comes; "" when unlisted. Static strings, English. */
const char *port_table_program(uint8_t protocol, uint16_t port);
const char *port_table_what_comes(uint8_t protocol, uint16_t port);

#endif
