/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "overview.h"

#include "frame.h"
#include "html.h"
#include "number.h"
#include "page.h"
#include "target_section.h"

#include "../analysis/phrase.h"

#include <math.h>
#include <string.h>

static int64_t report_end(const struct report *report)
{
	int64_t end = INT64_MIN;
	for (size_t i = 0; i < report->targets; i++)
		if (report_target_end(&report->target[i]) > end)
			end = report_target_end(&report->target[i]);
	return end;
}

static void write_summary_row(FILE *page, const struct report_target *target)
{
	const struct analysis *analysis = &target->analysis;
	char client[128], retired[32], total[NUMBER_TEXT_SIZE];
	html_print(
		page,
		"<tr><th scope=\"row\"><a href=\"#%s\">%s</a></th><td>%s</td><td>%s</td><td><ol>\n",
		target->slug, target->series.name, section_client(target, client, sizeof client),
		section_instant(target->series.retired, retired));
	for (size_t i = 0; i < analysis->phases; i++) {
		char words[PHRASE_SIZE];
		phrase_phase(analysis, i, LANGUAGE_ENGLISH, words, sizeof words);
		html_print(page, "<li>%s</li>\n", words);
	}
	html_print(page, "</ol></td><td class=\"n\">%s</td></tr>\n",
		   count_text(analysis->count, total));
}

void overview_write_opening(FILE *page, const struct report *report)
{
	static const char *const heads[] = {
		"Target", "Client", "Retired", "What arrived afterwards", "#In all", NULL};
	char end[32];
	if (report->targets == 1)
		html_print(page, "<h1>What still arrived at %s after it retired</h1>\n",
			   report->target[0].series.name);
	else
		html_print(page, "<h1>What still arrived at %zu retired nodes</h1>\n",
			   report->targets);
	html_print(page,
		   "<p class=\"lead\">A P2P program ran on an address and was stopped. Other nodes "
		   "had "
		   "kept the address in their lists and went on calling it. This report shows how "
		   "those calls died away: how many packets that open a TCP connection (SYN) still "
		   "arrived in each 5 minutes, from the record up to %s.</p>\n",
		   section_instant(report_end(report), end));
	fputs("<nav aria-label=\"Contents\"><ul>\n<li><a href=\"#summary\">Summary</a></li>\n",
	      page);
	for (size_t i = 0; i < report->targets; i++)
		html_print(page, "<li><a href=\"#%s\">%s</a></li>\n", report->target[i].slug,
			   report->target[i].series.name);
	fputs("<li><a href=\"#comparison\">Comparison</a></li>\n"
	      "<li><a href=\"#methods\">Methods and limits</a></li>\n</ul></nav>\n"
	      "<main>\n<section id=\"summary\">\n<h2>Summary</h2>\n",
	      page);
	page_table_begin(page, "Each target in words, phase by phase, and what was counted in all.",
			 heads);
	for (size_t i = 0; i < report->targets; i++)
		write_summary_row(page, &report->target[i]);
	page_table_end(page);
	if (report->absents > 0) {
		fputs("<p>Without anything to report yet:</p>\n<ul>\n", page);
		for (size_t i = 0; i < report->absents; i++)
			html_print(page, "<li>%s: %s</li>\n", report->absent[i].name,
				   report->absent[i].reason);
		fputs("</ul>\n", page);
	}
	fputs("</section>\n", page);
}

static double steady_hours(const struct analysis *analysis)
{
	double hours = 0;
	for (size_t i = 0; i < analysis->phases; i++)
		if (analysis->phase[i].kind == PHASE_STEADY)
			hours += analysis->phase[i].to_hours - analysis->phase[i].from_hours;
	return hours;
}

static void write_comparison_row(FILE *page, const struct report_target *target)
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
		   "<tr><th scope=\"row\">%s</th><td class=\"n\">%s</td><td class=\"n\">%s</td>"
		   "<td class=\"n\">%s</td><td class=\"n\">%s</td><td class=\"n\">%s</td>"
		   "<td class=\"n\">%s</td><td>%s</td><td class=\"n\">%s</td></tr>\n",
		   target->series.name, rate_text(steady_hours(analysis), steady),
		   rate_text(last_day, last), count_text(analysis->syn, syn), attempts, each,
		   sources, analysis->best.done ? family_name(analysis->best.family) : "none",
		   probability_text(analysis->silent_30d, silence));
}

void overview_write_comparison(FILE *page, const struct report *report)
{
	static const char *const heads[] = {"Target",	"#Steady, h", "#Last SYN, days after",
					    "#SYN",	"#Attempts",  "#SYN per attempt",
					    "#Sources", "Best fit",   "#Silent for 30 days",
					    NULL};
	fputs("<section id=\"comparison\">\n<h2>Comparison</h2>\n", page);
	page_table_begin(page,
			 "The targets side by side. An attempt is one call; its SYN is sent again "
			 "while nobody answers. A dash is unknown.",
			 heads);
	for (size_t i = 0; i < report->targets; i++)
		write_comparison_row(page, &report->target[i]);
	page_table_end(page);
	fputs("</section>\n", page);
}

void overview_write_methods(FILE *page, const struct report *report)
{
	fputs("<section id=\"methods\">\n<h2>Methods and limits</h2>\n"
	      "<h3>Counting</h3>\n"
	      "<p>A SYN is a TCP packet with SYN set and ACK clear that was sent to a port of the "
	      "target. Packets are counted in buckets of 5 minutes by their own timestamps. An "
	      "attempt "
	      "is one source, source port, destination port and sequence number, remembered until "
	      "two "
	      "minutes after its last SYN. Time that was not observed is unknown: it counts "
	      "neither as "
	      "silence nor for any fit.</p>\n"
	      "<h3>Curves</h3>\n"
	      "<p>Each curve is a mean rate over time plus a constant background, fitted by "
	      "maximum "
	      "likelihood to every observed bucket; a mean is the integral over the bucket. Counts "
	      "are "
	      "taken as Poisson, as NB1 (variance 1 + phi times the mean), because the calls "
	      "come "
	      "in bundles: an unanswered SYN is sent again; or as NB2 (variance the mean plus "
	      "alpha times its square), as when the rate itself wavers. The headline is the curve "
	      "with the "
	      "lowest "
	      "BIC; its weight says how clearly it leads. Intervals of parameters come from the "
	      "profile of the likelihood.</p>\n"
	      "<h3>Phases</h3>\n"
	      "<p>The hourly counts are cut into stretches of constant rate by exact optimal "
	      "partition. A stretch is steady when more than half of its buckets had a SYN, "
	      "intermittent from 2 to 50 %, sporadic below, silent with none.</p>\n"
	      "<h3>Limits</h3>\n"
	      "<ul>\n"
	      "<li>One address is one sample: another address, client version or year may "
	      "differ.</li>\n"
	      "<li>A SYN to the port need not come from the network of the retired program; scans "
	      "come too. What arrives at other ports of the address shows how many.</li>\n"
	      "<li>Intervals take bundles within 5 minutes into account, but not that peers come "
	      "and go "
	      "by the day: for slow quantities they are too narrow.</li>\n"
	      "<li>A forecast assumes that the curve goes on as it did. Where several families fit "
	      "about "
	      "as well, their range is the honest answer.</li>\n"
	      "<li>Packets that the kernel dropped were not counted; their number is given with "
	      "each "
	      "target.</li>\n"
	      "</ul>\n",
	      page);
	if (!report->chart.script)
		fputs("<p>Interactive charts are left out: the program that wrote this report was "
		      "installed without what draws them (<code>make chart</code> fetches "
		      "it).</p>\n",
		      page);
	fputs("</section>\n", page);
}
