/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "comparison_section.h"

#include "figure.h"
#include "html.h"
#include "number.h"
#include "page.h"
#include "page_figure.h"
#include "words.h"

#include "../analysis/comparison_text.h"

#include <math.h>
#include <stdlib.h>

bool report_has_comparison_figure(const struct report *report)
{
	return report->targets >= 2 && report->targets <= FIGURE_TARGETS_MAX;
}

struct analysis *report_compared(const struct report *report)
{
	struct analysis *compared = calloc(report->targets, sizeof *compared);
	for (size_t i = 0; compared && i < report->targets; i++)
		compared[i] = report->target[i].analysis;
	return compared;
}

static double steady_hours(const struct analysis *analysis)
{
	double hours = 0;
	for (size_t i = 0; i < analysis->phases; i++)
		if (analysis->phase[i].kind == PHASE_STEADY)
			hours += analysis->phase[i].to_hours - analysis->phase[i].from_hours;
	return hours;
}

static void write_comparison_row(FILE *page, enum language language,
				 const struct report_target *target)
{
	const struct analysis *analysis = &target->analysis;
	const struct report_facts *facts = &target->facts;
	char steady[NUMBER_TEXT_SIZE], last[NUMBER_TEXT_SIZE], syn[NUMBER_TEXT_SIZE],
		attempts[NUMBER_TEXT_SIZE], each[NUMBER_TEXT_SIZE], sources[NUMBER_TEXT_SIZE],
		silence[NUMBER_TEXT_SIZE];
	double last_day = analysis->last_syn == TIME_UNKNOWN
				  ? NAN
				  : (double)(analysis->last_syn - target->series.retired) / 86400;
	/* What only a ledger knows stays unknown without one. */
	rate_text(NAN, attempts);
	rate_text(NAN, each);
	rate_text(NAN, sources);
	if (facts->from_ledger) {
		count_text(facts->attempts, attempts);
		rate_text(facts->attempts > 0 ? (double)facts->syn / (double)facts->attempts : NAN,
			  each);
		count_text(facts->new_sources, sources);
	}
	html_print(page,
		   "<tr><th scope=\"row\">%s</th><td class=\"n\">%s</td><td class=\"n\">%s</td><td "
		   "class=\"n\">%s</td><td class=\"n\">%s</td><td class=\"n\">%s</td><td "
		   "class=\"n\">%s</td><td>%s</td><td class=\"n\">%s</td></tr>\n",
		   target->series.name, rate_text(steady_hours(analysis), steady),
		   rate_text(last_day, last), count_text(analysis->syn, syn), attempts, each,
		   sources,
		   analysis->best.done ? word_family(language, analysis->best.family)
				       : SAY(language, "none", "なし"),
		   probability_text(analysis->silent_30d, silence));
}

static int write_comparison_figure(FILE *page, const struct report *report, size_t number,
				   struct failure *failure)
{
	struct analysis *compared = report_compared(report);
	if (!compared)
		return fail(failure, EXIT_FAILED, "out of memory for the comparison");
	const struct figure_request request = {
		.analysis = compared, .analyses = report->targets, .language = report->language};
	char caption[800];
	snprintf(caption, sizeof caption, "%s%s",
		 SAY(report->language,
		     "The targets on one time axis, each from its own retirement: means over bins "
		     "that widen with time, on a logarithmic axis. On the row 0 are bins in which "
		     "none came.",
		     "各対象の停止時刻を揃えた比較。点は時間とともに広がる区間の平均（対数目盛）。"
		     "0の行は到着のなかった区間。"),
		 report->targets > COMPARE_FITS_MAX
			 ? ""
			 : SAY(report->language,
			       " Lines are the best fits, with the 95 % bands of their means.",
			       "線は最もよく合う曲線、帯はその平均の95 %区間。"));
	page_figure_write(page, &(struct page_figure){figure_find("compare"), &request, "compare",
						      number, caption});
	free(compared);
	return 0;
}

static bool has_times(const struct comparison_group *group)
{
	return group->half_life.known || group->to_daily.known;
}

/* Clients of which no time is known are named once, not with each of the others. */
static void write_unknown(FILE *page, const struct comparison *comparison, enum language language)
{
	size_t unknown = 0;
	for (size_t i = 0; i < comparison->groups; i++) {
		const struct comparison_group *group = &comparison->group[i];
		if (has_times(group))
			continue;
		if (unknown++ == 0)
			fputs(SAY(language, "<li>not compared, because their times are unknown: ",
				  "<li>時間が不明のため比較できない: "),
			      page);
		html_print(page, "%s%s", unknown > 1 ? ", " : "", group->name);
	}
	if (unknown > 0)
		fputs("</li>\n", page);
}

static void write_pairs(FILE *page, const struct comparison *comparison, enum language language)
{
	if (comparison->pairs == 0)
		return;
	fputs(SAY(language, "<h3>Which dies away more slowly</h3>\n<ul class=\"verdicts\">\n",
		  "<h3>どちらが遅く静まるか</h3>\n<ul class=\"verdicts\">\n"),
	      page);
	for (size_t i = 0; i < comparison->pairs; i++) {
		char text[COMPARISON_LINE_SIZE];
		const struct comparison_pair *pair = &comparison->pair[i];
		if (has_times(&comparison->group[pair->first]) &&
		    has_times(&comparison->group[pair->second]))
			html_print(page, "<li>%s</li>\n",
				   comparison_pair_text(comparison, pair, language, text));
	}
	write_unknown(page, comparison, language);
	fputs(SAY(language,
		  "</ul>\n<p>Each interval is for its pair alone: of many pairs, one in twenty "
		  "misses. One address is one sample of its client.",
		  "</ul>\n<p>"
		  "各区間はその組だけのもので、多くの組のうち20に1つは外れる。1つのアドレスはそのク"
		  "ラ"
		  "イアントの1つの標本にすぎない。"),
	      page);
	if (comparison->policies_differ)
		fputs(SAY(language,
			  " <strong>The hosts answer SYNs differently</strong>: a refused call "
			  "brings fewer of them. Compare attempts: <code>stalenode analyze "
			  "--compare --count attempts</code>.",
			  "<strong>SYNへの応答がホストにより異なる</strong>"
			  "。拒否された試行ではSYNが少ないため、接続試行で比べること: "
			  "<code>stalenode analyze --compare --count attempts</code>。"),
		      page);
	fputs("</p>\n", page);
}

/* The targets of one client taken together, and client against client. */
static void write_clients(FILE *page, const struct comparison *comparison, enum language language)
{
	const char *const heads[] = {
		SAY(language, "Client", "クライアント"), SAY(language, "#Targets", "#対象数"),
		SAY(language, "#Half-life (95 %)", "#半減期（95 %）"),
		SAY(language, "#One SYN a day after (95 %)", "#1日1個に減るまで（95 %）"), NULL};
	page_table_begin(
		page,
		SAY(language,
		    "By client, counted from retirement. A client is as good as quiet when "
		    "one SYN a day is left. Several targets of one client are pooled.",
		    "クライアント別、停止からの時間。1日1個まで減れば静まったに等しい。同じ"
		    "クライ"
		    "アントの複数の対象はまとめて推定した。"),
		heads);
	for (size_t i = 0; i < comparison->groups; i++) {
		const struct comparison_group *group = &comparison->group[i];
		char half_life[COMPARISON_ESTIMATE_SIZE], daily[COMPARISON_ESTIMATE_SIZE];
		html_print(page,
			   "<tr><th scope=\"row\">%s</th><td class=\"n\">%zu</td><td "
			   "class=\"n\">%s</td><td class=\"n\">%s</td></tr>\n",
			   group->name, group->members,
			   comparison_estimate_text(&group->half_life, language, half_life),
			   comparison_estimate_text(&group->to_daily, language, daily));
	}
	page_table_end(page);
	write_pairs(page, comparison, language);
}

int comparison_section_write(FILE *page, const struct report *report,
			     const struct comparison *comparison, size_t number,
			     struct failure *failure)
{
	enum language language = report->language;
	const char *const heads[] = {SAY(language, "Target", "対象"),
				     SAY(language, "#Steady, h", "#定常, 時間"),
				     SAY(language, "#Last SYN, days after", "#最後のSYN, 日後"),
				     "#SYN",
				     SAY(language, "#Attempts", "#接続試行"),
				     SAY(language, "#SYN per attempt", "#試行あたり SYN"),
				     SAY(language, "#Sources", "#送信元"),
				     SAY(language, "Best fit", "最良の曲線"),
				     SAY(language, "#Silent for 30 days", "#30日間 到着なし"),
				     NULL};
	fputs(SAY(language, "<section id=\"comparison\">\n<h2>Comparison</h2>\n",
		  "<section id=\"comparison\">\n<h2>比較</h2>\n"),
	      page);
	if (report_has_comparison_figure(report) &&
	    write_comparison_figure(page, report, number, failure) != 0)
		return -1;
	page_table_begin(page,
			 SAY(language,
			     "The targets side by side. An attempt is one call; its SYN is sent "
			     "again while nobody answers. A dash is unknown.",
			     "対象を並べて示す。接続試行は1回の呼び出しで、応答がないとSYNは再送さ"
			     "れる。横線は不明。"),
			 heads);
	for (size_t i = 0; i < report->targets; i++)
		write_comparison_row(page, language, &report->target[i]);
	page_table_end(page);
	if (report->targets >= 2)
		write_clients(page, comparison, language);
	fputs("</section>\n", page);
	return 0;
}
