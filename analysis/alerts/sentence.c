/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * sentence: lines that tell of two endpoints in words:
 *
 *   Deny tcp src outside:198.51.100.7/4000 dst inside:192.0.2.1/22              Cisco ASA, FTD
 *   list 102 denied tcp 198.51.100.7(4000) -> 192.0.2.1(22), 1 packet           Cisco IOS
 *   session denied 198.51.100.7/4000->192.0.2.1/22 junos-ssh 6(0) policy        Juniper
 *   proto TCP (SYN), 198.51.100.7:4000->192.0.2.1:22, len 60                    MikroTik
 *   PP[01] Rejected at IN(2000) filter: TCP 198.51.100.7:4000 > 192.0.2.1:22    Yamaha RTX
 *   block in on em0: 198.51.100.7.4000 > 192.0.2.1.22: Flags [S]                OpenBSD pf
 *   TCP connection denied from 198.51.100.7:4000 to 192.0.2.1:22                home routers
 *
 * The source stands before an arrow, "to" or "dst", the destination behind it. */
#include "alert_format.h"
#include "alert_word.h"
#include "endpoint.h"
#include "signature.h"

/* Two endpoints further apart do not belong together. */
#define CONNECTOR_MAX 96

struct sentence {
	struct endpoint source, destination;
	const char *begin, *end;
};

static bool connects(const char *at, const char *end)
{
	static const char *const words[] = {"->", " > ", "=>", " to ", " to/", " dst ", " > ["};
	if (end - at > CONNECTOR_MAX)
		return false;
	for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
		if (find_letters(at, end, words[i]))
			return true;
	return false;
}

/* "inside:10.0.0.1/22 (192.0.2.1/22) to": what is in parentheses is the same after translation. */
static bool find_pair(struct sentence *sentence)
{
	struct endpoint left, next;
	const char *line = sentence->begin, *end = sentence->end;
	if (!endpoint_next(line, line, end, &left))
		return false;
	sentence->source = left;
	while (endpoint_next(left.behind, line, end, &next)) {
		const char *before = next.begin;
		if (connects(left.behind, before)) {
			sentence->destination = next;
			return true;
		}
		if (before[-1] != '(' || before - left.behind > 3)
			sentence->source = next;
		left = next;
	}
	return false;
}

static bool is_word(char character)
{
	return is_letter(character) || is_digit(character) || character == '-';
}

/* The protocol that the text names last, "protocol 47" included. */
static bool last_protocol(const char *begin, const char *end, uint8_t *protocol)
{
	bool found = false;
	while (begin < end) {
		while (begin < end && !is_word(*begin))
			begin++;
		const char *behind = begin;
		while (behind < end && is_word(*behind))
			behind++;
		struct slice word = slice_between(begin, behind);
		if (slice_is_any_case(word, "protocol") && end - behind > 1 &&
		    is_digit(behind[1])) {
			uint32_t number;
			if (scan_number(behind + 1, end, 255, &number)) {
				*protocol = (uint8_t)number;
				found = true;
			}
		} else if (word.length > 1 && is_letter(*begin) &&
			   alert_word_protocol(word, protocol)) {
			found = true;
		}
		begin = behind;
	}
	return found;
}

/* RT_FLOW has its protocol as a number: behind the service "17(0)", or alone before the policy. */
static bool juniper_protocol(const char *at, const char *end, uint8_t *protocol)
{
	for (const char *word = at; word < end; word++) {
		uint32_t number;
		if (!is_digit(*word) || word == at || word[-1] != ' ')
			continue;
		const char *behind = scan_number(word, end, 255, &number);
		if (!behind || behind == end || (*behind != ' ' && *behind != '('))
			continue;
		*protocol = (uint8_t)number;
		return true;
	}
	return false;
}

/* Alaxala's access lists: "denied:6 198.51.100.7(4000) ->", also "denied:(VLAN)6 ...". */
static bool number_before(const struct sentence *sentence, uint8_t *protocol)
{
	uint32_t number;
	const char *end = sentence->source.begin, *at;
	if (end - sentence->begin < 3 || end[-1] != ' ')
		return false;
	for (at = end - 1; at > sentence->begin && is_digit(at[-1]); at--)
		;
	if (at == sentence->begin || (at[-1] != ':' && at[-1] != ')') ||
	    !slice_number(slice_between(at, end - 1), 255, &number))
		return false;
	*protocol = (uint8_t)number;
	return true;
}

static bool find_protocol(const struct sentence *sentence, enum alert_format format,
			  uint8_t *protocol)
{
	const char *behind = sentence->destination.behind;
	if (last_protocol(sentence->begin, sentence->source.begin, protocol) ||
	    number_before(sentence, protocol))
		return true;
	if (format == FORMAT_JUNIPER && juniper_protocol(behind, sentence->end, protocol))
		return true;
	const char *near = sentence->end - behind > 160 ? behind + 160 : sentence->end;
	return last_protocol(behind, near, protocol);
}

/* The flags that stand as words until one that is none: "SYN ACK on interface". */
static void flag_words_at(const char *at, const char *end, struct alert *alert)
{
	int32_t flags = 0, one;
	for (; end - at >= 3 && alert_word_flags(slice_between(at, at + 3), &one); at++) {
		flags |= one;
		at += 3;
		if (at == end || *at != ' ')
			break;
	}
	if (flags)
		alert->tcp_flags = flags;
}

/* The flags from `at` up to the character `until`; tcpdump's dot is an ACK. */
static void flags_until(const char *at, const char *end, char until, struct alert *alert)
{
	const char *behind = memchr(at, until, (size_t)(end - at));
	int32_t flags = 0;
	if (!behind || behind == at)
		return;
	bool dot = behind[-1] == '.';
	struct slice letters = slice_between(at, behind - dot);
	if (letters.length ? alert_word_flags(letters, &flags) : dot)
		alert->tcp_flags = flags | (dot ? FLAG_ACK : 0);
}

/* "flags SYN ACK on", "Flags [S.]", ": S 1:1(0) win 512", "proto TCP (SYN,ACK)". */
static void find_flags(const struct sentence *sentence, enum alert_format format,
		       struct alert *alert)
{
	const char *begin = sentence->begin, *end = sentence->end, *found;
	if ((found = find_letters(begin, end, "Flags [")) != NULL)
		flags_until(found + 7, end, ']', alert);
	else if ((found = find_letters(begin, end, " flags ")) != NULL)
		/* Before the next: "Deny TCP (no connection) from ... flags SYN ACK". */
		flag_words_at(found + 7, end, alert);
	else if ((found = find_letters(begin, end, " TCP (")) != NULL)
		flags_until(found + 6, end, ')', alert);
	else if (format == FORMAT_PF && begins_with(sentence->destination.behind, end, ": "))
		flags_until(sentence->destination.behind + 2, end, ' ', alert);
}

static bool says(const struct sentence *sentence, const char *letters)
{
	return find_letters(sentence->begin, sentence->end, letters) != NULL;
}

static void find_direction(const struct sentence *sentence, struct alert *alert)
{
	static const struct {
		const char *letters;
		enum alert_direction direction;
	} words[] = {{"nbound ", ALERT_INCOMING},     {" in on ", ALERT_INCOMING},
		     {" out on ", ALERT_OUTGOING},    {"[in]", ALERT_INCOMING},
		     {"[out]", ALERT_OUTGOING},	      {" at IN(", ALERT_INCOMING},
		     {" at OUT(", ALERT_OUTGOING},    {"utbound ", ALERT_OUTGOING},
		     {" forward: ", ALERT_FORWARDED}, {" input: ", ALERT_INCOMING},
		     {" output: ", ALERT_OUTGOING}};
	for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
		if (says(sentence, words[i].letters)) {
			alert->direction = words[i].direction;
			return;
		}
}

/* "Built outbound TCP connection 9 for outside:peer/22 to inside:own/4000": the peer stands first
 * whoever began. */
static bool told_backwards(const struct sentence *sentence)
{
	return says(sentence, "Built outbound ");
}

/* ", 3 packets", "Occurred 3 times", "hit-cnt 3 ". */
static void find_repeats(const struct sentence *sentence, struct alert *alert)
{
	const char *at = sentence->destination.behind, *end = sentence->end;
	uint32_t number;
	const char *found = find_letters(at, end, "hit-cnt ");
	if (found && scan_number(found + 8, end, 1000000000, &number) && number > 0) {
		alert->repeats = number;
		return;
	}
	found = find_letters(at, end, "Occurred ");
	found = found ? found + 9 : begins_with(at, end, ", ") ? at + 2 : NULL;
	if (!found)
		return;
	const char *behind = scan_number(found, end, 1000000000, &number);
	if (behind && number > 0 &&
	    (begins_with(behind, end, " packet") || begins_with(behind, end, " times")))
		alert->repeats = number;
}

static void find_length(const struct sentence *sentence, enum alert_format format,
			struct alert *alert)
{
	const char *behind = sentence->destination.behind;
	uint32_t number;
	/* "length 0" of tcpdump is the segment's. */
	if (format == FORMAT_MIKROTIK && begins_with(behind, sentence->end, ", len ") &&
	    scan_number(behind + 6, sentence->end, 65535, &number))
		alert->length = (int32_t)number;
	const char *ttl = find_letters(sentence->begin, sentence->end, "ttl ");
	if (ttl && scan_number(ttl + 4, sentence->end, 255, &number))
		alert->time_to_live = (int32_t)number;
}

/* Where the words begin: behind the header of a relay, and behind Cisco's "%ASA-4-106023:". */
static const char *message_of(const struct log_line *line, const struct sentence *sentence)
{
	size_t length = (size_t)(line->end - line->begin);
	const char *sign = memchr(line->begin, '%', length);
	if (sign && sign < sentence->source.begin && sign + 1 < line->end && is_letter(sign[1]))
		return sign;
	return line->body < sentence->source.begin ? line->body : line->begin;
}

/* Of several words before the endpoints the last: a header or the name of a list may hold others.
 */
static void find_action(const char *at, const struct sentence *sentence, struct alert *alert)
{
	const char *source = sentence->source.begin < sentence->destination.begin
				     ? sentence->source.begin
				     : sentence->destination.begin;
	for (const char *begin = at; at < source; at++) {
		if (!is_letter(*at) || (at > begin && is_letter(at[-1])))
			continue;
		enum alert_action action = alert_word_action(slice_between(at, source));
		if (action != ALERT_ACTION_UNKNOWN)
			alert->action = action;
	}
	if (alert->action == ALERT_ACTION_UNKNOWN)
		alert->action = alert_word_action_within(source, sentence->end);
}

static void set_ports(const struct sentence *sentence, struct alert *alert)
{
	if (alert->protocol == 1 || alert->protocol == 58)
		return; /* Cisco writes type and identifier there */
	alert->source_port = sentence->source.port;
	alert->destination_port = sentence->destination.port;
}

enum alert_format sentence_read(const struct log_line *line, struct alert *alert)
{
	struct sentence sentence = {.begin = line->begin, .end = line->end};
	if (!find_pair(&sentence))
		return FORMAT_NONE;
	enum alert_format format = signature_of(line->begin, line->end, FORMAT_SENTENCE);
	bool protocol = find_protocol(&sentence, format, &alert->protocol);
	find_flags(&sentence, format, alert);
	if (!protocol && alert->tcp_flags != ALERT_UNKNOWN) {
		alert->protocol = 6;
		protocol = true;
	}
	/* Without any of these it may be talk of anything. */
	if (!protocol && (sentence.source.port < 0 || sentence.destination.port < 0) &&
	    !says(&sentence, " ports "))
		return FORMAT_NONE;
	if (!protocol)
		alert->protocol = ALERT_PROTOCOL_UNKNOWN;
	find_direction(&sentence, alert);
	if (told_backwards(&sentence)) {
		struct endpoint peer = sentence.source;
		sentence.source = sentence.destination;
		sentence.destination = peer;
	}
	alert->source = sentence.source.address;
	alert->destination = sentence.destination.address;
	set_ports(&sentence, alert);
	find_action(message_of(line, &sentence), &sentence, alert);
	find_repeats(&sentence, alert);
	find_length(&sentence, format, alert);
	return format;
}
