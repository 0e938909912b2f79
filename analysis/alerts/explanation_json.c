/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "explanation_json.h"

#include "client_table.h"
#include "explain_words.h"
#include "explanation_words.h"

#include "../../observer/base/timestamp.h"

#include <jansson.h>
#include <math.h>

#define JSON_DUMP	  (JSON_REAL_PRECISION(6) | JSON_COMPACT)
#define ALTERNATIVES	  3
#define LEAST_ALTERNATIVE 0.01

static double rounded(double value)
{
	return round(value * 1e4) / 1e4;
}

static json_t *time_json(int64_t microseconds)
{
	char text[TIMESTAMP_TEXT_SIZE];
	if (microseconds == ALERT_TIME_UNKNOWN)
		return json_null();
	return json_string(timestamp_format(microseconds / 1000000, text));
}

static json_t *address_json(const struct address *address)
{
	char text[ADDRESS_TEXT_SIZE];
	return json_string(address_format(address, text));
}

static json_t *input_json(const struct explanation *explanation)
{
	const struct cluster_totals *totals = cluster_table_totals(explanation->table);
	json_t *local = json_array();
	for (size_t i = 0; i < explanation->side.addresses; i++)
		json_array_append_new(local, address_json(&explanation->side.address[i]));
	return json_pack("{s:I, s:I, s:s, s:o, s:o, s:I, s:I, s:I, s:o, s:b, s:b}", "events",
			 (json_int_t)totals->events, "skipped",
			 (json_int_t)explanation->counts.skipped, "format", explanation->format,
			 "from", time_json(totals->from_us), "to", time_json(totals->to_us),
			 "lines", (json_int_t)explanation->counts.lines, "time_unknown",
			 (json_int_t)explanation->counts.time_unknown, "overflow",
			 (json_int_t)totals->overflow, "local", local, "sources_exact",
			 !totals->pairs_full, "anonymised", explanation->anonymised);
}

static json_t *alternatives_json(const struct diagnosis *diagnosis)
{
	json_t *list = json_array();
	bool told[VERDICTS] = {false};
	if (diagnosis->verdict < VERDICTS)
		told[diagnosis->verdict] = true;
	for (int i = 0; i < ALTERNATIVES; i++) {
		int best = -1;
		for (int v = 0; v < VERDICTS; v++)
			if (!told[v] &&
			    (best < 0 || diagnosis->probability[v] > diagnosis->probability[best]))
				best = v;
		if (best < 0 || diagnosis->probability[best] < LEAST_ALTERNATIVE)
			break;
		told[best] = true;
		json_array_append_new(
			list, json_pack("{s:s, s:f}", "verdict", verdict_name((enum verdict)best),
					"probability", rounded(diagnosis->probability[best])));
	}
	return list;
}

static json_t *evidence_json(const struct diagnosis *diagnosis, enum language language)
{
	json_t *list = json_array();
	char text[EXPLANATION_TEXT_SIZE];
	for (size_t i = 0; i < diagnosis->reasons; i++) {
		const struct reason *reason = &diagnosis->reason[i];
		words_fact(&reason->fact, language, text, sizeof text);
		json_array_append_new(list, json_pack("{s:s, s:s, s:f}", "fact", text, "for",
						      verdict_name(reason->for_), "weight",
						      rounded(reason->weight)));
	}
	return list;
}

static json_t *clients_json(const struct diagnosis *diagnosis)
{
	json_t *list = json_array();
	for (size_t i = 0; i < diagnosis->clients; i++)
		json_array_append_new(list, json_pack("{s:s, s:f}", "name",
						      client_table_name(diagnosis->client[i].index),
						      "probability",
						      rounded(diagnosis->client[i].probability)));
	return list;
}

static json_t *quiet_json(const struct diagnosis *diagnosis, enum language language)
{
	char day[TIMESTAMP_TEXT_SIZE], text[EXPLANATION_TEXT_SIZE];
	words_quiet(diagnosis, language, text, sizeof text);
	if (diagnosis->verdict == VERDICT_UNCLEAR || diagnosis->quiet == QUIET_UNKNOWN ||
	    diagnosis->quiet == QUIET_NOT_BY_ITSELF)
		return json_null();
	timestamp_format_date(diagnosis->quiet_by, day);
	json_t *quiet = json_pack("{s:s, s:f, s:s}", "by", day, "probability",
				  rounded(diagnosis->quiet_probability), "from",
				  diagnosis->profile ? "profile" : "decay");
	if (diagnosis->profile)
		json_object_set_new(quiet, "client", json_string(diagnosis->profile->client));
	return quiet;
}

/* What to do, and when it will stop. */
static json_t *advice_json(const struct diagnosis *diagnosis, const struct cluster *cluster,
			   enum language language)
{
	const struct explain_words *words = explain_words_of(language);
	char quiet[EXPLANATION_TEXT_SIZE];
	const char *gap = language == LANGUAGE_JAPANESE ? "" : " ";
	const char *second = quiet;
	words_quiet(diagnosis, language, quiet, sizeof quiet);
	if (diagnosis->verdict == VERDICT_UNCLEAR)
		second = words_needs(diagnosis, cluster, language);
	return json_sprintf("%s%s%s", words->advice[diagnosis->verdict], second[0] ? gap : "",
			    second);
}

/* Only where a database of countries was given. */
static json_t *countries_json(const struct cluster *cluster)
{
	json_t *countries = json_array();
	for (size_t i = 0; i < CLUSTER_COUNTRIES && cluster->country[i].addresses > 0; i++)
		json_array_append_new(countries,
				      json_pack("{s:s, s:I}", "country", cluster->country[i].code,
						"addresses",
						(json_int_t)cluster->country[i].addresses));
	return json_pack("{s:o, s:I}", "countries", countries, "located",
			 (json_int_t)cluster->located);
}

static json_t *cluster_json(const struct explanation *explanation, size_t index,
			    enum language language)
{
	struct diagnosis diagnosis;
	char protocol[4];
	const struct cluster *cluster = cluster_table_at(explanation->table, index);
	explanation_diagnose(explanation, index, &diagnosis);
	bool outgoing = cluster->key.outgoing;
	json_t *local = address_json(&cluster->key.local);
	json_t *remote = cluster->remotes == 1 ? address_json(&cluster->most) : json_null();
	double confidence = diagnosis.verdict == VERDICT_UNCLEAR
				    ? diagnosis.group_probability
				    : diagnosis.probability[diagnosis.verdict];
	json_t *object = json_pack(
		"{s:s, s:o, s:o, s:o, s:s, s:I, s:I, s:I, s:I, s:o, s:o}", "proto",
		words_protocol(cluster->key.protocol, protocol), "src", outgoing ? local : remote,
		"dst", outgoing ? remote : local, "dport",
		cluster->key.port == CLUSTER_NO_PORT ? json_null()
						     : json_integer(cluster->key.port),
		"direction", outgoing ? "out" : "in", "events", (json_int_t)cluster->events,
		"attempts", (json_int_t)cluster->attempts, "sources",
		(json_int_t)(outgoing ? 1 : cluster->remotes), "ports", (json_int_t)cluster->ports,
		"from", time_json(cluster->first_us), "to", time_json(cluster->last_us));
	json_t *told = json_pack(
		"{s:s, s:s, s:f, s:f, s:o, s:o, s:o, s:o, s:o, s:b}", "verdict",
		verdict_name(diagnosis.verdict), "group", verdict_group(diagnosis.verdict),
		"confidence", rounded(confidence), "group_confidence",
		rounded(diagnosis.group_probability), "alternatives", alternatives_json(&diagnosis),
		"evidence", evidence_json(&diagnosis, language), "clients",
		clients_json(&diagnosis), "expected_quiet", quiet_json(&diagnosis, language),
		"advice", advice_json(&diagnosis, cluster, language), "stops_by_itself",
		diagnosis.quiet != QUIET_NOT_BY_ITSELF);
	if (object && cluster_table_locates(explanation->table))
		json_object_update_new(object, countries_json(cluster));
	if (!object || !told || json_object_update(object, told) < 0) {
		json_decref(object);
		object = NULL;
	}
	json_decref(told);
	return object;
}

/* Cluster by cluster: a log may have thousands, and memory has a bound. */
int explanation_print_json(const struct explanation *explanation, enum language language,
			   FILE *stream)
{
	json_t *object = input_json(explanation);
	int result = object && fputs("{\n \"input\": ", stream) >= 0 &&
				     json_dumpf(object, stream, JSON_DUMP) == 0 &&
				     fputs(",\n \"clusters\": [", stream) >= 0
			     ? 0
			     : -1;
	json_decref(object);
	for (size_t i = 0; i < explanation_clusters(explanation) && result == 0; i++) {
		object = cluster_json(explanation, i, language);
		if (!object || fputs(i ? ",\n  " : "\n  ", stream) < 0 ||
		    json_dumpf(object, stream, JSON_DUMP) < 0)
			result = -1;
		json_decref(object);
	}
	if (result == 0 && fputs("\n ]\n}\n", stream) < 0)
		result = -1;
	return result;
}
