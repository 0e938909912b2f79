/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "client_parameters.h"

#include "../observer/base/whole_file.h"
#include "packet_frame.h"

#include <arpa/inet.h>
#include <ctype.h>
#include <ini.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define CLIENT_FILE_LIMIT 65536
#define KEYS_MAX	  96 /* more than client_keys[] has */

#define IPV4(a, b, c, d)                                                                           \
	((uint32_t)(a) << 24 | (uint32_t)(b) << 16 | (uint32_t)(c) << 8 | (uint32_t)(d))

/* What the published clients do not have, at the standard values of client_keys[]. */
#define NO_NETWORK_NO_INDEX                                                                        \
	.network_list = 100, .network_links = 2, .network_dial_seconds = 1, .network_on_hours = 8, \
	.network_on_spread = 1, .network_off_hours = 16, .network_off_spread = 1,                  \
	.network_retry_minutes = 60, .network_retry_jitter = 0.05, .network_drop_failures = 9,     \
	.network_forget_failed = 1, .network_forget_days = 14, .network_gossip_minutes = 60,       \
	.network_gossip_entries = 5, .network_run_hours = 24, .network_run_links = 80,             \
	.network_warm_days = 3, .index_tries = 2, .index_minutes = 20, .index_returns = 0.02,      \
	.index_wave = 0.5

/* The same values as data/clients/NAME.conf, which explain them. */
static const struct client_parameters published[] = {
	{
		.name = "skype",
		.address = IPV4(192, 0, 2, 10),
		.port = 21047,
		.udp_share = 0.3,
		.loss = 0.02,
		.quick_retries = 1,
		.zone_hours = 0,
		.zone_spread_hours = 12,
		.system_weight = {[SENDER_WINDOWS_XP] = 80,
				  [SENDER_WINDOWS_VISTA] = 17,
				  [SENDER_LINUX_2_6] = 3},
		.running_peers = 32,
		.running_retries = 6,
		.running_interval_minutes = 118,
		.running_interval_jitter = 0.02,
		.returning_starts = 1,
		.returning_away_hours = 24,
		.returning_forget_days = 14,
		.keeper_interval_days = 30,
		.last_call_day = 5,
		.background_syn = 4,
		.background_udp = 0.6,
		.background_backscatter = 0.05,
		.background_wave = 0.2,
		NO_NETWORK_NO_INDEX,
	},
	{
		.name = "winny",
		.address = IPV4(198, 51, 100, 7),
		.port = 7743,
		.loss = 0.02,
		.quick_retries = 1,
		.zone_hours = 9,
		.system_weight = {[SENDER_WINDOWS_XP] = 90, [SENDER_WINDOWS_VISTA] = 10},
		.running_peers = 80,
		.running_retries = 9,
		.running_interval_minutes = 60,
		.running_interval_jitter = 0.05,
		.returning_peers = 75,
		.returning_starts = 6,
		.returning_away_hours = 40,
		.returning_away_spread = 1.0,
		.returning_forget_days = 14,
		.returning_forget_spread_days = 1,
		.returning_wave = 0.7,
		.keeper_interval_days = 30,
		.last_call_day = 25,
		.background_syn = 4,
		.background_udp = 0.6,
		.background_backscatter = 0.05,
		.background_wave = 0.2,
		NO_NETWORK_NO_INDEX,
	},
	{
		.name = "share",
		.address = IPV4(203, 0, 113, 21),
		.port = 13456,
		.loss = 0.02,
		.quick_retries = 1,
		.zone_hours = 9,
		.system_weight = {[SENDER_WINDOWS_XP] = 90, [SENDER_WINDOWS_VISTA] = 10},
		.running_peers = 140,
		.running_retries = 12,
		.running_interval_minutes = 120,
		.running_interval_jitter = 0.02,
		.running_wave = 0.4,
		.returning_peers = 260,
		.returning_starts = 6,
		.returning_away_hours = 80,
		.returning_away_spread = 1.7,
		.returning_second_try = 0.3,
		.returning_forget_days = 85,
		.returning_forget_spread_days = 30,
		.returning_wave = 0.6,
		.keeper_peers = 2,
		.keeper_interval_days = 30,
		.keeper_interval_jitter = 0.2,
		.background_syn = 4,
		.background_udp = 0.6,
		.background_backscatter = 0.05,
		.background_wave = 0.2,
		NO_NETWORK_NO_INDEX,
	},
};

#define FIELD(field)   offsetof(struct client_parameters, field)
#define SYSTEM(system) (FIELD(system_weight) + (system) * sizeof(double))

const struct client_key client_keys[] = {
	{"client", "udp_share", FIELD(udp_share), 0, 1, false, 0},
	{"client", "loss", FIELD(loss), 0, 0.9, false, 0.02},
	{"client", "quick_retries", FIELD(quick_retries), 0, 10, true, 1},
	{"client", "zone_hours", FIELD(zone_hours), -12, 14, false, 0},
	{"client", "zone_spread_hours", FIELD(zone_spread_hours), 0, 12, false, 0},
	{"systems", "windows_xp", SYSTEM(SENDER_WINDOWS_XP), 0, 1e6, false, 0},
	{"systems", "windows_vista", SYSTEM(SENDER_WINDOWS_VISTA), 0, 1e6, false, 0},
	{"systems", "linux_2_6", SYSTEM(SENDER_LINUX_2_6), 0, 1e6, false, 0},
	{"systems", "linux_3_1", SYSTEM(SENDER_LINUX_3_1), 0, 1e6, false, 0},
	{"systems", "linux_6_5", SYSTEM(SENDER_LINUX_6_5), 0, 1e6, false, 0},
	{"running", "peers", FIELD(running_peers), 0, CLIENT_PEERS_MAX, true, 0},
	{"running", "retries", FIELD(running_retries), 1, 1e6, true, 1},
	{"running", "interval_minutes", FIELD(running_interval_minutes), 2, 1e5, false, 60},
	{"running", "interval_jitter", FIELD(running_interval_jitter), 0, 0.9, false, 0.05},
	{"running", "daily_wave", FIELD(running_wave), 0, 0.9, false, 0},
	{"returning", "peers", FIELD(returning_peers), 0, CLIENT_PEERS_MAX, true, 0},
	{"returning", "starts", FIELD(returning_starts), 1, 1e6, true, 1},
	{"returning", "away_hours", FIELD(returning_away_hours), 0.1, 1e5, false, 24},
	{"returning", "away_spread", FIELD(returning_away_spread), 0, 4, false, 0},
	{"returning", "second_try", FIELD(returning_second_try), 0, 1, false, 0},
	{"returning", "forget_days", FIELD(returning_forget_days), 0, 1e4, false, 14},
	{"returning", "forget_spread_days", FIELD(returning_forget_spread_days), 0, 1e4, false, 0},
	{"returning", "daily_wave", FIELD(returning_wave), 0, 1, false, 0},
	{"keepers", "peers", FIELD(keeper_peers), 0, CLIENT_PEERS_MAX, true, 0},
	{"keepers", "interval_days", FIELD(keeper_interval_days), 0.1, 1e4, false, 30},
	{"keepers", "interval_jitter", FIELD(keeper_interval_jitter), 0, 0.9, false, 0},
	{"anchors", "last_call_day", FIELD(last_call_day), 0, 3650, true, 0},
	{"network", "nodes", FIELD(network_nodes), 0, CLIENT_NODES_MAX, true, 0},
	{"network", "list", FIELD(network_list), 2, CLIENT_ENTRIES_MAX, true, 100},
	{"network", "links", FIELD(network_links), 1, 200, true, 2},
	{"network", "dial_seconds", FIELD(network_dial_seconds), 0.01, 3600, false, 1},
	{"network", "on_hours", FIELD(network_on_hours), 0.1, 1e5, false, 8},
	{"network", "on_spread", FIELD(network_on_spread), 0, 4, false, 1},
	{"network", "off_hours", FIELD(network_off_hours), 0.1, 1e5, false, 16},
	{"network", "off_spread", FIELD(network_off_spread), 0, 4, false, 1},
	{"network", "always_on", FIELD(network_always_on), 0, 1, false, 0},
	{"network", "daily_wave", FIELD(network_wave), 0, 1, false, 0},
	{"network", "retry_minutes", FIELD(network_retry_minutes), 2, 1e5, false, 60},
	{"network", "retry_jitter", FIELD(network_retry_jitter), 0, 0.9, false, 0.05},
	{"network", "drop_failures", FIELD(network_drop_failures), 1, 255, true, 9},
	{"network", "forget_failed", FIELD(network_forget_failed), 0, 1, false, 1},
	{"network", "forget_days", FIELD(network_forget_days), 0.01, 1e4, false, 14},
	{"network", "gossip_minutes", FIELD(network_gossip_minutes), 1, 1e6, false, 60},
	{"network", "gossip_entries", FIELD(network_gossip_entries), 0, 100, true, 5},
	{"network", "gossip_fresh", FIELD(network_gossip_fresh), 0, 1, false, 0},
	{"network", "run_hours", FIELD(network_run_hours), 0.1, 1000, false, 24},
	{"network", "run_links", FIELD(network_run_links), 1, CLIENT_ENTRIES_MAX, true, 80},
	{"network", "warm_days", FIELD(network_warm_days), 0, 100, false, 3},
	{"index", "visitors_per_day", FIELD(index_visitors), 0, 1e5, false, 0},
	{"index", "tries", FIELD(index_tries), 1, 100, true, 2},
	{"index", "interval_minutes", FIELD(index_minutes), 2, 1e4, false, 20},
	{"index", "returns", FIELD(index_returns), 0, 0.9, false, 0.02},
	{"index", "daily_wave", FIELD(index_wave), 0, 1, false, 0.5},
	{"background", "syn_per_bucket", FIELD(background_syn), 0, 1e6, false, 4},
	{"background", "udp_per_bucket", FIELD(background_udp), 0, 1e6, false, 0.6},
	{"background", "backscatter_per_bucket", FIELD(background_backscatter), 0, 1e6, false,
	 0.05},
	{"background", "daily_wave", FIELD(background_wave), 0, 1, false, 0.2},
	{0},
};

const struct client_parameters *client_parameters_published(const char *name)
{
	for (size_t i = 0; i < sizeof published / sizeof *published; i++)
		if (strcmp(published[i].name, name) == 0)
			return &published[i];
	return NULL;
}

size_t client_parameters_peers(const struct client_parameters *client)
{
	if (client->index_visitors > 0)
		return CLIENT_PEERS_MAX;
	if (client->network_nodes > 0)
		return (size_t)client->network_nodes;
	double peers = client->running_peers + client->returning_peers + client->keeper_peers;
	return (size_t)peers + (client->last_call_day > 0 ? 1 : 0);
}

int client_target_parse(const char *text, uint32_t *address, uint16_t *port, const char **allowed)
{
	*allowed = "ADDR/PORT, as in 192.0.2.10/21047: an IPv4 address outside 198.18.0.0/15, from "
		   "which the simulated peers come, and a port of 1 to 65535";
	char host[INET_ADDRSTRLEN];
	const char *slash = strchr(text, '/');
	if (!slash || (size_t)(slash - text) >= sizeof host)
		return -1;
	memcpy(host, text, (size_t)(slash - text));
	host[slash - text] = '\0';
	struct in_addr parsed;
	if (inet_pton(AF_INET, host, &parsed) != 1 || !isdigit((unsigned char)slash[1]))
		return -1;
	char *end;
	unsigned long number = strtoul(slash + 1, &end, 10);
	if (*end != '\0' || number < 1 || number > 65535 || end - slash > 6)
		return -1;
	if (simulated_source_range(ntohl(parsed.s_addr)))
		return -1;
	*address = ntohl(parsed.s_addr);
	*port = (uint16_t)number;
	return 0;
}

/* What is read so far. The parser goes on after a mistake and tells the line of the first one when
 * it returns: the handler keeps the text of its own first one, and its line, to know whether they
 * are the same. */
struct reading {
	struct client_parameters *client;
	const char *text; /* not yet read */
	int line;	  /* last one read */
	bool key_seen[KEYS_MAX];
	bool name_seen, target_seen;
	int mistake_line;
	char mistake[512];
};

/* As fgets(), for the parser. */
static char *read_line(char *line, int size, void *context)
{
	struct reading *reading = context;
	if (*reading->text == '\0' || size < 2)
		return NULL;
	size_t length = strcspn(reading->text, "\n");
	bool ends = reading->text[length] == '\n';
	length += ends;
	if (length > (size_t)size - 1) {
		length = (size_t)size - 1;
		ends = false;
	}
	memcpy(line, reading->text, length);
	line[length] = '\0';
	reading->text += length;
	reading->line += ends || *reading->text == '\0';
	return line;
}

static int mistaken(struct reading *reading, const char *section, const char *name,
		    const char *what, const char *allowed)
{
	if (reading->mistake_line)
		return 0;
	reading->mistake_line = reading->line;
	snprintf(reading->mistake, sizeof reading->mistake, "[%.32s] %.48s %s; allowed: %s",
		 section, name, what, allowed);
	return 0;
}

static int read_name(struct reading *reading, const char *value)
{
	size_t length = strlen(value);
	bool good = length > 0 && length < CLIENT_NAME_SIZE;
	for (size_t i = 0; i < length && good; i++)
		good = isalnum((unsigned char)value[i]) || strchr("._-", value[i]);
	if (!good)
		return mistaken(reading, "client", "name", "is not a name",
				"1 to 32 of A-Z a-z 0-9 . _ -");
	memcpy(reading->client->name, value, length + 1);
	return 1;
}

static int read_number(struct reading *reading, const struct client_key *key, const char *value)
{
	char *end;
	double number = strtod(value, &end);
	bool good = end != value && *end == '\0' && isfinite(number) && number >= key->minimum &&
		    number <= key->maximum && (!key->whole || floor(number) == number);
	if (!good) {
		char what[96], allowed[96];
		snprintf(what, sizeof what, "is '%.48s'", value);
		snprintf(allowed, sizeof allowed, "%s from %g to %g",
			 key->whole ? "a whole number" : "a number", key->minimum, key->maximum);
		return mistaken(reading, key->section, key->name, what, allowed);
	}
	memcpy((char *)reading->client + key->offset, &number, sizeof number);
	return 1;
}

static int read_key(void *context, const char *section, const char *name, const char *value)
{
	struct reading *reading = context;
	const char *allowed = NULL;
	bool *seen = NULL;
	const struct client_key *key = client_keys;
	if (strcmp(section, "client") == 0 && strcmp(name, "name") == 0)
		seen = &reading->name_seen;
	else if (strcmp(section, "client") == 0 && strcmp(name, "target") == 0)
		seen = &reading->target_seen;
	else
		for (; key->section && !seen; key++)
			if (strcmp(key->section, section) == 0 && strcmp(key->name, name) == 0)
				seen = &reading->key_seen[key - client_keys];
	if (!seen)
		return mistaken(reading, section, name, "is not a key of a client file",
				"the keys of data/clients/winny.conf");
	if (*seen)
		return mistaken(reading, section, name, "is given twice",
				"each key once, on one line");
	*seen = true;
	if (seen == &reading->name_seen)
		return read_name(reading, value);
	if (seen == &reading->target_seen) {
		if (client_target_parse(value, &reading->client->address, &reading->client->port,
					&allowed) != 0)
			return mistaken(reading, section, name, "is not a target", allowed);
		return 1;
	}
	return read_number(reading, key - 1, value);
}

/* Mistakes that no single line shows. */
static int check_whole(const struct reading *reading, const char *path, struct failure *failure)
{
	const struct client_parameters *client = reading->client;
	double weight = 0;
	for (size_t i = 0; i < SENDER_SYSTEMS; i++)
		weight += client->system_weight[i];
	if (!reading->name_seen || !reading->target_seen)
		return fail(failure, EXIT_WRONG_USE, "%s: [client] %s is missing; give it", path,
			    reading->name_seen ? "target" : "name");
	if (weight <= 0)
		return fail(failure, EXIT_WRONG_USE,
			    "%s: [systems] gives no operating system a weight; give one, as in "
			    "windows_xp = 1",
			    path);
	int mechanisms = (client->network_nodes > 0) + (client->index_visitors > 0) +
			 (client->running_peers + client->returning_peers + client->keeper_peers +
				  client->last_call_day >
			  0);
	if (mechanisms > 1)
		return fail(failure, EXIT_WRONG_USE,
			    "%s: callers of several kinds; give one of [network] nodes, [index] "
			    "visitors_per_day, or the peers of [running], [returning], [keepers] "
			    "and [anchors]",
			    path);
	if (client_parameters_peers(client) > CLIENT_PEERS_MAX)
		return fail(failure, EXIT_WRONG_USE,
			    "%s: %zu peers in all; allowed: up to %d, the anchor's included", path,
			    client_parameters_peers(client), CLIENT_PEERS_MAX);
	return 0;
}

int client_parameters_read(struct client_parameters *client, const char *path,
			   struct failure *failure)
{
	char *text;
	size_t length;
	if (whole_file_read(path, CLIENT_FILE_LIMIT, &text, &length, failure) != 0) {
		failure->status = EXIT_WRONG_USE;
		return -1;
	}
	*client = (struct client_parameters){0};
	for (const struct client_key *key = client_keys; key->section; key++)
		memcpy((char *)client + key->offset, &key->standard, sizeof key->standard);
	struct reading reading = {.client = client, .text = text};
	int line = -1;
	if (strlen(text) == length)
		line = ini_parse_stream(read_line, &reading, read_key, &reading);
	free(text);
	if (line < 0)
		return fail(failure, EXIT_WRONG_USE,
			    "%s: not a client file: binary data; see data/clients/winny.conf",
			    path);
	if (line > 0)
		return fail(failure, EXIT_WRONG_USE, "%s:%d: %s", path, line,
			    line == reading.mistake_line ? reading.mistake
							 : "neither 'key = value' nor '[section]'");
	return check_whole(&reading, path, failure);
}
