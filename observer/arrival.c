/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "arrival.h"

#include "fingerprint.h"
#include "syn_queue.h"

bool arrival_has_port(const uint16_t *port, size_t ports, uint16_t number)
{
	for (size_t i = 0; i < ports; i++)
		if (port[i] == number)
			return true;
	return false;
}

/* Destination unreachable, source quench, time exceeded, parameter problem (RFC 792), and the
 * error messages of ICMPv6 (RFC 4443): what comes back when someone forged our address. */
static bool is_icmp_error(const struct packet_summary *summary)
{
	uint8_t type = summary->icmp_type;
	if (summary->protocol == PROTOCOL_ICMP)
		return type == 3 || type == 4 || type == 11 || type == 12;
	return summary->protocol == PROTOCOL_ICMPV6 && type >= 1 && type <= 4;
}

static int keep_evidence(struct observed_target *target, struct open_bucket *bucket,
			 struct syn_queue *queue, const struct arrival *arrival,
			 struct failure *failure)
{
	struct evidence *evidence = &target->notes.evidence;
	enum evidence_result written = EVIDENCE_CUT;
	if (!evidence_is_cut(evidence, arrival->evidence_day))
		written = evidence_write(evidence, arrival->evidence_day, arrival->time_us,
					 arrival->packet, arrival->captured_length,
					 arrival->original_length, failure);
	if (written == EVIDENCE_CUT)
		bucket->record.flags |= BUCKET_EVIDENCE_CUT;
	if (written == EVIDENCE_LOST)
		bucket->record.flags |= BUCKET_EVIDENCE_LOST;
	queue->evidence[target->number / 64] |= UINT64_C(1) << (target->number % 64);
	return written == EVIDENCE_FAILED ? -1 : 0;
}

static int take_syn(struct observed_target *target, struct open_bucket *bucket,
		    struct syn_queue *queue, const struct arrival *arrival, struct failure *failure)
{
	const struct packet_summary *summary = arrival->summary;
	uint64_t ports = (uint64_t)summary->source_port << 48 |
			 (uint64_t)summary->destination_port << 32 | summary->tcp_sequence;
	*syn_queue_next(queue) = (struct queued_syn){
		.target = target,
		.bucket = bucket,
		.seconds = arrival->seconds,
		.attempt_seconds = arrival->attempt_seconds,
		.source = arrival->source,
		.address = summary->source,
		.attempt =
			fingerprint_with(fingerprint_with(arrival->source, ports), target->number),
		.port = summary->destination_port,
		.known = arrival->known,
	};
	if (!arrival->known && keep_evidence(target, bucket, queue, arrival, failure) != 0)
		return -1;
	return syn_queue_add(queue, failure);
}

/* Of what is not queued: UDP, and SYNs to other ports. */
static int note_census(struct observed_target *target, struct syn_queue *queue,
		       const struct arrival *arrival, bool to_target, struct failure *failure)
{
	const struct census_packet packet = {
		.seconds = arrival->seconds,
		.source = arrival->source,
		.address = arrival->summary->source,
		.protocol = arrival->summary->protocol,
		.port = arrival->summary->destination_port,
		.to_target = to_target,
	};
	return census_note(&target->notes.census, &queue->census, &packet, failure);
}

static int count_tcp(struct observed_target *target, struct open_bucket *bucket,
		     struct syn_queue *queue, const struct arrival *arrival,
		     struct failure *failure)
{
	const struct packet_summary *summary = arrival->summary;
	uint8_t flags = summary->tcp_flags;
	bool counted = !arrival->known;
	if (!(flags & TCP_SYN)) {
		bucket->record.backscatter += counted && (flags & TCP_RST);
		return 0;
	}
	if (flags & (TCP_FIN | TCP_RST)) {
		bucket->record.malformed += counted;
		return 0;
	}
	if (flags & TCP_ACK) {
		bucket->record.backscatter += counted;
		return 0;
	}
	if (arrival_has_port(target->target->port, target->target->ports,
			     summary->destination_port))
		return take_syn(target, bucket, queue, arrival, failure);
	bucket->record.other_syn += counted;
	if (!counted)
		return 0;
	return note_census(target, queue, arrival, false, failure);
}

static int count_udp(struct observed_target *target, struct open_bucket *bucket,
		     struct syn_queue *queue, const struct arrival *arrival,
		     struct failure *failure)
{
	const struct packet_summary *summary = arrival->summary;
	if (arrival->known)
		return 0;
	bool to_target = arrival_has_port(target->target->port, target->target->ports,
					  summary->destination_port);
	if (to_target)
		bucket->record.udp++;
	else
		bucket->record.other_udp++;
	return note_census(target, queue, arrival, to_target, failure);
}

void arrival_count_answer(struct observed_target *target, struct open_bucket *bucket,
			  const struct packet_summary *summary)
{
	struct open_target *open = target->open;
	bool refused = (summary->tcp_flags & TCP_RST) != 0;
	journal_keep(target->region, &open->asked, 3 * sizeof open->asked);
	if (refused) {
		open->refused++;
		return;
	}
	open->answered++;
	journal_keep(target->region, &bucket->record.answered, sizeof bucket->record.answered);
	bucket->record.answered++;
}

int arrival_count(struct observed_target *target, struct open_bucket *bucket,
		  struct syn_queue *queue, const struct arrival *arrival, struct failure *failure)
{
	const struct packet_summary *summary = arrival->summary;
	bool has_ports = summary->protocol == PROTOCOL_TCP || summary->protocol == PROTOCOL_UDP;
	/* Every kind of arrival counts in one of its fields, or flags it. */
	journal_keep(target->region, &bucket->record, sizeof bucket->record);
	target->arrivals++;
	target->known += arrival->known;
	if (has_ports &&
	    arrival_has_port(target->target->excluded_port, target->target->excluded_ports,
			     summary->destination_port)) {
		bucket->record.excluded += !arrival->known;
		return 0;
	}
	if (summary->protocol == PROTOCOL_TCP)
		return count_tcp(target, bucket, queue, arrival, failure);
	if (summary->protocol == PROTOCOL_UDP)
		return count_udp(target, bucket, queue, arrival, failure);
	if (is_icmp_error(summary))
		bucket->record.backscatter += !arrival->known;
	return 0;
}
