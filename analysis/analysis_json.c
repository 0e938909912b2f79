/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "analysis_json.h"

#include "phrase.h"
#include "../observer/target.h"

#include <math.h>

/* json_object_set_new() and its kin take the reference even when they fail, and refuse NULL; a
 * failure anywhere shows in `ok`. */
struct builder {
	bool ok;
};

static void set(struct builder *builder, json_t *object, const char *key, json_t *value)
{
	if (json_object_set_new(object, key, value) < 0)
		builder->ok = false;
}

static void append(struct builder *builder, json_t *array, json_t *value)
{
	if (json_array_append_new(array, value) < 0)
		builder->ok = false;
}

static json_t *number(double value)
{
	return isfinite(value) ? json_real(value) : json_null();
}

static json_t *pair(struct builder *builder, double low, double high)
{
	json_t *array = json_array();
	append(builder, array, number(low));
	append(builder, array, number(high));
	return array;
}

static json_t *limits(struct builder *builder, const struct interval *interval)
{
	return interval->known ? pair(builder, interval->low, interval->high)
			       : pair(builder, NAN, NAN);
}

static json_t *estimate(struct builder *builder, const struct interval *interval)
{
	json_t *object = json_object();
	set(builder, object, "value", number(interval->known ? interval->value : NAN));
	set(builder, object, "ci95", limits(builder, interval));
	return object;
}

/* `best` is the best fit when `fit` is the same one: only that has intervals. */
static json_t *fit_to_json(struct builder *builder, const struct fit *fit, const struct fit *best)
{
	json_t *object = json_object(), *parameters = json_object(), *intervals = json_object();
	json_t *bounds = json_array();
	int size = family_parameters(fit->family);
	set(builder, object, "loglik", number(fit->loglik));
	set(builder, object, "k", json_integer(fit->k));
	set(builder, object, "aic", number(fit->aic));
	set(builder, object, "aicc", number(fit->aicc));
	set(builder, object, "bic", number(fit->bic));
	for (int i = 0; i < fit->k; i++) {
		const char *name = fit_parameter_name(fit, i);
		bool own = i < size;
		int bit = own ? i : FAMILY_PARAMETERS_MAX;
		set(builder, parameters, name, number(own ? fit->parameter[i] : fit->dispersion));
		if (best)
			set(builder, intervals, name,
			    limits(builder, own ? &best->ci[i] : &best->dispersion_ci));
		if ((fit->at_bound >> bit) & 1u)
			append(builder, bounds, json_string(name));
	}
	set(builder, object, "params", parameters);
	set(builder, object, "ci95", intervals);
	set(builder, object, "at_bound", bounds);
	return object;
}

static json_t *fits_to_json(struct builder *builder, const struct analysis *analysis)
{
	json_t *object = json_object();
	for (int l = 0; l < LIKELIHOODS; l++) {
		json_t *families = json_object();
		for (int f = 0; f < FAMILIES; f++) {
			const struct fit *fit = &analysis->fit[l][f];
			bool best = analysis->best.done && (int)analysis->best.family == f &&
				    (int)analysis->best.likelihood == l;
			if (fit->done)
				set(builder, families, family_name((enum family)f),
				    fit_to_json(builder, fit, best ? &analysis->best : NULL));
		}
		set(builder, object, likelihood_name((enum likelihood)l), families);
	}
	return object;
}

static json_t *best_to_json(struct builder *builder, const struct analysis *analysis)
{
	const struct fit *best = &analysis->best;
	json_t *object = json_object(), *weights = json_object();
	set(builder, object, "likelihood",
	    best->done ? json_string(likelihood_name(best->likelihood)) : json_null());
	set(builder, object, "family",
	    best->done ? json_string(family_name(best->family)) : json_null());
	set(builder, object, "by", json_string("bic"));
	for (int l = 0; l < LIKELIHOODS; l++) {
		json_t *families = json_object();
		for (int f = 0; f < FAMILIES; f++)
			if (analysis->fit[l][f].done)
				set(builder, families, family_name((enum family)f),
				    number(analysis->weight[l][f]));
		set(builder, weights, likelihood_name((enum likelihood)l), families);
	}
	set(builder, object, "weights", weights);
	set(builder, object, "doubt",
	    analysis->doubt[0] ? json_string(analysis->doubt) : json_null());
	return object;
}

static json_t *background_to_json(struct builder *builder, const struct analysis *analysis)
{
	const struct interval *background = &analysis->background_per_bucket;
	json_t *object = json_object();
	set(builder, object, "per_bucket", number(background->known ? background->value : NAN));
	set(builder, object, "ci95", limits(builder, background));
	set(builder, object, "from", json_string(analysis->background_from));
	return object;
}

static json_t *derived_to_json(struct builder *builder, const struct analysis *analysis)
{
	json_t *object = json_object(), *silence = json_object();
	set(builder, object, "half_life_hours", estimate(builder, &analysis->half_life_hours));
	set(builder, object, "hours_to_background",
	    estimate(builder, &analysis->hours_to_background));
	set(builder, object, "residual_syn_total", estimate(builder, &analysis->residual_total));
	set(builder, silence, "probability", number(analysis->silent_30d));
	set(builder, silence, "range_over_families",
	    pair(builder, analysis->silent_30d_low, analysis->silent_30d_high));
	set(builder, object, "silent_next_30d", silence);
	set(builder, object, "last_syn_expected", estimate(builder, &analysis->last_syn_expected));
	return object;
}

static json_t *phase_to_json(struct builder *builder, const struct analysis *analysis, size_t index)
{
	const struct phase *phase = &analysis->phase[index];
	char text[PHRASE_SIZE];
	json_t *object = json_object();
	set(builder, object, "from_hours", number(phase->from_hours));
	set(builder, object, "to_hours", number(phase->to_hours));
	set(builder, object, "kind", json_string(phase_kind_name(phase->kind)));
	set(builder, object, "per_bucket", number(phase->per_bucket));
	set(builder, object, "per_active_bucket", number(phase->per_active_bucket));
	set(builder, object, "active_fraction", number(phase->active_fraction));
	set(builder, object, "ci95", pair(builder, phase->ci_low, phase->ci_high));
	set(builder, object, "syn", json_integer((json_int_t)phase->syn));
	set(builder, object, "calls", json_integer((json_int_t)phase->calls));
	set(builder, object, "observed_hours", number(phase->observed_hours));
	set(builder, object, "last_syn_hours", number(phase->last_syn_hours));
	set(builder, object, "calls_per_month", number(phase->calls_per_month));
	bool told = phrase_phase(analysis, index, text, sizeof text) >= 0;
	set(builder, object, "words", told ? json_string(text) : json_null());
	return object;
}

json_t *analysis_to_json(const struct analysis *analysis)
{
	static const char *const scale[4] = {"5min", "1h", "6h", "1d"};
	struct builder builder = {.ok = true};
	const struct series *series = analysis->series;
	json_t *object = json_object(), *fano = json_object(), *quality = json_object();
	json_t *phases = json_array();
	bool ever = analysis->last_syn != TIME_UNKNOWN;
	set(&builder, object, "series", json_string(series->name));
	set(&builder, object, "retired", json_integer(series->retired));
	set(&builder, object, "retired_assumed", json_boolean(series->retired_assumed));
	set(&builder, object, "counts", json_string(series->counts_attempts ? "attempts" : "syn"));
	set(&builder, object, "buckets", json_integer((json_int_t)analysis->buckets));
	set(&builder, object, "covered_hours", number(analysis->covered_hours));
	set(&builder, object, "syn", json_integer((json_int_t)analysis->syn));
	set(&builder, object, "last_syn", ever ? json_integer(analysis->last_syn) : json_null());
	set(&builder, object, "fits", fits_to_json(&builder, analysis));
	set(&builder, object, "best", best_to_json(&builder, analysis));
	set(&builder, object, "background", background_to_json(&builder, analysis));
	for (int i = 0; i < 4; i++)
		set(&builder, fano, scale[i], number(analysis->fano[i]));
	set(&builder, object, "fano", fano);
	set(&builder, quality, "quantile_residual_ks_p", number(analysis->residual_ks_p));
	set(&builder, quality, "acf1", number(analysis->residual_acf1));
	set(&builder, quality, "acf288", number(analysis->residual_acf288));
	set(&builder, object, "fit_quality", quality);
	set(&builder, object, "derived", derived_to_json(&builder, analysis));
	for (size_t i = 0; i < analysis->phases; i++)
		append(&builder, phases, phase_to_json(&builder, analysis, i));
	set(&builder, object, "phases", phases);
	if (!builder.ok) {
		json_decref(object);
		return NULL;
	}
	return object;
}
