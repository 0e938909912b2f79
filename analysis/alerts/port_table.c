/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "port_table.h"

#include "../../observer/decode.h"

#include <stddef.h>

struct port_row {
	uint16_t first, last;
	uint8_t protocols; /* 1 TCP, 2 UDP, 3 both */
	enum port_class class;
	const char *program, *what_comes;
};

static const struct port_row rows[] = {
#include "ports.inc"
};

static const struct port_row *find(uint8_t protocol, uint16_t port)
{
	unsigned int wanted = protocol == PROTOCOL_TCP ? 1 : protocol == PROTOCOL_UDP ? 2 : 0;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
		if (port >= rows[i].first && port <= rows[i].last && (rows[i].protocols & wanted))
			return &rows[i];
	return NULL;
}

enum port_class port_table_class(uint8_t protocol, uint16_t port)
{
	const struct port_row *row = find(protocol, port);
	return row ? row->class : PORT_UNLISTED;
}

const char *port_table_program(uint8_t protocol, uint16_t port)
{
	const struct port_row *row = find(protocol, port);
	return row ? row->program : "";
}

const char *port_table_what_comes(uint8_t protocol, uint16_t port)
{
	const struct port_row *row = find(protocol, port);
	return row ? row->what_comes : "";
}
