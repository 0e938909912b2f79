/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "target_section.h"

#include "chart.h"
#include "html.h"
#include "number.h"
#include "page.h"
#include "record_section.h"
#include "sources_section.h"
#include "target_figures.h"
#include "words.h"

#include "../analysis/phrase.h"
#include "../observer/base/timestamp.h"

#include <math.h>
#include <string.h>

char *section_client(enum language language, const struct report_target *target, char *text,
		     size_t size)
{
	const struct series *series = &target->series;
	snprintf(text, size, "%s%s%s",
		 series->client[0] ? series->client
				   : SAY(language, "client unknown", "クライアント不明"),
		 series->version[0] ? " " : "", series->version);
	return text;
}

char *section_instant(int64_t seconds, char *text)
{
	char whole[TIMESTAMP_TEXT_SIZE];
	timestamp_format(seconds, whole);
	snprintf(text, 32, "%.10s %.5s UTC", whole, whole + 11);
	return text;
}

static void write_figure(FILE *page, const struct report_target *target, enum target_figure which,
			 const struct section_options *options)
{
	target_figure_write(page, target, which, options->language, options->first_figure);
}

static int write_record(FILE *page, const struct report_target *target,
			const struct section_options *options, struct failure *failure)
{
	write_figure(page, target, TARGET_DECAY, options);
	if (options->charts &&
	    chart_write(page, &target->analysis, options->language, options->targets, failure) != 0)
		return -1;
	write_figure(page, target, TARGET_WINDOW, options);
	return 0;
}

static void write_others(FILE *page, const struct report_target *target,
			 const struct section_options *options)
{
	fputs(SAY(options->language, "<h3>What else arrived, and from where</h3>\n",
		  "<h3>ほかに届いたものと送信元</h3>\n"),
	      page);
	write_figure(page, target, TARGET_BACKGROUND, options);
	write_figure(page, target, TARGET_PORTS, options);
	write_figure(page, target, TARGET_COUNTRIES, options);
}

static const char *phase_kind_word(enum language language, enum phase_kind kind)
{
	static const char *const japanese[] = {"定常", "断続", "散発", "無音"};
	return SAY(language, phase_kind_name(kind), japanese[kind]);
}

static void write_phases(FILE *page, enum language language, const struct report_target *target)
{
	const char *const heads[] = {SAY(language, "In words", "要約"),
				     SAY(language, "Kind", "種類"),
				     SAY(language, "#From", "#始め"),
				     SAY(language, "#To", "#終わり"),
				     SAY(language, "#Per 5 min", "#5分あたり"),
				     "#95 %",
				     SAY(language, "#Per active 5 min", "#到着のあった 5分あたり"),
				     "#10–90 %",
				     SAY(language, "#Active", "#到着の 割合"),
				     NULL};
	const struct analysis *analysis = &target->analysis;
	fputs(SAY(language, "<h3>Phases</h3>\n", "<h3>期間</h3>\n"), page);
	if (analysis->phases == 0) {
		fputs(SAY(language, "<p>No phases: too little was observed after retirement.</p>\n",
			  "<p>期間の区分なし: 停止後の観測が短すぎます。</p>\n"),
		      page);
		return;
	}
	page_table_begin(
		page,
		SAY(language,
		    "Phases since retirement. Active: share of the observed 5 minutes in which any "
		    "came; the range is that of 8 in 10 of them.",
		    "停止後の期間。到着の割合: 観測した5分間のうち到着のあったものの割合。10–90 "
		    "%はその8割が入る範囲。"),
		heads);
	for (size_t i = 0; i < analysis->phases; i++) {
		const struct phase *phase = &analysis->phase[i];
		char words[PHRASE_SIZE], from[32], to[32];
		char rate[NUMBER_TEXT_SIZE], interval[NUMBER_TEXT_SIZE], active[NUMBER_TEXT_SIZE],
			range[NUMBER_TEXT_SIZE], share[NUMBER_TEXT_SIZE];
		phrase_phase(analysis, i, language, words, sizeof words);
		html_print(
			page,
			"<tr><th scope=\"row\">%s</th><td>%s</td><td class=\"n\">%s</td><td "
			"class=\"n\">%s</td><td class=\"n\">%s</td><td class=\"n\">%s</td><td "
			"class=\"n\">%s</td><td class=\"n\">%s</td><td class=\"n\">%s</td></tr>\n",
			words, phase_kind_word(language, phase->kind),
			word_duration(language, phase->from_hours, from, sizeof from),
			word_duration(language, phase->to_hours, to, sizeof to),
			rate_text(phase->per_bucket, rate),
			range_text(phase->ci_low, phase->ci_high, interval),
			rate_text(phase->per_active_bucket, active),
			range_text(phase->active_low, phase->active_high, range),
			percent_text(phase->active_fraction, share));
	}
	page_table_end(page);
}

/* A family with each way to count, and how its weight is spread over them. */
static void write_fit_row(FILE *page, enum language language, const struct analysis *analysis,
			  enum family family)
{
	const struct fit *best = &analysis->best;
	double weight = 0;
	int parameters = 0;
	char text[NUMBER_TEXT_SIZE];
	html_print(page, "<tr><th scope=\"row\">%s <code>%s</code></th>",
		   word_family(language, family), family_name(family));
	for (int likelihood = 0; likelihood < LIKELIHOODS; likelihood++) {
		const struct fit *fit = &analysis->fit[likelihood][family];
		bool chosen = family == best->family && fit->likelihood == best->likelihood;
		snprintf(text, sizeof text, "%.1f", fit->bic);
		fputs(chosen ? "<td class=\"n best\">" : "<td class=\"n\">", page);
		html_print(page, "%s</td>", fit->done ? text : rate_text(NAN, text));
		if (!fit->done)
			continue;
		weight += analysis->weight[likelihood][family];
		parameters = parameters ? parameters : fit->k;
	}
	html_print(page, "<td class=\"n\">%d</td><td class=\"n\">%s</td></tr>\n", parameters,
		   percent_text(weight, text));
}

static bool has_fit(const struct analysis *analysis, int family)
{
	for (int likelihood = 0; likelihood < LIKELIHOODS; likelihood++)
		if (analysis->fit[likelihood][family].done)
			return true;
	return false;
}

static const char *parameter_unit(enum language language, const char *name)
{
	if (name[0] == 'A' || strcmp(name, "b") == 0)
		return SAY(language, "per hour", "毎時");
	return strcmp(name, "p") == 0 || strcmp(name, "beta") == 0 ? ""
								   : SAY(language, "hours", "時間");
}

static void write_parameters(FILE *page, enum language language, const struct fit *best)
{
	const char *const heads[] = {SAY(language, "Parameter", "パラメータ"),
				     SAY(language, "#Value", "#値"),
				     SAY(language, "#95 % interval", "#95 %区間"),
				     SAY(language, "Unit", "単位"),
				     SAY(language, "Note", "注"),
				     NULL};
	char value[NUMBER_TEXT_SIZE], range[NUMBER_TEXT_SIZE], caption[128];
	snprintf(caption, sizeof caption,
		 SAY(language, "Parameters of the best fit, %s with %s counts.",
		     "最もよく合う曲線（%s、計数分布%s）のパラメータ。"),
		 word_family(language, best->family), likelihood_name(best->likelihood));
	page_table_begin(page, caption, heads);
	for (int i = 0; i < family_parameters(best->family); i++) {
		const char *name = family_parameter_name(best->family, i);
		bool known = best->ci[i].known;
		html_print(page,
			   "<tr><th scope=\"row\">%s</th><td class=\"n\">%s</td><td "
			   "class=\"n\">%s</td><td>%s</td><td>%s</td></tr>\n",
			   name, rate_text(best->parameter[i], value),
			   range_text(known ? best->ci[i].low : NAN, known ? best->ci[i].high : NAN,
				      range),
			   parameter_unit(language, name),
			   best->at_bound >> i & 1
				   ? SAY(language, "lies on the edge of what was searched",
					 "探索範囲の端にある")
				   : "");
	}
	if (best->likelihood != LIKELIHOOD_POISSON)
		html_print(page,
			   "<tr><th scope=\"row\">%s</th><td class=\"n\">%s</td><td "
			   "class=\"n\">%s</td><td></td><td>%s</td></tr>\n",
			   likelihood_dispersion_name(best->likelihood),
			   rate_text(best->dispersion, value), rate_text(NAN, range),
			   best->at_bound >> FAMILY_PARAMETERS_MAX & 1
				   ? SAY(language, "lies on the edge of what was searched",
					 "探索範囲の端にある")
			   : best->likelihood == LIKELIHOOD_NB1
				   ? SAY(language, "variance is (1 + phi) times the mean",
					 "分散は平均の(1 + phi)倍")
				   : SAY(language,
					 "variance is the mean plus alpha times its square",
					 "分散は平均とその2乗のalpha倍の和"));
	page_table_end(page);
}

static void write_fits(FILE *page, enum language language, const struct report_target *target)
{
	const char *const heads[] = {SAY(language, "Family", "曲線の族"),
				     "#BIC, Poisson",
				     "#BIC, NB1",
				     "#BIC, NB2",
				     "#k",
				     SAY(language, "#BIC weight", "#BICの重み"),
				     NULL};
	const struct analysis *analysis = &target->analysis;
	fputs(SAY(language, "<h3>How the calls die away</h3>\n", "<h3>到着の減り方</h3>\n"), page);
	if (!analysis->best.done) {
		fputs(SAY(language, "<p>No curve was fitted: too little was counted.</p>\n",
			  "<p>計数が少なすぎるため、曲線をあてはめていません。</p>\n"),
		      page);
		return;
	}
	page_table_begin(
		page,
		SAY(language,
		    "Curves fitted by maximum likelihood, with each of three ways in which counts "
		    "may scatter; the lower the BIC the better, the best in bold. k counts the "
		    "parameters with Poisson counts; NB1 and NB2 have one more.",
		    "最尤法であてはめた曲線。計数のばらつきは3通りを試した。BICは小さいほど良く、最"
		    "良のものを太字で示す。kはポアソンの場合のパラメータの数で、NB1とNB2は1つ多い"
		    "。"),
		heads);
	for (int family = 0; family < FAMILIES; family++)
		if (has_fit(analysis, family))
			write_fit_row(page, language, analysis, (enum family)family);
	page_table_end(page);
	write_parameters(page, language, &analysis->best);
	if (analysis->doubt[language][0])
		html_print(page, "<p class=\"note\">%s</p>\n", analysis->doubt[language]);
}

static void write_item(FILE *page, const char *term, const char *text)
{
	html_print(page, "<dt>%s</dt><dd>%s</dd>\n", term, text);
}

static void write_forecast(FILE *page, enum language language, const struct report_target *target)
{
	const struct analysis *analysis = &target->analysis;
	char number[NUMBER_TEXT_SIZE], range[NUMBER_TEXT_SIZE], low[NUMBER_TEXT_SIZE], text[300];
	fputs(SAY(language, "<h3>What follows</h3>\n<dl>\n", "<h3>今後の見通し</h3>\n<dl>\n"),
	      page);
	snprintf(text, sizeof text, "%s%s", interval_text(&analysis->half_life_hours, number),
		 analysis->half_life_hours.known
			 ? SAY(language, " hours", "時間")
			 : SAY(language, " (not to be had from this record)",
			       "（この記録からは求められない）"));
	write_item(page, SAY(language, "Half-life", "半減期"), text);
	snprintf(text, sizeof text, "%s%s", interval_text(&analysis->hours_to_background, number),
		 analysis->hours_to_background.known
			 ? SAY(language, " hours after retirement", "時間（停止から）")
			 : SAY(language, " (not to be had from this record)",
			       "（この記録からは求められない）"));
	write_item(page, SAY(language, "Down to the background", "背景の水準になるまで"), text);
	snprintf(text, sizeof text, "%s%s", interval_text(&analysis->residual_total, number),
		 analysis->residual_total.known ? SAY(language, " more after the end of the record",
						      " （記録の終わりより後）")
						: SAY(language, " (not to be had from this record)",
						      "（この記録からは求められない）"));
	write_item(page, SAY(language, "Still to come", "まだ来る数"), text);
	snprintf(text, sizeof text,
		 SAY(language, "%s; between %s and %s over the families that fit about as well",
		     "%s（同程度に合う族の間で%sから%sまで）"),
		 probability_text(analysis->silent_30d, number),
		 probability_text(analysis->silent_30d_low, low),
		 probability_text(analysis->silent_30d_high, range));
	write_item(page, SAY(language, "Silence for 30 days", "30日間到着がない確率"),
		   isnan(analysis->silent_30d) ? SAY(language, "unknown", "不明") : text);
	const struct interval *background = &analysis->background_per_bucket;
	snprintf(text, sizeof text, "%s%s%s%s", interval_text(background, number),
		 background->known ? SAY(language, " per 5 minutes", "（5分あたり）") : "",
		 background->known ? SAY(language, ", from ", "、根拠: ") : "",
		 !background->known ? ""
		 : strcmp(analysis->background_from, "joint") == 0
			 ? SAY(language, "the fit itself", "あてはめ自体")
		 : strcmp(analysis->background_from, "baseline") == 0
			 ? SAY(language, "the time before the experiment", "実験前の時間")
			 : analysis->background_from);
	write_item(page, SAY(language, "Background on the port", "ポートの背景（無関係な到着）"),
		   text);
	fputs(SAY(language,
		  "</dl>\n<p>The figures in brackets are 95 % intervals. Background is left out of "
		  "what is still to come and of the probability of silence.</p>\n",
		  "</dl>\n<p>括弧内は95 "
		  "%区間。「まだ来る数」と到着がない確率に背景は含まない。</p>\n"),
	      page);
}

int target_section_write(FILE *page, const struct report_target *target,
			 const struct section_options *options, struct failure *failure)
{
	enum language language = options->language;
	char client[128], retired[32], end[32], total[NUMBER_TEXT_SIZE], observed[32];
	const struct series *series = &target->series;
	html_print(page, "<section class=\"target\" id=\"%s\">\n<h2>%s</h2>\n", target->slug,
		   series->name);
	html_print(
		page,
		SAY(language,
		    "<p class=\"lead\">%s, %s %s; record to %s, %s %s in %s of observation.</p>\n",
		    "<p class=\"lead\">%s、%s %s。記録は%sまで、%s %s（観測%s）。</p>\n"),
		section_client(language, target, client, sizeof client),
		series->retired_assumed
			? SAY(language, "retirement unknown, counted from the first record at",
			      "停止時刻は不明、最初の記録から計数")
			: SAY(language, "retired", "停止"),
		section_instant(series->retired, retired), section_instant(target->end, end),
		count_text(target->analysis.count, total),
		word(language, series->counts_attempts ? WORD_ATTEMPTS : WORD_SYN),
		word_duration_in_full(language, target->analysis.covered_hours, observed,
				      sizeof observed));
	if (write_record(page, target, options, failure) != 0)
		return -1;
	write_phases(page, language, target);
	write_fits(page, language, target);
	write_forecast(page, language, target);
	write_figure(page, target, TARGET_SURVIVAL, options);
	write_others(page, target, options);
	record_section_write(page, language, target, options->show_sources);
	if (options->show_sources)
		sources_section_write(page, language, target);
	fputs("</section>\n", page);
	return 0;
}
