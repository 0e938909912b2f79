/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * row: rows without names, of which two orders are told apart by where the numbers stand:
 *
 *   LOUT|UDP|eth0|198.51.100.7|4000|00:00:5e:00:53:01|192.0.2.1|53|domain|     address and port
 *   INFO TCP 198.51.100.7 4000 192.0.2.1 80 ALLOW                              twice: Barracuda
 *   2026-11-26 12:00:00 DROP TCP 198.51.100.7 192.0.2.1 4000 22 60 S 1 0 512   addresses, then
 *   2 123456789012 eni-1 198.51.100.7 192.0.2.1 4000 22 6 1 60 ... REJECT OK   ports: Windows, VPC
 */
#include "alert_format.h"
#include "alert_word.h"
#include "field.h"
#include "signature.h"

#define CELLS 48

struct row {
	struct slice cell[CELLS];
	size_t cells;
};

static void split(struct row *row, const char *at, const char *end, char separator)
{
	row->cells = 0;
	while (at < end && row->cells < CELLS) {
		const char *behind = memchr(at, separator, (size_t)(end - at));
		if (!behind)
			behind = end;
		row->cell[row->cells++] = slice_trimmed(slice_between(at, behind));
		at = behind + 1;
		while (separator == ' ' && at < end && *at == ' ')
			at++;
	}
}

static bool port_of(const struct row *row, size_t cell, int32_t *port)
{
	uint32_t number;
	if (cell >= row->cells || !slice_number(row->cell[cell], 65535, &number))
		return false;
	*port = (int32_t)number;
	return true;
}

/* The first two addresses of which ports stand beside or behind: the cell behind all four. */
static size_t find_pair(const struct row *row, struct alert *alert)
{
	for (size_t first = 0; first + 3 < row->cells; first++) {
		size_t second = first + 1;
		if (!slice_address(row->cell[first], &alert->source))
			continue;
		if (slice_address(row->cell[second], &alert->destination)) {
			if (port_of(row, second + 1, &alert->source_port) &&
			    port_of(row, second + 2, &alert->destination_port))
				return second + 3;
			continue;
		}
		if (!port_of(row, first + 1, &alert->source_port))
			continue;
		for (second = first + 2; second < first + 4 && second + 1 < row->cells; second++)
			if (slice_address(row->cell[second], &alert->destination) &&
			    port_of(row, second + 1, &alert->destination_port))
				return second + 2;
	}
	return 0;
}

/* A word anywhere, or a number behind the ports as flow records have it. */
static bool find_protocol(const struct row *row, size_t behind, uint8_t *protocol)
{
	uint32_t number;
	for (size_t i = 0; i < row->cells; i++)
		if (row->cell[i].length && is_letter(*row->cell[i].text) &&
		    alert_word_protocol(row->cell[i], protocol))
			return true;
	if (behind < row->cells && slice_number(row->cell[behind], 255, &number) &&
	    (number == 6 || number == 17)) {
		*protocol = (uint8_t)number;
		return true;
	}
	return false;
}

/* Of ICMP type and code stand where others have ports. */
static void no_ports_of_icmp(struct alert *alert)
{
	if (alert->protocol != 1 && alert->protocol != 58)
		return;
	if (alert->source_port < 256)
		alert->icmp_type = alert->source_port;
	alert->source_port = alert->destination_port = ALERT_UNKNOWN;
}

static void find_action(const struct row *row, const struct log_line *line, struct alert *alert)
{
	for (size_t i = 0; i < row->cells && alert->action == ALERT_ACTION_UNKNOWN; i++)
		alert->action = alert_word_action(row->cell[i]);
	if (alert->action == ALERT_ACTION_UNKNOWN)
		alert->action = alert_word_action_within(line->body, line->end);
}

/* Behind the ports pfirewall.log has the size, the flags, the sequence number and more, and as the
 * ninth the path; newer versions add the process. */
static enum alert_format read_windows(const struct row *row, size_t behind, struct alert *alert)
{
	uint32_t number;
	const struct slice *cell = row->cell + behind;
	if (row->cells < behind + 9)
		return FORMAT_ROW;
	if (slice_is(cell[8], "RECEIVE"))
		alert->direction = ALERT_INCOMING;
	else if (slice_is(cell[8], "SEND"))
		alert->direction = ALERT_OUTGOING;
	else if (!slice_is(cell[8], "FORWARD") && !slice_is(cell[8], "-"))
		return FORMAT_ROW;
	if (slice_number(cell[0], 65535, &number))
		alert->length = (int32_t)number;
	alert_word_flags(cell[1], &alert->tcp_flags);
	if (alert->protocol == 6 && slice_number(cell[2], UINT32_MAX, &number))
		alert->tcp_sequence = number;
	return FORMAT_WINDOWS;
}

enum alert_format row_read(const struct log_line *line, struct alert *alert)
{
	static const char separators[] = {'|', ' ', ',', ';', '\t'};
	struct row row;
	for (size_t i = 0; i < sizeof separators; i++) {
		size_t length = (size_t)(line->end - line->begin);
		if (!memchr(line->begin, separators[i], length))
			continue;
		split(&row, line->begin, line->end, separators[i]);
		size_t behind = find_pair(&row, alert);
		if (!behind || !find_protocol(&row, behind, &alert->protocol))
			continue;
		no_ports_of_icmp(alert);
		find_action(&row, line, alert);
		if (separators[i] == ' ')
			return read_windows(&row, behind, alert);
		return separators[i] == '|' ? FORMAT_BARRACUDA : FORMAT_ROW;
	}
	return FORMAT_NONE;
}
