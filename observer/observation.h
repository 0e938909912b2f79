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
 * Life cycle: observation_open(); then, in time order, observation_cover() for each stretch of
 * observed time and observation_packet() for each packet in it; observation_finish() closes what
 * is open; observation_close() frees. Nothing here reads a clock. */
#ifndef STALENODE_OBSERVATION_H
#define STALENODE_OBSERVATION_H

#include "address_index.h"
#include "arrival.h"
#include "coverage.h"
#include "syn_queue.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Late packets are a matter of milliseconds in one capture, of a second or two between several
 * writers; ten seconds delay the closing of a bucket by as much and cost nothing else. */
#define GRACE_US 10000000

/* One of the two open buckets, as far as it is the same for all targets. */
struct observation_slot {
	int64_t start;		 /* UTC seconds, or TIME_UNKNOWN when the slot is free */
	int64_t from_us, end_us; /* [from_us, end_us) in the time of packets */
	struct coverage coverage;
	uint32_t flags;
	uint64_t kernel_drops;
	uint64_t evictions_before; /* of the attempt table when the bucket opened */
};

/* Which buckets are open and what of them was observed. No pointers: it may live
 * in a mapped file, and is then what a killed process leaves behind. */
struct observation_time {
	struct observation_slot slot[2];
	int32_t current; /* slot of the current bucket; the other is the previous one */
	int32_t unused;
	int64_t covered_from_us; /* the stretch of observed time that is not in a coverage yet: */
	int64_t covered_to_us;	 /* it lies in the current bucket */
};

struct observation {
	struct observed_target *target; /* owned */
	size_t targets;
	struct address_index index;
	struct address last_destination; /* of the last packet, and where its targets begin */
	uint16_t last_first;
	struct observation_time *time; /* owned, or in time_file */
	struct open_state time_file;
	int64_t close_previous_us; /* when the previous bucket closes; INT64_MAX for none */
	int64_t goes_on_until_us;  /* the earlier of that and the end of the current bucket */
	uint32_t flags_next;	   /* for the next bucket to open */
	struct syn_queue queue;
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
	struct geo_options geo;	  /* databases of countries and systems, if any */
	/* Open buckets live in mapped files of the state directory, so that a killed process loses
	 * nothing that it had counted: see recovery.h. */
	bool mapped;
};

enum observation_result {
	OBSERVATION_COUNTED,
	OBSERVATION_TOO_OLD, /* older than the open buckets: not counted */
	OBSERVATION_FAILED,  /* the store failed: see *failure */
};

/* Opens the stores. `targets` must outlive the observation. */
int observation_open(struct observation *observation, const char *state_directory,
		     const struct targets *targets, const struct observation_options *options,
		     struct failure *failure);

/* observation_cover() when the time does not simply go on in the current bucket. */
int observation_cover_further(struct observation *observation, int64_t from_us, int64_t to_us,
			      struct failure *failure);

/* Counts what waits for its look-ups: what was handed in is in the open buckets afterwards. */
int observation_settle(struct observation *observation, struct failure *failure);

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

/* Counts one captured frame. */
enum observation_result observation_packet(struct observation *observation, int64_t time_us,
					   int link_type, const uint8_t *frame,
					   uint32_t captured_length, uint32_t original_length,
					   struct failure *failure);

/* So many more packets were lost by the kernel: charged to the current bucket. */
void observation_kernel_drops(struct observation *observation, uint64_t drops);

/* Sets flags of enum bucket_flag on the current bucket, or on the next one when none is open. */
void observation_flag(struct observation *observation, uint32_t flags);

/* Marks the current bucket as the last of the run and closes everything that is open. */
int observation_finish(struct observation *observation, struct failure *failure);
void observation_close(struct observation *observation);

#endif
