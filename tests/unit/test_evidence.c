/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The files are read back with libpcap. */
#include "../../observer/store/evidence.h"

#include "frames.h"
#include "workspace.h"

#include <pcap/pcap.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <sys/resource.h>

#include <cmocka.h>

#define DAY	   INT64_C(86400000000)
#define START	   (INT64_C(1203465600) * 1000000) /* 2008-02-20 */
#define FIRST_DAY  "evidence/2008-02-20.pcap"
#define SECOND_DAY "evidence/2008-02-21.pcap"
#define HEADER	   24
#define RECORD	   16

static struct evidence evidence;
static struct evidence_position position;
static struct journal_log log_;
static const struct journal_region region = {&log_, (uint8_t *)&position, sizeof position, 0, NULL};

static void begin(uint64_t budget)
{
	struct failure failure = {0};
	assert_int_equal(evidence_open(&evidence, "evidence", budget, NULL, NULL, NULL, &failure),
			 0);
}

/* In memory that would outlive the process. */
static void begin_journalled(uint64_t budget)
{
	struct failure failure = {0};
	assert_int_equal(
		evidence_open(&evidence, "evidence", budget, &position, &region, NULL, &failure),
		0);
}

static int keep(int64_t time_us, uint32_t sequence)
{
	struct failure failure = {0};
	struct octets packet = tcp_packet(1, 2, 3, 4, sequence, FLAG_SYN);
	int result = evidence_write(&evidence, evidence_day_of(time_us), time_us, packet.bytes,
				    (uint32_t)packet.length, (uint32_t)packet.length + 6, &failure);
	if (result < 0)
		fail_msg("%s", failure.text);
	return result;
}

static void end(void)
{
	struct failure failure = {0};
	assert_int_equal(evidence_close(&evidence, &failure), 0);
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
	begin(1 << 20);
	uint32_t sequence[4];
	assert_int_equal(keep(START + 999999, 1), 0);
	assert_int_equal(keep(START + DAY - 1, 2), 0);
	assert_int_equal(keep(START + DAY, 3), 0);
	end();
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
		begin(1 << 20);
		assert_int_equal(keep(START + DAY - 5, run * 3), 0);
		assert_int_equal(keep(START + DAY + 5, run * 3 + 1), 0);
		assert_int_equal(keep(START + DAY - 4, run * 3 + 2), 0);
		end();
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
		begin(budget);
		for (uint32_t i = 0; i < 5; i++)
			assert_int_equal(keep(START + i, i), run || i >= 3);
		assert_int_equal(keep(START + DAY + run, 9), 0);
		assert_int_equal(keep(START + 6, 7), 1);
		end();
	}
	assert_int_equal(sequences(FIRST_DAY, sequence, 8), 3);
	assert_int_equal(sequences(SECOND_DAY, sequence, 8), 2);
	stat(FIRST_DAY, &status);
	assert_true((uint64_t)status.st_size <= budget);
}

static void without_a_budget_nothing_is_kept_or_made(void **state)
{
	(void)state;
	begin(0);
	assert_int_equal(keep(START, 1), 0);
	end();
	assert_int_equal(entries_of("."), 0);
}

static void long_packets_are_cut_and_say_their_length(void **state)
{
	(void)state;
	struct failure failure = {0};
	begin(1 << 20);
	uint8_t packet[1500] = {0x45};
	assert_int_equal(evidence_write(&evidence, evidence_day_of(START), START, packet, 1500,
					1500, &failure),
			 0);
	end();
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
	begin(1 << 20);
	keep(START, 1);
	keep(START, 2);
	end();
	char *whole = read_bytes(FIRST_DAY, &length);
	assert_int_equal(length, HEADER + 2 * (RECORD + 40));
	for (size_t cut = 0; cut <= length; cut++) {
		write_bytes(FIRST_DAY, whole, cut);
		begin(1 << 20);
		assert_int_equal(keep(START, 3), 0);
		end();
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
		begin(1 << 20);
		keep(START, 1);
		end();
		FILE *stream = fopen(FIRST_DAY, "a");
		fwrite(damages[i]->bytes, 1, damages[i]->length, stream);
		fclose(stream);
		begin(1 << 20);
		keep(START, 2);
		end();
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
	begin(1 << 20);
	uint8_t packet[40] = {0x45};
	size_t length;
	write_text(FIRST_DAY, "a diary that happens to be named like a day");
	assert_int_equal(
		evidence_write(&evidence, evidence_day_of(START), START, packet, 40, 40, &failure),
		-1);
	assert_int_equal(failure.status, EXIT_FAILED);
	assert_non_null(strstr(failure.text, FIRST_DAY ": not an evidence file"));
	end();
	char *content = read_bytes(FIRST_DAY, &length);
	assert_string_equal(content, "a diary that happens to be named like a day");
	free(content);
}

/* What a kill leaves: bytes behind what is known to count, or a position that is one behind. */
static void after_a_kill_the_file_goes_on_where_the_journal_says(void **state)
{
	(void)state;
	uint32_t sequence[8];
	memset(&position, 0, sizeof position);
	begin_journalled(1 << 20);
	assert_int_equal(keep(START, 1), 0);
	assert_int_equal(evidence_settle(&evidence), EVIDENCE_KEPT);
	journal_commit(&log_);
	assert_int_equal(keep(START, 2), 0); /* the packet that was under way */
	assert_int_equal(evidence_settle(&evidence), EVIDENCE_KEPT);
	evidence.position = NULL; /* killed: nothing is closed in order */
	for (size_t i = 0; i < 2; i++)
		free(evidence.file[i].buffer);
	struct journal_region there = region;
	assert_true(journal_undo(&log_, &there, 1));
	begin_journalled(1 << 20);
	assert_int_equal(keep(START, 2), 0);
	assert_int_equal(keep(START + DAY, 3), 0);
	assert_int_equal(keep(START + 1, 4), 0);
	assert_int_equal(evidence_settle(&evidence), EVIDENCE_KEPT);
	journal_commit(&log_);
	end();
	assert_int_equal(sequences(FIRST_DAY, sequence, 8), 3);
	static const uint32_t expected[] = {1, 2, 4};
	assert_memory_equal(sequence, expected, sizeof expected);
	assert_int_equal(sequences(SECOND_DAY, sequence, 8), 1);
	assert_int_equal(position.lost, 0);
}

/* As a power cut leaves it: the memory knows of more than the file has. */
static void a_file_that_is_shorter_than_it_should_be_goes_on_behind_what_is_whole(void **state)
{
	(void)state;
	uint32_t sequence[8];
	memset(&position, 0, sizeof position);
	begin_journalled(1 << 20);
	for (uint32_t i = 0; i < 3; i++)
		assert_int_equal(keep(START, i), 0);
	assert_int_equal(evidence_settle(&evidence), EVIDENCE_KEPT);
	journal_commit(&log_);
	end();
	assert_int_equal(truncate(FIRST_DAY, HEADER + RECORD + 40 + 20), 0);
	begin_journalled(1 << 20);
	assert_int_equal(keep(START, 9), 0);
	assert_int_equal(evidence_settle(&evidence), EVIDENCE_KEPT);
	journal_commit(&log_);
	end();
	assert_int_equal(sequences(FIRST_DAY, sequence, 8), 2);
	assert_int_equal(sequence[1], 9);
}

static void without_room_packets_are_lost_said_once_and_it_goes_on(void **state)
{
	(void)state;
	uint32_t sequence[8];
	size_t length;
	struct rlimit unbounded, small = {HEADER + 2 * (RECORD + 40) + 7, RLIM_INFINITY};
	memset(&position, 0, sizeof position);
	assert_int_equal(getrlimit(RLIMIT_FSIZE, &unbounded), 0);
	signal(SIGXFSZ, SIG_IGN);
	begin_journalled(1 << 20);
	int kept = divert_output(2, "said");
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &small), 0);
	for (uint32_t i = 0; i < 6; i++) {
		assert_int_equal(keep(START, i), EVIDENCE_KEPT);
		assert_int_equal(evidence_settle(&evidence), i < 2 ? EVIDENCE_KEPT : EVIDENCE_LOST);
	}
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &unbounded), 0);
	assert_int_equal(keep(START, 6), EVIDENCE_KEPT);
	assert_int_equal(evidence_settle(&evidence), EVIDENCE_KEPT);
	restore_output(2, kept);
	assert_int_equal(position.lost, 4);
	assert_int_equal(evidence_settle(&evidence), EVIDENCE_KEPT);
	journal_commit(&log_);
	end();
	assert_int_equal(sequences(FIRST_DAY, sequence, 8), 3);
	assert_int_equal(sequence[2], 6);
	char *said = read_bytes("said", &length);
	const char *newline = strchr(said, '\n');
	assert_non_null(strstr(said, FIRST_DAY));
	assert_non_null(newline);
	assert_non_null(strstr(newline, "kept again; 4 packets"));
	free(said);
}

static void a_directory_that_went_loses_packets_and_one_that_comes_keeps_them(void **state)
{
	(void)state;
	uint32_t sequence[8];
	memset(&position, 0, sizeof position);
	begin_journalled(1 << 20);
	assert_int_equal(rmdir("evidence"), 0);
	int kept = divert_output(2, "said");
	assert_int_equal(keep(START, 1), EVIDENCE_LOST);
	assert_int_equal(mkdir("evidence", 0755), 0);
	assert_int_equal(keep(START + 999999, 2), EVIDENCE_LOST); /* not looked for yet */
	assert_int_equal(keep(START + 1000000, 3), EVIDENCE_KEPT);
	restore_output(2, kept);
	assert_int_equal(evidence_settle(&evidence), EVIDENCE_KEPT);
	journal_commit(&log_);
	end();
	assert_int_equal(sequences(FIRST_DAY, sequence, 8), 1);
	assert_int_equal(sequence[0], 3);
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
		in_workspace(after_a_kill_the_file_goes_on_where_the_journal_says),
		in_workspace(a_file_that_is_shorter_than_it_should_be_goes_on_behind_what_is_whole),
		in_workspace(without_room_packets_are_lost_said_once_and_it_goes_on),
		in_workspace(a_directory_that_went_loses_packets_and_one_that_comes_keeps_them),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
