/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * census: what came to a target's address on one UTC day. Three files a day in
 * STATE/<target>/census/, written whole when the day has ended or the run does:
 *
 *   DATE.tsv            packets (TCP: SYNs; UDP: datagrams) and distinct sources of every
 *                       protocol and destination port
 *   DATE.countries.tsv  of those to the target's own ports, packets and distinct sources of every
 *                       country, SYNs and UDP apart
 *   DATE.systems.tsv    the same of every autonomous system
 *
 * The last two only where a database of countries or systems is configured; "-" is unknown.
 *
 * What is being counted lives in one block of memory without pointers that the caller provides:
 * mapped memory that outlives a killed process, every change journalled, or private memory,
 * without a journal. All zero bytes is an empty one. The block goes on through the runs of one
 * day, and a file is replaced by what the block holds: writing it twice changes nothing.
 *
 * A day that begins in the block and has a file already, from another run or import, begins with
 * what the file says; packets then add up exactly, and the sources of a line to which some were
 * added are an upper bound. Only what is written and forgotten may be added to by another
 * process: see census_release().
 *
 * Capacities, and what happens there:
 *   ports     packets to further ones are summed under port 0
 *   systems   those of further ones are summed as "others"
 *   countries all 676 codes and the unknown have room
 *   sources   pairs of port and source, and again as many sources with their places; when they
 *             are used up, the sources of what is still called are a lower bound
 *   days      the current one and one other, which waits to be written or for packets that come
 *             late; when a third begins and the other cannot be written, it is lost: counted
 *             (census_days_lost()) and said
 * The sources of a packet that comes after the first one of the next day are not looked up.
 * Wherever a line's sources are not exact, its column sources_exact says no. */
#ifndef STALENODE_CENSUS_H
#define STALENODE_CENSUS_H

#include "../base/failure.h"
#include "../geo.h"
#include "dense_table.h"
#include "store_path.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define CENSUS_PORTS_MAX     4096
#define CENSUS_SOURCES_MAX   131072
#define CENSUS_SOURCES_LEAST 2048
#define CENSUS_SOURCES_ALL   262144 /* over all targets of an agent */
#define CENSUS_SYSTEMS_MAX   4096
#define CENSUS_COUNTRIES_MAX (26 * 26 + 3) /* all codes, the unknown, and two kept free */

struct census_capacity {
	uint32_t ports;	  /* at least 4 */
	uint32_t sources; /* 1 or more */
	uint32_t countries;
	uint32_t systems; /* at least 2; below 65535 */
};

/* For private memory that is given back at the end of the run. */
struct census_capacity census_capacity_private(void);
/* Shared out over the targets of an agent, whose memory is bounded as a whole: 8 bytes a pair and
 * 16 a source, so CENSUS_SOURCES_ALL are 6 MB when every target is flooded at once. A few targets
 * have CENSUS_SOURCES_MAX each, more than a published client ever called in a day; 128 and more
 * have CENSUS_SOURCES_LEAST each, what a busy one did. An untouched page costs nothing. */
struct census_capacity census_capacity_shared(size_t targets);

/* One of the two days. */
struct census_side {
	int64_t day;   /* UTC days since 1970 */
	uint32_t open; /* 1: there is something that a file is to say */
	uint32_t ports, countries, systems;
};

/* The beginning of the block. */
struct census_header {
	uint32_t current;	   /* side of the day of the latest packet */
	uint32_t sources, callers; /* of the current day */
	uint32_t unused;
	uint64_t days_lost;
	uint64_t not_counted; /* packets for which there was no memory at all */
	struct census_side side[2];
};

struct census_port {
	uint64_t key; /* protocol << 16 | port */
	uint64_t packets;
	uint32_t sources;
	uint8_t inexact;   /* sources is a bound */
	uint8_t from_file; /* began with what the day's file said */
	uint8_t unused[2];
};

/* A country or a system; [0] SYNs, [1] UDP datagrams to the target's ports. */
struct census_place {
	uint64_t key; /* see census_place_key() */
	uint64_t packets[2];
	uint32_t sources[2];
	uint8_t inexact, from_file;
	char name[GEO_NAME_SIZE]; /* of a system */
};

/* A source that sent to the target's ports, and where it is: numbers of places. */
struct census_caller {
	uint64_t key; /* fingerprint of the source address */
	uint16_t country, system;
	uint8_t seen; /* 1 << 0 by a SYN, 1 << 1 by a datagram */
	uint8_t unused[3];
};

struct census {
	char directory[STORE_PATH_SIZE];
	struct census_header *header;	     /* the block; not owned */
	const struct journal_region *region; /* not owned; NULL for private memory */
	struct geo *geo;		     /* not owned; NULL for none */
	bool keep_replaced;		     /* see census_keep_replaced() */
	bool only_read;			     /* see census_read_day() */
	struct dense_table ports[2], countries[2], systems[2]; /* by side */
	struct dense_table sources, callers;		       /* of the current day */
	struct census_port *last; /* of the packet before: most go to one port; or NULL */
};

/* Look-ups that wait: their places in memory are being fetched meanwhile. One queue serves all
 * targets. */
#define CENSUS_QUEUE_LENGTH 16
struct census_waiting {
	struct census *census;
	uint64_t source, pair; /* fingerprints: of the source, and of port and source */
	struct address address;
	struct census_port *port;
	bool look_up;	/* the pair, for a new source of the port */
	bool has_place; /* it counts by country and system */
	uint8_t kind;	/* 0 SYN, 1 UDP */
};
struct census_queue {
	struct census_waiting waiting[CENSUS_QUEUE_LENGTH];
	size_t length;
};

/* A retransmission comes at most so long after the first packet of its attempt. */
#define CENSUS_REPEAT_SECONDS 120

struct census_packet {
	int64_t seconds; /* UTC */
	uint64_t source; /* fingerprint of its address */
	struct address address;
	uint8_t protocol; /* 6 or 17 */
	uint16_t port;	  /* destination */
	bool to_target;	  /* it is one of the target's own */
	bool repeated;	  /* a retransmission: its source was noted with its first packet */
};

/* The bytes of the block. */
size_t census_memory_size(const struct census_capacity *capacity);
/* Goes on with what the memory holds; memory that contradicts itself is emptied, with a warning.
 * `memory` (aligned to 8), `region` and `geo` must outlive the census. */
int census_open(struct census *census, const char *directory, void *memory,
		const struct census_capacity *capacity, const struct journal_region *region,
		struct geo *geo, struct failure *failure);
/* From now on a file that is replaced stays beside the new one as FILE.before, until the
 * transaction of the state directory ends: see state_directory.h. */
void census_keep_replaced(struct census *census);
/* Frees what is private. What was not written stays in the memory. */
void census_free(struct census *census);

/* Counts one packet. A packet of a new day makes the one before the other day. With a journal it
 * never fails; without, -1 when the other day cannot be written or a day's file not be read. */
int census_note(struct census *census, struct census_queue *queue,
		const struct census_packet *packet, struct failure *failure);
/* Counts what waits: before each commit of the journal, and before anything is written. */
void census_settle(struct census_queue *queue);

/* Each of these is called right after census_settle() and a commit. On -1, for instance on a full
 * disk, the block holds what it held: call again later. A process that is killed meanwhile has
 * written a file or not, and writes the same again.
 *
 * census_write(): the other day, once it ended CENSUS_GRACE before `now` (UTC seconds), which is
 * then forgotten. To be called each time buckets close; writes nothing in most calls. A day is up
 * to three files with an fsync each: an agent of many targets does one target a turn.
 * census_finish(): both, at the end of a run; the current day goes on in memory that stays.
 * census_release(): both, and forgets both: before another process (an import) adds to the files
 * of these days.
 *
 * Or, where the thread that counts waits for no disk, census_write() in three parts: census_due()
 * and census_forget() are the counting thread's (the latter, too, after a commit), and between
 * them another thread calls census_file_write(), which only reads that side of the block; no
 * packet is so late that it would still change it. */
#define CENSUS_GRACE 600 /* longer than a bucket stays open */
int census_write(struct census *census, int64_t now, struct failure *failure);
/* The side to be written, or -1. */
int census_due(const struct census *census, int64_t now);
int census_file_write(const struct census *census, int side, struct failure *failure);
void census_forget(struct census *census, int side);
int census_finish(struct census *census, struct failure *failure);
int census_release(struct census *census, struct failure *failure);

/* Days that could not be written before their place was needed. */
uint64_t census_days_lost(const struct census *census);

/* For who only looks. census_open_to_read() takes private zeroed memory and an existing directory;
 * then census_read_day() fills side 0 with what the files of that UTC day say, as far as there are
 * any, countries and systems too. */
int census_open_to_read(struct census *census, const char *directory, void *memory,
			const struct census_capacity *capacity, struct failure *failure);
int census_read_day(struct census *census, int64_t day, struct failure *failure);

/* --- between census.c and census_file.c --- */

#define CENSUS_PLACE_UNKNOWN (UINT64_C(1) << 40) /* keys; a country is its two bytes, */
#define CENSUS_PLACE_OTHERS  (UINT64_C(1) << 41) /* a system its number */

/* The entry, which is added when it is missing: the others' when there is no room; NULL when
 * there is no memory. */
struct census_port *census_port_entry(struct census *census, int side, uint8_t protocol,
				      uint16_t port);
struct census_place *census_place_entry(struct census *census, struct dense_table *table,
					uint64_t key, const char *name);
/* Adds what the files of a side's day say, as far as there are any. With `set_aside` a file that
 * cannot be read is renamed to FILE.damaged, with a warning, and never a failure. */
int census_file_read(struct census *census, int side, bool set_aside, struct failure *failure);

#endif
