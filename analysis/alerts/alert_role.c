/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "alert_role.h"

#include "alert_word.h"

#include <stdlib.h>

#define NAME_MAX_LENGTH 32

/* Sorted by name, in lower case, without '-', '_' and blanks. */
static const struct role_name {
	const char *name;
	enum alert_role role;
} names[] = {
	{"@timestamp", ROLE_DATE},
	{"accesscontrolruleaction", ROLE_ACTION},
	{"aclaction", ROLE_ACTION},
	{"act", ROLE_ACTION},
	{"action", ROLE_ACTION},
	{"cnt", ROLE_REPEATS},
	{"conndestip", ROLE_DESTINATION},
	{"conndestport", ROLE_DESTINATION_PORT},
	{"conndirection", ROLE_DIRECTION},
	{"connipproto", ROLE_PROTOCOL},
	{"connsrcip", ROLE_SOURCE},
	{"connsrcport", ROLE_SOURCE_PORT},
	{"daddr", ROLE_DESTINATION},
	{"date", ROLE_DATE},
	{"datetime", ROLE_DATE},
	{"dest", ROLE_DESTINATION},
	{"destaddr", ROLE_DESTINATION},
	{"destaddress", ROLE_DESTINATION},
	{"destination", ROLE_DESTINATION},
	{"destinationaddress", ROLE_DESTINATION},
	{"destinationip", ROLE_DESTINATION},
	{"destinationipaddress", ROLE_DESTINATION},
	{"destinationipv4address", ROLE_DESTINATION},
	{"destinationipv6address", ROLE_DESTINATION},
	{"destinationport", ROLE_DESTINATION_PORT},
	{"destinationservice", ROLE_DESTINATION_PORT},
	{"destinationtransportport", ROLE_DESTINATION_PORT},
	{"destip", ROLE_DESTINATION},
	{"destipaddr", ROLE_DESTINATION},
	{"destport", ROLE_DESTINATION_PORT},
	{"deviceaction", ROLE_ACTION},
	{"devicedirection", ROLE_DIRECTION},
	{"devtime", ROLE_DATE},
	{"dip", ROLE_DESTINATION},
	{"dir", ROLE_DIRECTION},
	{"direction", ROLE_DIRECTION},
	{"disp", ROLE_ACTION},
	{"disposition", ROLE_ACTION},
	{"dp", ROLE_DESTINATION_PORT},
	{"dport", ROLE_DESTINATION_PORT},
	{"dpt", ROLE_DESTINATION_PORT},
	{"dst", ROLE_DESTINATION},
	{"dstaddr", ROLE_DESTINATION},
	{"dstaddress", ROLE_DESTINATION},
	{"dsthost", ROLE_DESTINATION},
	{"dsthostip", ROLE_DESTINATION},
	{"dstip", ROLE_DESTINATION},
	{"dstport", ROLE_DESTINATION_PORT},
	{"dstprt", ROLE_DESTINATION_PORT},
	{"dstv6", ROLE_DESTINATION},
	{"epoch", ROLE_EPOCH},
	{"eventtime", ROLE_EPOCH},
	{"eventtimestamp", ROLE_DATE},
	{"filteraction", ROLE_ACTION},
	{"firstpacketsecond", ROLE_DATE},
	{"flags", ROLE_FLAGS},
	{"flowdirection", ROLE_DIRECTION},
	{"ftntfgteventtime", ROLE_EPOCH},
	{"ftntfgttz", ROLE_OFFSET},
	{"fwaction", ROLE_ACTION},
	{"generatedtime", ROLE_DATE},
	{"hoplimit", ROLE_TIME_TO_LIVE},
	{"icmptype", ROLE_ICMP_TYPE},
	{"id.origh", ROLE_SOURCE},
	{"id.origp", ROLE_SOURCE_PORT},
	{"id.resph", ROLE_DESTINATION},
	{"id.respp", ROLE_DESTINATION_PORT},
	{"ifdir", ROLE_DIRECTION},
	{"ipdestination", ROLE_DESTINATION},
	{"iplen", ROLE_LENGTH},
	{"ipproto", ROLE_PROTOCOL},
	{"ipprotocol", ROLE_PROTOCOL},
	{"ipsource", ROLE_SOURCE},
	{"iptotlen", ROLE_LENGTH},
	{"ipttl", ROLE_TIME_TO_LIVE},
	{"ipv4dstaddr", ROLE_DESTINATION},
	{"ipv4srcaddr", ROLE_SOURCE},
	{"ipv6dstaddr", ROLE_DESTINATION},
	{"ipv6srcaddr", ROLE_SOURCE},
	{"l4dstport", ROLE_DESTINATION_PORT},
	{"l4srcport", ROLE_SOURCE_PORT},
	{"len", ROLE_LENGTH},
	{"length", ROLE_LENGTH},
	{"p", ROLE_PROTOCOL},
	{"packetlength", ROLE_LENGTH},
	{"packets", ROLE_REPEATS},
	{"path", ROLE_DIRECTION},
	{"pktlen", ROLE_LENGTH},
	{"policyaction", ROLE_ACTION},
	{"prot", ROLE_PROTOCOL},
	{"proto", ROLE_PROTOCOL},
	{"protocol", ROLE_PROTOCOL},
	{"protocolid", ROLE_PROTOCOL},
	{"protocolidentifier", ROLE_PROTOCOL},
	{"protocolnumber", ROLE_PROTOCOL},
	{"realtimetimestamp", ROLE_EPOCH},
	{"receivetime", ROLE_DATE},
	{"repeats", ROLE_REPEATS},
	{"rt", ROLE_EPOCH},
	{"ruleaction", ROLE_ACTION},
	{"saddr", ROLE_SOURCE},
	{"seq", ROLE_SEQUENCE},
	{"seqnum", ROLE_SEQUENCE},
	{"service", ROLE_DESTINATION_PORT},
	{"sip", ROLE_SOURCE},
	{"size", ROLE_LENGTH},
	{"source", ROLE_SOURCE},
	{"sourceaddress", ROLE_SOURCE},
	{"sourceip", ROLE_SOURCE},
	{"sourceipaddress", ROLE_SOURCE},
	{"sourceipv4address", ROLE_SOURCE},
	{"sourceipv6address", ROLE_SOURCE},
	{"sourceport", ROLE_SOURCE_PORT},
	{"sourcetransportport", ROLE_SOURCE_PORT},
	{"sp", ROLE_SOURCE_PORT},
	{"sport", ROLE_SOURCE_PORT},
	{"spt", ROLE_SOURCE_PORT},
	{"src", ROLE_SOURCE},
	{"srcaddr", ROLE_SOURCE},
	{"srcaddress", ROLE_SOURCE},
	{"srchost", ROLE_SOURCE},
	{"srcip", ROLE_SOURCE},
	{"srcipaddr", ROLE_SOURCE},
	{"srcport", ROLE_SOURCE_PORT},
	{"srcprt", ROLE_SOURCE_PORT},
	{"srcv6", ROLE_SOURCE},
	{"startime", ROLE_DATE},
	{"starttime", ROLE_DATE},
	{"tcpcontrolbits", ROLE_FLAGS},
	{"tcpdstport", ROLE_DESTINATION_PORT},
	{"tcpflag", ROLE_FLAGS},
	{"tcpflags", ROLE_FLAGS},
	{"tcpseq", ROLE_SEQUENCE},
	{"tcpsrcport", ROLE_SOURCE_PORT},
	{"tcpsyn", ROLE_SEQUENCE},
	{"tcpwin", ROLE_WINDOW},
	{"tcpwindow", ROLE_WINDOW},
	{"time", ROLE_CLOCK},
	{"timegenerated", ROLE_DATE},
	{"timestamp", ROLE_DATE},
	{"timezone", ROLE_OFFSET},
	{"transport", ROLE_PROTOCOL},
	{"transportprotocol", ROLE_PROTOCOL},
	{"ts", ROLE_DATE},
	{"ttl", ROLE_TIME_TO_LIVE},
	{"tz", ROLE_OFFSET},
	{"udpdstport", ROLE_DESTINATION_PORT},
	{"udpsrcport", ROLE_SOURCE_PORT},
	{"unifidirection", ROLE_DIRECTION},
	{"unifiutctime", ROLE_DATE},
	{"utctime", ROLE_DATE},
	{"verdict", ROLE_ACTION},
	{"win", ROLE_WINDOW},
	{"window", ROLE_WINDOW},
};

static int compare(const void *key, const void *element)
{
	return strcmp(key, ((const struct role_name *)element)->name);
}

enum alert_role alert_role_of(struct slice name)
{
	char plain[NAME_MAX_LENGTH + 1];
	size_t length = 0;
	for (size_t i = 0; i < name.length; i++) {
		char character = lower_case(name.text[i]);
		if (character == '-' || character == '_' || character == ' ')
			continue;
		if (length == NAME_MAX_LENGTH)
			return ROLE_NONE;
		plain[length++] = character;
	}
	plain[length] = '\0';
	const struct role_name *found =
		bsearch(plain, names, sizeof names / sizeof names[0], sizeof names[0], compare);
	return found ? found->role : ROLE_NONE;
}

static void take_number(struct slice value, uint32_t limit, int32_t *field)
{
	uint32_t number;
	if (*field == ALERT_UNKNOWN && slice_number(value, limit, &number))
		*field = (int32_t)number;
}

/* "198.51.100.7", and as SonicWall and others write it with the port: "198.51.100.7:4000:WAN". */
static void take_address(struct slice value, struct address *address, bool *has, int32_t *port)
{
	const char *end = value.text + value.length, *behind;
	struct address found;
	uint32_t number;
	if (value.length && *value.text == ':') { /* its address is elsewhere, in srcV6= */
		if (*port == ALERT_UNKNOWN && scan_number(value.text + 1, end, 65535, &number))
			*port = (int32_t)number;
		return;
	}
	behind = scan_address(value.text, end, &found);
	if (*has || !behind ||
	    (behind < end && (is_letter(*behind) || is_digit(*behind) || *behind == '.')))
		return;
	*address = found;
	*has = true;
	if (behind < end && *behind == ':' && *port == ALERT_UNKNOWN &&
	    scan_number(behind + 1, end, 65535, &number))
		*port = (int32_t)number;
}

/* Ports are told as "22", and by some as "ssh(22)" or "22(ssh)". */
static void take_port(struct slice value, int32_t *port)
{
	const char *end = value.text + value.length, *behind;
	uint32_t number;
	if (*port != ALERT_UNKNOWN)
		return;
	behind = scan_number(value.text, end, 65535, &number);
	if (behind && (behind == end || *behind == '(' || *behind == '/'))
		*port = (int32_t)number;
}

static void take_direction(struct slice value, enum alert_direction *direction)
{
	const char *end = value.text + value.length;
	if (begins_with_any_case(value.text, end, "in") || slice_is_any_case(value, "receive"))
		*direction = ALERT_INCOMING;
	else if (begins_with_any_case(value.text, end, "out") || slice_is_any_case(value, "send"))
		*direction = ALERT_OUTGOING;
	else if (begins_with_any_case(value.text, end, "forward"))
		*direction = ALERT_FORWARDED;
}

static void take_repeats(struct slice value, uint32_t *repeats)
{
	uint32_t number;
	if (slice_number(value, 1000000000, &number) && number > 0)
		*repeats = number;
}

static void take_sequence(struct slice value, int64_t *sequence)
{
	uint32_t number;
	if (*sequence == ALERT_UNKNOWN && slice_number(value, UINT32_MAX, &number))
		*sequence = number;
}

static void keep(struct slice value, struct slice *kept)
{
	if (!kept->text && value.length)
		*kept = value;
}

void alert_draft_take(struct alert_draft *draft, enum alert_role role, struct slice value)
{
	struct alert *alert = draft->alert;
	value = slice_trimmed(value);
	if (!value.length)
		return;
	switch (role) {
	case ROLE_ACTION:
		if (alert->action == ALERT_ACTION_UNKNOWN)
			alert->action = alert_word_action(value);
		break;
	case ROLE_CLOCK:
		keep(value, &draft->clock);
		break;
	case ROLE_DATE:
		keep(value, &draft->date);
		break;
	case ROLE_EPOCH:
		keep(value, &draft->epoch);
		break;
	case ROLE_OFFSET:
		keep(value, &draft->offset);
		break;
	case ROLE_SOURCE:
		take_address(value, &alert->source, &draft->has_source, &alert->source_port);
		break;
	case ROLE_DESTINATION:
		take_address(value, &alert->destination, &draft->has_destination,
			     &alert->destination_port);
		break;
	case ROLE_SOURCE_PORT:
		take_port(value, &alert->source_port);
		break;
	case ROLE_DESTINATION_PORT:
		take_port(value, &alert->destination_port);
		break;
	case ROLE_PROTOCOL:
		if (!draft->has_protocol)
			draft->has_protocol = alert_word_protocol(value, &alert->protocol);
		break;
	case ROLE_DIRECTION:
		take_direction(value, &alert->direction);
		break;
	case ROLE_FLAGS:
		if (alert->tcp_flags == ALERT_UNKNOWN &&
		    !alert_word_flags(value, &alert->tcp_flags))
			take_number(value, 255, &alert->tcp_flags);
		break;
	case ROLE_ICMP_TYPE:
		take_number(value, 255, &alert->icmp_type);
		break;
	case ROLE_LENGTH:
		take_number(value, 0x10ffff, &alert->length);
		break;
	case ROLE_REPEATS:
		take_repeats(value, &alert->repeats);
		break;
	case ROLE_SEQUENCE:
		take_sequence(value, &alert->tcp_sequence);
		break;
	case ROLE_TIME_TO_LIVE:
		take_number(value, 255, &alert->time_to_live);
		break;
	case ROLE_WINDOW:
		take_number(value, 65535, &alert->tcp_window);
		break;
	case ROLE_NONE:
		break;
	}
}

/* A date and a clock from different places, as one text. */
static bool joined_time(struct log_clock *clock, struct slice date, struct slice hours,
			struct slice offset, int64_t *time_us)
{
	char text[96];
	size_t length = 0;
	const struct slice parts[] = {date, hours, offset};
	for (size_t i = 0; i < 3; i++) {
		if (!parts[i].text)
			continue;
		if (parts[i].length + length + 1 >= sizeof text)
			return false;
		if (length && i == 1)
			text[length++] = ' ';
		memcpy(text + length, parts[i].text, parts[i].length);
		length += parts[i].length;
	}
	text[length] = ' ';
	return log_time_scan(clock, text, text + length + 1, time_us) != NULL;
}

/* Of the forms that are there the one that needs no guess: since 1970, then with a zone. */
static void find_time(struct alert_draft *draft, struct log_clock *clock)
{
	struct slice none = {NULL, 0};
	int64_t *time_us = &draft->alert->time_us;
	int32_t offset;
	if (draft->offset.text &&
	    !log_time_scan_offset(draft->offset.text, draft->offset.text + draft->offset.length,
				  &offset))
		draft->offset = none;
	if (draft->epoch.text && joined_time(clock, draft->epoch, none, none, time_us))
		return;
	if (draft->date.text && draft->clock.text &&
	    joined_time(clock, draft->date, draft->clock, draft->offset, time_us))
		return;
	if (draft->clock.text && joined_time(clock, draft->clock, none, draft->offset, time_us))
		return;
	if (draft->date.text)
		joined_time(clock, draft->date, none, draft->offset, time_us);
}

bool alert_draft_end(struct alert_draft *draft, struct log_clock *clock)
{
	struct alert *alert = draft->alert;
	if (!draft->has_source || !draft->has_destination)
		return false;
	if (!draft->has_protocol && alert->destination_port == ALERT_UNKNOWN)
		return false;
	if (!draft->has_protocol)
		alert->protocol = alert->tcp_flags != ALERT_UNKNOWN ? 6 : ALERT_PROTOCOL_UNKNOWN;
	find_time(draft, clock);
	return true;
}
