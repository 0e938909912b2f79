/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The data is a file: a log of any format, a capture, compressed or not. Alerts and what was
 * skipped make up what was read, and a failure names the file. */
#include "../../analysis/alerts/alert_input.h"

#include "../unit/captures.h"
#include "harness.h"

#include <string.h>

static void check_counts(const struct alert_input_counts *counts, uint64_t alerts)
{
	promise(counts->alerts == alerts && counts->time_unknown <= alerts);
	promise(counts->alerts + counts->skipped <= counts->lines);
	promise(counts->too_long <= counts->skipped && counts->shown <= ALERT_INPUT_SHOWN);
	for (size_t i = 0; i < counts->shown; i++) {
		const char *text = counts->show[i].text;
		promise(memchr(text, '\0', ALERT_INPUT_SHOWN_MAX + 1) != NULL);
		promise(counts->show[i].line >= 1 && counts->show[i].line <= counts->lines);
		for (; *text; text++)
			promise(*text >= ' ' && *text <= '~');
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct alert_input_request request = {.now = INT64_C(1800000000)};
	struct failure failure = {0};
	struct alert_input *input;
	struct alert alert;
	enum alert_next next = ALERT_FAILED;
	uint64_t alerts = 0;
	char path[64];
	int file = memory_file(data, size, path);
	if (alert_input_open(&input, path, &request, &failure) == 0) {
		while ((next = alert_input_next(input, &alert, &failure)) == ALERT_NEXT) {
			alerts++;
			promise(alert.repeats >= 1);
			promise(alert.destination_port >= -1 && alert.destination_port <= 65535);
		}
		check_counts(alert_input_counts(input), alerts);
		promise((*alert_input_format(input) != '\0') == (alerts > 0));
		alert_input_close(input);
	}
	if (next == ALERT_FAILED)
		promise(failure.status == EXIT_FAILED &&
			strncmp(failure.text, path, strlen(path)) == 0);
	close(file);
	return 0;
}

/* An IPv4 packet with a SYN. */
static void put_capture(struct octets *file, uint32_t magic)
{
	static const uint8_t packet[] = {0x45, 0,    0,	   40,	 0,    1, 0x40, 0, 57, 6,
					 0,    0,    198,  51,	 100,  7, 192,	0, 2,  1,
					 0x9c, 0x41, 0x12, 0x36, 0,    0, 0,	1, 0,  0,
					 0,    0,    0x50, 2,	 0x20, 0, 0,	0, 0,  0};
	put_pcap_header(file, magic, 101);
	put_pcap_record(file, magic, 1795694400, 5, packet, sizeof packet);
}

/* A log of Windows: UTF-16, the low octet first, after its mark. */
static void put_utf16(struct octets *file, const char *text)
{
	put_bytes(file, "\xff\xfe", 2);
	for (; *text; text++)
		put_bytes(file, (const char[]){*text, 0}, 2);
	put_bytes(file, "\x3d\xd8\x00\xde\x00\xd8", 6); /* a pair of surrogates, and half a pair */
}

bool fuzz_seed(unsigned number, struct octets *seed)
{
	static const char line[] =
		"Nov 26 12:00:00 gate kernel: DROP IN=eth0 OUT= SRC=198.51.100.7 DST=192.0.2.1 "
		"LEN=52 PROTO=TCP SPT=40001 DPT=4662\r\n\nlast message repeated 3 times\n\xff\x80\n"
		"time,src,dst,dport,proto\n1795694400,198.51.100.7,192.0.2.1,4662,tcp";
	*seed = (struct octets){0};
	switch (number) {
	case 0:
		put_bytes(seed, line, sizeof line - 1);
		return true;
	case 1:
		put_capture(seed, PCAP_MICROSECONDS);
		return true;
	case 2:
		seed->little = true;
		put_capture(seed, PCAP_NANOSECONDS);
		return true;
	case 3:
		put_utf16(seed, "2026-11-26 12:00:00 DROP TCP 198.51.100.7 192.0.2.1 40001 4662 "
				"52 S 1 0 8192 - - - RECEIVE\r\n");
		return true;
	default:
		return false;
	}
}
