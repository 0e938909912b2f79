/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * observation: the counting itself, the same for files and for live capture. Decoded packets and
 * stretches of observed time go in, in time order; closed 5-minute buckets come out into the
 * stores of the targets.
 *
 * Two buckets are open at a time: the one of the latest time seen, and the one before it, until
 * `grace_us` past its end for packets that come late. A packet older than both cannot be placed:
 * observation_packet() says so and counts nothing.
 *
 * An import counts in its own memory, and a closed bucket goes to its ledger at once. An agent
 * counts in memory that outlives it: everything is changed under a journal, observation_commit()
 * ends a transaction between two packets, and closed buckets go to a queue in the same memory
 * (closed_queue.h), because counting waits for no disk.
 *
 * Life cycle: observation_open(); then, in time order, observation_cover() for each stretch of
 * observed time and observation_packet() for each packet in it; observation_finish() closes what
 * is open; observation_close() frees. Nothing here reads a clock. */
#ifndef STALENODE_OBSERVATION_H
#define STALENODE_OBSERVATION_H

#include "address_index.h"
#include "arrival.h"
#include "live_state.h"
#include "observation_memory.h"
#include "syn_queue.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Late packets are a matter of milliseconds in one capture, of a second or two between several
 * writers; ten seconds delay the closing of a bucket by as much and cost nothing else. */
#define GRACE_US 10000000
/* Before 2020-01-01 there was no such agent: a clock that shows less was not set. */
#define OBSERVATION_FLOOR_US (INT64_C(1577836800) * 1000000)

struct observation {
	struct observed_target *target; /* owned */
	size_t targets;
	struct address_index index;
	struct address last_destination; /* of the last packet, and where its targets begin */
	uint16_t last_first;
	struct live_state *state;	     /* owned in an import, else in live memory */
	struct observation_time *time;	     /* in *state */
	const struct journal_region *region; /* of *state; NULL in an import */
	/* How far its packets were handed in: observation_commit() makes it last. */
	struct capture_position position;
	int64_t close_previous_us; /* when the previous bucket closes; INT64_MAX for none */
	int64_t goes_on_until_us;  /* the earlier of that and the end of the current bucket */
	struct syn_queue queue;
	size_t sources_left; /* that all memories of sources together may still take in */
	/* Now, by a clock that is not set (CLOCK_BOOTTIME): an agent's attempts are remembered by
	 * it. 0 in an import: there the time of the packet counts. */
	int64_t attempt_time_us;
	/* UTC seconds of the last observation_turn_census(), 0 before: files of days that were over
	 * then are closed. */
	int64_t turned_at;
	uint64_t evictions; /* of the attempt table, as far as they were charged to a bucket */
	struct anonymiser *anonymiser; /* owned; NULL leaves addresses in evidence as they came */
	struct geo *geo;  /* owned; NULL when neither countries nor systems are counted */
	uint64_t packets; /* seen */
	uint64_t undecoded[DECODE_RESULTS];
	/* Called for each bucket of each target as it closes; may be NULL. */
	void (*closed)(void *context, const struct observed_target *target,
		       const struct bucket_record *record);
	void *closed_context;
};

struct observation_options {
	size_t attempt_capacity;  /* attempts remembered at a time */
	uint64_t evidence_budget; /* bytes per target and UTC day */
	size_t source_capacity;	  /* an agent's: sources remembered at a time, of all targets */
	struct geo_options geo;	  /* databases of countries and systems, if any */
	bool anonymise;		  /* the addresses in evidence, with the state directory's key */
	/* Where an agent counts; NULL for an import. Must outlive the observation. */
	const struct observation_memory *memory;
};

enum observation_result {
	OBSERVATION_COUNTED,
	OBSERVATION_TOO_OLD, /* older than the open buckets: not counted */
	OBSERVATION_FAILED,  /* the store failed: see *failure */
};

/* Opens the stores. `targets` must outlive the observation. In an agent's memory that is begun
 * already for these targets, what is open goes on. */
int observation_open(struct observation *observation, const char *state_directory,
		     const struct targets *targets, const struct observation_options *options,
		     struct failure *failure);

/* Whether the state was begun for these targets, in this order: then what is open in it goes on. */
bool observation_goes_on(const struct live_state *state, const struct targets *targets);

/* observation_cover() when the time does not simply go on in the current bucket. */
int observation_cover_further(struct observation *observation, int64_t from_us, int64_t to_us,
			      struct failure *failure);

/* Counts what waits for its look-ups: what was handed in is in the open buckets afterwards. */
int observation_settle(struct observation *observation, struct failure *failure);
/* Settles, and makes what was counted and `position` last. To be called every 64 packets at
 * least: the journal has room for as many. An import only settles. */
int observation_commit(struct observation *observation, struct failure *failure);
/* An agent's, right after a commit: lets go of the days of the census that were written, and marks
 * those that are to be. True when there are new ones, for the thread that writes. */
bool observation_turn_census(struct observation *observation, int64_t now);
/* In that thread: writes the target's marked day, if there is one. */
int observation_write_census(struct observed_target *target, struct failure *failure);
/* Closes the previous bucket without waiting for late packets. */
int observation_close_previous(struct observation *observation, struct failure *failure);
/* Closes what lies more than a grace before `now_us` although nothing is covered any more. */
int observation_pass(struct observation *observation, int64_t now_us, struct failure *failure);
/* The clock is right at now_us, after it was not. What is held back or open goes on in the bucket
 * of now_us: `all` of it, or what lies beyond now_us or before OBSERVATION_FLOOR_US. The time
 * [from_us, now_us] was observed meanwhile. An agent's; while time->hold_until_us is set, which
 * it ends. */
int observation_land(struct observation *observation, int64_t from_us, int64_t now_us, bool all,
		     struct failure *failure);

/* The time [from_us, to_us] was observed. Closes the buckets that lie a grace before to_us. */
static inline int observation_cover(struct observation *observation, int64_t from_us, int64_t to_us,
				    struct failure *failure)
{
	if (from_us == observation->time->covered_to_us && to_us < observation->goes_on_until_us) {
		observation->time->covered_to_us = to_us;
		return 0;
	}
	return observation_cover_further(observation, from_us, to_us, failure);
}

/* Counts one captured frame. `outgoing`: this host sent it, as the capture says. */
enum observation_result observation_packet(struct observation *observation, int64_t time_us,
					   int link_type, const uint8_t *frame,
					   uint32_t captured_length, uint32_t original_length,
					   bool outgoing, struct failure *failure);

/* The slot of the current bucket; its start is TIME_UNKNOWN when none is open. */
static inline struct observation_slot *observation_current(const struct observation *observation)
{
	return &observation->time->slot[observation->time->current];
}

/* Adds what of the current bucket is covered and not yet in its slot. */
void observation_add_pending(const struct observation *observation, struct coverage *coverage);

/* So many more packets were lost by the kernel: charged to the current bucket. */
void observation_kernel_drops(struct observation *observation, uint64_t drops);

/* Sets flags of enum bucket_flag on the current bucket, or on the next one when none is open. */
void observation_flag(struct observation *observation, uint32_t flags);

/* Closes everything that is open; the run goes on. */
int observation_close_all(struct observation *observation, struct failure *failure);
/* Marks the current bucket as the last of the run and closes everything that is open. An
 * agent's buckets may still wait for their ledgers then. */
int observation_end_run(struct observation *observation, struct failure *failure);
/* The same, and writes the census and closes the evidence. */
int observation_finish(struct observation *observation, struct failure *failure);
void observation_close(struct observation *observation);

#endif
