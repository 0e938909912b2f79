/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "client_profile_told.h"

#include "choice.h"
#include "phrase.h"
#include "../observer/base/json_builder.h"

#include <math.h>

#define VALUE_SIZE 64
#define LINE_SIZE  512

/* Lines whose $1 ... are values. */
struct profile_words {
	const char *heading; /* records, client */
	const char *origin;  /* what the records are */
	const char *few, *steady;
	const char *per_day;	  /* unit, value, low, high */
	const char *one_a_day;	  /* value, low, high */
	const char *silent;	  /* silent records, records, time by which half of all were */
	const char *fewer_silent; /* silent records, records, longest record */
	const char *quiet;	  /* probability, low, high */
	const char *attempts, *syns, *never, *hours;
};

static const struct profile_words profile_words[LANGUAGES] = {
	[LANGUAGE_ENGLISH] =
		{
			.heading = "Not of this record: what $1 other records of $2 say",
			.origin = " ($1)",
			.few = "This one has too few attempts to tell how its calls will go on.",
			.steady = "This one's steady part has not ended: it cannot tell how its "
				  "calls will go on.",
			.per_day = "At this age they had $2 $1 a day ($3 to $4).",
			.one_a_day = "One a day was left after $1 ($2 to $3).",
			.silent = "$1 of $2 fell silent for 30 days, half of all by $3 after the "
				  "stop.",
			.fewer_silent = "$1 of $2 fell silent for 30 days; the longest goes to $3 "
					"after the stop.",
			.quiet = "No call in the 30 days from this age on: probability $1 ($2 to "
				 "$3).",
			.attempts = "attempts",
			.syns = "SYNs",
			.never = "for ever",
			.hours = " h",
		},
	[LANGUAGE_JAPANESE] =
		{
			.heading = "この記録ではなく、$2 の別の記録$1件による見込み",
			.origin = "（$1）",
			.few = "この記録は接続試行が少なすぎて、今後の減り方が分かりません。",
			.steady =
				"この記録は一定の区間がまだ終わらず、今後の減り方が分かりません。",
			.per_day = "この時点での到着は1日に$2$1（$3～$4）。",
			.one_a_day = "1日1個まで減ったのは停止から$1後（$2～$3）。",
			.silent = "$2件中$1件が30日間の静穏に入り、全体の半数は停止から$3後まで。",
			.fewer_silent = "30日間の静穏に入ったのは$2件中$1件、最長の記録は停止から"
					"$3後まで。",
			.quiet = "この時点から30日間に1つも届かない確率 $1（$2～$3）。",
			.attempts = "回",
			.syns = " SYN",
			.never = "無期限",
			.hours = "時間",
		},
};

enum profile_need client_profile_need(const struct analysis *analysis)
{
	if (choice_evidence(analysis) < CHOICE_FEWEST)
		return PROFILE_FEW_ATTEMPTS;
	for (size_t i = 0; i < analysis->phases; i++)
		if (analysis->phase[i].kind != PHASE_STEADY)
			return PROFILE_NOT_NEEDED;
	return PROFILE_STILL_STEADY;
}

static json_t *range_to_json(struct json_builder *builder, struct profile_range range)
{
	json_t *object = json_object(), *limits = json_array();
	json_set(builder, object, "value", json_number(range.value));
	json_append(builder, limits, json_number(range.low));
	json_append(builder, limits, json_number(range.high));
	json_set(builder, object, "range_over_records", limits);
	return object;
}

static json_t *silence_to_json(struct json_builder *builder, const struct client_profile *profile)
{
	json_t *object = json_object();
	json_set(builder, object, "records",
		 json_integer((json_int_t)client_profile_silent_records(profile)));
	json_set(builder, object, "hours_10",
		 json_number(client_profile_silent_after(profile, 0.1)));
	json_set(builder, object, "hours_50",
		 json_number(client_profile_silent_after(profile, 0.5)));
	json_set(builder, object, "hours_90",
		 json_number(client_profile_silent_after(profile, 0.9)));
	return object;
}

static json_t *text_or_null(const char *text)
{
	return text[0] ? json_string(text) : json_null();
}

json_t *client_profile_to_json(const struct client_profile *profile,
			       const struct analysis *analysis)
{
	static const char *const need[] = {NULL, "few-attempts", "still-steady"};
	struct json_builder builder = {.ok = true};
	const char *why = need[client_profile_need(analysis)];
	double age = analysis->span_hours;
	json_t *object = json_object();
	json_set(&builder, object, "client", json_string(profile->client));
	json_set(&builder, object, "version", text_or_null(profile->version));
	json_set(&builder, object, "origin", text_or_null(profile->origin));
	json_set(&builder, object, "needed", why ? json_string(why) : json_null());
	json_set(&builder, object, "records", json_integer((json_int_t)profile->records));
	json_set(&builder, object, "longest_hours", json_number(client_profile_longest(profile)));
	json_set(&builder, object, "counts",
		 json_string(profile->counts_attempts ? "attempts" : "syn"));
	json_set(&builder, object, "syn_per_attempt", json_number(profile->syn_per_attempt));
	json_set(&builder, object, "family", json_string(family_name(profile->family)));
	json_set(&builder, object, "at_hours", json_number(age));
	json_set(&builder, object, "per_day",
		 range_to_json(&builder, client_profile_per_day(profile, age)));
	json_set(&builder, object, "silent_next_30d",
		 range_to_json(&builder,
			       client_profile_quiet(profile, age, CLIENT_PROFILE_SILENCE_HOURS)));
	json_set(&builder, object, "hours_to_one_a_day",
		 range_to_json(&builder, client_profile_hours_to_rate(profile, 1)));
	json_set(&builder, object, "fell_silent", silence_to_json(&builder, profile));
	if (!builder.ok) {
		json_decref(object);
		return NULL;
	}
	return object;
}

static void print_line(FILE *stream, const char *pattern, const char *const *argument, size_t count)
{
	char line[LINE_SIZE];
	language_fill(line, sizeof line, pattern, argument, count);
	fprintf(stream, "  %s\n", line);
}

/* A range, with the unit as $1 where there is one. */
static void print_range(FILE *stream, const char *pattern, const char *unit,
			struct profile_range range)
{
	char text[3][VALUE_SIZE];
	const double number[3] = {range.value, range.low, range.high};
	for (int i = 0; i < 3; i++)
		snprintf(text[i], VALUE_SIZE, number[i] < 100 ? "%.2g" : "%.0f",
			 number[i] < 1e-6 ? 0 : number[i]);
	const char *argument[4] = {unit, text[0], text[1], text[2]};
	print_line(stream, pattern, unit ? argument : argument + 1, unit ? 4 : 3);
}

static const char *duration(double hours, enum language language, char text[VALUE_SIZE])
{
	if (isfinite(hours) && phrase_duration(hours, language, text, VALUE_SIZE) > 0)
		return text;
	return profile_words[language].never;
}

/* Limits that are days apart can be the same in words. */
static const char *hours(double hours, enum language language, char text[VALUE_SIZE])
{
	if (!isfinite(hours))
		return profile_words[language].never;
	snprintf(text, VALUE_SIZE, "%.0f%s", hours, profile_words[language].hours);
	return text;
}

static void print_silence(const struct client_profile *profile, enum language language,
			  FILE *stream)
{
	char silent[VALUE_SIZE], records[VALUE_SIZE], time[VALUE_SIZE];
	double half = client_profile_silent_after(profile, 0.5);
	bool most = isfinite(half);
	snprintf(silent, sizeof silent, "%zu", client_profile_silent_records(profile));
	snprintf(records, sizeof records, "%zu", profile->records);
	const char *argument[3] = {
		silent, records,
		duration(most ? half : client_profile_longest(profile), language, time)};
	const struct profile_words *words = &profile_words[language];
	print_line(stream, most ? words->silent : words->fewer_silent, argument, 3);
}

static void print_heading(const struct client_profile *profile, enum language language,
			  FILE *stream)
{
	const struct profile_words *words = &profile_words[language];
	char records[VALUE_SIZE], client[2 * VALUE_SIZE], heading[LINE_SIZE],
		origin[LINE_SIZE] = "";
	const char *of[1] = {profile->origin};
	snprintf(records, sizeof records, "%zu", profile->records);
	snprintf(client, sizeof client, "%s%s%s", profile->client, profile->version[0] ? " " : "",
		 profile->version);
	const char *argument[2] = {records, client};
	language_fill(heading, sizeof heading, words->heading, argument, 2);
	if (profile->origin[0])
		language_fill(origin, sizeof origin, words->origin, of, 1);
	fprintf(stream, "\n  %s%s\n", heading, origin);
}

void client_profile_print(const struct client_profile *profile, const struct analysis *analysis,
			  enum language language, FILE *stream)
{
	const struct profile_words *words = &profile_words[language];
	enum profile_need need = client_profile_need(analysis);
	double age = analysis->span_hours;
	char text[3][VALUE_SIZE];
	print_heading(profile, language, stream);
	if (need != PROFILE_NOT_NEEDED)
		fprintf(stream, "  %s\n",
			need == PROFILE_FEW_ATTEMPTS ? words->few : words->steady);
	print_range(stream, words->per_day,
		    profile->counts_attempts ? words->attempts : words->syns,
		    client_profile_per_day(profile, age));
	struct profile_range daily = client_profile_hours_to_rate(profile, 1);
	const char *argument[3] = {duration(daily.value, language, text[0]),
				   hours(daily.low, language, text[1]),
				   hours(daily.high, language, text[2])};
	print_line(stream, words->one_a_day, argument, 3);
	print_silence(profile, language, stream);
	print_range(stream, words->quiet, NULL,
		    client_profile_quiet(profile, age, CLIENT_PROFILE_SILENCE_HOURS));
}
