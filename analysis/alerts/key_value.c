/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * key_value: lines of named values, in any order, as most makers write them:
 *
 *   srcip=198.51.100.7 srcport=4000 dstip=192.0.2.1 dstport=22 proto=6 action="deny"   Fortigate
 *   src=198.51.100.7:4000:WAN dst=192.0.2.1:22:LAN proto=tcp/22                        SonicWall
 *   CEF:0|maker|...|src=198.51.100.7 spt=4000 dst=192.0.2.1 dpt=22 proto=TCP act=drop  CEF, LEEF
 *   [action:"Drop"; src:"198.51.100.7"; s_port:"4000"; dst:"192.0.2.1"; service:"22"]  Check Point
 *   source-address="198.51.100.7" destination-port="22"                                Juniper
 *   SrcIP: 198.51.100.7, DstIP: 192.0.2.1, SrcPort: 4000, DstPort: 22, Protocol: tcp   Cisco
 *   P:6(TCP) SRC:198.51.100.7 DST:192.0.2.1 SPORT:4000 DPORT:22(ssh)                   NEC
 *   {"src_ip":"198.51.100.7","dest_port":22}                                           JSON
 *
 * What the names mean stands in alert_role.c. */
#include "alert_format.h"
#include "alert_word.h"
#include "field.h"
#include "signature.h"

struct scan {
	const char *at, *end;
	bool into_quotes; /* quoted text is looked through as well, not only taken as a value */
};

static bool is_name(char character)
{
	return is_letter(character) || is_digit(character) || character == '_' ||
	       character == '-' || character == '.' || character == '@';
}

/* A quote, also one that an envelope of JSON has escaped: its length, or 0. */
static size_t quote_at(const char *at, const char *end)
{
	if (at < end && (*at == '"' || *at == '\''))
		return 1;
	return end - at > 1 && at[0] == '\\' && at[1] == '"' ? 2 : 0;
}

static const char *find_quote(const char *at, const char *end, const char *quote, size_t length)
{
	while (at < end) {
		const char *found = memchr(at, quote[length - 1], (size_t)(end - at));
		if (!found)
			return NULL;
		if (length == 1 && found > at && found[-1] == '\\') {
			at = found + 1;
			continue;
		}
		if (length == 1)
			return found;
		if (found > at && found[-1] == '\\')
			return found - 1;
		at = found + 1;
	}
	return NULL;
}

/* As rsyslog writes a tab of LEEF unless told otherwise. */
static bool is_escaped_tab(const char *at, const char *end)
{
	return *at == '#' && begins_with(at, end, "#011");
}

/* Ends an unquoted value; ':' does not, because of IPv6 addresses and of ports. */
static bool ends_value(char character)
{
	return memchr(" \t,;|]}\"'\\", character, 10) != NULL;
}

static struct slice take_value(struct scan *scan, char separator)
{
	const char *at = scan->at, *end = scan->end;
	while (at < end && *at == ' ' && (separator == ':' || at == scan->at))
		at++;
	size_t quote = quote_at(at, end);
	if (quote) {
		const char *begin = at + quote, *close = find_quote(begin, end, at, quote);
		if (close) {
			scan->at = scan->into_quotes ? begin : close + quote;
			return slice_between(begin, close);
		}
		at = begin;
	}
	const char *begin = at;
	while (at < end && !ends_value(*at) && !is_escaped_tab(at, end))
		at++;
	/* "%FTD-1-430005: SrcIP: 198.51.100.7": SrcIP is the next name, not a value. */
	if (separator == ':' && at > begin && at[-1] == ':')
		at = begin;
	scan->at = at > begin ? at : scan->at;
	return slice_between(begin, at);
}

/* The next name that is followed by '=' or ':', and its value. */
static bool next_pair(struct scan *scan, struct slice *name, struct slice *value)
{
	while (scan->at < scan->end) {
		const char *begin = scan->at;
		while (begin < scan->end && !is_name(*begin))
			begin += is_escaped_tab(begin, scan->end) ? 4 : 1;
		const char *behind = begin;
		while (behind < scan->end && is_name(*behind))
			behind++;
		*name = slice_between(begin, behind);
		behind += quote_at(behind, scan->end);
		if (behind < scan->end && *behind == ' ')
			behind++;
		scan->at = behind;
		if (behind == scan->end || (*behind != '=' && *behind != ':'))
			continue;
		const char *separator = behind;
		scan->at = behind + 1;
		/* "a::b" and "ike::" name nothing, and in "10:59:24" 10 is no name. */
		if (is_digit(*begin) ||
		    (*separator == ':' && scan->at < scan->end && *scan->at == ':'))
			continue;
		*value = take_value(scan, *separator);
		return true;
	}
	return false;
}

static bool read_pairs(const struct log_line *line, bool into_quotes, struct alert *alert)
{
	struct scan scan = {line->begin, line->end, into_quotes};
	struct alert_draft draft = {.alert = alert};
	struct slice name, value;
	while (next_pair(&scan, &name, &value)) {
		enum alert_role role = alert_role_of(name);
		if (role != ROLE_NONE)
			alert_draft_take(&draft, role, value);
	}
	return alert_draft_end(&draft, line->clock);
}

/* Only CEF counts equal events; elsewhere such a number is of a session's packets, or a serial. */
static bool tells_repeats(const struct log_line *line, enum alert_format format)
{
	return (format == FORMAT_CEF || format == FORMAT_UNIFI) &&
	       !find_letters(line->begin, line->end, "|SonicWall|");
}

/* What has no action of its own tells it in words: msg="TCP connection dropped". */
static void judge_words(const struct log_line *line, struct alert *alert)
{
	if (alert->action == ALERT_ACTION_UNKNOWN)
		alert->action = alert_word_action_within(line->body, line->end);
}

enum alert_format key_value_read(const struct log_line *line, struct alert *alert)
{
	int64_t time_us = alert->time_us;
	size_t length = (size_t)(line->end - line->begin);
	if (!memchr(line->begin, '=', length) && !memchr(line->begin, ':', length))
		return FORMAT_NONE;
	if (!read_pairs(line, false, alert)) {
		if (!memchr(line->begin, '"', length))
			return FORMAT_NONE;
		alert_clear(alert);
		alert->time_us = time_us;
		if (!read_pairs(line, true, alert))
			return FORMAT_NONE;
	}
	judge_words(line, alert);
	bool object = *line->begin == '{';
	enum alert_format format =
		signature_of(line->begin, line->end, object ? FORMAT_JSON : FORMAT_KEY_VALUE);
	if (!tells_repeats(line, format))
		alert->repeats = 1;
	return format;
}
