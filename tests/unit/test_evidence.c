/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The files are read back with libpcap. */
#include "../../observer/store/evidence.h"

#include "frames.h"
#include "workspace.h"

#include <pcap/pcap.h>
#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#define DAY	   INT64_C(86400000000)
#define START	   (INT64_C(1203465600) * 1000000) /* 2008-02-20 */
#define FIRST_DAY  "evidence/2008-02-20.pcap"
#define SECOND_DAY "evidence/2008-02-21.pcap"
#define HEADER	   24
#define RECORD	   16

static struct evidence begin(uint64_t budget)
{
	struct failure failure = {0};
	struct evidence evidence;
	assert_int_equal(evidence_open(&evidence, "evidence", budget, &failure), 0);
	return evidence;
}

static int keep(struct evidence *evidence, int64_t time_us, uint32_t sequence)
{
	struct failure failure = {0};
	struct octets packet = tcp_packet(1, 2, 3, 4, sequence, FLAG_SYN);
	int result = evidence_write(evidence, time_us, packet.bytes, (uint32_t)packet.length,
				    (uint32_t)packet.length + 6, &failure);
	if (result < 0)
		fail_msg("%s", failure.text);
	return result;
}

static void end(struct evidence *evidence)
{
	struct failure failure = {0};
	assert_int_equal(evidence_close(evidence, &failure), 0);
}

/* Sequence numbers of all packets of the file, checked against the times they were kept at. */
static int sequences(const char *path, uint32_t *sequence, int capacity)
{
	char message[PCAP_ERRBUF_SIZE];
	pcap_t *reader = pcap_open_offline(path, message);
	if (!reader)
		fail_msg("%s", message);
	assert_int_equal(pcap_datalink(reader), DLT_RAW);
	struct pcap_pkthdr *head;
	const u_char *bytes;
	int packets = 0, result;
	while ((result = pcap_next_ex(reader, &head, &bytes)) == 1) {
		assert_true(packets < capacity);
		assert_int_equal(head->caplen, 40);
		assert_int_equal(head->len, 46);
		uint32_t number = (uint32_t)bytes[24] << 24 | (uint32_t)bytes[25] << 16 |
				  (uint32_t)bytes[26] << 8 | bytes[27];
		sequence[packets++] = number;
	}
	assert_int_equal(result, PCAP_ERROR_BREAK);
	pcap_close(reader);
	return packets;
}

static void one_capture_a_day_holds_the_packets_with_their_times(void **state)
{
	(void)state;
	struct evidence evidence = begin(1 << 20);
	uint32_t sequence[4];
	assert_int_equal(keep(&evidence, START + 999999, 1), 0);
	assert_int_equal(keep(&evidence, START + DAY - 1, 2), 0);
	assert_int_equal(keep(&evidence, START + DAY, 3), 0);
	end(&evidence);
	assert_int_equal(entries_of("evidence"), 2);
	assert_int_equal(sequences(FIRST_DAY, sequence, 4), 2);
	assert_int_equal(sequence[1], 2);
	assert_int_equal(sequences(SECOND_DAY, sequence, 4), 1);
	assert_int_equal(sequence[0], 3);

	char message[PCAP_ERRBUF_SIZE];
	pcap_t *reader = pcap_open_offline(FIRST_DAY, message);
	struct pcap_pkthdr *head;
	const u_char *bytes;
	assert_int_equal(pcap_next_ex(reader, &head, &bytes), 1);
	assert_int_equal(head->ts.tv_sec, START / 1000000);
	assert_int_equal(head->ts.tv_usec, 999999);
	pcap_close(reader);
}

static void a_later_run_appends_and_a_late_packet_finds_its_day(void **state)
{
	(void)state;
	uint32_t sequence[8];
	for (uint32_t run = 0; run < 2; run++) {
		struct evidence evidence = begin(1 << 20);
		assert_int_equal(keep(&evidence, START + DAY - 5, run * 3), 0);
		assert_int_equal(keep(&evidence, START + DAY + 5, run * 3 + 1), 0);
		assert_int_equal(keep(&evidence, START + DAY - 4, run * 3 + 2), 0);
		end(&evidence);
	}
	assert_int_equal(sequences(FIRST_DAY, sequence, 8), 4);
	static const uint32_t expected[] = {0, 2, 3, 5};
	for (size_t i = 0; i < 4; i++)
		assert_int_equal(sequence[i], expected[i]);
	assert_int_equal(sequences(SECOND_DAY, sequence, 8), 2);
}

static void no_file_outgrows_the_budget_and_each_day_has_its_own(void **state)
{
	(void)state;
	uint64_t budget = HEADER + 3 * (RECORD + 40) + 10;
	uint32_t sequence[8];
	struct stat status;
	for (int run = 0; run < 2; run++) {
		struct evidence evidence = begin(budget);
		for (uint32_t i = 0; i < 5; i++)
			assert_int_equal(keep(&evidence, START + i, i), run || i >= 3);
		assert_int_equal(keep(&evidence, START + DAY + run, 9), 0);
		assert_int_equal(keep(&evidence, START + 6, 7), 1);
		end(&evidence);
	}
	assert_int_equal(sequences(FIRST_DAY, sequence, 8), 3);
	assert_int_equal(sequences(SECOND_DAY, sequence, 8), 2);
	stat(FIRST_DAY, &status);
	assert_true((uint64_t)status.st_size <= budget);
}

static void without_a_budget_nothing_is_kept_or_made(void **state)
{
	(void)state;
	struct evidence evidence = begin(0);
	assert_int_equal(keep(&evidence, START, 1), 0);
	end(&evidence);
	assert_int_equal(entries_of("."), 0);
}

static void long_packets_are_cut_and_say_their_length(void **state)
{
	(void)state;
	struct failure failure = {0};
	struct evidence evidence = begin(1 << 20);
	uint8_t packet[1500] = {0x45};
	assert_int_equal(evidence_write(&evidence, START, packet, 1500, 1500, &failure), 0);
	end(&evidence);
	char message[PCAP_ERRBUF_SIZE];
	pcap_t *reader = pcap_open_offline(FIRST_DAY, message);
	struct pcap_pkthdr *head;
	const u_char *bytes;
	assert_int_equal(pcap_next_ex(reader, &head, &bytes), 1);
	assert_int_equal(head->caplen, EVIDENCE_PACKET_MAX);
	assert_int_equal(head->len, 1500);
	pcap_close(reader);
}

/* A run that was killed leaves a torn last record; the next one goes on behind the whole ones. */
static void a_torn_record_is_cut_off_at_every_byte(void **state)
{
	(void)state;
	uint32_t sequence[4];
	size_t length;
	struct evidence evidence = begin(1 << 20);
	keep(&evidence, START, 1);
	keep(&evidence, START, 2);
	end(&evidence);
	char *whole = read_bytes(FIRST_DAY, &length);
	assert_int_equal(length, HEADER + 2 * (RECORD + 40));
	for (size_t cut = 0; cut <= length; cut++) {
		write_bytes(FIRST_DAY, whole, cut);
		evidence = begin(1 << 20);
		assert_int_equal(keep(&evidence, START, 3), 0);
		end(&evidence);
		int kept = cut < HEADER ? 0 : (int)((cut - HEADER) / (RECORD + 40));
		assert_int_equal(sequences(FIRST_DAY, sequence, 4), kept + 1);
		assert_int_equal(sequence[kept], 3);
	}
	free(whole);
}

/* What is cut off may be longer than what is written in its place. */
static void damage_behind_the_whole_records_is_cut_off(void **state)
{
	(void)state;
	uint32_t sequence[4];
	size_t length;
	struct octets torn = {.little = true}, impossible = {.little = true};
	put64(&torn, 0);
	put32(&torn, 256);
	put32(&torn, 256);
	put_zeros(&torn, 200);
	put64(&impossible, 0);
	put32(&impossible, 5000);
	put32(&impossible, 5000);
	put_zeros(&impossible, 5000);
	const struct octets *const damages[] = {&torn, &impossible};
	for (size_t i = 0; i < 2; i++) {
		unlink(FIRST_DAY);
		struct evidence evidence = begin(1 << 20);
		keep(&evidence, START, 1);
		end(&evidence);
		FILE *stream = fopen(FIRST_DAY, "a");
		fwrite(damages[i]->bytes, 1, damages[i]->length, stream);
		fclose(stream);
		evidence = begin(1 << 20);
		keep(&evidence, START, 2);
		end(&evidence);
		assert_int_equal(sequences(FIRST_DAY, sequence, 4), 2);
		assert_int_equal(sequence[1], 2);
		free(read_bytes(FIRST_DAY, &length));
		assert_int_equal(length, HEADER + 2 * (RECORD + 40));
	}
}

static void a_file_of_another_kind_is_left_alone(void **state)
{
	(void)state;
	struct failure failure = {0};
	struct evidence evidence = begin(1 << 20);
	uint8_t packet[40] = {0x45};
	size_t length;
	write_text(FIRST_DAY, "a diary that happens to be named like a day");
	assert_int_equal(evidence_write(&evidence, START, packet, 40, 40, &failure), -1);
	assert_int_equal(failure.status, EXIT_FAILED);
	assert_non_null(strstr(failure.text, FIRST_DAY ": not an evidence file"));
	end(&evidence);
	char *content = read_bytes(FIRST_DAY, &length);
	assert_string_equal(content, "a diary that happens to be named like a day");
	free(content);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		in_workspace(one_capture_a_day_holds_the_packets_with_their_times),
		in_workspace(a_later_run_appends_and_a_late_packet_finds_its_day),
		in_workspace(no_file_outgrows_the_budget_and_each_day_has_its_own),
		in_workspace(without_a_budget_nothing_is_kept_or_made),
		in_workspace(long_packets_are_cut_and_say_their_length),
		in_workspace(a_torn_record_is_cut_off_at_every_byte),
		in_workspace(damage_behind_the_whole_records_is_cut_off),
		in_workspace(a_file_of_another_kind_is_left_alone),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
