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
static json_t *fit_to_json(struct json_builder *builder, const struct fit *fit, struct fit *best)
{
	json_t *object = json_object(), *parameters = json_object(), *intervals = json_object();
	json_t *bounds = json_array();
	json_set(builder, object, "loglik", json_number(fit->loglik));
	json_set(builder, object, "k", json_integer(fit->k));
	json_set(builder, object, "aic", json_number(fit->aic));
	json_set(builder, object, "aicc", json_number(fit->aicc));
	json_set(builder, object, "bic", json_number(fit->bic));
	for (int i = 0; i < fit->k; i++) {
		const char *name = fit_parameter_name(fit, i);
		json_set(builder, parameters, name, json_number(fit_value(fit, i)));
		if (best)
			json_set(builder, intervals, name, limits(builder, fit_interval(best, i)));
		if (fit_value_at_bound(fit, i))
			json_append(builder, bounds, json_string(name));
	}
	json_set(builder, object, "params", parameters);
	json_set(builder, object, "ci95", intervals);
	json_set(builder, object, "at_bound", bounds);
	return object;
}

static json_t *fits_to_json(struct json_builder *builder, const struct analysis *analysis,
			    const struct fit fits[LIKELIHOODS][FAMILIES], int waves)
{
	json_t *object = json_object();
	struct fit best = analysis->best;
	for (int l = 0; l < LIKELIHOODS; l++) {
		json_t *families = json_object();
		for (int f = 0; f < FAMILIES; f++) {
			bool is_best = best.done && (int)best.family == f &&
				       (int)best.likelihood == l && best.waves == waves;
			if (fits[l][f].done)
				json_set(builder, families, family_name((enum family)f),
					 fit_to_json(builder, &fits[l][f], is_best ? &best : NULL));
		}
		json_set(builder, object, likelihood_name((enum likelihood)l), families);
	}
	return object;
}

static double lowest_bic(const struct fit fits[LIKELIHOODS][FAMILIES])
{
	double lowest = NAN;
	for (int l = 0; l < LIKELIHOODS; l++)
		for (int f = 0; f < FAMILIES; f++)
			if (fits[l][f].done)
				lowest = fmin(lowest, fits[l][f].bic);
	return lowest;
}

/* Fits with waves, and what their lowest BIC is beside that of the fits without. */
static json_t *modulation_to_json(struct json_builder *builder, const struct analysis *analysis)
{
	static const char *const name[3] = {"none", "daily", "weekly"};
	json_t *object = json_object(), *bic = json_object(), *fits = json_object();
	json_set(builder, object, "chosen", json_string(name[analysis->waves / 2]));
	json_set(builder, bic, name[0], json_number(lowest_bic(analysis->fit)));
	for (int i = 0; i < 2; i++) {
		double lowest = lowest_bic(analysis->waved[i]);
		if (isnan(lowest))
			continue;
		json_set(builder, bic, name[i + 1], json_number(lowest));
		json_set(builder, fits, name[i + 1],
			 fits_to_json(builder, analysis, analysis->waved[i], 2 * (i + 1)));
	}
	json_set(builder, object, "lowest_bic", bic);
	json_set(builder, object, "fits", fits);
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
			if (analysis_fit(analysis, l, f)->done)
				json_set(builder, families, family_name((enum family)f),
					 json_number(analysis->weight[l][f]));
		json_set(builder, weights, likelihood_name((enum likelihood)l), families);
	}
	json_set(builder, object, "weights", weights);
	json_set(builder, object, "intervals",
		 json_string(analysis->clustered ? "day-bootstrap" : "profile"));
	json_set(builder, object, "doubt",
		 analysis->doubt[LANGUAGE_ENGLISH][0]
			 ? json_string(analysis->doubt[LANGUAGE_ENGLISH])
			 : json_null());
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
	json_set(builder, object, "joint",
		 analysis->background_joint_per_bucket.known
			 ? estimate(builder, &analysis->background_joint_per_bucket)
			 : json_null());
	return object;
}

/* The parameters of plateau_omori as the mechanism names them. */
static json_t *saved_list_to_json(struct json_builder *builder, const struct analysis *analysis)
{
	const struct saved_list *list = &analysis->saved_list;
	if (!list->known)
		return json_null();
	json_t *object = json_object(), *returns = json_object(), *nodes = json_object();
	json_set(builder, object, "reduces_to", json_string(family_name(FAMILY_PLATEAU_OMORI)));
	json_set(builder, object, "likelihood", json_string(likelihood_name(list->likelihood)));
	json_set(builder, object, "weight",
		 json_number(analysis->weight[list->likelihood][FAMILY_PLATEAU_OMORI]));
	json_set(builder, object, "tries_times_spacing_hours",
		 estimate(builder, &list->tries_spacing_hours));
	json_set(builder, object, "online_per_hour",
		 estimate(builder, &list->online_calls_per_hour));
	json_set(builder, returns, "distribution", json_string("gamma"));
	json_set(builder, returns, "shape", estimate(builder, &list->return_shape));
	json_set(builder, returns, "rate_hours", estimate(builder, &list->return_rate_hours));
	json_set(builder, returns, "mean_per_day", json_number(list->returns_per_day.value));
	json_set(builder, object, "return_rate", list->returning ? returns : json_null());
	if (!list->returning)
		json_decref(returns);
	json_set(builder, object, "counts_per_visit", json_number(list->counts_per_visit));
	json_set(builder, nodes, "after_the_tries", json_number(list->nodes_at_end_of_tries));
	json_set(builder, nodes, "at_the_end", json_number(list->nodes_remembering));
	json_set(builder, object, "nodes_remembering", nodes);
	return object;
}

static json_t *silences_to_json(struct json_builder *builder, const struct analysis *analysis)
{
	json_t *array = json_array();
	for (int h = 0; h < SILENCE_HORIZONS; h++) {
		const struct silence *silence = &analysis->silence[h];
		json_t *object = json_object();
		json_set(builder, object, "hours", json_number(silence->hours));
		json_set(builder, object, "probability", json_number(silence->probability));
		json_set(builder, object, "ci95", pair(builder, silence->low, silence->high));
		json_set(builder, object, "without_background",
			 json_number(silence->residual_only));
		json_append(builder, array, object);
	}
	return array;
}

static json_t *derived_to_json(struct json_builder *builder, const struct analysis *analysis)
{
	const struct {
		const char *name;
		const struct interval *interval;
	} estimates[] = {
		{"half_life_hours", &analysis->half_life_hours},
		{"hours_to_background", &analysis->hours_to_background},
		{"hours_to_one_a_day", &analysis->hours_to_daily},
		{"hours_to_one_a_month", &analysis->hours_to_monthly},
		{"residual_syn_total", &analysis->residual_total},
		{"residual_syn_1_year", &analysis->residual_1_year},
		{"residual_syn_5_years", &analysis->residual_5_years},
		{"last_syn_expected", &analysis->last_syn_expected},
	};
	json_t *object = json_object(), *month = json_object();
	for (size_t i = 0; i < sizeof estimates / sizeof *estimates; i++)
		json_set(builder, object, estimates[i].name,
			 estimate(builder, estimates[i].interval));
	json_set(builder, month, "probability", json_number(analysis->silent_30d));
	json_set(builder, month, "range_over_families",
		 pair(builder, analysis->silent_30d_low, analysis->silent_30d_high));
	json_set(builder, object, "silent_next_30d", month);
	json_set(builder, object, "silent", silences_to_json(builder, analysis));
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
	json_set(&builder, object, "series", json_outside_text(series->name));
	json_set(&builder, object, "retired", json_integer(series->retired));
	json_set(&builder, object, "retired_assumed", json_boolean(series->retired_assumed));
	json_set(&builder, object, "counts",
		 json_string(series->counts_attempts ? "attempts" : "syn"));
	json_set(&builder, object, "buckets", json_integer((json_int_t)analysis->buckets));
	json_set(&builder, object, "covered_hours", json_number(analysis->covered_hours));
	json_set(&builder, object, "syn", json_integer((json_int_t)analysis->syn));
	json_set(&builder, object, "last_syn",
		 ever ? json_integer(analysis->last_syn) : json_null());
	json_set(&builder, object, "fits", fits_to_json(&builder, analysis, analysis->fit, 0));
	json_set(&builder, object, "modulation", modulation_to_json(&builder, analysis));
	json_set(&builder, object, "best", best_to_json(&builder, analysis));
	json_set(&builder, object, "saved_list", saved_list_to_json(&builder, analysis));
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
