/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "packet_writer.h"

#include "../observer/store/ledger.h"

#include <inttypes.h>
#include <string.h>

#define MICROSECONDS	   INT64_C(1000000)
#define PCAP_SNAPLEN	   65535
#define LINKTYPE_ETHERNET  1
#define PCAP_RECORD_HEADER 16

static void put32_little(uint8_t *at, uint32_t value)
{
	for (int i = 0; i < 4; i++)
		at[i] = (uint8_t)(value >> 8 * i);
}

static void write_capture_head(struct packet_writer *writer)
{
	uint8_t head[24] = {0xd4, 0xc3, 0xb2, 0xa1, 2, 0, 4, 0};
	put32_little(head + 16, PCAP_SNAPLEN);
	put32_little(head + 20, LINKTYPE_ETHERNET);
	fwrite(head, 1, sizeof head, writer->stream);
}

static void write_record(struct packet_writer *writer, const struct packet *packet)
{
	uint8_t record[PCAP_RECORD_HEADER + FRAME_SIZE_MAX];
	uint32_t length = (uint32_t)packet_frame(packet, record + PCAP_RECORD_HEADER);
	put32_little(record, (uint32_t)(writer->from + packet->time_us / MICROSECONDS));
	put32_little(record + 4, (uint32_t)(packet->time_us % MICROSECONDS));
	put32_little(record + 8, length);
	put32_little(record + 12, length);
	fwrite_unlocked(record, 1, PCAP_RECORD_HEADER + length, writer->stream);
}

/* Writes the row of the bucket that is counted and goes on to the next. The first and the last
 * bucket of a period that does not begin on a boundary are observed in part. */
static void end_bucket(struct packet_writer *writer)
{
	int64_t next = writer->bucket + BUCKET_SECONDS;
	int64_t from = writer->bucket > writer->from ? writer->bucket : writer->from;
	int64_t to = next < writer->to ? next : writer->to;
	fprintf(writer->stream, "%" PRId64 ",%" PRIu32 ",%" PRId64, writer->bucket,
		writer->bucket_syn, to - from);
	if (writer->with_attempts)
		fprintf(writer->stream, ",%" PRIu32, writer->bucket_attempts);
	fputc('\n', writer->stream);
	writer->bucket = next;
	writer->bucket_syn = writer->bucket_attempts = 0;
}

void packet_writer_begin(struct packet_writer *writer, FILE *stream, enum output_format format,
			 int64_t from, int64_t to, uint16_t target_port, bool with_attempts)
{
	*writer = (struct packet_writer){.stream = stream,
					 .format = format,
					 .from = from,
					 .to = to,
					 .target_port = target_port,
					 .with_attempts = with_attempts,
					 .bucket = from - from % BUCKET_SECONDS};
	if (format == OUTPUT_PCAP)
		write_capture_head(writer);
	else
		fprintf(stream, "bucket_start_unix,syn,observed_seconds%s\n",
			with_attempts ? ",attempts" : "");
}

void packet_writer_add(struct packet_writer *writer, const struct packet *packet)
{
	int to_target =
		packet->kind == PACKET_SYN && packet->destination_port == writer->target_port;
	writer->packets++;
	writer->syn += (uint64_t)to_target;
	if (writer->format == OUTPUT_PCAP) {
		write_record(writer, packet);
		return;
	}
	while (writer->from + packet->time_us / MICROSECONDS >= writer->bucket + BUCKET_SECONDS)
		end_bucket(writer);
	writer->bucket_syn += (uint32_t)to_target;
	writer->bucket_attempts += (uint32_t)(to_target && packet->begins);
}

void packet_writer_end(struct packet_writer *writer)
{
	while (writer->format == OUTPUT_CSV && writer->bucket < writer->to)
		end_bucket(writer);
}
