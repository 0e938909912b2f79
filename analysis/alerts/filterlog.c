/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * filterlog: the comma-separated lines of OPNsense and pfSense, alone or behind a syslog header:
 *
 *   rule,subrule,anchor,tracker,interface,reason,action,direction,4,tos,ecn,ttl,id,offset,flags,
 *   6,tcp,length,source,destination,sport,dport,data,flags,sequence,ack,window,urgent,options
 *   ...,direction,6,class,flow,hop limit,tcp,6,length,source,destination,...
 *
 * docs.netgate.com/pfsense/en/latest/monitoring/logs/raw-filter-format.html */
#include "alert_format.h"
#include "alert_word.h"
#include "field.h"

#define VALUES 24

static const char *find_version(const char *at, const char *end, struct alert *alert)
{
	static const char *const marks[] = {",in,4,", ",in,6,", ",out,4,", ",out,6,"};
	for (size_t i = 0; i < sizeof marks / sizeof marks[0]; i++) {
		const char *found = find_letters(at, end, marks[i]);
		if (found) {
			alert->direction = i < 2 ? ALERT_INCOMING : ALERT_OUTGOING;
			return found;
		}
	}
	return NULL;
}

/* The value that ends at `comma`. */
static struct slice value_before(const char *begin, const char *comma)
{
	const char *at = comma;
	while (at > begin && at[-1] != ',')
		at--;
	return slice_between(at, comma);
}

static size_t split(const char *at, const char *end, struct slice value[VALUES])
{
	size_t count = 0;
	while (at <= end && count < VALUES) {
		const char *comma = memchr(at, ',', (size_t)(end - at));
		if (!comma)
			comma = end;
		value[count++] = slice_between(at, comma);
		at = comma + 1;
	}
	return count;
}

static void set_number(struct slice value, uint32_t limit, int32_t *field)
{
	uint32_t number;
	if (slice_number(value, limit, &number))
		*field = (int32_t)number;
}

/* Behind the addresses. */
static void read_transport(const struct slice *value, size_t count, struct alert *alert)
{
	uint32_t sequence;
	if (alert->protocol != 6 && alert->protocol != 17)
		return;
	if (count > 1) {
		set_number(value[0], 65535, &alert->source_port);
		set_number(value[1], 65535, &alert->destination_port);
	}
	if (alert->protocol != 6 || count < 7)
		return;
	alert_word_flags(value[3], &alert->tcp_flags);
	/* "1:420" where the segment has data. */
	if (scan_number(value[4].text, value[4].text + value[4].length, UINT32_MAX, &sequence))
		alert->tcp_sequence = sequence;
	set_number(value[6], 65535, &alert->tcp_window);
}

/* Of IPv6 the name stands before the number, or behind it. */
static bool read_protocol(const struct slice *value, bool four, uint8_t *protocol)
{
	return alert_word_protocol(value[four ? 6 : 3], protocol) ||
	       (!four && alert_word_protocol(value[4], protocol));
}

enum alert_format filterlog_read(const struct log_line *line, struct alert *alert)
{
	struct slice value[VALUES];
	const char *mark = find_version(line->body, line->end, alert);
	if (!mark)
		return FORMAT_NONE;
	alert->action = alert_word_action(value_before(line->body, mark));
	const char *version = memchr(mark + 1, ',', (size_t)(line->end - mark - 1));
	bool four = version[1] == '4';
	size_t count = split(version + 3, line->end, value);
	size_t source = four ? 9 : 6;
	if (count < source + 2)
		return FORMAT_NONE;
	if (!slice_address(value[source], &alert->source) ||
	    !slice_address(value[source + 1], &alert->destination) ||
	    !read_protocol(value, four, &alert->protocol))
		return FORMAT_NONE;
	set_number(value[2], 255, &alert->time_to_live);
	set_number(value[source - 1], 65535, &alert->length);
	/* Of IPv6 it is the payload's. */
	if (!four && alert->length != ALERT_UNKNOWN)
		alert->length += 40;
	read_transport(value + source + 2, count - source - 2, alert);
	return FORMAT_FILTERLOG;
}
