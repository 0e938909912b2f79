/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "../../observer/capture_file.h"

#include "captures.h"
#include "workspace.h"

#include <pcap/pcap.h>
#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#define START 1203465600u
#define US    INT64_C(1000000)

struct expected {
	int64_t time_us;
	uint32_t length;
	int link_type;
	bool has_time;
};

static const uint8_t payload[300] = "abcdefghijklmnopqrstuvwxyz";

static struct capture_file *opened(const char *path)
{
	struct failure failure = {0};
	struct capture_file *file;
	if (capture_file_open(&file, path, &failure) != 0)
		fail_msg("%s", failure.text);
	return file;
}

static void assert_packets(const char *path, const char *format, const struct expected *expected,
			   size_t packets)
{
	struct failure failure = {0};
	struct capture_file *file = opened(path);
	struct capture_packet packet;
	assert_string_equal(capture_file_format(file), format);
	assert_string_equal(capture_file_name(file), path);
	for (size_t i = 0; i < packets; i++) {
		enum capture_next next = capture_file_next(file, &packet, &failure);
		if (next != CAPTURE_PACKET)
			fail_msg("packet %zu: %s", i, failure.text);
		assert_int_equal(packet.time_us, expected[i].time_us);
		assert_int_equal(packet.number, i + 1);
		assert_int_equal(packet.captured_length, expected[i].length);
		assert_int_equal(packet.original_length,
				 expected[i].length + (expected[i].has_time ? 4 : 0));
		assert_int_equal(packet.link_type, expected[i].link_type);
		assert_int_equal(packet.has_time, expected[i].has_time);
		assert_memory_equal(packet.bytes, payload, packet.captured_length);
	}
	assert_int_equal(capture_file_next(file, &packet, &failure), CAPTURE_END);
	assert_int_equal(capture_file_next(file, &packet, &failure), CAPTURE_END);
	assert_int_equal(failure.status, EXIT_DONE);
	assert_int_equal(capture_file_consumed(file), capture_file_size(file));
	capture_file_close(file);
}

static void pcap_of_every_magic_and_byte_order_is_read(void **state)
{
	(void)state;
	static const uint32_t magics[] = {PCAP_MICROSECONDS, PCAP_NANOSECONDS, PCAP_MODIFIED};
	for (int little = 0; little < 2; little++)
		for (size_t i = 0; i < 3; i++) {
			struct octets file = {.little = little};
			bool nano = magics[i] == PCAP_NANOSECONDS;
			put_pcap_header(&file, magics[i], 1);
			put_pcap_record(&file, magics[i], START, 0, payload, 60);
			put_pcap_record(&file, magics[i], START, nano ? 999999999 : 999999, payload,
					61);
			put_pcap_record(&file, magics[i], UINT32_MAX, 1, payload, 0);
			write_bytes("file", file.bytes, file.length);
			assert_packets("file", "pcap",
				       (struct expected[]){
					       {START * US, 60, 1, true},
					       {START * US + 999999, 61, 1, true},
					       {UINT32_MAX * US + !nano, 0, 1, true},
				       },
				       3);
		}
}

/* The upper bits of the field tell of frame check sequences. */
static void the_link_type_is_what_libpcap_takes_it_for(void **state)
{
	(void)state;
	static const uint32_t fields[] = {0, 1, 9, 101, 108, 113, 228, 276, 0x14000001, 0xf0000071};
	for (size_t i = 0; i < sizeof fields / sizeof fields[0]; i++) {
		struct octets file = {.little = true};
		put_pcap_header(&file, PCAP_MICROSECONDS, fields[i]);
		put_pcap_record(&file, PCAP_MICROSECONDS, START, 0, payload, 60);
		write_bytes("file", file.bytes, file.length);
		assert_packets(
			"file", "pcap",
			(struct expected[]){{START * US, 60, (int)(fields[i] & 0xffff), true}}, 1);
	}
}

/* Reads a file that was cut; the whole packets before the cut come out, and the end is an end
 * only where a record ends. */
static void assert_cut(const struct octets *file, size_t cut, const size_t *ends, size_t packets)
{
	struct failure failure = {0};
	struct capture_file *reader;
	struct capture_packet packet;
	bool boundary = false;
	size_t whole = 0;
	for (size_t i = 0; i <= packets; i++) {
		boundary = boundary || cut == ends[i];
		whole = i && cut >= ends[i] ? i : whole;
	}
	write_bytes("cut", file->bytes, cut);
	if (capture_file_open(&reader, "cut", &failure) != 0) {
		assert_true(cut < ends[0]);
		assert_null(reader);
		assert_int_equal(failure.status, EXIT_FAILED);
		assert_int_equal(strncmp(failure.text, "cut: ", 5), 0);
		return;
	}
	for (size_t i = 0; i < whole; i++) {
		assert_int_equal(capture_file_next(reader, &packet, &failure), CAPTURE_PACKET);
		assert_memory_equal(packet.bytes, payload, packet.captured_length);
	}
	assert_int_equal(capture_file_next(reader, &packet, &failure),
			 boundary ? CAPTURE_END : CAPTURE_FAILED);
	if (!boundary) {
		char said[64];
		snprintf(said, sizeof said, "the %zu before it are whole", whole);
		assert_non_null(strstr(failure.text, "cut: cut off inside packet"));
		assert_non_null(strstr(failure.text, said));
	}
	capture_file_close(reader);
}

static void a_pcap_cut_anywhere_gives_the_packets_before_the_cut(void **state)
{
	(void)state;
	static const uint32_t magics[] = {PCAP_MICROSECONDS, PCAP_MODIFIED};
	for (size_t i = 0; i < 2; i++) {
		struct octets file = {.little = i == 0};
		size_t ends[4];
		put_pcap_header(&file, magics[i], 1);
		ends[0] = file.length;
		for (size_t j = 1; j < 4; j++) {
			put_pcap_record(&file, magics[i], START, 0, payload, (uint32_t)(20 * j));
			ends[j] = file.length;
		}
		for (size_t cut = 0; cut <= file.length; cut++)
			assert_cut(&file, cut, ends, 3);
	}
}

static void a_record_of_an_impossible_length_is_damage(void **state)
{
	(void)state;
	static const uint32_t lengths[] = {262145, 0x7fffffff, 0xffffffff};
	for (size_t i = 0; i < sizeof lengths / sizeof lengths[0]; i++) {
		struct failure failure = {0};
		struct octets file = {.little = true};
		put_pcap_header(&file, PCAP_MICROSECONDS, 1);
		put_pcap_record(&file, PCAP_MICROSECONDS, START, 0, payload, 60);
		put64(&file, 0);
		put32(&file, lengths[i]);
		put32(&file, lengths[i]);
		put_zeros(&file, 100);
		write_bytes("file", file.bytes, file.length);
		struct capture_file *reader = opened("file");
		struct capture_packet packet;
		assert_int_equal(capture_file_next(reader, &packet, &failure), CAPTURE_PACKET);
		assert_int_equal(capture_file_next(reader, &packet, &failure), CAPTURE_FAILED);
		assert_non_null(strstr(failure.text, "file: damaged at packet 2"));
		capture_file_close(reader);
	}
}

/* Longer than the window that slides over the file, with records as long as they may be. */
static void long_files_with_the_longest_records_are_read_to_their_end(void **state)
{
	(void)state;
	enum { PACKETS = 40, LONGEST = 262144 };
	char message[PCAP_ERRBUF_SIZE];
	pcap_t *dead = pcap_open_dead(DLT_EN10MB, LONGEST);
	pcap_dumper_t *writer = pcap_dump_open(dead, "long");
	uint8_t *bytes = malloc(LONGEST);
	uint64_t random = 1;
	for (unsigned i = 0; i < PACKETS; i++) {
		struct pcap_pkthdr head = {.ts = {START, i}, .len = LONGEST};
		head.caplen = i % 3 ? (unsigned)(next_number(&random) % LONGEST) : LONGEST;
		memset(bytes, (int)i, LONGEST);
		pcap_dump((u_char *)writer, &head, bytes);
	}
	pcap_dump_close(writer);
	pcap_close(dead);
	struct failure failure = {0};
	struct capture_file *file = opened("long");
	struct capture_packet packet;
	pcap_t *reader = pcap_open_offline("long", message);
	struct pcap_pkthdr *head;
	const u_char *expected;
	while (pcap_next_ex(reader, &head, &expected) == 1) {
		assert_int_equal(capture_file_next(file, &packet, &failure), CAPTURE_PACKET);
		assert_int_equal(packet.captured_length, head->caplen);
		assert_int_equal(packet.original_length, LONGEST);
		assert_int_equal(packet.time_us, head->ts.tv_sec * US + head->ts.tv_usec);
		assert_memory_equal(packet.bytes, expected, head->caplen);
	}
	assert_int_equal(capture_file_next(file, &packet, &failure), CAPTURE_END);
	pcap_close(reader);
	capture_file_close(file);
	free(bytes);
}

static void two_interfaces_with_their_own_links_and_clocks(void **state)
{
	(void)state;
	for (int little = 0; little < 2; little++) {
		struct octets file = {.little = little}, unknown = {.little = little};
		put32(&unknown, 0x12345678);
		put_zeros(&unknown, 400);
		put_section(&file);
		put_block(&file, 0x0bad, &unknown); /* a block type of somebody's own */
		put_interface(&file, 1, -1, 0);
		put_interface(&file, 113, 9, 0);
		put_enhanced(&file, 0, START * UINT64_C(1000000) + 1, payload, 60);
		put_block(&file, 4, &unknown); /* name resolution */
		put_enhanced(&file, 1, START * UINT64_C(1000000000) + 1999, payload, 61);
		put_simple(&file, payload, 62);
		put_old_packet(&file, 1, START * UINT64_C(1000000000) + 2000, payload, 63);
		put_interface(&file, 101, 0x80 + 10, 0); /* units of 1/1024 s */
		put_interface(&file, 276, 0, 3600);	 /* seconds, an hour later */
		put_interface(&file, 9, 6, -3600);
		put_enhanced(&file, 2, START * UINT64_C(1024) + 512, payload, 64);
		put_enhanced(&file, 3, START, payload, 0);
		put_enhanced(&file, 4, START * UINT64_C(1000000), payload, 1);
		write_bytes("file", file.bytes, file.length);
		assert_packets("file", "pcapng",
			       (struct expected[]){
				       {START * US + 1, 60, 1, true},
				       {START * US + 1, 61, 113, true},
				       {0, 62, 1, false},
				       {START * US + 2, 63, 113, true},
				       {START * US + 500000, 64, 101, true},
				       {(START + 3600) * US, 0, 276, true},
				       {(START - 3600) * US, 1, 9, true},
			       },
			       7);
	}
}

static void every_resolution_gives_the_same_time(void **state)
{
	(void)state;
	uint64_t units = 1;
	for (int exponent = 0; exponent <= 9; exponent++, units *= 10) {
		struct octets file = {.little = true};
		put_section(&file);
		put_interface(&file, 1, exponent, 0);
		put_enhanced(&file, 0, START * units, payload, 60);
		put_enhanced(&file, 0, START * units + units / 2, payload, 60);
		write_bytes("file", file.bytes, file.length);
		assert_packets(
			"file", "pcapng",
			(struct expected[]){{START * US, 60, 1, true},
					    {START * US + (exponent ? 500000 : 0), 60, 1, true}},
			2);
	}
	for (int exponent = 0; exponent <= 32; exponent++) {
		struct octets file = {.little = true};
		put_section(&file);
		put_interface(&file, 1, 0x80 + exponent, 0);
		put_enhanced(&file, 0, (uint64_t)START << exponent, payload, 60);
		write_bytes("file", file.bytes, file.length);
		assert_packets("file", "pcapng", (struct expected[]){{START * US, 60, 1, true}}, 1);
	}
}

static void a_new_section_has_its_own_interfaces_and_byte_order(void **state)
{
	(void)state;
	struct octets file = {.little = true}, second = {.little = false};
	put_section(&file);
	put_interface(&file, 1, -1, 0);
	put_enhanced(&file, 0, START * UINT64_C(1000000), payload, 60);
	put_section(&second);
	put_interface(&second, 101, 3, 0);
	put_enhanced(&second, 0, START * UINT64_C(1000) + 7, payload, 50);
	put_bytes(&file, second.bytes, second.length);
	write_bytes("file", file.bytes, file.length);
	assert_packets(
		"file", "pcapng",
		(struct expected[]){{START * US, 60, 1, true}, {START * US + 7000, 50, 101, true}},
		2);
}

static void a_pcapng_cut_anywhere_gives_the_packets_before_the_cut(void **state)
{
	(void)state;
	struct octets file = {.little = true};
	struct failure failure = {0};
	size_t ends[4], starts[4];
	put_section(&file);
	put_interface(&file, 1, 9, 0);
	for (size_t i = 0; i < 3; i++) {
		starts[i] = file.length;
		put_enhanced(&file, 0, i, payload, (uint32_t)(21 * i));
		ends[i] = file.length;
	}
	for (size_t cut = 0; cut <= file.length; cut++) {
		struct capture_file *reader;
		struct capture_packet packet;
		failure = (struct failure){0};
		write_bytes("cut", file.bytes, cut);
		if (capture_file_open(&reader, "cut", &failure) != 0) {
			assert_true(cut < starts[0]);
			assert_int_equal(failure.status, EXIT_FAILED);
			continue;
		}
		size_t packets = 0, whole = 0;
		for (size_t i = 0; i < 3; i++)
			whole += cut >= ends[i];
		enum capture_next next;
		while ((next = capture_file_next(reader, &packet, &failure)) == CAPTURE_PACKET)
			packets++;
		assert_int_equal(packets, whole);
		if (cut > starts[0])
			assert_int_equal(next == CAPTURE_END,
					 cut == ends[0] || cut == ends[1] || cut == ends[2]);
		assert_int_equal(next == CAPTURE_FAILED, failure.status == EXIT_FAILED);
		capture_file_close(reader);
	}
}

/* One byte of a good file changed to something it must not be. */
static void damaged_blocks_are_told_and_end_the_file(void **state)
{
	(void)state;
	static const struct {
		size_t from_packet; /* offset behind the begin of the packet block */
		uint32_t value;
		const char *said;
	} cases[] = {
		{4, 0, "impossible length"},
		{4, 11, "impossible length"},
		{4, 98, "impossible length"},
		{4, 0xfffffffc, "impossible length"},
		{8, 1, "an interface that was not described"},
		{8, 0xffffffff, "an interface that was not described"},
		{20, 1000, "longer than its block"},
		{20, 0xffffffff, "longer than its block"},
		{4, 24, "too short"},
	};
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct failure failure = {0};
		struct octets file = {.little = true};
		put_section(&file);
		put_interface(&file, 1, -1, 0);
		put_enhanced(&file, 0, 0, payload, 60);
		size_t start = file.length, end;
		put_enhanced(&file, 0, 0, payload, 60);
		end = file.length;
		file.length = start + cases[i].from_packet;
		put32(&file, cases[i].value);
		file.length = end;
		write_bytes("file", file.bytes, file.length);
		struct capture_file *reader = opened("file");
		struct capture_packet packet;
		assert_int_equal(capture_file_next(reader, &packet, &failure), CAPTURE_PACKET);
		assert_int_equal(capture_file_next(reader, &packet, &failure), CAPTURE_FAILED);
		if (!strstr(failure.text, cases[i].said))
			fail_msg("case %zu: %s", i, failure.text);
		capture_file_close(reader);
	}
}

static void an_impossible_clock_is_refused(void **state)
{
	(void)state;
	static const int resolutions[] = {19, 127, 0x80 + 63, 0xff};
	for (size_t i = 0; i < sizeof resolutions / sizeof resolutions[0]; i++) {
		struct failure failure = {0};
		struct octets file = {.little = true};
		put_section(&file);
		put_interface(&file, 1, resolutions[i], 0);
		put_enhanced(&file, 0, 0, payload, 60);
		write_bytes("file", file.bytes, file.length);
		struct capture_file *reader = opened("file");
		struct capture_packet packet;
		assert_int_equal(capture_file_next(reader, &packet, &failure), CAPTURE_FAILED);
		assert_non_null(strstr(failure.text, "clock resolution"));
		capture_file_close(reader);
	}
	/* The most distant times do not wrap. */
	struct octets file = {.little = true};
	struct failure failure = {0};
	put_section(&file);
	put_interface(&file, 1, 0, INT64_MAX);
	put_interface(&file, 1, 0, INT64_MIN);
	put_enhanced(&file, 0, UINT64_MAX, payload, 60);
	put_enhanced(&file, 1, 0, payload, 60);
	write_bytes("file", file.bytes, file.length);
	struct capture_file *reader = opened("file");
	struct capture_packet packet;
	assert_int_equal(capture_file_next(reader, &packet, &failure), CAPTURE_PACKET);
	assert_true(packet.time_us > 0);
	assert_int_equal(capture_file_next(reader, &packet, &failure), CAPTURE_PACKET);
	capture_file_close(reader);
}

static void more_interfaces_than_a_capture_has_are_refused(void **state)
{
	(void)state;
	static struct octets header, interface;
	struct failure failure = {0};
	header = interface = (struct octets){.little = true};
	put_section(&header);
	put_interface(&interface, 1, -1, 0);
	FILE *stream = fopen("file", "w");
	fwrite(header.bytes, 1, header.length, stream);
	for (int i = 0; i < 257; i++)
		fwrite(interface.bytes, 1, interface.length, stream);
	fclose(stream);
	struct capture_file *reader = opened("file");
	struct capture_packet packet;
	assert_int_equal(capture_file_next(reader, &packet, &failure), CAPTURE_FAILED);
	assert_non_null(strstr(failure.text, "file: more than 256 interfaces"));
	capture_file_close(reader);
}

static void what_is_no_capture_is_refused_by_name(void **state)
{
	(void)state;
	struct octets old = {.little = true}, future = {.little = true}, order = {.little = true};
	put_pcap_header(&old, PCAP_MICROSECONDS, 1);
	old.bytes[4] = 1;
	put_section(&future);
	future.bytes[12] = 2;
	put_section(&order);
	order.bytes[8] = 0;
	const struct {
		const void *bytes;
		size_t length;
		const char *said;
	} cases[] = {
		{"", 0, "file: empty"},
		{"\xd4\xc3", 2, "file: not a capture file"},
		{"GET / HTTP/1.0\r\n", 16, "file: not a capture file"},
		{old.bytes, old.length, "file: pcap version 1"},
		{future.bytes, future.length, "file: pcapng version 2"},
		{order.bytes, order.length, "without its byte-order mark"},
		{old.bytes, 20, "file: cut off inside the file header"},
	};
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct failure failure = {0};
		struct capture_file *file;
		write_bytes("file", cases[i].bytes, cases[i].length);
		assert_int_equal(capture_file_open(&file, "file", &failure), -1);
		assert_null(file);
		assert_int_equal(failure.status, EXIT_FAILED);
		if (!strstr(failure.text, cases[i].said))
			fail_msg("case %zu: %s", i, failure.text);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		in_workspace(pcap_of_every_magic_and_byte_order_is_read),
		in_workspace(the_link_type_is_what_libpcap_takes_it_for),
		in_workspace(a_pcap_cut_anywhere_gives_the_packets_before_the_cut),
		in_workspace(a_record_of_an_impossible_length_is_damage),
		in_workspace(long_files_with_the_longest_records_are_read_to_their_end),
		in_workspace(two_interfaces_with_their_own_links_and_clocks),
		in_workspace(every_resolution_gives_the_same_time),
		in_workspace(a_new_section_has_its_own_interfaces_and_byte_order),
		in_workspace(a_pcapng_cut_anywhere_gives_the_packets_before_the_cut),
		in_workspace(damaged_blocks_are_told_and_end_the_file),
		in_workspace(an_impossible_clock_is_refused),
		in_workspace(more_interfaces_than_a_capture_has_are_refused),
		in_workspace(what_is_no_capture_is_refused_by_name),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
