/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * netfilter: the lines that the LOG target of iptables and nftables writes, behind any prefix:
 *
 *   [UFW BLOCK] IN=eth0 OUT= MAC=... SRC=198.51.100.7 DST=192.0.2.1 LEN=44 TOS=0x00 PREC=0x00
 *   TTL=52 ID=1 DF PROTO=TCP SPT=40000 DPT=22 WINDOW=1024 RES=0x00 SYN URGP=0 OPT (020405B4)
 *
 * The words and their order: linux/net/netfilter/nf_log_syslog.c. One pass, because such logs are
 * long. Shorewall, UFW and UniFi are netfilter with prefixes of their own. */
#include "alert_format.h"
#include "alert_word.h"
#include "field.h"

struct netfilter {
	struct alert *alert;
	struct slice prefix, in, out; /* prefix: what stands before IN= */
	bool has_source, has_destination, has_protocol, flags_told;
};

/* What a token begins with, as one number. */
#define KEY(a, b, c, d)                                                                            \
	((uint32_t)(uint8_t)(a) << 24 | (uint32_t)(uint8_t)(b) << 16 |                             \
	 (uint32_t)(uint8_t)(c) << 8 | (uint32_t)(uint8_t)(d))

static uint32_t key_of(const char *token)
{
	return KEY(token[0], token[1], token[2], token[3]);
}

static void set_number(struct slice value, uint32_t limit, int32_t *field)
{
	uint32_t number;
	if (*field == ALERT_UNKNOWN && slice_number(value, limit, &number))
		*field = (int32_t)number;
}

static void set_sequence(struct slice value, int64_t *field)
{
	uint32_t number;
	if (slice_number(value, UINT32_MAX, &number))
		*field = number;
}

static void set_address(struct slice value, struct address *address, bool *has)
{
	*has = slice_address(value, address);
}

/* "SYN", "ACK": the names alone, which stand between RES= and URGP=. */
static void set_flag(struct netfilter *lines, struct slice token)
{
	int32_t flag;
	if (lines->flags_told && token.length == 3 && alert_word_flags(token, &flag))
		lines->alert->tcp_flags |= flag;
}

static void read_token(struct netfilter *line, const char *token, const char *end)
{
	struct alert *alert = line->alert;
	struct slice value = slice_between(token + 4, end);
	switch (key_of(token)) {
	case KEY('O', 'U', 'T', '='):
		line->out = value;
		break;
	case KEY('S', 'R', 'C', '='):
		set_address(value, &alert->source, &line->has_source);
		break;
	case KEY('D', 'S', 'T', '='):
		set_address(value, &alert->destination, &line->has_destination);
		break;
	case KEY('L', 'E', 'N', '='):
		set_number(value, 0x10ffff, &alert->length);
		break;
	case KEY('T', 'T', 'L', '='):
		set_number(value, 255, &alert->time_to_live);
		break;
	case KEY('H', 'O', 'P', 'L'):
		if (begins_with(token, end, "HOPLIMIT="))
			set_number(slice_between(token + 9, end), 255, &alert->time_to_live);
		break;
	case KEY('P', 'R', 'O', 'T'):
		if (begins_with(token, end, "PROTO="))
			line->has_protocol = alert_word_protocol(slice_between(token + 6, end),
								 &alert->protocol);
		break;
	case KEY('S', 'P', 'T', '='):
		set_number(value, 65535, &alert->source_port);
		break;
	case KEY('D', 'P', 'T', '='):
		set_number(value, 65535, &alert->destination_port);
		break;
	case KEY('W', 'I', 'N', 'D'):
		if (begins_with(token, end, "WINDOW="))
			set_number(slice_between(token + 7, end), 65535, &alert->tcp_window);
		break;
	case KEY('S', 'E', 'Q', '='):
		if (alert->protocol == 6)
			set_sequence(value, &alert->tcp_sequence);
		break;
	case KEY('T', 'Y', 'P', 'E'):
		if (begins_with(token, end, "TYPE="))
			set_number(slice_between(token + 5, end), 255, &alert->icmp_type);
		break;
	case KEY('R', 'E', 'S', '='):
		line->flags_told = true;
		alert->tcp_flags = 0;
		break;
	default:
		break;
	}
}

/* "(020405B4)" behind OPT of the TCP header; IP has its own before PROTO=. */
static void read_options(struct netfilter *line, const char *at, const char *end)
{
	if (!line->has_protocol || at == end || *at != '(')
		return;
	const char *close = memchr(at, ')', (size_t)(end - at));
	if (close)
		line->alert->tcp_options_length = (int32_t)((close - at - 1) / 2);
}

/* "IN=" at the end of a prefix that was written without a blank: "DROPIN=eth0". PHYSIN= is a key of
 * its own. */
static const char *find_in(const char *token, const char *end)
{
	if (end - token < 3 || begins_with(token, end, "PHYSIN="))
		return NULL;
	if (token[0] == 'I' && token[1] == 'N' && token[2] == '=')
		return token;
	const char *equals = memchr(token, '=', (size_t)(end - token));
	if (!equals || equals - token < 3 || equals[-1] != 'N' || equals[-2] != 'I')
		return NULL;
	return equals - 2;
}

static void read_tokens(struct netfilter *line, const char *at, const char *end)
{
	const char *begin = at;
	while (at < end) {
		const char *token = at;
		while (at < end && *at != ' ')
			at++;
		if (!line->in.text) {
			const char *in = find_in(token, at);
			if (in) {
				line->prefix = slice_between(begin, in);
				line->in = slice_between(in + 3, at);
			}
		}
		if (*token == '[' && at - token > 5 && memcmp(token, "[SRC=", 5) == 0)
			return; /* the packet that an ICMP error is about */
		if (at - token >= 4)
			read_token(line, token, at);
		else if (at - token == 3 && memcmp(token, "OPT", 3) == 0 && at < end)
			read_options(line, at + 1, end);
		else
			set_flag(line, slice_between(token, at));
		if (at < end)
			at++;
	}
}

/* The prefix names what was done: "[UFW BLOCK]", "Shorewall:net2fw:DROP:", "SFW2-INext-ACC-TCP",
 * and UniFi's "[WAN_LOCAL-D-2147483647]", of which D drops, R rejects and A accepts. */
static enum alert_format judge_prefix(struct slice prefix, struct alert *alert)
{
	const char *at = prefix.text, *end = at + prefix.length;
	/* What stands before the kernel's name is a host, which may be called anything. */
	const char *kernel = find_letters(at, end, "kernel: ");
	if (kernel)
		at = kernel + 8;
	const char *ufw = find_letters(at, end, "[UFW ");
	if (ufw) {
		alert->action = alert_word_action(slice_between(ufw + 5, end));
		return FORMAT_UFW;
	}
	alert->action = alert_word_action_within(at, end);
	if (alert->action == ALERT_ACTION_UNKNOWN) {
		if (find_letters(at, end, "-D-") || find_letters(at, end, "-R-"))
			alert->action = ALERT_BLOCKED;
		else if (find_letters(at, end, "-A-"))
			alert->action = ALERT_ALLOWED;
	}
	return find_letters(at, end, "Shorewall:") ? FORMAT_SHOREWALL : FORMAT_NETFILTER;
}

enum alert_format netfilter_read(const struct log_line *log_line, struct alert *alert)
{
	struct netfilter line = {.alert = alert};
	read_tokens(&line, log_line->body, log_line->end);
	if (!line.has_source || !line.has_destination || !line.has_protocol)
		return FORMAT_NONE;
	if (line.in.length && line.out.length)
		alert->direction = ALERT_FORWARDED;
	else if (line.in.length)
		alert->direction = ALERT_INCOMING;
	else if (line.out.length)
		alert->direction = ALERT_OUTGOING;
	return line.prefix.text ? judge_prefix(line.prefix, alert) : FORMAT_NETFILTER;
}
