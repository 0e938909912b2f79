/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "analysis_text.h"

#include "phrase.h"
#include "phrase_words.h"
#include "../observer/base/timestamp.h"
#include "../observer/target.h"

#include <inttypes.h>
#include <math.h>
#include <stdarg.h>
#include <stdlib.h>

#define LABEL_COLUMNS 12
#define LINE_SIZE     512
#define VALUE_SIZE    64

/* The words of the page: labels, and lines whose $1 ... are values. */
struct page_words {
	const char *retired, *assumed;
	const char *observed, *observed_line; /* hours, buckets */
	const char *syns, *attempts_too;      /* attempts */
	const char *last_seen;		      /* time */
	const char *from, *to, *phase, *in_words;
	const char *best_fit, *best_fit_line; /* family, likelihood, BIC, weight in percent */
	const char *per_hour, *hours, *per_bucket, *syn_unit, *attempts_unit;
	const char *limits, *lower_limit; /* low, high */
	const char *half_life, *background, *equal_after, *still_due;
	const char *wave[3];	    /* behind best_fit_line: none, daily, weekly */
	const char *clustered_line; /* Fano factor of a day, of 5 minutes */
	const char *list_line;	    /* likelihood, weight in percent */
	const char *tries, *tries_unit, *online, *offline, *slow_return;
	const char *return_shape, *return_rate;
	const char *remembering, *remembering_line; /* nodes, nodes, counts */
	const char *unanchored, *daily, *monthly, *due_in_year;
	const char *silence, *silence_line;			     /* probability, low, high */
	const char *silence_alone;				     /* probability */
	const char *last_call, *last_call_seen, *last_call_expected; /* time */
	const char *doubt;
};

static const struct page_words page_words[LANGUAGES] = {
	[LANGUAGE_ENGLISH] =
		{
			.retired = "retired",
			.assumed = " (assumed: the first bucket; see --retired)",
			.observed = "observed",
			.observed_line = "$1 hours in $2 buckets",
			.syns = "SYNs",
			.attempts_too = ", attempts $1",
			.last_seen = ", the last in the bucket of $1",
			.from = "from h",
			.to = "to h",
			.phase = "phase",
			.in_words = "in words",
			.best_fit = "best fit",
			.best_fit_line = "$1 under $2, BIC $3, weight $4 %",
			.per_hour = " per hour",
			.hours = " h",
			.per_bucket = " per 5 minutes",
			.syn_unit = " SYN",
			.attempts_unit = " attempts",
			.limits = " (95 %: $1 to $2)",
			.lower_limit = " (95 %: $1 or more)",
			.half_life = "half-life",
			.background = "background",
			.equal_after = "equal after",
			.still_due = "still due",
			.wave = {"", " with a daily wave", " with a weekly wave"},
			.clustered_line = "the counts of a day vary together (Fano factor $1, in 5 "
					  "minutes $2): the intervals allow for it",
			.list_line = "as saved lists (plateau_omori under $1, weight $2 %)",
			.tries = "tries",
			.tries_unit = " h: their number times their spacing",
			.online = "online",
			.offline = "offline",
			.slow_return = "return more slowly than any gamma mixture",
			.return_shape = "return shape",
			.return_rate = "return rate",
			.remembering = "remembering",
			.remembering_line = "$1 nodes when the tries end, $2 at the end of the "
					    "record ($3 counts a visit)",
			.unanchored = "unanchored",
			.daily = "one a day",
			.monthly = "one a month",
			.due_in_year = "due in 1 year",
			.silence = "silence",
			.silence_line = "in the next 30 days: probability $1 ($2 to $3 over the "
					"likely families)",
			.silence_alone = "$1 were there no background",
			.last_call = "last call",
			.last_call_seen = "probably the one seen, $1",
			.last_call_expected = "expected by $1",
			.doubt = "doubt",
		},
	[LANGUAGE_JAPANESE] =
		{
			.retired = "停止時刻",
			.assumed = "（仮定：最初の区間。--retired で指定できます）",
			.observed = "観測",
			.observed_line = "$1時間（5分間の区間$2個）",
			.syns = "SYN数",
			.attempts_too = "、接続試行 $1",
			.last_seen = "、最後の到着は $1 からの5分間",
			.from = "開始 h",
			.to = "終了 h",
			.phase = "状態",
			.in_words = "説明",
			.best_fit = "最良の当てはめ",
			.best_fit_line = "$1（尤度 $2）、BIC $3、重み $4 %",
			.per_hour = " /時",
			.hours = " 時間",
			.per_bucket = " /5分",
			.syn_unit = " SYN",
			.attempts_unit = " 回",
			.limits = "（95 %：$1～$2）",
			.lower_limit = "（95 %：$1以上）",
			.half_life = "半減期",
			.background = "背景雑音",
			.equal_after = "背景と同水準",
			.still_due = "今後の到着数",
			.wave = {"", "、日周期つき", "、週周期つき"},
			.clustered_line = "1日の中の到着数は連動しており（ファノ因子 1日 $1、5分 "
					  "$2）、信頼区間に反映済み",
			.list_line = "保存リストとして読むと（plateau_omori、尤度 $1、重み $2 %）",
			.tries = "試行",
			.tries_unit = " 時間（試行回数×間隔）",
			.online = "稼働中の分",
			.offline = "停止中の分",
			.slow_return = "戻りはどのガンマ混合よりも遅い",
			.return_shape = "戻りの形状",
			.return_rate = "戻りの率",
			.remembering = "記憶する節点",
			.remembering_line = "試行の終わりに$1、記録の終わりに$2（1回の訪問で$3個）",
			.unanchored = "較正なし",
			.daily = "1日1個まで",
			.monthly = "月1個まで",
			.due_in_year = "1年以内の数",
			.silence = "静穏の見込み",
			.silence_line =
				"今後30日間に1つも届かない確率 $1（有力な曲線による幅 $2～$3）",
			.silence_alone = "背景雑音がなければ $1",
			.last_call = "最後の到着",
			.last_call_seen = "おそらく既に観測されたもの、$1",
			.last_call_expected = "$1 までの見込み",
			.doubt = "留意点",
		},
};

/* Padded to the columns that it takes on a terminal. */
static void print_padded(const char *text, size_t columns, FILE *stream)
{
	size_t taken = language_columns(text);
	fprintf(stream, "%s%*s", text, (int)(taken < columns ? columns - taken : 0), "");
}

static void print_label(const char *label, FILE *stream)
{
	fputs("  ", stream);
	print_padded(label, LABEL_COLUMNS, stream);
	fputc(' ', stream);
}

/* The pattern with up to four values. */
static void print_line(FILE *stream, const char *pattern, const char *one, const char *two,
		       const char *three, const char *four)
{
	char line[LINE_SIZE];
	const char *argument[4] = {one, two, three, four};
	language_fill(line, sizeof line, pattern, argument, 4);
	fputs(line, stream);
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

static void print_name(const struct analysis *analysis, FILE *stream)
{
	const struct series *series = analysis->series;
	fprintf(stream, "%s", series->name);
	if (series->client[0])
		fprintf(stream, " (%s%s%s)", series->client, series->version[0] ? " " : "",
			series->version);
	fputc('\n', stream);
}

static void print_heading(const struct analysis *analysis, const struct page_words *words,
			  FILE *stream)
{
	const struct series *series = analysis->series;
	char time[TIMESTAMP_TEXT_SIZE], one[VALUE_SIZE], two[VALUE_SIZE];
	print_name(analysis, stream);
	print_label(words->retired, stream);
	fprintf(stream, "%s%s\n", timestamp_format(series->retired, time),
		series->retired_assumed ? words->assumed : "");
	print_label(words->observed, stream);
	print_line(stream, words->observed_line, value(one, "%.1f", analysis->covered_hours),
		   value(two, "%zu", analysis->buckets), NULL, NULL);
	fputc('\n', stream);
	print_label(words->syns, stream);
	fprintf(stream, "%" PRIu64, analysis->syn);
	if (series->counts_attempts)
		print_line(stream, words->attempts_too, value(one, "%" PRIu64, analysis->count),
			   NULL, NULL, NULL);
	if (analysis->last_syn != TIME_UNKNOWN)
		print_line(stream, words->last_seen, timestamp_format(analysis->last_syn, time),
			   NULL, NULL, NULL);
	fputc('\n', stream);
}

static void print_phases(const struct analysis *analysis, enum language language, FILE *stream)
{
	const struct page_words *words = &page_words[language];
	char text[PHRASE_SIZE];
	fputs("  ", stream);
	print_padded(words->from, 10, stream);
	print_padded(words->to, 10, stream);
	print_padded(words->phase, 14, stream);
	fprintf(stream, "%s\n", words->in_words);
	for (size_t i = 0; i < analysis->phases; i++) {
		const struct phase *phase = &analysis->phase[i];
		phrase_phase(analysis, i, language, text, sizeof text);
		fprintf(stream, "  %-9.1f %-9.1f ", phase->from_hours, phase->to_hours);
		print_padded(phrase_words_of(language)->kind[phase->kind], 14, stream);
		fprintf(stream, "%s\n", text);
	}
}

static void print_story(const struct analysis *analysis, enum language language, FILE *stream)
{
	char *text = malloc(STORY_SIZE);
	if (text && phrase_story(analysis, language, text, STORY_SIZE) > 0)
		fprintf(stream, "\n  %s\n", text);
	free(text);
}

/* What is below a millionth is told as 0: a rate on the floor of its box, a decayed remainder. */
static const char *amount(double number, char text[VALUE_SIZE])
{
	return value(text, "%.4g", fabs(number) < 1e-6 ? 0 : number);
}

static void print_estimate(const char *name, const struct interval *interval, const char *unit,
			   const struct page_words *words, FILE *stream)
{
	if (!interval->known || !isfinite(interval->value))
		return;
	char middle[VALUE_SIZE], low[VALUE_SIZE], high[VALUE_SIZE];
	print_label(name, stream);
	fprintf(stream, "%s%s", amount(interval->value, middle), unit);
	if (isfinite(interval->high))
		print_line(stream, words->limits, amount(interval->low, low),
			   amount(interval->high, high), NULL, NULL);
	else
		print_line(stream, words->lower_limit, amount(interval->low, low), NULL, NULL,
			   NULL);
	fputc('\n', stream);
}

static const char *unit_of(enum parameter_role role, const struct page_words *words)
{
	if (role == ROLE_RATE || role == ROLE_LATER_RATE || role == ROLE_BACKGROUND)
		return words->per_hour;
	bool time = role == ROLE_TIME || role == ROLE_WIDTH || role == ROLE_PLATEAU;
	return time ? words->hours : "";
}

static void print_fit(const struct analysis *analysis, const struct page_words *words, FILE *stream)
{
	struct fit best = analysis->best;
	struct model model = {.family = best.family, .likelihood = best.likelihood};
	char one[VALUE_SIZE], two[VALUE_SIZE];
	if (!best.done || analysis->count == 0)
		return;
	fputc('\n', stream);
	print_label(words->best_fit, stream);
	print_line(stream, words->best_fit_line, family_name(best.family),
		   likelihood_name(best.likelihood), value(one, "%.1f", best.bic),
		   value(two, "%.0f", 100 * analysis->weight[best.likelihood][best.family]));
	fprintf(stream, "%s\n", words->wave[best.waves / 2]);
	for (int i = 0; i < best.k; i++)
		print_estimate(fit_parameter_name(&best, i), fit_interval(&best, i),
			       unit_of(model_parameter(&model, i)->role, words), words, stream);
	if (!analysis->clustered)
		return;
	fputs("  ", stream);
	print_line(stream, words->clustered_line, value(one, "%.1f", analysis->fano[3]),
		   value(two, "%.1f", analysis->fano[0]), NULL, NULL);
	fputc('\n', stream);
}

/* Only where its family is in the running: as a reading of a poor fit it would mislead. */
static void print_saved_list(const struct analysis *analysis, const struct page_words *words,
			     FILE *stream)
{
	const struct saved_list *list = &analysis->saved_list;
	double weight = analysis->weight[list->likelihood][FAMILY_PLATEAU_OMORI];
	char one[VALUE_SIZE], two[VALUE_SIZE], three[VALUE_SIZE];
	if (!list->known || weight < 0.01)
		return;
	fputs("\n  ", stream);
	print_line(stream, words->list_line, likelihood_name(list->likelihood),
		   value(one, "%.0f", 100 * weight), NULL, NULL);
	fputc('\n', stream);
	print_estimate(words->tries, &list->tries_spacing_hours, words->tries_unit, words, stream);
	print_estimate(words->online, &list->online_calls_per_hour, words->per_hour, words, stream);
	if (!list->returning) {
		print_label(words->offline, stream);
		fprintf(stream, "%s\n", words->slow_return);
		return;
	}
	print_estimate(words->return_shape, &list->return_shape, "", words, stream);
	print_estimate(words->return_rate, &list->return_rate_hours, words->hours, words, stream);
	print_label(words->remembering, stream);
	print_line(stream, words->remembering_line, value(one, "%.3g", list->nodes_at_end_of_tries),
		   value(two, "%.3g", list->nodes_remembering),
		   value(three, "%.2g", list->counts_per_visit), NULL);
	fputc('\n', stream);
}

static void print_silence(const struct analysis *analysis, const struct page_words *words,
			  FILE *stream)
{
	char one[VALUE_SIZE], two[VALUE_SIZE], three[VALUE_SIZE];
	const struct silence *month = &analysis->silence[SILENCE_MONTH];
	if (!isfinite(analysis->silent_30d))
		return;
	print_label(words->silence, stream);
	print_line(stream, words->silence_line, value(one, "%.2g", analysis->silent_30d),
		   value(two, "%.2g", analysis->silent_30d_low),
		   value(three, "%.2g", analysis->silent_30d_high), NULL);
	fputc('\n', stream);
	if (month->residual_only <= month->probability + 0.01)
		return;
	print_label("", stream);
	print_line(stream, words->silence_alone, value(one, "%.2g", month->residual_only), NULL,
		   NULL, NULL);
	fputc('\n', stream);
}

static void print_forecast(const struct analysis *analysis, const struct page_words *words,
			   FILE *stream)
{
	char time[TIMESTAMP_TEXT_SIZE];
	const struct interval *last = &analysis->last_syn_expected;
	const char *counted =
		analysis->series->counts_attempts ? words->attempts_unit : words->syn_unit;
	fputc('\n', stream);
	print_estimate(words->half_life, &analysis->half_life_hours, words->hours, words, stream);
	print_estimate(words->background, &analysis->background_per_bucket, words->per_bucket,
		       words, stream);
	print_estimate(words->unanchored, &analysis->background_joint_per_bucket, words->per_bucket,
		       words, stream);
	print_estimate(words->equal_after, &analysis->hours_to_background, words->hours, words,
		       stream);
	print_estimate(words->daily, &analysis->hours_to_daily, words->hours, words, stream);
	print_estimate(words->monthly, &analysis->hours_to_monthly, words->hours, words, stream);
	print_estimate(words->still_due, &analysis->residual_total, counted, words, stream);
	if (!analysis->residual_total.known)
		print_estimate(words->due_in_year, &analysis->residual_1_year, counted, words,
			       stream);
	print_silence(analysis, words, stream);
	if (!last->known)
		return;
	bool seen = analysis->last_syn >= (int64_t)last->value - 300;
	print_label(words->last_call, stream);
	print_line(stream, seen ? words->last_call_seen : words->last_call_expected,
		   timestamp_format((int64_t)last->value, time), NULL, NULL, NULL);
	fputc('\n', stream);
}

void analysis_print_phases(const struct analysis *analysis, enum language language, FILE *stream)
{
	print_name(analysis, stream);
	print_phases(analysis, language, stream);
}

void analysis_print(const struct analysis *analysis, enum language language, FILE *stream)
{
	const struct page_words *words = &page_words[language];
	print_heading(analysis, words, stream);
	if (analysis->phases > 0)
		fputc('\n', stream);
	print_phases(analysis, language, stream);
	print_story(analysis, language, stream);
	print_fit(analysis, words, stream);
	print_saved_list(analysis, words, stream);
	print_forecast(analysis, words, stream);
	if (analysis->doubt[language][0]) {
		print_label(words->doubt, stream);
		fprintf(stream, "%s\n", analysis->doubt[language]);
	}
}
