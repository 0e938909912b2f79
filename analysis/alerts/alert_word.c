/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "alert_word.h"

static const struct {
	const char *word;
	uint8_t number;
} protocols[] = {{"tcp", 6},	{"udp", 17},	  {"icmp", 1},	 {"icmpv6", 58}, {"ipv6-icmp", 58},
		 {"icmp6", 58}, {"igmp", 2},	  {"gre", 47},	 {"esp", 50},	 {"ah", 51},
		 {"sctp", 132}, {"udplite", 136}, {"ospf", 89},	 {"pim", 103},	 {"carp", 112},
		 {"ipv6", 41},	{"ipip", 4},	  {"vrrp", 112}, {"dccp", 33}};

/* The first fit at a word's beginning decides, so the longer stands before the shorter. A blank
 * ends what has to be the whole word: "ACC" of SuSE's firewall, but not "access-list". */
static const struct {
	const char *begin;
	enum alert_action action;
} actions[] = {
	{"den", ALERT_BLOCKED},	       {"drop", ALERT_BLOCKED},		{"block", ALERT_BLOCKED},
	{"reject", ALERT_BLOCKED},     {"refuse", ALERT_BLOCKED},	{"discard", ALERT_BLOCKED},
	{"reset", ALERT_BLOCKED},      {"prevent", ALERT_BLOCKED},	{"drp ", ALERT_BLOCKED},
	{"localblock", ALERT_BLOCKED}, {"unsuccessful", ALERT_BLOCKED}, {"accept", ALERT_ALLOWED},
	{"allow", ALERT_ALLOWED},      {"permit", ALERT_ALLOWED},	{"pass", ALERT_ALLOWED},
	{"built", ALERT_ALLOWED},      {"open", ALERT_ALLOWED},		{"close", ALERT_ALLOWED},
	{"acc ", ALERT_ALLOWED},       {"created", ALERT_ALLOWED},
};

static const struct {
	const char *word;
	char letter;
	uint8_t bit;
} flag_names[] = {{"fin", 'F', FLAG_FIN}, {"syn", 'S', FLAG_SYN}, {"rst", 'R', FLAG_RST},
		  {"psh", 'P', FLAG_PSH}, {"ack", 'A', FLAG_ACK}, {"urg", 'U', FLAG_URG},
		  {"ece", 'E', FLAG_ECE}, {"cwr", 'W', FLAG_CWR}, {"cwr", 'C', FLAG_CWR}};

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))

bool alert_word_protocol(struct slice word, uint8_t *protocol)
{
	size_t length = 0;
	while (length < word.length && word.text[length] != '/' && word.text[length] != '(' &&
	       word.text[length] != ' ')
		length++;
	word.length = length;
	uint32_t number;
	if (slice_number(word, 255, &number)) {
		*protocol = (uint8_t)number;
		return true;
	}
	for (size_t i = 0; i < COUNT(protocols); i++)
		if (slice_is_any_case(word, protocols[i].word)) {
			*protocol = protocols[i].number;
			return true;
		}
	return false;
}

static bool action_begins(const char *at, const char *end, const char *letters)
{
	for (; *letters && *letters != ' '; at++, letters++)
		if (at == end || lower_case(*at) != *letters)
			return false;
	return !*letters || at == end || !is_letter(*at);
}

enum alert_action alert_word_action(struct slice word)
{
	const char *end = word.text + word.length;
	for (size_t i = 0; i < COUNT(actions); i++)
		if (action_begins(word.text, end, actions[i].begin))
			return actions[i].action;
	return ALERT_ACTION_UNKNOWN;
}

enum alert_action alert_word_action_within(const char *at, const char *end)
{
	for (const char *begin = at; at < end; at++) {
		if (!is_letter(*at) || (at > begin && is_letter(at[-1])))
			continue;
		enum alert_action action = alert_word_action(slice_between(at, end));
		if (action != ALERT_ACTION_UNKNOWN)
			return action;
	}
	return ALERT_ACTION_UNKNOWN;
}

static bool flag_words(const char *at, const char *end, int32_t *flags)
{
	while (at < end) {
		if (memchr(" ,-|+", *at, 5)) {
			at++;
			continue;
		}
		size_t i = 0;
		while (i < COUNT(flag_names) && !begins_with_any_case(at, end, flag_names[i].word))
			i++;
		if (i == COUNT(flag_names))
			return false;
		*flags |= flag_names[i].bit;
		at += 3;
	}
	return true;
}

static bool flag_letters(const char *at, const char *end, int32_t *flags)
{
	for (; at < end; at++) {
		size_t i = 0;
		while (i < COUNT(flag_names) && *at != flag_names[i].letter)
			i++;
		if (i == COUNT(flag_names))
			return false;
		*flags |= flag_names[i].bit;
	}
	return true;
}

bool alert_word_flags(struct slice words, int32_t *flags)
{
	int32_t found = 0;
	const char *end = words.text + words.length;
	/* "-" is what Windows writes of UDP. */
	if (words.length == 0 || slice_is(words, "-"))
		return false;
	if (!flag_words(words.text, end, &found)) {
		found = 0;
		if (!flag_letters(words.text, end, &found))
			return false;
	}
	*flags = found;
	return true;
}
