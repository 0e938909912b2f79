/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "observation.h"

#include "fingerprint.h"

#include <stdatomic.h>
#include <string.h>

#define US 1000000LL

static struct observation_slot *current_slot(struct observation *observation)
{
	return &observation->time->slot[observation->time->current];
}

static struct observation_slot *previous_slot(struct observation *observation)
{
	return &observation->time->slot[!observation->time->current];
}

/* What the ledger's record of a bucket had covered before this run. */
static struct coverage prior_coverage(const struct bucket_record *prior)
{
	struct coverage coverage = {0};
	if (prior)
		coverage_add(&coverage, prior->covered_from_us, prior->covered_to_us);
	return coverage;
}

/* The memory of a killed process must not be written over in another order than it is told here:
 * the compiler keeps stores on their side of it. */
static void in_this_order(void)
{
	atomic_signal_fence(memory_order_seq_cst);
}

/* Appends a closed bucket. Where it stood in a mapped file, the ledger's length is noted before:
 * who finds it there after a kill can tell whether the line was written. */
static int append_once(struct observed_target *target, int index,
		       const struct bucket_record *record, struct failure *failure)
{
	struct ledger_writer *writer = &target->store.writer;
	if (target->open_file.content) {
		target->open->closing[index] = 1 + ledger_writer_length(writer);
		in_this_order();
	}
	if (target_store_append(&target->store, record, failure) != 0)
		return -1;
	return target->open_file.content ? ledger_writer_flush(writer, failure) : 0;
}

static int close_target(struct observation *observation, struct observed_target *target, int index,
			struct failure *failure)
{
	const struct observation_slot *slot = &observation->time->slot[index];
	struct open_bucket *bucket = &target->open->bucket[index];
	const struct bucket_record *prior = target->prior[index];
	struct bucket_record record = bucket->record;
	struct coverage before = prior_coverage(prior);

	if (target->skip[index]) {
		target->skip[index] = false;
		return 0;
	}
	record.start = slot->start;
	record.observed_seconds = coverage_seconds_beyond(&slot->coverage, &before);
	record.covered_from_us = slot->coverage.from_us;
	record.covered_to_us = slot->coverage.to_us;
	record.sources = distinct_count(&bucket->sources);
	record.flags |= slot->flags;
	if (bucket->sources.estimated)
		record.flags |= BUCKET_SOURCES_ESTIMATED;
	record.kernel_drops = slot->kernel_drops;
	record.evictions = observation->queue.attempts.evictions - slot->evictions_before;
	if (record.evictions)
		record.flags |= BUCKET_ATTEMPTS_UPPER;
	/* Nothing that the ledger does not know already: an import that is repeated. */
	if (record.observed_seconds == 0 && !bucket_record_counted(&record))
		return 0;
	target->buckets++;
	target->syn += record.syn;
	target->attempts += record.attempts;
	target->new_sources += record.new_sources;
	if (prior)
		bucket_record_merge(&record, prior);
	if (observation->closed)
		observation->closed(observation->closed_context, target, &record);
	return append_once(target, index, &record, failure);
}

static int close_slot(struct observation *observation, int index, struct failure *failure)
{
	struct observation_slot *slot = &observation->time->slot[index];
	int result = 0;
	if (slot->start == TIME_UNKNOWN)
		return 0;
	if (syn_queue_work_off(&observation->queue, failure) != 0)
		return -1;
	for (size_t i = 0; i < observation->targets && result == 0; i++)
		result = close_target(observation, &observation->target[i], index, failure);
	if (result != 0)
		return result; /* it stays open: in a mapped file, the next run closes it */
	in_this_order();
	slot->start = TIME_UNKNOWN;
	return 0;
}

static void open_slot(struct observation *observation, int index, int64_t start)
{
	struct observation_slot *slot = &observation->time->slot[index];
	for (size_t i = 0; i < observation->targets; i++) {
		struct observed_target *target = &observation->target[i];
		memset(&target->open->bucket[index], 0, sizeof target->open->bucket[index]);
		target->open->closing[index] = 0;
		target->open->start[index] = start;
		target->prior[index] = ledger_find(&target->store.ledger, start);
	}
	*slot = (struct observation_slot){
		.start = TIME_UNKNOWN,
		.from_us = start * US,
		.end_us = (start + BUCKET_SECONDS) * US,
		.flags = observation->flags_next,
		.evictions_before = observation->queue.attempts.evictions,
	};
	observation->flags_next = 0;
	in_this_order();
	slot->start = start;
}

/* Writes the pending stretch of observed time into the current bucket's coverage. */
static void settle_coverage(struct observation *observation)
{
	struct observation_slot *slot = current_slot(observation);
	if (slot->start == TIME_UNKNOWN ||
	    observation->time->covered_from_us > observation->time->covered_to_us)
		return;
	coverage_add(&slot->coverage,
		     (uint32_t)(observation->time->covered_from_us - slot->from_us),
		     (uint32_t)(observation->time->covered_to_us - slot->from_us));
	observation->time->covered_from_us = INT64_MAX;
	observation->time->covered_to_us = INT64_MIN;
}

static int close_previous(struct observation *observation, struct failure *failure)
{
	observation->close_previous_us = INT64_MAX;
	return close_slot(observation, !observation->time->current, failure);
}

/* Makes the bucket that begins at `start` the current one; the current one becomes the previous
 * one when it lies right before. */
static int advance(struct observation *observation, int64_t start, struct failure *failure)
{
	settle_coverage(observation);
	if (close_previous(observation, failure) != 0)
		return -1;
	struct observation_slot *slot = current_slot(observation);
	if (slot->start != TIME_UNKNOWN) {
		if (slot->start + BUCKET_SECONDS == start)
			observation->close_previous_us = start * US + GRACE_US;
		else if (close_slot(observation, observation->time->current, failure) != 0)
			return -1;
	}
	observation->time->current = !observation->time->current;
	open_slot(observation, observation->time->current, start);
	return 0;
}

static int64_t bucket_start(int64_t time_us)
{
	int64_t seconds = time_us / US;
	return seconds - seconds % BUCKET_SECONDS;
}

/* Observed time that lies before the current bucket, or in part. */
static void cover_previous(struct observation *observation, int64_t from_us, int64_t to_us)
{
	struct observation_slot *slot = previous_slot(observation);
	if (slot->start == TIME_UNKNOWN || to_us < slot->from_us || from_us >= slot->end_us)
		return;
	if (from_us < slot->from_us)
		from_us = slot->from_us;
	if (to_us > slot->end_us)
		to_us = slot->end_us;
	coverage_add(&slot->coverage, (uint32_t)(from_us - slot->from_us),
		     (uint32_t)(to_us - slot->from_us));
}

static int cover(struct observation *observation, int64_t from_us, int64_t to_us,
		 struct failure *failure)
{
	struct observation_slot *slot = current_slot(observation);
	settle_coverage(observation);
	if (slot->start == TIME_UNKNOWN &&
	    advance(observation, bucket_start(from_us), failure) != 0)
		return -1;
	slot = current_slot(observation);
	if (from_us < slot->from_us) {
		cover_previous(observation, from_us, to_us);
		if (to_us < slot->from_us)
			return 0;
		from_us = slot->from_us;
	}
	if (from_us >= slot->end_us && advance(observation, bucket_start(from_us), failure) != 0)
		return -1;
	slot = current_slot(observation);
	while (to_us >= slot->end_us) {
		coverage_add(&slot->coverage, (uint32_t)(from_us - slot->from_us),
			     BUCKET_SECONDS * (uint32_t)US);
		from_us = slot->end_us;
		if (advance(observation, slot->start + BUCKET_SECONDS, failure) != 0)
			return -1;
		slot = current_slot(observation);
	}
	observation->time->covered_from_us = from_us;
	observation->time->covered_to_us = to_us;
	if (to_us >= observation->close_previous_us)
		return close_previous(observation, failure);
	return 0;
}

int observation_cover_further(struct observation *observation, int64_t from_us, int64_t to_us,
			      struct failure *failure)
{
	int result = cover(observation, from_us, to_us, failure);
	const struct observation_slot *slot = current_slot(observation);
	int64_t end_us = slot->start == TIME_UNKNOWN ? INT64_MIN : slot->end_us;
	observation->goes_on_until_us =
		end_us < observation->close_previous_us ? end_us : observation->close_previous_us;
	return result;
}

/* A packet proves that its own instant was observed. Returns the slot that it falls into, or -1
 * with *result. */
static int place(struct observation *observation, int64_t time_us, enum observation_result *result,
		 struct failure *failure)
{
	struct observation_slot *slot = current_slot(observation);
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

/* The target's own SYN-ACK on its way out: its client is alive. */
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
			target->open->bucket[index].record.answered++;
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

enum observation_result observation_packet(struct observation *observation, int64_t time_us,
					   int link_type, const uint8_t *frame,
					   uint32_t captured_length, uint32_t original_length,
					   struct failure *failure)
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
	if ((summary.tcp_flags & (TCP_SYN | TCP_ACK)) == (TCP_SYN | TCP_ACK))
		count_answer(observation, index, &summary, time_us);
	if (summary.outgoing)
		return OBSERVATION_COUNTED;
	const struct address_index *addresses = &observation->index;
	for (uint16_t at = first_target(observation, &summary.destination); at != ADDRESS_INDEX_END;
	     at = addresses->entry[at].next) {
		if (!address_index_matches(addresses, at, &summary.destination))
			continue;
		struct observed_target *target = &observation->target[addresses->entry[at].target];
		struct arrival arrival = {
			.time_us = time_us,
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

void observation_kernel_drops(struct observation *observation, uint64_t drops)
{
	current_slot(observation)->kernel_drops += drops;
}

void observation_flag(struct observation *observation, uint32_t flags)
{
	struct observation_slot *slot = current_slot(observation);
	if (slot->start == TIME_UNKNOWN)
		observation->flags_next |= flags;
	else
		slot->flags |= flags;
}

int observation_finish(struct observation *observation, struct failure *failure)
{
	settle_coverage(observation);
	if (close_previous(observation, failure) != 0)
		return -1;
	current_slot(observation)->flags |= BUCKET_LAST;
	if (close_slot(observation, observation->time->current, failure) != 0)
		return -1;
	for (size_t i = 0; i < observation->targets; i++)
		if (target_notes_finish(&observation->target[i].notes, failure) != 0 ||
		    target_store_synchronise(&observation->target[i].store, failure) != 0)
			return -1;
	return 0;
}

int observation_settle(struct observation *observation, struct failure *failure)
{
	return syn_queue_work_off(&observation->queue, failure);
}
