/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "explanation_words.h"

#include "explain_words.h"

#include "../country_name.h"
#include "../phrase.h"

#include "../../observer/base/timestamp.h"
#include "../../observer/decode.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/* Of a group that this probable, the words are "almost certainly" and "likely". */
#define ALMOST_SURE 0.95
#define LIKELY	    0.75
/* Of another verdict that is named as possible. */
#define WORTH_NAMING 0.1

void words_percent(double share, char text[16])
{
	double percent = share * 100.0;
	if (share < 1.0 && percent > 99.0)
		percent = 99.0;
	if (share > 0.0 && percent < 1.0)
		percent = 1.0;
	snprintf(text, 16, "%.0f %%", percent);
}

void words_number(double number, char text[32])
{
	char digits[32];
	int length = snprintf(digits, sizeof digits, "%.0f", fmin(number, 1e18));
	size_t out = 0;
	for (int i = 0; i < length; i++) {
		if (i > 0 && (length - i) % 3 == 0)
			text[out++] = ',';
		text[out++] = digits[i];
	}
	text[out] = '\0';
}

const char *words_protocol(uint8_t protocol, char text[4])
{
	switch (protocol) {
	case PROTOCOL_TCP:
		return "tcp";
	case PROTOCOL_UDP:
		return "udp";
	case PROTOCOL_ICMP:
		return "icmp";
	case PROTOCOL_ICMPV6:
		return "icmpv6";
	case ALERT_PROTOCOL_UNKNOWN:
		return "?";
	default:
		snprintf(text, 4, "%u", protocol);
		return text;
	}
}

/* Which of a fact's numbers are shares, ports, or hours. */
enum number_kind { COUNT, SHARE, PORT, HOURS };
static enum number_kind kind_of(enum fact_kind kind, int index)
{
	switch (kind) {
	case FACT_ESTABLISHED:
	case FACT_ANSWERS:
	case FACT_ONE_SOURCE_HEAVY:
	case FACT_P2P_SOURCE_PORTS:
	case FACT_BARE_SYNS:
	case FACT_FULL_SYNS:
	case FACT_ONE_WINDOW:
	case FACT_REPEATED:
	case FACT_RETURN:
	case FACT_HARDLY_RETURN:
	case FACT_SCANNERS:
	case FACT_ONLY_THIS_PORT:
	case FACT_ONLY_THIS_ADDRESS:
		return index == 0 ? SHARE : kind == FACT_ONE_WINDOW ? PORT : COUNT;
	case FACT_FIXED_SOURCE_PORT:
		return index == 0 ? SHARE : PORT;
	case FACT_PORT_P2P:
	case FACT_PORT_SCAN:
	case FACT_PORT_WORM:
	case FACT_PORT_BRUTE_FORCE:
	case FACT_PORT_MAIL:
	case FACT_PORT_WEB:
	case FACT_PORT_FLOOD_TARGET:
	case FACT_PORT_BENIGN:
	case FACT_PORT_UNLISTED_HIGH:
	case FACT_PORT_UNLISTED_LOW:
		return PORT;
	case FACT_DECAYS:
	case FACT_DECAYS_SLOWLY:
		return HOURS;
	default:
		return COUNT;
	}
}

static void number_text(const struct fact *fact, int index, enum language language, char text[64])
{
	switch (kind_of(fact->kind, index)) {
	case SHARE:
		words_percent(fact->number[index], text);
		break;
	case PORT:
		snprintf(text, 64, "%.0f", fact->number[index]);
		break;
	case HOURS:
		phrase_duration(fact->number[index], language, text, 64);
		break;
	default:
		words_number(fact->number[index], text);
	}
}

void words_fact(const struct fact *fact, enum language language, char *text, size_t size)
{
	char first[64], second[64];
	number_text(fact, 0, language, first);
	number_text(fact, 1, language, second);
	language_fill(text, size, explain_words_of(language)->fact[fact->kind],
		      (const char *[]){first, second}, 2);
}

void words_cluster(const struct cluster *cluster, enum language language, char *text, size_t size)
{
	const struct explain_words *words = explain_words_of(language);
	char number[4], port[32], address[ADDRESS_TEXT_SIZE];
	const char *protocol = words_protocol(cluster->key.protocol, number);
	address_format(&cluster->key.local, address);
	if (cluster->key.group_of_ports) {
		words_number(cluster->ports, port);
		language_fill(text, size, words->incoming_ports,
			      (const char *[]){protocol, port, address}, 3);
	} else if (cluster->key.port == CLUSTER_NO_PORT) {
		language_fill(text, size,
			      cluster->key.outgoing ? words->outgoing_no_port
						    : words->incoming_no_port,
			      (const char *[]){protocol, address}, 2);
	} else {
		snprintf(port, sizeof port, "%d", cluster->key.port);
		language_fill(text, size, cluster->key.outgoing ? words->outgoing : words->incoming,
			      (const char *[]){protocol, port, address}, 3);
	}
}

static void time_text(int64_t microseconds, char text[TIMESTAMP_TEXT_SIZE])
{
	timestamp_format(microseconds / 1000000, text);
	text[10] = ' ';
	text[16] = '\0';
}

void words_read(const struct explanation *explanation, enum language language, char *text,
		size_t size)
{
	const struct explain_words *words = explain_words_of(language);
	const struct cluster_totals *totals = cluster_table_totals(explanation->table);
	char events[32], from[TIMESTAMP_TEXT_SIZE], to[TIMESTAMP_TEXT_SIZE];
	words_number((double)totals->events, events);
	if (totals->from_us == ALERT_TIME_UNKNOWN) {
		language_fill(text, size, words->read_without_time,
			      (const char *[]){events, explanation->format}, 2);
		return;
	}
	time_text(totals->from_us, from);
	time_text(totals->to_us, to);
	language_fill(text, size, words->read,
		      (const char *[]){events, explanation->format, from, to}, 4);
}

void words_guessed(const struct explanation *explanation, enum language language, char *text,
		   size_t size)
{
	char address[ADDRESS_TEXT_SIZE];
	text[0] = '\0';
	if (!explanation->side.guessed)
		return;
	address_format(&explanation->side.address[0], address);
	language_fill(text, size, explain_words_of(language)->guessed, (const char *[]){address},
		      1);
}

void words_counts(const struct cluster *cluster, enum language language, char *text, size_t size)
{
	const struct explain_words *words = explain_words_of(language);
	char events[32], attempts[32], remotes[32], from[TIMESTAMP_TEXT_SIZE],
		to[TIMESTAMP_TEXT_SIZE];
	words_number((double)cluster->events, events);
	words_number((double)cluster->attempts, attempts);
	words_number(cluster->remotes, remotes);
	if (cluster->first_us == ALERT_TIME_UNKNOWN) {
		language_fill(text, size, words->counts_without_time,
			      (const char *[]){events, attempts, remotes}, 3);
		return;
	}
	time_text(cluster->first_us, from);
	time_text(cluster->last_us, to);
	language_fill(text, size, words->counts,
		      (const char *[]){events, attempts, remotes, from, to}, 5);
}

const char *words_certainty(const struct diagnosis *diagnosis, enum language language)
{
	const struct explain_words *words = explain_words_of(language);
	if (diagnosis->verdict == VERDICT_UNCLEAR)
		return words->unclear;
	if (diagnosis->group_probability >= ALMOST_SURE)
		return words->almost_sure;
	return diagnosis->group_probability >= LIKELY ? words->likely : words->perhaps;
}

void words_countries(const struct cluster *cluster, enum language language, char *text, size_t size)
{
	const struct explain_words *words = explain_words_of(language);
	const char *comma = language == LANGUAGE_JAPANESE ? "、" : ", ";
	uint32_t others = cluster->located, unknown = cluster->remotes - cluster->located;
	char percent[16];
	size_t length = 0;
	text[0] = '\0';
	for (size_t i = 0; i < CLUSTER_COUNTRIES + 2 && cluster->located > 0; i++) {
		const char *name = words->country_unknown;
		uint32_t addresses = unknown;
		if (i < CLUSTER_COUNTRIES) {
			name = country_name(cluster->country[i].code, language);
			others -= addresses = cluster->country[i].addresses;
		} else if (i == CLUSTER_COUNTRIES) {
			name = words->other_countries;
			addresses = others;
		}
		if (addresses == 0)
			continue;
		words_percent((double)addresses / cluster->remotes, percent);
		int written = snprintf(text + length, size - length, "%s%s %s", length ? comma : "",
				       name, percent);
		if (written < 0 || (size_t)written >= size - length)
			return;
		length += (size_t)written;
	}
}

bool words_alternative(const struct diagnosis *diagnosis, enum verdict verdict,
		       enum language language, char *text, size_t size)
{
	const struct explain_words *words = explain_words_of(language);
	char percent[16], group[16];
	const char *argument[] = {words->verdict[verdict], percent, group};
	if (diagnosis->verdict == verdict || diagnosis->probability[verdict] < WORTH_NAMING)
		return false;
	bool alike = diagnosis->verdict != VERDICT_UNCLEAR &&
		     strcmp(verdict_group(verdict), verdict_group(diagnosis->verdict)) == 0;
	words_percent(diagnosis->probability[verdict], percent);
	words_percent(diagnosis->group_probability, group);
	language_fill(text, size, alike ? words->alternative_alike : words->alternative, argument,
		      3);
	return true;
}

void words_quiet(const struct diagnosis *diagnosis, enum language language, char *text, size_t size)
{
	const struct explain_words *words = explain_words_of(language);
	char day[TIMESTAMP_TEXT_SIZE], percent[16], records[32] = "";
	const char *client = diagnosis->profile ? diagnosis->profile->client : "";
	const char *argument[] = {day, percent, client, records};
	text[0] = '\0';
	if (diagnosis->verdict == VERDICT_UNCLEAR)
		return;
	words_percent(diagnosis->quiet_probability, percent);
	switch (diagnosis->quiet) {
	case QUIET_BY:
		timestamp_format_date(diagnosis->quiet_by, day);
		if (diagnosis->profile)
			words_number((double)diagnosis->profile->records, records);
		language_fill(text, size,
			      diagnosis->profile ? words->quiet_profile : words->quiet_by, argument,
			      4);
		break;
	case QUIET_ALREADY:
		language_fill(text, size, words->quiet_already, argument + 1, 1);
		break;
	case QUIET_NOT_BY_ITSELF:
		snprintf(text, size, "%s", words->quiet_never);
		break;
	case QUIET_UNKNOWN:
		if (diagnosis->verdict == VERDICT_RESIDUAL_P2P)
			snprintf(text, size, "%s", words->quiet_unknown_p2p);
		break;
	}
}

const char *words_needs(const struct diagnosis *diagnosis, const struct cluster *cluster,
			enum language language)
{
	const struct explain_words *words = explain_words_of(language);
	(void)diagnosis;
	if (cluster->attempts < 10)
		return words->needs_events;
	if (cluster->first_us == ALERT_TIME_UNKNOWN ||
	    cluster->last_us - cluster->first_us < INT64_C(2) * 86400 * 1000000)
		return words->needs_time;
	return words->needs_address;
}
