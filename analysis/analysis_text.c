/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "analysis_text.h"

#include "phrase.h"
#include "../observer/base/timestamp.h"
#include "../observer/target.h"

#include <inttypes.h>
#include <math.h>

static void print_name(const struct analysis *analysis, FILE *stream)
{
	const struct series *series = analysis->series;
	fprintf(stream, "%s", series->name);
	if (series->client[0])
		fprintf(stream, " (%s%s%s)", series->client, series->version[0] ? " " : "",
			series->version);
	fputc('\n', stream);
}

static void print_heading(const struct analysis *analysis, FILE *stream)
{
	const struct series *series = analysis->series;
	char retired[TIMESTAMP_TEXT_SIZE], last[TIMESTAMP_TEXT_SIZE];
	print_name(analysis, stream);
	fprintf(stream, "  retired      %s%s\n", timestamp_format(series->retired, retired),
		series->retired_assumed ? " (assumed: the first bucket; see --retired)" : "");
	fprintf(stream, "  observed     %.1f hours in %zu buckets\n", analysis->covered_hours,
		analysis->buckets);
	fprintf(stream, "  SYNs         %" PRIu64, analysis->syn);
	if (series->counts_attempts)
		fprintf(stream, ", attempts %" PRIu64, analysis->count);
	if (analysis->last_syn != TIME_UNKNOWN)
		fprintf(stream, ", the last in the bucket of %s",
			timestamp_format(analysis->last_syn, last));
	fputc('\n', stream);
}

static void print_phases(const struct analysis *analysis, FILE *stream)
{
	char text[PHRASE_SIZE];
	fprintf(stream, "  %-9s %-9s %-13s %s\n", "from h", "to h", "phase", "in words");
	for (size_t i = 0; i < analysis->phases; i++) {
		const struct phase *phase = &analysis->phase[i];
		phrase_phase(analysis, i, text, sizeof text);
		fprintf(stream, "  %-9.1f %-9.1f %-13s %s\n", phase->from_hours, phase->to_hours,
			phase_kind_name(phase->kind), text);
	}
}

/* What is below a millionth is told as 0: a rate on the floor of its box, a decayed remainder. */
static const char *amount(double value, char text[24])
{
	snprintf(text, 24, "%.4g", fabs(value) < 1e-6 ? 0 : value);
	return text;
}

static void print_estimate(const char *name, const struct interval *interval, const char *unit,
			   FILE *stream)
{
	if (!interval->known || !isfinite(interval->value))
		return;
	char value[24], low[24], high[24];
	fprintf(stream, "  %-12s %s%s", name, amount(interval->value, value), unit);
	if (isfinite(interval->high))
		fprintf(stream, " (95 %%: %s to %s)\n", amount(interval->low, low),
			amount(interval->high, high));
	else
		fprintf(stream, " (95 %%: %s or more)\n", amount(interval->low, low));
}

static void print_fit(const struct analysis *analysis, FILE *stream)
{
	const struct fit *best = &analysis->best;
	int size = family_parameters(best->family);
	if (!best->done || analysis->count == 0)
		return;
	fprintf(stream, "\n  best fit     %s under %s, BIC %.1f, weight %.0f %%\n",
		family_name(best->family), likelihood_name(best->likelihood), best->bic,
		100 * analysis->weight[best->likelihood][best->family]);
	for (int i = 0; i < best->k; i++) {
		enum parameter_role role = family_parameter(best->family, i)->role;
		const char *unit = "";
		if (role == ROLE_RATE || role == ROLE_LATER_RATE || role == ROLE_BACKGROUND)
			unit = " per hour";
		else if (role == ROLE_TIME || role == ROLE_WIDTH || role == ROLE_PLATEAU)
			unit = " h";
		print_estimate(fit_parameter_name(best, i),
			       i < size ? &best->ci[i] : &best->dispersion_ci, unit, stream);
	}
}

static void print_forecast(const struct analysis *analysis, FILE *stream)
{
	char median[TIMESTAMP_TEXT_SIZE];
	const struct interval *last = &analysis->last_syn_expected;
	fputc('\n', stream);
	print_estimate("half-life", &analysis->half_life_hours, " h", stream);
	print_estimate("background", &analysis->background_per_bucket, " per 5 minutes", stream);
	print_estimate("equal after", &analysis->hours_to_background, " h", stream);
	print_estimate("still due", &analysis->residual_total,
		       analysis->series->counts_attempts ? " attempts" : " SYN", stream);
	if (isfinite(analysis->silent_30d))
		fprintf(stream,
			"  silence      in the next 30 days: probability %.2g (%.2g to %.2g over"
			" the likely families)\n",
			analysis->silent_30d, analysis->silent_30d_low, analysis->silent_30d_high);
	if (last->known)
		fprintf(stream, "  last call    %s%s\n",
			analysis->last_syn >= (int64_t)last->value - 300 ? "probably the one seen, "
									 : "expected by ",
			timestamp_format((int64_t)last->value, median));
}

void analysis_print_phases(const struct analysis *analysis, FILE *stream)
{
	print_name(analysis, stream);
	print_phases(analysis, stream);
}

void analysis_print(const struct analysis *analysis, FILE *stream)
{
	print_heading(analysis, stream);
	if (analysis->phases > 0)
		fputc('\n', stream);
	print_phases(analysis, stream);
	print_fit(analysis, stream);
	print_forecast(analysis, stream);
	if (analysis->doubt[0])
		fprintf(stream, "  doubt        %s\n", analysis->doubt);
}
