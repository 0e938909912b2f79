/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "busiest_sources.h"

#include "../observer/attempt_table.h"
#include "../observer/capture_set.h"
#include "../observer/decode.h"
#include "../observer/fingerprint.h"
#include "../observer/store/dense_table.h"
#include "../observer/store/evidence_list.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define ATTEMPTS_KNOWN ((size_t)1 << 16) /* within ATTEMPT_MEMORY_SECONDS */

struct known {
	uint64_t key; /* fingerprint of the address */
	struct busiest_source source;
};

struct table {
	struct known *known; /* owned */
	uint32_t count;
	struct dense_table index;
	struct attempt_table attempts;
};

static bool table_create(struct table *table)
{
	*table = (struct table){.known = calloc(BUSIEST_SOURCES_KNOWN, sizeof *table->known)};
	return table->known &&
	       dense_table_open(&table->index, table->known, sizeof *table->known, &table->count,
				BUSIEST_SOURCES_KNOWN) &&
	       attempt_table_create(&table->attempts, ATTEMPTS_KNOWN);
}

static void table_free(struct table *table)
{
	attempt_table_free(&table->attempts);
	dense_table_free(&table->index);
	free(table->known);
}

static void note(struct busiest_sources *busiest, struct table *table,
		 const struct packet_summary *summary, int64_t seconds)
{
	bool added;
	uint64_t key = fingerprint_address(&summary->source);
	uint32_t place = dense_table_note(&table->index, key, &added, NULL);
	busiest->syn++;
	if (place == DENSE_TABLE_NONE) {
		busiest->syn_left++;
		return;
	}
	struct busiest_source *source = &table->known[place].source;
	if (added) {
		source->address = summary->source;
		source->first = seconds;
	}
	source->last = seconds;
	source->syn++;
	uint64_t attempt = fingerprint_with(fingerprint_with(key, summary->source_port),
					    fingerprint_address(&summary->destination));
	attempt = fingerprint_with(fingerprint_with(attempt, summary->destination_port),
				   summary->tcp_sequence);
	source->attempts += attempt_table_note(&table->attempts, attempt, seconds);
}

static void read_set(struct busiest_sources *busiest, struct table *table, struct capture_set *set,
		     int64_t retired)
{
	struct capture_set_packet next;
	struct packet_summary summary;
	enum capture_next result;
	struct failure failure = {0};
	while ((result = capture_set_next(set, &next, &failure)) != CAPTURE_END) {
		if (result == CAPTURE_FAILED) {
			say_warning("%s", failure.text);
			failure = (struct failure){0}; /* the next one has words of its own */
			continue;
		}
		const struct capture_packet *packet = next.packet;
		int64_t seconds = packet->time_us / 1000000;
		if (seconds >= retired &&
		    decode_packet(packet->link_type, packet->bytes, packet->captured_length,
				  &summary) == DECODED &&
		    summary.has_transport && summary.protocol == PROTOCOL_TCP)
			note(busiest, table, &summary, seconds);
	}
}

/* Busier first, then who came first; then by address, so that the order is always the same. */
static int by_rank(const void *a, const void *b)
{
	const struct busiest_source *left = &((const struct known *)a)->source,
				    *right = &((const struct known *)b)->source;
	if (left->syn != right->syn)
		return left->syn < right->syn ? 1 : -1;
	if (left->first != right->first)
		return left->first > right->first ? 1 : -1;
	return memcmp(left->address.bytes, right->address.bytes, sizeof left->address.bytes);
}

static void rank(struct busiest_sources *busiest, struct table *table, struct geo *geo)
{
	busiest->attempts_upper = table->attempts.evictions > 0;
	busiest->sources = table->count;
	qsort(table->known, table->count, sizeof *table->known, by_rank);
	for (; busiest->busiest < BUSIEST_SOURCES_MAX && busiest->busiest < table->count;
	     busiest->busiest++) {
		struct busiest_source *source = &busiest->source[busiest->busiest];
		struct geo_place place;
		*source = table->known[busiest->busiest].source;
		if (!busiest->countries)
			continue;
		geo_look_up(geo, &source->address, &place);
		memcpy(source->country, place.country, sizeof source->country);
	}
}

/* The key is made when the first packet of a store is anonymised, and stays. */
static bool is_anonymised(const char *path)
{
	char key[4200];
	snprintf(key, sizeof key, "%.4096s/../anonymise.key", path);
	return access(key, F_OK) == 0;
}

static int read_files(struct busiest_sources *busiest, char *const *files, size_t count,
		      int64_t retired, struct geo *geo, struct failure *failure)
{
	struct capture_set *set;
	struct failure damage = {0};
	if (capture_set_open(&set, files, count, &damage) != 0) {
		say_warning("%s", damage.text);
		return 0;
	}
	struct table table;
	bool made = table_create(&table);
	if (made) {
		busiest->known = true;
		read_set(busiest, &table, set, retired);
		rank(busiest, &table, geo);
	}
	table_free(&table);
	capture_set_close(set);
	return made ? 0 : fail(failure, EXIT_FAILED, "out of memory for the sources of a report");
}

int busiest_sources_read(struct busiest_sources *busiest, const char *path, int64_t retired,
			 struct geo *geo, struct failure *failure)
{
	struct evidence_list evidence;
	struct failure unreadable = {0};
	*busiest = (struct busiest_sources){0};
	if (evidence_list_read(&evidence, path, &unreadable) != 0) {
		say_warning("%s", unreadable.text);
		return 0;
	}
	if (evidence.files == 0) {
		evidence_list_free(&evidence);
		return 0;
	}
	busiest->anonymised = is_anonymised(path);
	busiest->countries = geo && !busiest->anonymised;
	size_t skipped =
		evidence.files > BUSIEST_SOURCES_FILES ? evidence.files - BUSIEST_SOURCES_FILES : 0;
	if (skipped > 0)
		say_warning("%s/evidence: only the latest %d files are read", path,
			    BUSIEST_SOURCES_FILES);
	int result = read_files(busiest, evidence.path + skipped, evidence.files - skipped, retired,
				geo, failure);
	evidence_list_free(&evidence);
	return result;
}
