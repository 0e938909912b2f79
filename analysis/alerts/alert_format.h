/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * alert_format: the formats of logs: a function for each grammar, which reads one line. */
#ifndef STALENODE_ALERT_FORMAT_H
#define STALENODE_ALERT_FORMAT_H

#include "alert.h"
#include "column.h"
#include "log_time.h"

enum alert_format {
	FORMAT_NONE,
	FORMAT_BARRACUDA,
	FORMAT_CEF,
	FORMAT_CHECK_POINT,
	FORMAT_CISCO_ASA,
	FORMAT_CISCO_FTD,
	FORMAT_CISCO_IOS,
	FORMAT_CSV,
	FORMAT_FILTERLOG,
	FORMAT_FORTIGATE,
	FORMAT_JSON,
	FORMAT_JUNIPER,
	FORMAT_KEY_VALUE,
	FORMAT_LEEF,
	FORMAT_MIKROTIK,
	FORMAT_NEC,
	FORMAT_NETFILTER,
	FORMAT_NETSCREEN,
	FORMAT_PALO_ALTO,
	FORMAT_PCAP,
	FORMAT_PCAPNG,
	FORMAT_PF,
	FORMAT_ROW,
	FORMAT_SENTENCE,
	FORMAT_SHOREWALL,
	FORMAT_SONICWALL,
	FORMAT_SOPHOS,
	FORMAT_STORMSHIELD,
	FORMAT_UFW,
	FORMAT_UNIFI,
	FORMAT_WINDOWS,
	FORMAT_YAMAHA,
	ALERT_FORMATS,
};

/* "ufw", "netfilter", ...; "" for FORMAT_NONE. */
const char *alert_format_name(enum alert_format format);

/* A line, and what was learnt from the lines before it. */
struct log_line {
	const char *begin, *end;
	const char *body; /* behind its time; begin where it has none */
	struct log_clock *clock;
	struct column_map *columns; /* of the last header line; none before any */
};

/* The alert of a line of that grammar; FORMAT_NONE when the line is of another, or has not both
 * addresses. *alert comes cleared, with the line's time; behind FORMAT_NONE it may be anything. */
typedef enum alert_format (*alert_reader)(const struct log_line *line, struct alert *alert);

enum alert_format netfilter_read(const struct log_line *line, struct alert *alert);
enum alert_format filterlog_read(const struct log_line *line, struct alert *alert);
enum alert_format palo_alto_read(const struct log_line *line, struct alert *alert);
enum alert_format key_value_read(const struct log_line *line, struct alert *alert);
enum alert_format column_read(const struct log_line *line, struct alert *alert);
enum alert_format sentence_read(const struct log_line *line, struct alert *alert);
enum alert_format row_read(const struct log_line *line, struct alert *alert);

#endif
