/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "alert_line.h"

#include "field.h"

static const char *const names[ALERT_FORMATS] = {
	[FORMAT_NONE] = "",
	[FORMAT_BARRACUDA] = "barracuda",
	[FORMAT_CEF] = "cef",
	[FORMAT_CHECK_POINT] = "check-point",
	[FORMAT_CISCO_ASA] = "cisco-asa",
	[FORMAT_CISCO_FTD] = "cisco-ftd",
	[FORMAT_CISCO_IOS] = "cisco-ios",
	[FORMAT_CSV] = "csv",
	[FORMAT_FILTERLOG] = "filterlog",
	[FORMAT_FORTIGATE] = "fortigate",
	[FORMAT_JSON] = "json",
	[FORMAT_JUNIPER] = "juniper",
	[FORMAT_KEY_VALUE] = "key-value",
	[FORMAT_LEEF] = "leef",
	[FORMAT_MIKROTIK] = "mikrotik",
	[FORMAT_NEC] = "nec",
	[FORMAT_NETFILTER] = "netfilter",
	[FORMAT_NETSCREEN] = "netscreen",
	[FORMAT_PALO_ALTO] = "palo-alto",
	[FORMAT_PCAP] = "pcap",
	[FORMAT_PCAPNG] = "pcapng",
	[FORMAT_PF] = "pf",
	[FORMAT_ROW] = "row",
	[FORMAT_SENTENCE] = "sentence",
	[FORMAT_SHOREWALL] = "shorewall",
	[FORMAT_SONICWALL] = "sonicwall",
	[FORMAT_SOPHOS] = "sophos",
	[FORMAT_STORMSHIELD] = "stormshield",
	[FORMAT_UFW] = "ufw",
	[FORMAT_UNIFI] = "unifi",
	[FORMAT_WINDOWS] = "windows",
	[FORMAT_YAMAHA] = "yamaha",
};

/* Those that need more of a line before those that need less. */
static const alert_reader readers[] = {netfilter_read, filterlog_read, palo_alto_read,
				       key_value_read, column_read,    sentence_read,
				       row_read};

#define READERS (sizeof readers / sizeof readers[0])

const char *alert_format_name(enum alert_format format)
{
	return names[format];
}

/* Syslog folds equal lines: "last message repeated 3 times", and rsyslog writes "message repeated 3
 * times: [ the line]". */
static uint32_t times_repeated(const struct log_line *line)
{
	uint32_t number;
	const char *found = find_letters(line->body, line->end, "message repeated ");
	if (!found)
		return 0;
	found = scan_number(found + strlen("message repeated "), line->end, 1000000000, &number);
	return found && begins_with(found, line->end, " time") ? number : 0;
}

static bool may_be_folded(const struct log_line *line)
{
	const char *end = line->end;
	while (end > line->body && end[-1] == ' ')
		end--;
	return end > line->body && end[-1] == ']';
}

static enum alert_format try_readers(struct alert_lines *lines, const struct log_line *line,
				     int64_t time_us, struct alert *alert)
{
	for (size_t i = 0; i < READERS; i++) {
		/* The last one, then all the others in their order. */
		size_t reader = i == 0 ? lines->last_reader : i <= lines->last_reader ? i - 1 : i;
		alert_clear(alert);
		alert->time_us = time_us;
		enum alert_format format = readers[reader](line, alert);
		if (format != FORMAT_NONE) {
			lines->last_reader = reader;
			return format;
		}
	}
	return FORMAT_NONE;
}

/* A SYN carries no data (but for TCP Fast Open), so its length tells that of its options. */
static void derive_options(struct alert *alert)
{
	int32_t headers = address_is_ipv4(&alert->destination) ? 40 : 60;
	if (alert->protocol == 6 && alert->tcp_flags != ALERT_UNKNOWN &&
	    (alert->tcp_flags & 0x17) == 0x02 && alert->tcp_options_length == ALERT_UNKNOWN &&
	    alert->length >= headers && alert->length <= headers + 40)
		alert->tcp_options_length = alert->length - headers;
}

static bool is_empty(const char *at, const char *end)
{
	while (at < end && (*at == ' ' || *at == '\t' || *at == '\r'))
		at++;
	return at == end || *at == '#';
}

/* The line before, which this one says came again. */
static enum alert_line repeat_last(struct alert_lines *lines, const struct log_line *line,
				   int64_t time_us, struct alert *alert, enum alert_format *format)
{
	uint32_t repeats = lines->last_format == FORMAT_NONE ? 0 : times_repeated(line);
	/* Stays on: syslog says so again after 30 seconds, 2 minutes, 10 minutes. */
	*format = lines->last_format = repeats ? lines->last_format : FORMAT_NONE;
	if (!repeats)
		return ALERT_LINE_UNKNOWN;
	*alert = lines->last;
	alert->repeats = repeats;
	alert->time_us = time_us;
	return ALERT_LINE;
}

enum alert_line alert_line_read(struct alert_lines *lines, const char *begin, const char *end,
				struct alert *alert, enum alert_format *format)
{
	if (end > begin && end[-1] == '\r')
		end--;
	struct log_line line = {begin, end, begin, &lines->clock, &lines->columns};
	if (is_empty(begin, end)) {
		column_header(&lines->columns, begin, end); /* "#Fields:" */
		return ALERT_LINE_EMPTY;
	}
	int64_t time_us;
	line.body = log_time_of_line(&lines->clock, begin, end, &time_us);
	*format = try_readers(lines, &line, time_us, alert);
	if (*format == FORMAT_NONE) {
		/* A header has no addresses, so no reader takes it. */
		if (column_header(&lines->columns, begin, end))
			return ALERT_LINE_EMPTY;
		return repeat_last(lines, &line, time_us, alert, format);
	}
	derive_options(alert);
	if (*format != FORMAT_CSV && may_be_folded(&line)) {
		uint32_t repeats = times_repeated(&line);
		if (repeats)
			alert->repeats = repeats;
	}
	lines->last = *alert;
	lines->last_format = *format;
	return ALERT_LINE;
}
