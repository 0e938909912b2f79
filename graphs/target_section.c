/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "target_section.h"

#include "chart.h"
#include "figure.h"
#include "frame.h"
#include "html.h"
#include "number.h"
#include "page.h"
#include "record_section.h"

#include "../analysis/phrase.h"
#include "../observer/base/timestamp.h"

#include <math.h>
#include <string.h>

char *section_client(const struct report_target *target, char *text, size_t size)
{
	const struct series *series = &target->series;
	snprintf(text, size, "%s%s%s", series->client[0] ? series->client : "client unknown",
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

static void write_figure(FILE *page, const struct report_target *target,
			 const struct figure *figure, size_t number, const char *caption)
{
	static const char *const format[] = {"svg", "png", "pdf", "csv"};
	struct figure_request request = {.analysis = &target->analysis, .analyses = 1};
	struct figure_description description;
	figure->describe(&description, &request);
	html_print(page,
		   "<figure>\n<img src=\"figures/%s-%s.svg\" width=\"%d\" height=\"%d\" "
		   "alt=\"%s\">\n<figcaption><strong>Figure %zu.</strong> %s",
		   target->slug, figure->name, FIGURE_WIDTH, FIGURE_HEIGHT, description.text,
		   number, caption);
	fputs("<span class=\"downloads\"> Get it as ", page);
	for (size_t i = 0; i < sizeof format / sizeof format[0]; i++)
		html_print(page, "%s<a href=\"figures/%s-%s.%s\">%s</a>", i ? ", " : "",
			   target->slug, figure->name, format[i], format[i]);
	fputs(".</span></figcaption>\n</figure>\n", page);
}

static int write_figures(FILE *page, const struct report_target *target,
			 const struct section_options *options, struct failure *failure)
{
	const struct analysis *analysis = &target->analysis;
	char caption[1200], fit[200] = "";
	const char *counted = frame_counted(analysis);
	if (analysis->best.done)
		snprintf(fit, sizeof fit, " The line is the best fit (%s, %s).",
			 family_name(analysis->best.family),
			 likelihood_name(analysis->best.likelihood));
	snprintf(
		caption, sizeof caption,
		"%s per 5 minutes from retirement to the end of the record, on a logarithmic "
		"axis%s. "
		"Points "
		"are means over bins that widen with time, with 95 %% intervals; triangles are "
		"means "
		"of only those 5 minutes in which any came. Open circles on the row 0 are bins in "
		"which none came.%s Bands are the phases of the table below; hatching is time that "
		"was not observed.",
		counted,
		analysis->span_hours >= FRAME_ROOT_FROM_HOURS
			? "; the time axis is drawn as a square root so that the first hours can "
			  "be "
			  "seen"
			: "",
		fit);
	write_figure(page, target, figure_find("decay"), options->first_figure, caption);
	if (options->charts &&
	    chart_write(page, analysis, options->language, options->targets, failure) != 0)
		return -1;
	snprintf(caption, sizeof caption,
		 "%s in each 5 minutes of the first three days after retirement, as counted, with "
		 "the "
		 "mean of each hour. Hatching is time that was not observed.",
		 counted);
	write_figure(page, target, figure_find("window"), options->first_figure + 1, caption);
	return 0;
}

static void write_phases(FILE *page, const struct report_target *target)
{
	static const char *const heads[] = {"In words",
					    "Kind",
					    "#From",
					    "#To",
					    "#Per 5 min",
					    "#95 %",
					    "#Per active 5 min",
					    "#10\xE2\x80\x93"
					    "90 %",
					    "#Active",
					    NULL};
	const struct analysis *analysis = &target->analysis;
	fputs("<h3>Phases</h3>\n", page);
	if (analysis->phases == 0) {
		fputs("<p>No phases: too little was observed after retirement.</p>\n", page);
		return;
	}
	page_table_begin(
		page,
		"Phases since retirement. Active: share of the observed 5 minutes in which "
		"any came; the range is that of 8 in 10 of them.",
		heads);
	for (size_t i = 0; i < analysis->phases; i++) {
		const struct phase *phase = &analysis->phase[i];
		char words[PHRASE_SIZE], from[32], to[32];
		char rate[NUMBER_TEXT_SIZE], interval[NUMBER_TEXT_SIZE], active[NUMBER_TEXT_SIZE],
			range[NUMBER_TEXT_SIZE], share[NUMBER_TEXT_SIZE];
		phrase_phase(analysis, i, LANGUAGE_ENGLISH, words, sizeof words);
		html_print(page,
			   "<tr><th scope=\"row\">%s</th><td>%s</td><td class=\"n\">%s</td>"
			   "<td class=\"n\">%s</td><td class=\"n\">%s</td><td class=\"n\">%s</td>"
			   "<td class=\"n\">%s</td><td class=\"n\">%s</td><td "
			   "class=\"n\">%s</td></tr>\n",
			   words, phase_kind_name(phase->kind),
			   duration_text(phase->from_hours, from, sizeof from),
			   duration_text(phase->to_hours, to, sizeof to),
			   rate_text(phase->per_bucket, rate),
			   range_text(phase->ci_low, phase->ci_high, interval),
			   rate_text(phase->per_active_bucket, active),
			   range_text(phase->active_low, phase->active_high, range),
			   percent_text(phase->active_fraction, share));
	}
	page_table_end(page);
}

static void write_fit_row(FILE *page, const struct analysis *analysis, const struct fit *fit)
{
	char loglik[NUMBER_TEXT_SIZE], weight[NUMBER_TEXT_SIZE], aic[32], bic[32];
	bool best = fit->family == analysis->best.family &&
		    fit->likelihood == analysis->best.likelihood && analysis->best.done;
	snprintf(loglik, sizeof loglik, "%.2f", fit->loglik);
	snprintf(aic, sizeof aic, "%.1f", fit->aic);
	snprintf(bic, sizeof bic, "%.1f", fit->bic);
	fputs(best ? "<tr class=\"best\">" : "<tr>", page);
	html_print(
		page,
		"<th scope=\"row\">%s</th><td>%s</td><td class=\"n\">%d</td><td class=\"n\">%s</td>"
		"<td class=\"n\">%s</td><td class=\"n\">%s</td><td class=\"n\">%s</td></tr>\n",
		family_name(fit->family), likelihood_name(fit->likelihood), fit->k, loglik, aic,
		bic, percent_text(analysis->weight[fit->likelihood][fit->family], weight));
}

static const char *parameter_unit(const char *name)
{
	if (name[0] == 'A' || strcmp(name, "b") == 0)
		return "per hour";
	return strcmp(name, "p") == 0 || strcmp(name, "beta") == 0 ? "" : "hours";
}

static void write_parameters(FILE *page, const struct fit *best)
{
	static const char *const heads[] = {"Parameter", "#Value", "#95 % interval",
					    "Unit",	 "Note",   NULL};
	char value[NUMBER_TEXT_SIZE], range[NUMBER_TEXT_SIZE], caption[128];
	snprintf(caption, sizeof caption, "Parameters of the best fit, %s with %s counts.",
		 family_name(best->family), likelihood_name(best->likelihood));
	page_table_begin(page, caption, heads);
	for (int i = 0; i < family_parameters(best->family); i++) {
		const char *name = family_parameter_name(best->family, i);
		bool known = best->ci[i].known;
		html_print(page,
			   "<tr><th scope=\"row\">%s</th><td class=\"n\">%s</td><td "
			   "class=\"n\">%s</td>"
			   "<td>%s</td><td>%s</td></tr>\n",
			   name, rate_text(best->parameter[i], value),
			   range_text(known ? best->ci[i].low : NAN, known ? best->ci[i].high : NAN,
				      range),
			   parameter_unit(name),
			   best->at_bound >> i & 1 ? "lies on the edge of what was searched" : "");
	}
	if (best->likelihood != LIKELIHOOD_POISSON)
		html_print(page,
			   "<tr><th scope=\"row\">%s</th><td class=\"n\">%s</td><td "
			   "class=\"n\">%s</td>"
			   "<td></td><td>%s</td></tr>\n",
			   likelihood_dispersion_name(best->likelihood),
			   rate_text(best->dispersion, value), rate_text(NAN, range),
			   best->at_bound >> FAMILY_PARAMETERS_MAX & 1
				   ? "lies on the edge of what was searched"
			   : best->likelihood == LIKELIHOOD_NB1
				   ? "variance is (1 + phi) times the mean"
				   : "variance is the mean plus alpha times its square");
	page_table_end(page);
}

static void write_fits(FILE *page, const struct report_target *target)
{
	static const char *const heads[] = {"Family", "Counts", "#k",	       "#Log-likelihood",
					    "#AIC",   "#BIC",	"#BIC weight", NULL};
	const struct analysis *analysis = &target->analysis;
	fputs("<h3>How the calls die away</h3>\n", page);
	if (!analysis->best.done) {
		fputs("<p>No curve was fitted: too little was counted.</p>\n", page);
		return;
	}
	page_table_begin(
		page,
		"Curves fitted by maximum likelihood; k counts their parameters. The best by "
		"BIC is in bold.",
		heads);
	for (int likelihood = 0; likelihood < LIKELIHOODS; likelihood++)
		for (int family = 0; family < FAMILIES; family++)
			if (analysis->fit[likelihood][family].done)
				write_fit_row(page, analysis, &analysis->fit[likelihood][family]);
	page_table_end(page);
	write_parameters(page, &analysis->best);
	if (analysis->doubt[0])
		html_print(page, "<p class=\"note\">%s</p>\n", analysis->doubt);
}

static void write_item(FILE *page, const char *term, const char *text)
{
	html_print(page, "<dt>%s</dt><dd>%s</dd>\n", term, text);
}

static void write_forecast(FILE *page, const struct report_target *target)
{
	const struct analysis *analysis = &target->analysis;
	char number[NUMBER_TEXT_SIZE], range[NUMBER_TEXT_SIZE], low[NUMBER_TEXT_SIZE], text[300];
	fputs("<h3>What follows</h3>\n<dl>\n", page);
	snprintf(text, sizeof text, "%s%s", interval_text(&analysis->half_life_hours, number),
		 analysis->half_life_hours.known ? " hours" : " (not to be had from this record)");
	write_item(page, "Half-life", text);
	snprintf(text, sizeof text, "%s%s", interval_text(&analysis->hours_to_background, number),
		 analysis->hours_to_background.known ? " hours after retirement"
						     : " (not to be had from this record)");
	write_item(page, "Down to the background", text);
	snprintf(text, sizeof text, "%s%s", interval_text(&analysis->residual_total, number),
		 analysis->residual_total.known ? " more after the end of the record"
						: " (not to be had from this record)");
	write_item(page, "Still to come", text);
	snprintf(text, sizeof text,
		 "%s; between %s and %s over the families that fit about as well",
		 probability_text(analysis->silent_30d, number),
		 probability_text(analysis->silent_30d_low, low),
		 probability_text(analysis->silent_30d_high, range));
	write_item(page, "Silence for 30 days", isnan(analysis->silent_30d) ? "unknown" : text);
	const struct interval *background = &analysis->background_per_bucket;
	snprintf(text, sizeof text, "%s%s%s%s", interval_text(background, number),
		 background->known ? " per 5 minutes" : "", background->known ? ", from " : "",
		 !background->known				   ? ""
		 : strcmp(analysis->background_from, "joint") == 0 ? "the fit itself"
		 : strcmp(analysis->background_from, "baseline") == 0
			 ? "the time before the experiment"
			 : analysis->background_from);
	write_item(page, "Background on the port", text);
	fputs("</dl>\n<p>The figures in brackets are 95 % intervals. Background is left out of "
	      "what "
	      "is still to come and of the probability of silence.</p>\n",
	      page);
}

int target_section_write(FILE *page, const struct report_target *target,
			 const struct section_options *options, struct failure *failure)
{
	char client[128], retired[32], end[32], total[NUMBER_TEXT_SIZE], observed[32];
	const struct series *series = &target->series;
	html_print(page, "<section class=\"target\" id=\"%s\">\n<h2>%s</h2>\n", target->slug,
		   series->name);
	html_print(page,
		   "<p class=\"lead\">%s, %s %s; record to %s, %s %s in %s of observation.</p>\n",
		   section_client(target, client, sizeof client),
		   series->retired_assumed ? "retirement unknown, counted from the first record at"
					   : "retired",
		   section_instant(series->retired, retired),
		   section_instant(report_target_end(target), end),
		   count_text(target->analysis.count, total), frame_counted(&target->analysis),
		   duration_in_full(target->analysis.covered_hours, observed, sizeof observed));
	if (write_figures(page, target, options, failure) != 0)
		return -1;
	write_phases(page, target);
	write_fits(page, target);
	write_forecast(page, target);
	record_section_write(page, target, options->show_addresses);
	fputs("</section>\n", page);
	return 0;
}
