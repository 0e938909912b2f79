/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "analysis_json.h"

#include "phrase.h"
#include "segmentation_json.h"
#include "../observer/base/json_builder.h"
#include "../observer/target.h"

#include <math.h>
#include <stdlib.h>

static json_t *pair(struct json_builder *builder, double low, double high)
{
	json_t *array = json_array();
	json_append(builder, array, json_number(low));
	json_append(builder, array, json_number(high));
	return array;
}

static json_t *limits(struct json_builder *builder, const struct interval *interval)
{
	return interval->known ? pair(builder, interval->low, interval->high)
			       : pair(builder, NAN, NAN);
}

static json_t *estimate(struct json_builder *builder, const struct interval *interval)
{
	json_t *object = json_object();
	json_set(builder, object, "value", json_number(interval->known ? interval->value : NAN));
	json_set(builder, object, "ci95", limits(builder, interval));
	return object;
}

/* `best` is the best fit when `fit` is the same one: only that has intervals. */
static json_t *fit_to_json(struct json_builder *builder, const struct fit *fit,
			   const struct fit *best)
{
	json_t *object = json_object(), *parameters = json_object(), *intervals = json_object();
	json_t *bounds = json_array();
	int size = family_parameters(fit->family);
	json_set(builder, object, "loglik", json_number(fit->loglik));
	json_set(builder, object, "k", json_integer(fit->k));
	json_set(builder, object, "aic", json_number(fit->aic));
	json_set(builder, object, "aicc", json_number(fit->aicc));
	json_set(builder, object, "bic", json_number(fit->bic));
	for (int i = 0; i < fit->k; i++) {
		const char *name = fit_parameter_name(fit, i);
		bool own = i < size;
		int bit = own ? i : FAMILY_PARAMETERS_MAX;
		json_set(builder, parameters, name,
			 json_number(own ? fit->parameter[i] : fit->dispersion));
		if (best)
			json_set(builder, intervals, name,
				 limits(builder, own ? &best->ci[i] : &best->dispersion_ci));
		if ((fit->at_bound >> bit) & 1u)
			json_append(builder, bounds, json_string(name));
	}
	json_set(builder, object, "params", parameters);
	json_set(builder, object, "ci95", intervals);
	json_set(builder, object, "at_bound", bounds);
	return object;
}

static json_t *fits_to_json(struct json_builder *builder, const struct analysis *analysis)
{
	json_t *object = json_object();
	for (int l = 0; l < LIKELIHOODS; l++) {
		json_t *families = json_object();
		for (int f = 0; f < FAMILIES; f++) {
			const struct fit *fit = &analysis->fit[l][f];
			bool best = analysis->best.done && (int)analysis->best.family == f &&
				    (int)analysis->best.likelihood == l;
			if (fit->done)
				json_set(builder, families, family_name((enum family)f),
					 fit_to_json(builder, fit, best ? &analysis->best : NULL));
		}
		json_set(builder, object, likelihood_name((enum likelihood)l), families);
	}
	return object;
}

static json_t *best_to_json(struct json_builder *builder, const struct analysis *analysis)
{
	const struct fit *best = &analysis->best;
	json_t *object = json_object(), *weights = json_object();
	json_set(builder, object, "likelihood",
		 best->done ? json_string(likelihood_name(best->likelihood)) : json_null());
	json_set(builder, object, "family",
		 best->done ? json_string(family_name(best->family)) : json_null());
	json_set(builder, object, "by", json_string("bic"));
	for (int l = 0; l < LIKELIHOODS; l++) {
		json_t *families = json_object();
		for (int f = 0; f < FAMILIES; f++)
			if (analysis->fit[l][f].done)
				json_set(builder, families, family_name((enum family)f),
					 json_number(analysis->weight[l][f]));
		json_set(builder, weights, likelihood_name((enum likelihood)l), families);
	}
	json_set(builder, object, "weights", weights);
	json_set(builder, object, "doubt",
		 analysis->doubt[0] ? json_string(analysis->doubt) : json_null());
	return object;
}

static json_t *background_to_json(struct json_builder *builder, const struct analysis *analysis)
{
	const struct interval *background = &analysis->background_per_bucket;
	json_t *object = json_object();
	json_set(builder, object, "per_bucket",
		 json_number(background->known ? background->value : NAN));
	json_set(builder, object, "ci95", limits(builder, background));
	json_set(builder, object, "from", json_string(analysis->background_from));
	return object;
}

static json_t *derived_to_json(struct json_builder *builder, const struct analysis *analysis)
{
	json_t *object = json_object(), *silence = json_object();
	json_set(builder, object, "half_life_hours", estimate(builder, &analysis->half_life_hours));
	json_set(builder, object, "hours_to_background",
		 estimate(builder, &analysis->hours_to_background));
	json_set(builder, object, "residual_syn_total",
		 estimate(builder, &analysis->residual_total));
	json_set(builder, silence, "probability", json_number(analysis->silent_30d));
	json_set(builder, silence, "range_over_families",
		 pair(builder, analysis->silent_30d_low, analysis->silent_30d_high));
	json_set(builder, object, "silent_next_30d", silence);
	json_set(builder, object, "last_syn_expected",
		 estimate(builder, &analysis->last_syn_expected));
	return object;
}

static json_t *phase_words(const struct analysis *analysis, size_t index, enum language language)
{
	char text[PHRASE_SIZE];
	bool told = phrase_phase(analysis, index, language, text, sizeof text) >= 0;
	return told ? json_string(text) : json_null();
}

/* All phases as one paragraph for each language. */
static json_t *story_to_json(struct json_builder *builder, const struct analysis *analysis)
{
	json_t *object = json_object();
	char *text = malloc(STORY_SIZE);
	builder->ok = builder->ok && text;
	for (int i = 0; i < LANGUAGES && text; i++) {
		bool told = phrase_story(analysis, (enum language)i, text, STORY_SIZE) > 0;
		json_set(builder, object, language_code((enum language)i),
			 told ? json_string(text) : json_null());
	}
	free(text);
	return object;
}

static json_t *phase_to_json(struct json_builder *builder, const struct analysis *analysis,
			     size_t index)
{
	const struct phase *phase = &analysis->phase[index];
	json_t *object = json_object();
	json_set(builder, object, "from_hours", json_number(phase->from_hours));
	json_set(builder, object, "to_hours", json_number(phase->to_hours));
	json_set(builder, object, "kind", json_string(phase_kind_name(phase->kind)));
	json_set(builder, object, "per_bucket", json_number(phase->per_bucket));
	json_set(builder, object, "per_active_bucket", json_number(phase->per_active_bucket));
	json_set(builder, object, "active_fraction", json_number(phase->active_fraction));
	json_set(builder, object, "ci95", pair(builder, phase->ci_low, phase->ci_high));
	json_set(builder, object, "syn", json_integer((json_int_t)phase->syn));
	json_set(builder, object, "calls", json_integer((json_int_t)phase->calls));
	json_set(builder, object, "observed_hours", json_number(phase->observed_hours));
	json_set(builder, object, "last_syn_hours", json_number(phase->last_syn_hours));
	json_set(builder, object, "calls_per_month", json_number(phase->calls_per_month));
	json_set(builder, object, "level_range", pair(builder, phase->rate_low, phase->rate_high));
	json_set(builder, object, "bucket_range",
		 pair(builder, phase->bucket_low, phase->bucket_high));
	json_set(builder, object, "active_range",
		 pair(builder, phase->active_low, phase->active_high));
	json_set(builder, object, "words", phase_words(analysis, index, LANGUAGE_ENGLISH));
	json_set(builder, object, "words_ja", phase_words(analysis, index, LANGUAGE_JAPANESE));
	return object;
}

json_t *analysis_to_json(const struct analysis *analysis)
{
	static const char *const scale[4] = {"5min", "1h", "6h", "1d"};
	struct json_builder builder = {.ok = true};
	const struct series *series = analysis->series;
	json_t *object = json_object(), *fano = json_object(), *quality = json_object();
	json_t *phases = json_array();
	bool ever = analysis->last_syn != TIME_UNKNOWN;
	json_set(&builder, object, "series", json_string(series->name));
	json_set(&builder, object, "retired", json_integer(series->retired));
	json_set(&builder, object, "retired_assumed", json_boolean(series->retired_assumed));
	json_set(&builder, object, "counts",
		 json_string(series->counts_attempts ? "attempts" : "syn"));
	json_set(&builder, object, "buckets", json_integer((json_int_t)analysis->buckets));
	json_set(&builder, object, "covered_hours", json_number(analysis->covered_hours));
	json_set(&builder, object, "syn", json_integer((json_int_t)analysis->syn));
	json_set(&builder, object, "last_syn",
		 ever ? json_integer(analysis->last_syn) : json_null());
	json_set(&builder, object, "fits", fits_to_json(&builder, analysis));
	json_set(&builder, object, "best", best_to_json(&builder, analysis));
	json_set(&builder, object, "background", background_to_json(&builder, analysis));
	for (int i = 0; i < 4; i++)
		json_set(&builder, fano, scale[i], json_number(analysis->fano[i]));
	json_set(&builder, object, "fano", fano);
	json_set(&builder, quality, "quantile_residual_ks_p", json_number(analysis->residual_ks_p));
	json_set(&builder, quality, "acf1", json_number(analysis->residual_acf1));
	json_set(&builder, quality, "acf288", json_number(analysis->residual_acf288));
	json_set(&builder, object, "fit_quality", quality);
	json_set(&builder, object, "derived", derived_to_json(&builder, analysis));
	for (size_t i = 0; i < analysis->phases; i++)
		json_append(&builder, phases, phase_to_json(&builder, analysis, i));
	json_set(&builder, object, "phases", phases);
	json_set(&builder, object, "story", story_to_json(&builder, analysis));
	json_set(&builder, object, "segmentation", segmentation_to_json(&builder, series));
	if (!builder.ok) {
		json_decref(object);
		return NULL;
	}
	return object;
}
