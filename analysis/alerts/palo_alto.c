/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * palo_alto: the comma-separated TRAFFIC, THREAT and DECRYPTION logs of PAN-OS, behind any syslog
 * header. The order of their first 31 values has not changed since PAN-OS 4:
 *
 *   ?,receive time,serial,TRAFFIC,subtype,?,generated,source,destination,NAT source,NAT
 * destination, rule,source user,destination user,application,vsys,from,to,in,out,log
 * action,?,session, repeats,sport,dport,NAT sport,NAT dport,flags,protocol,action
 *
 * docs.paloaltonetworks.com, "Traffic Log Fields", "Threat Log Fields" */
#include "alert_format.h"
#include "alert_role.h"
#include "field.h"

/* Counted from the value behind TRAFFIC; what is not here is not looked at. */
static const struct {
	size_t column;
	enum alert_role role;
} wanted[] = {
	{2, ROLE_DATE},	     {3, ROLE_SOURCE},	     {4, ROLE_DESTINATION},
	{19, ROLE_REPEATS},  {20, ROLE_SOURCE_PORT}, {21, ROLE_DESTINATION_PORT},
	{25, ROLE_PROTOCOL}, {26, ROLE_ACTION},
};

/* Quoted values hold commas. */
static struct slice next_value(const char **at, const char *end)
{
	const char *begin = *at, *from = begin;
	if (begin < end && *begin == '"') {
		const char *close = memchr(begin + 1, '"', (size_t)(end - begin - 1));
		from = close ? close : begin;
	}
	const char *comma = memchr(from, ',', (size_t)(end - from));
	*at = comma ? comma + 1 : end;
	return slice_between(begin, comma ? comma : end);
}

/* Behind the type of the log, of those that tell of connections. */
static const char *find_type(const struct log_line *line)
{
	static const char *const types[] = {",TRAFFIC,", ",THREAT,", ",DECRYPTION,"};
	for (size_t i = 0; i < sizeof types / sizeof types[0]; i++) {
		const char *found = find_letters(line->begin, line->end, types[i]);
		if (found)
			return found + strlen(types[i]);
	}
	return NULL;
}

enum alert_format palo_alto_read(const struct log_line *line, struct alert *alert)
{
	struct alert_draft draft = {.alert = alert};
	const char *at = find_type(line);
	if (!at)
		return FORMAT_NONE;
	size_t next = 0;
	for (size_t column = 0; at < line->end && next < sizeof wanted / sizeof wanted[0];
	     column++) {
		struct slice value = next_value(&at, line->end);
		if (column == wanted[next].column)
			alert_draft_take(&draft, wanted[next++].role, value);
	}
	if (next < sizeof wanted / sizeof wanted[0])
		return FORMAT_NONE;
	return alert_draft_end(&draft, line->clock) ? FORMAT_PALO_ALTO : FORMAT_NONE;
}
