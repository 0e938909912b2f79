/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "client_table.h"

#include "../../observer/decode.h"

#define RANGES_MAX 6

struct client_row {
	const char *name;
	unsigned int days;
	struct {
		uint16_t first, last;
		uint8_t protocol; /* 1 TCP, 2 UDP */
	} range[RANGES_MAX];
	size_t ranges;
	char country[3];
};

static const struct client_row rows[] = {
#include "clients.inc"
};

size_t client_table_count(void)
{
	return sizeof rows / sizeof rows[0];
}

const char *client_table_name(size_t index)
{
	return rows[index].name;
}

unsigned int client_table_days(size_t index)
{
	return rows[index].days;
}

const char *client_table_country(size_t index)
{
	return rows[index].country;
}

bool client_table_has_port(size_t index, uint8_t protocol, uint16_t port)
{
	uint8_t wanted = protocol == PROTOCOL_TCP ? 1 : protocol == PROTOCOL_UDP ? 2 : 0;
	for (size_t i = 0; i < rows[index].ranges; i++)
		if (rows[index].range[i].protocol == wanted && port >= rows[index].range[i].first &&
		    port <= rows[index].range[i].last)
			return true;
	return false;
}

bool client_table_has_default(size_t index)
{
	return rows[index].ranges > 0;
}
