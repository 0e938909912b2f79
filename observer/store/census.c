/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "census.h"

#include "../base/timestamp.h"
#include "../base/whole_file.h"
#include "../fingerprint.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SLOTS_FIRST 64
#define PORT_OTHERS 0

int census_open(struct census *census, const char *directory, struct failure *failure)
{
	*census = (struct census){.sources = fingerprint_set_empty(CENSUS_SOURCES_MAX)};
	snprintf(census->directory, sizeof census->directory, "%s", directory);
	return make_directories(directory, failure);
}

static size_t find(const struct census_port *port, size_t slots, uint8_t protocol, uint16_t number)
{
	/* Fibonacci hashing: neighbouring ports fall far apart. */
	size_t index = ((uint32_t)protocol << 16 | number) * 0x9e3779b1u >> 7 & (slots - 1);
	while (port[index].protocol &&
	       (port[index].protocol != protocol || port[index].port != number))
		index = (index + 1) & (slots - 1);
	return index;
}

static bool grow(struct census *census)
{
	size_t slots = census->slots ? census->slots * 2 : SLOTS_FIRST;
	struct census_port *port = calloc(slots, sizeof port[0]);
	if (!port)
		return false;
	for (size_t i = 0; i < census->slots; i++) {
		const struct census_port *old = &census->port[i];
		if (old->protocol)
			port[find(port, slots, old->protocol, old->port)] = *old;
	}
	free(census->port);
	census->port = port;
	census->slots = slots;
	census->last = 0;
	return true;
}

static struct census_port *entry(struct census *census, uint8_t protocol, uint16_t number)
{
	struct census_port *port;
	if (census->slots) {
		port = &census->port[census->last];
		if (port->protocol == protocol && port->port == number)
			return port;
	}
	if (census->ports * 2 >= census->slots && !grow(census))
		return NULL;
	census->last = find(census->port, census->slots, protocol, number);
	port = &census->port[census->last];
	if (port->protocol)
		return port;
	/* The last two entries are kept for what does not fit: TCP and UDP to other ports. */
	if (census->ports >= CENSUS_PORTS_MAX - 2 && number != PORT_OTHERS)
		return entry(census, protocol, PORT_OTHERS);
	port->protocol = protocol;
	port->port = number;
	census->ports++;
	return port;
}

static void note_pending(struct census *census)
{
	for (size_t i = 0; i < census->pendings; i++) {
		const struct census_pending *pending = &census->pending[i];
		struct census_port *port = &census->port[find(census->port, census->slots,
							      pending->protocol, pending->port)];
		switch (fingerprint_set_note(&census->sources, pending->pair)) {
		case FINGERPRINT_NEW:
			port->sources++;
			break;
		case FINGERPRINT_FULL:
			port->sources_cut = true;
			break;
		case FINGERPRINT_KNOWN:
			break;
		}
	}
	census->pendings = 0;
}

int census_note(struct census *census, int64_t seconds, uint8_t protocol, uint16_t number,
		uint64_t source_fingerprint, bool repeated, struct failure *failure)
{
	int64_t day = seconds / 86400;
	if (census->open && census->day != day && census_flush(census, failure) != 0)
		return -1;
	census->open = true;
	census->day = day;
	struct census_port *port = entry(census, protocol, number);
	if (!port)
		return fail(failure, EXIT_FAILED, "%s: out of memory", census->directory);
	port->packets++;
	/* Shortly after midnight the first packet may stand in the census of the day before. */
	if (repeated && seconds % 86400 >= CENSUS_REPEAT_SECONDS)
		return 0;
	/* A full set takes in no more: looking sources up would tell nothing. */
	if (census->sources.entries == census->sources.limit) {
		port->sources_cut = true;
		return 0;
	}
	uint64_t pair =
		fingerprint_with(source_fingerprint, (uint64_t)port->protocol << 16 | port->port);
	fingerprint_set_prefetch(&census->sources, pair);
	census->pending[census->pendings++] =
		(struct census_pending){port->protocol, port->port, pair};
	if (census->pendings == CENSUS_PENDING)
		note_pending(census);
	return 0;
}

/* The busiest first; equal ones by number, so that the order is the same on every run. */
static int compare_ports(const void *left, const void *right)
{
	const struct census_port *a = left, *b = right;
	if (a->packets != b->packets)
		return a->packets > b->packets ? -1 : 1;
	if (a->protocol != b->protocol)
		return a->protocol - b->protocol;
	return a->port - b->port;
}

static const char *protocol_name(uint8_t protocol)
{
	return protocol == 6 ? "tcp" : "udp";
}

/* Packs the table, which ends its use as a hash table: the caller forgets it. */
static void write_ports(struct census *census, FILE *stream)
{
	size_t ports = 0;
	for (size_t i = 0; i < census->slots; i++)
		if (census->port[i].protocol)
			census->port[ports++] = census->port[i];
	qsort(census->port, ports, sizeof census->port[0], compare_ports);
	for (size_t i = 0; i < ports; i++) {
		const struct census_port *port = &census->port[i];
		fprintf(stream, "%s\t%u\t%" PRIu64 "\t%" PRIu32 "\t%s\n",
			protocol_name(port->protocol), port->port, port->packets, port->sources,
			port->sources_cut ? "no" : "yes");
	}
}

int census_flush(struct census *census, struct failure *failure)
{
	if (!census->open)
		return 0;
	char date[TIMESTAMP_TEXT_SIZE], path[sizeof census->directory + 64];
	snprintf(path, sizeof path, "%s/%s.tsv", census->directory,
		 timestamp_format_date(census->day * 86400, date));
	FILE *stream = fopen(path, "ae");
	if (!stream)
		return fail(failure, EXIT_FAILED, "%s: cannot open it: %s", path, strerror(errno));
	if (fseeko(stream, 0, SEEK_END) == 0 && ftello(stream) == 0)
		fputs("#protocol\tport\tpackets\tsources\tsources_exact\n", stream);
	note_pending(census);
	write_ports(census, stream);
	bool failed = ferror(stream);
	if (fclose(stream) != 0 || failed)
		return fail(failure, EXIT_FAILED, "%s: cannot write it: %s", path, strerror(errno));
	census->open = false;
	census->ports = 0;
	memset(census->port, 0, census->slots * sizeof census->port[0]);
	fingerprint_set_clear(&census->sources);
	return 0;
}

void census_free(struct census *census)
{
	free(census->port);
	fingerprint_set_clear(&census->sources);
	*census = (struct census){0};
}
