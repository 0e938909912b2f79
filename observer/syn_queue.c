/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "syn_queue.h"

/* A source is new since retirement: the memory is cleared when it comes, and sources of packets
 * from before it that are counted later, out of order, are not told new from known. */
static void note_source(struct observed_target *target, struct bucket_record *record,
			const struct queued_syn *syn)
{
	struct source_memory *memory = &target->notes.sources;
	int64_t retired = target->target->retired;
	struct open_target *open = target->open;
	if (open->before_retirement && syn->seconds >= retired) {
		source_memory_begin(memory, retired);
		journal_keep(target->region, &open->before_retirement,
			     sizeof open->before_retirement);
		record->new_sources = 0;
		open->before_retirement = 0;
	}
	enum fingerprint_seen seen = FINGERPRINT_FULL;
	if (open->before_retirement || retired == TIME_UNKNOWN || syn->seconds >= retired)
		seen = source_memory_note(memory, syn->source);
	if (seen == FINGERPRINT_NEW) {
		journal_keep(target->region, &open->sources, sizeof open->sources);
		open->sources = memory->set.entries;
		record->new_sources++;
	}
	if (seen == FINGERPRINT_FULL)
		record->flags |= BUCKET_NEW_SOURCES_LOWER;
}

static int count(const struct queued_syn *syn, bool begins, struct census_queue *census,
		 struct failure *failure)
{
	struct open_target *open = syn->target->open;
	const struct journal_region *region = syn->target->region;
	journal_keep(region, &syn->bucket->record, sizeof syn->bucket->record);
	journal_keep(region, &open->asked, sizeof open->asked);
	syn->bucket->record.syn++;
	open->asked++;
	distinct_add(&syn->bucket->sources, region, syn->source);
	if (begins) { /* a retransmission's source was noted when its attempt began */
		syn->bucket->record.attempts++;
		note_source(syn->target, &syn->bucket->record, syn);
	}
	const struct census_packet packet = {
		.seconds = syn->seconds,
		.source = syn->source,
		.address = syn->address,
		.protocol = PROTOCOL_TCP,
		.port = syn->port,
		.to_target = true,
		.repeated = !begins,
	};
	return census_note(&syn->target->notes.census, census, &packet, failure);
}

int syn_queue_work_off(struct syn_queue *queue, struct failure *failure)
{
	bool begins[SYN_QUEUE_LENGTH];
	for (size_t i = 0; i < queue->length; i++) {
		const struct queued_syn *syn = &queue->syn[i];
		begins[i] =
			attempt_table_note(&queue->attempts, syn->attempt, syn->attempt_seconds);
		if (begins[i])
			fingerprint_set_prefetch(&syn->target->notes.sources.set, syn->source);
	}
	int result = 0;
	for (size_t i = 0; i < queue->length && result == 0; i++)
		if (!queue->syn[i].known)
			result = count(&queue->syn[i], begins[i], &queue->census, failure);
	queue->length = 0;
	census_settle(&queue->census);
	return result;
}
