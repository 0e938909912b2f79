/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "overview.h"

#include "figure.h"
#include "html.h"
#include "methods.h"
#include "number.h"
#include "page.h"
#include "page_figure.h"
#include "target_section.h"

#include "../analysis/phrase.h"

#include <math.h>
#include <string.h>

static int64_t report_end(const struct report *report)
{
	int64_t end = INT64_MIN;
	for (size_t i = 0; i < report->targets; i++)
		if (report->target[i].end > end)
			end = report->target[i].end;
	return end;
}

static void write_summary_row(FILE *page, enum language language,
			      const struct report_target *target)
{
	const struct analysis *analysis = &target->analysis;
	char client[128], retired[32], total[NUMBER_TEXT_SIZE];
	html_print(page,
		   "<tr><th scope=\"row\"><a href=\"#%s\">%s</a></th><td>%s</td><td>%s</td><td>\n",
		   target->slug, target->series.name,
		   section_client(language, target, client, sizeof client),
		   section_instant(target->series.retired, retired));
	if (analysis->phases > 0)
		fputs("<ol>\n", page);
	for (size_t i = 0; i < analysis->phases; i++) {
		char words[PHRASE_SIZE];
		phrase_phase(analysis, i, language, words, sizeof words);
		html_print(page, "<li>%s</li>\n", words);
	}
	if (analysis->phases > 0)
		fputs("</ol>", page);
	bool observed = analysis->covered_hours > 0;
	html_print(page, "%s</td><td class=\"n\">%s</td></tr>\n",
		   observed ? "" : SAY(language, "not observed since then", "停止後の観測なし"),
		   observed ? count_text(analysis->count, total) : rate_text(NAN, total));
}

static void write_mechanism(FILE *page, enum language language)
{
	const struct figure_request request = {.language = language};
	page_figure_write(
		page,
		&(struct page_figure){
			figure_find("mechanism"), &request, "mechanism", 1,
			SAY(language,
			    "How an address inherits calls. Nobody attacks it: other nodes have it "
			    "in lists that they saved while the node ran, and each goes on calling "
			    "until it drops the address.",
			    "アドレスが接続の試みを引き継ぐしくみ。攻撃ではない。ほかのノードは動い"
			    "てい"
			    "たときに保存した一覧にこのアドレスを持っており、一覧から消すまで接続を"
			    "試み"
			    "続ける。")});
}

/* Of a page that is made anew all the time: its age, and the records that stand still. */
static void write_live(FILE *page, const struct report *report)
{
	enum language language = report->language;
	size_t behind = 0;
	if (report->live.every == 0)
		return;
	live_note_write(page, language, &report->live);
	for (size_t i = 0; i < report->targets; i++) {
		const struct report_target *target = &report->target[i];
		char end[32];
		if (!live_is_behind(&report->live, target->end))
			continue;
		if (behind++ == 0)
			fputs(SAY(language,
				  "<p class=\"note behind\">Not counted up to now, so that their "
				  "silence says nothing:\n",
				  "<p class=\"note behind\">"
				  "現在まで計数されていない対象（到着がなくても静穏とは言えない）:"
				  "\n"),
			      page);
		html_print(page,
			   SAY(language, "%s<a href=\"#%s\">%s</a> (record ends at %s)",
			       "%s<a href=\"#%s\">%s</a>（記録は%sまで）"),
			   behind > 1 ? "; " : "", target->slug, target->series.name,
			   section_instant(target->end, end));
	}
	if (behind > 0)
		fputs("</p>\n", page);
}

void overview_write_opening(FILE *page, const struct report *report)
{
	enum language language = report->language;
	const char *const heads[] = {SAY(language, "Target", "対象"),
				     SAY(language, "Client", "クライアント"),
				     SAY(language, "Retired", "停止"),
				     SAY(language, "What arrived afterwards", "その後の到着"),
				     SAY(language, "#In all", "#合計"),
				     NULL};
	char end[32];
	if (report->targets == 1)
		html_print(page,
			   SAY(language, "<h1>What still arrived at %s after it retired</h1>\n",
			       "<h1>%sの停止後に届き続けた通信</h1>\n"),
			   report->target[0].series.name);
	else
		html_print(page,
			   SAY(language, "<h1>What still arrived at %zu retired nodes</h1>\n",
			       "<h1>停止した%zuノードに届き続けた通信</h1>\n"),
			   report->targets);
	html_print(
		page,
		SAY(language,
		    "<p class=\"lead\">A P2P program ran on an address and was stopped. Other "
		    "nodes had kept the address in their lists and went on calling it. This report "
		    "shows how those calls died away: how many packets that open a TCP connection "
		    "(SYN) still arrived in each 5 minutes, from the record up to %s.</p>\n",
		    "<p "
		    "class=\"lead\">"
		    "あるアドレスでP2Pプログラムが動き、停止された。ほかのノードはそのアドレスを一"
		    "覧に残しており、接続を試み続けた。この報告書は、その試みがどのように減っていっ"
		    "たか、すなわちTCP接続を開くパケット（SYN）が5分ごとにいくつ届いたかを示す。記"
		    "録は%sまで。</p>\n"),
		section_instant(report_end(report), end));
	write_live(page, report);
	fputs(SAY(language,
		  "<nav aria-label=\"Contents\"><ul>\n<li><a href=\"#summary\">Summary</a></li>\n",
		  "<nav aria-label=\"目次\"><ul>\n<li><a href=\"#summary\">概要</a></li>\n"),
	      page);
	for (size_t i = 0; i < report->targets; i++)
		html_print(page, "<li><a href=\"#%s\">%s</a></li>\n", report->target[i].slug,
			   report->target[i].series.name);
	fputs(SAY(language,
		  "<li><a href=\"#comparison\">Comparison</a></li>\n<li><a "
		  "href=\"#methods\">Methods and limits</a></li>\n</ul></nav>\n<main>\n<section "
		  "id=\"summary\">\n<h2>Summary</h2>\n",
		  "<li><a href=\"#comparison\">比較</a></li>\n<li><a "
		  "href=\"#methods\">方法と限界</a></li>\n</ul></nav>\n<main>\n<section "
		  "id=\"summary\">\n<h2>概要</h2>\n"),
	      page);
	page_table_begin(page,
			 SAY(language,
			     "Each target in words, phase by phase, and what was counted in all.",
			     "各対象の期間ごとの要約と合計。"),
			 heads);
	for (size_t i = 0; i < report->targets; i++)
		write_summary_row(page, language, &report->target[i]);
	page_table_end(page);
	if (report->absents > 0) {
		fputs(SAY(language, "<p>Without anything to report yet:</p>\n<ul>\n",
			  "<p>まだ報告するものがない対象:</p>\n<ul>\n"),
		      page);
		for (size_t i = 0; i < report->absents; i++)
			html_print(page, "<li>%s: %s</li>\n", report->absent[i].name,
				   report->absent[i].reason);
		fputs("</ul>\n", page);
	}
	write_mechanism(page, language);
	fputs("</section>\n", page);
}

void overview_write_methods(FILE *page, const struct report *report)
{
	enum language language = report->language;
	fputs(methods_text(language), page);
	if (!report->chart.script)
		fputs(SAY(language,
			  "<p>Interactive charts are left out: the program that wrote this report "
			  "was "
			  "installed without what draws them (<code>make chart</code> fetches "
			  "it).</p>\n",
			  "<p>"
			  "この報告書を作ったプログラムには描画用の部品がないため、対話的なグラフは"
			  "ありません"
			  "（<code>make chart</code>で取得できます）。</p>\n"),
		      page);
	fputs("</section>\n", page);
}
