/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * One captured frame: the bucket that it falls into, and the targets that it came to. */
#include "observation.h"

#include "fingerprint.h"

#include <string.h>

#define US 1000000LL

/* A packet proves that its own instant was observed. Returns the slot that it falls into, or -1
 * with *result. */
static int place(struct observation *observation, int64_t time_us, enum observation_result *result,
		 struct failure *failure)
{
	struct observation_slot *slot = observation_current(observation);
	if (time_us >= observation->time->covered_from_us &&
	    time_us <= observation->time->covered_to_us)
		return observation->time->current;
	*result = OBSERVATION_FAILED;
	if (slot->start == TIME_UNKNOWN || time_us >= slot->end_us) {
		if (observation_cover(observation, time_us, time_us, failure) != 0)
			return -1;
		return observation->time->current;
	}
	int index =
		time_us >= slot->from_us ? observation->time->current : !observation->time->current;
	slot = &observation->time->slot[index];
	if (slot->start == TIME_UNKNOWN || time_us < slot->from_us) {
		*result = OBSERVATION_TOO_OLD;
		return -1;
	}
	uint32_t instant = (uint32_t)(time_us - slot->from_us);
	coverage_add(&slot->coverage, instant, instant);
	return index;
}

static bool known_before(const struct observation *observation,
			 const struct observed_target *target, int index, int64_t time_us)
{
	const struct bucket_record *prior = target->prior[index];
	if (!prior)
		return false;
	uint32_t instant = (uint32_t)(time_us - observation->time->slot[index].from_us);
	return instant >= prior->covered_from_us && instant <= prior->covered_to_us;
}

/* The target's own SYN-ACK on its way out, its client is alive; or its host's refusal. */
static void count_answer(struct observation *observation, int index,
			 const struct packet_summary *summary, int64_t time_us)
{
	const struct address_index *addresses = &observation->index;
	for (uint16_t at = address_index_first(addresses, &summary->source);
	     at != ADDRESS_INDEX_END; at = addresses->entry[at].next) {
		struct observed_target *target = &observation->target[addresses->entry[at].target];
		if (address_index_matches(addresses, at, &summary->source) &&
		    arrival_has_port(target->target->port, target->target->ports,
				     summary->source_port) &&
		    !known_before(observation, target, index, time_us))
			arrival_count_answer(target, &target->open->bucket[index], summary);
	}
}

/* Captures of one host have one destination in most of their packets. */
static uint16_t first_target(struct observation *observation, const struct address *destination)
{
	if (memcmp(destination, &observation->last_destination, sizeof *destination) != 0) {
		observation->last_destination = *destination;
		observation->last_first = address_index_first(&observation->index, destination);
	}
	return observation->last_first;
}

/* While a clock that was set forward is not believed, the day goes on that was: a census and a
 * retirement of a time that may never have been could not be taken back. */
static int64_t believed_seconds(const struct observation *observation, int64_t seconds)
{
	if (observation->time->hold_until_us == INT64_MAX)
		return seconds; /* the clock was never set: no day is known */
	return observation->state->clock.skipped_from_us / US;
}

enum observation_result observation_packet(struct observation *observation, int64_t time_us,
					   int link_type, const uint8_t *frame,
					   uint32_t captured_length, uint32_t original_length,
					   bool outgoing, struct failure *failure)
{
	enum observation_result result = OBSERVATION_COUNTED;
	int index = place(observation, time_us, &result, failure);
	if (index < 0)
		return result;
	observation->packets++;
	struct packet_summary summary;
	enum decode_result decoded = decode_packet(link_type, frame, captured_length, &summary);
	if (decoded != DECODED) {
		observation->undecoded[decoded]++;
		return OBSERVATION_COUNTED;
	}
	if (!summary.has_transport)
		return OBSERVATION_COUNTED;
	if ((summary.tcp_flags & (TCP_SYN | TCP_ACK)) == (TCP_SYN | TCP_ACK) ||
	    (summary.tcp_flags & TCP_RST))
		count_answer(observation, index, &summary, time_us);
	if (outgoing || summary.outgoing)
		return OBSERVATION_COUNTED;
	int64_t seconds = time_us / US, evidence_day = evidence_day_of(time_us);
	if (observation->time->hold_until_us != 0) {
		seconds = believed_seconds(observation, seconds);
		evidence_day = EVIDENCE_CLOCK_STEPPED;
	}
	const struct address_index *addresses = &observation->index;
	for (uint16_t at = first_target(observation, &summary.destination); at != ADDRESS_INDEX_END;
	     at = addresses->entry[at].next) {
		if (!address_index_matches(addresses, at, &summary.destination))
			continue;
		struct observed_target *target = &observation->target[addresses->entry[at].target];
		struct arrival arrival = {
			.time_us = time_us,
			.seconds = seconds,
			.evidence_day = evidence_day,
			.attempt_seconds =
				(observation->attempt_time_us ? observation->attempt_time_us
							      : time_us) /
				US,
			.summary = &summary,
			.source = fingerprint_address(&summary.source),
			.packet = frame + summary.network_offset,
			.captured_length = captured_length - summary.network_offset,
			.original_length = (original_length > captured_length ? original_length
									      : captured_length) -
					   summary.network_offset,
			.known = known_before(observation, target, index, time_us),
		};
		if (arrival_count(target, &target->open->bucket[index], &observation->queue,
				  &arrival, failure) != 0)
			return OBSERVATION_FAILED;
	}
	return OBSERVATION_COUNTED;
}
