/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "comparison_text.h"

#include <inttypes.h>
#include <math.h>
#include <stdarg.h>
#include <string.h>

#define VALUE_SIZE   64
#define NAME_COLUMNS 20
#define CELL_COLUMNS 15

struct comparison_words {
	const char *compared;	     /* series */
	const char *series, *client; /* headings of the names */
	const char *summary[8];	     /* headings of the first table */
	const char *rates;	     /* line above the table of rates */
	const char *age[COMPARISON_AGES];
	const char *pooled; /* line above the table of clients */
	const char *members, *half_life, *to_daily;
	const char *unknown, *never;
	const char *day;	  /* number */
	const char *hours, *days; /* number */
	const char *limits;	  /* value, low, high */
	const char *more_than;	  /* value, low */
	const char *verdict[4];	  /* second, first, ratio, low, high, what */
	const char *by_daily, *by_half_life;
	const char *policies;
};

static const struct comparison_words words_of[LANGUAGES] = {
	[LANGUAGE_ENGLISH] =
		{
			.compared = "$1 series compared, by hours since retirement",
			.series = "series",
			.client = "client",
			.summary = {"observed", "count", "steady", "half-life", "one a day after",
				    "last seen", "still due", "silent 30 d"},
			.rates = "count per hour at an age of",
			.age = {"0-6 h", "6-24 h", "day 2-7", "day 8-30", "day 31-90",
				"day 91-365"},
			.pooled = "per client, pooled over its series",
			.members = "series",
			.half_life = "half-life (95 %)",
			.to_daily = "one a day after (95 %)",
			.unknown = "-",
			.never = "never",
			.day = "day $1",
			.hours = "$1 h",
			.days = "$1 d",
			.limits = "$1 ($2 to $3)",
			.more_than = "$1 ($2 or more)",
			.verdict =
				{"whether $1 is slower than $2 cannot be said: the times of one of "
				 "them are unknown",
				 "$1 is faster than $2: $6 comes after $3 times as long (95 %: $4 "
				 "to $5)",
				 "$1 is slower than $2: $6 comes after $3 times as long (95 %: $4 "
				 "to $5)",
				 "whether $1 is slower than $2 is not decided: $6 comes after $3 "
				 "times as long (95 %: $4 to $5)"},
			.by_daily = "one a day",
			.by_half_life = "the half-life",
			.policies = "the hosts answer SYNs differently: compare attempts (--count "
				    "attempts), a refused one brings fewer SYNs",
		},
	[LANGUAGE_JAPANESE] =
		{
			.compared = "$1系列の比較（停止からの経過時間をそろえたもの）",
			.series = "系列",
			.client = "ソフト",
			.summary = {"観測", "到着数", "定常", "半減期", "1日1個まで", "最後の到着",
				    "今後", "30日静穏"},
			.rates = "停止からの経過ごとの1時間あたりの到着数",
			.age = {"0～6時間", "6～24時間", "2～7日目", "8～30日目", "31～90日目",
				"91～365日目"},
			.pooled = "ソフトごとにまとめた値",
			.members = "系列数",
			.half_life = "半減期（95 %）",
			.to_daily = "1日1個まで（95 %）",
			.unknown = "-",
			.never = "なし",
			.day = "$1日目",
			.hours = "$1時間",
			.days = "$1日",
			.limits = "$1（$2～$3）",
			.more_than = "$1（$2以上）",
			.verdict =
				{"$1が$2より遅く静まるかどうかは判断できない：いずれかの時間が不明",
				 "$1は$2より早く静まる：$6までの時間は$3倍（95 %：$4～$5）",
				 "$1は$2より遅く静まる：$6までの時間は$3倍（95 %：$4～$5）",
				 "$1が$2より遅く静まるとは言い切れない：$6までの時間は$3倍（95 %："
				 "$4～$5）"},
			.by_daily = "1日1個に減る",
			.by_half_life = "半減する",
			.policies = "SYNへの応答がホストにより異なるため、接続試行で比べてください"
				    "（--count attempts）。拒否された試行ではSYNが少なくなります",
		},
};

static void print_cell(const char *text, size_t columns, FILE *stream)
{
	size_t taken = language_columns(text);
	fprintf(stream, "%s%*s", text, (int)(taken < columns ? columns - taken : 1), "");
}

__attribute__((format(printf, 2, 3))) static const char *value(char text[VALUE_SIZE],
							       const char *format, ...)
{
	va_list arguments;
	va_start(arguments, format);
	vsnprintf(text, VALUE_SIZE, format, arguments);
	va_end(arguments);
	return text;
}

/* Three significant digits without an exponent. */
static const char *plain(char text[VALUE_SIZE], double number)
{
	double size = fabs(number);
	if (!isfinite(number) || size == 0 || (size >= 0.001 && size < 999.5))
		return value(text, "%.3g", number);
	double unit = pow(10, floor(log10(size)) - 2);
	return value(text, "%.*f", size < 1 ? (int)(2 - floor(log10(size))) : 0,
		     size < 1 ? number : round(number / unit) * unit);
}

/* Hours up to two days, days above. */
static const char *duration(const struct comparison_words *words, double hours,
			    char text[VALUE_SIZE])
{
	char number[VALUE_SIZE];
	const char *argument[1] = {number};
	if (isnan(hours))
		return words->unknown;
	if (isinf(hours))
		return words->never;
	bool days = hours >= 48;
	plain(number, days ? hours / 24 : hours);
	language_fill(text, VALUE_SIZE, days ? words->days : words->hours, argument, 1);
	return text;
}

static const char *estimated(const struct comparison_words *words, const struct interval *hours,
			     char text[COMPARISON_ESTIMATE_SIZE])
{
	char middle[VALUE_SIZE], low[VALUE_SIZE], high[VALUE_SIZE];
	if (!hours->known || isnan(hours->value))
		return words->unknown;
	const char *argument[3] = {duration(words, hours->value, middle),
				   duration(words, hours->low, low),
				   duration(words, hours->high, high)};
	language_fill(text, COMPARISON_ESTIMATE_SIZE,
		      isfinite(hours->high) ? words->limits : words->more_than, argument, 3);
	return text;
}

const char *comparison_estimate_text(const struct interval *hours, enum language language,
				     char text[COMPARISON_ESTIMATE_SIZE])
{
	return estimated(&words_of[language], hours, text);
}

static double known(const struct interval *interval)
{
	return interval->known ? interval->value : NAN;
}

static void print_member(const struct comparison_member *member,
			 const struct comparison_words *words, FILE *stream)
{
	char text[VALUE_SIZE], number[VALUE_SIZE];
	const char *argument[1] = {number};
	print_cell(member->name, NAME_COLUMNS, stream);
	print_cell(duration(words, member->covered_hours, text), CELL_COLUMNS, stream);
	print_cell(value(text, "%" PRIu64, member->count), CELL_COLUMNS, stream);
	print_cell(duration(words, member->steady_hours, text), CELL_COLUMNS, stream);
	print_cell(duration(words, known(&member->half_life), text), CELL_COLUMNS, stream);
	print_cell(duration(words, known(&member->to_daily), text), CELL_COLUMNS, stream);
	const char *last = words->unknown;
	if (!isnan(member->last_syn_hours)) {
		value(number, "%.0f", floor(member->last_syn_hours / 24) + 1);
		language_fill(text, sizeof text, words->day, argument, 1);
		last = text;
	}
	print_cell(last, CELL_COLUMNS, stream);
	double due = known(&member->residual_total);
	print_cell(isnan(due) ? words->unknown : plain(text, fabs(due) < 1e-6 ? 0 : due),
		   CELL_COLUMNS, stream);
	fprintf(stream, "%s\n",
		isnan(member->silent_30d) ? words->unknown
					  : value(text, "%.2g", member->silent_30d));
}

static void print_rates(const struct comparison *comparison, const struct comparison_words *words,
			FILE *stream)
{
	char text[VALUE_SIZE];
	fprintf(stream, "\n%s\n  ", words->rates);
	print_cell(words->series, NAME_COLUMNS, stream);
	for (int age = 0; age < COMPARISON_AGES; age++)
		print_cell(words->age[age], CELL_COLUMNS, stream);
	for (size_t i = 0; i < comparison->members; i++) {
		const struct comparison_member *member = &comparison->member[i];
		fputs("\n  ", stream);
		print_cell(member->name, NAME_COLUMNS, stream);
		for (int age = 0; age < COMPARISON_AGES; age++)
			print_cell(isnan(member->rate[age]) ? words->unknown
							    : plain(text, member->rate[age]),
				   CELL_COLUMNS, stream);
	}
	fputc('\n', stream);
}

static void print_groups(const struct comparison *comparison, const struct comparison_words *words,
			 FILE *stream)
{
	char text[COMPARISON_ESTIMATE_SIZE], number[VALUE_SIZE];
	fprintf(stream, "\n%s\n  ", words->pooled);
	print_cell(words->client, NAME_COLUMNS, stream);
	print_cell(words->members, CELL_COLUMNS, stream);
	print_cell(words->half_life, (size_t)2 * CELL_COLUMNS, stream);
	fprintf(stream, "%s\n", words->to_daily);
	for (size_t i = 0; i < comparison->groups; i++) {
		const struct comparison_group *group = &comparison->group[i];
		fputs("  ", stream);
		print_cell(group->name, NAME_COLUMNS, stream);
		print_cell(value(number, "%zu", group->members), CELL_COLUMNS, stream);
		print_cell(estimated(words, &group->half_life, text), (size_t)2 * CELL_COLUMNS,
			   stream);
		fprintf(stream, "%s\n", estimated(words, &group->to_daily, text));
	}
}

char *comparison_pair_text(const struct comparison *comparison, const struct comparison_pair *pair,
			   enum language language, char text[COMPARISON_LINE_SIZE])
{
	const struct comparison_words *words = &words_of[language];
	bool daily = pair->to_daily_ratio.known;
	const struct interval *ratio = daily ? &pair->to_daily_ratio : &pair->half_life_ratio;
	char middle[VALUE_SIZE], low[VALUE_SIZE], high[VALUE_SIZE];
	const char *argument[6] = {
		comparison->group[pair->second].name,
		comparison->group[pair->first].name,
		plain(middle, ratio->value),
		plain(low, ratio->low),
		plain(high, ratio->high),
		daily ? words->by_daily : words->by_half_life,
	};
	language_fill(text, COMPARISON_LINE_SIZE, words->verdict[pair->verdict], argument, 6);
	return text;
}

void comparison_print(const struct comparison *comparison, enum language language, FILE *stream)
{
	const struct comparison_words *words = &words_of[language];
	char line[COMPARISON_LINE_SIZE], number[VALUE_SIZE];
	const char *argument[1] = {value(number, "%zu", comparison->members)};
	language_fill(line, sizeof line, words->compared, argument, 1);
	fprintf(stream, "%s\n  ", line);
	print_cell(words->series, NAME_COLUMNS, stream);
	for (int i = 0; i < 8; i++)
		print_cell(words->summary[i], CELL_COLUMNS, stream);
	fputc('\n', stream);
	for (size_t i = 0; i < comparison->members; i++) {
		fputs("  ", stream);
		print_member(&comparison->member[i], words, stream);
	}
	print_rates(comparison, words, stream);
	print_groups(comparison, words, stream);
	if (comparison->pairs > 0)
		fputc('\n', stream);
	for (size_t i = 0; i < comparison->pairs; i++)
		fprintf(stream, "  %s\n",
			comparison_pair_text(comparison, &comparison->pair[i], language, line));
	if (comparison->policies_differ && !comparison->counts_attempts)
		fprintf(stream, "  %s\n", words->policies);
}
