/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "choice.h"

#include <math.h>
#include <stdio.h>

#define DOUBT_BIC 2.0
/* Of fits so close the first is taken: nb1 and nb2 of a constant rate are one and the same, and
 * which is lower by the last digit is an accident of the machine. */
#define EQUAL_BIC 1e-6

size_t choice_evidence(const struct analysis *analysis)
{
	const struct series *series = analysis->series;
	size_t active = 0;
	if (series->counts_attempts)
		return (size_t)analysis->count;
	for (size_t i = series->first; i < series->rows; i++)
		active += series->row[i].count > 0;
	return active;
}

static bool allowed(const struct fit *fit, bool few)
{
	return fit->done && (!few || fit->family == FAMILY_CONST || fit->family == FAMILY_EXP);
}

static const struct fit *lowest(const struct fit fits[LIKELIHOODS][FAMILIES], bool few)
{
	const struct fit *best = NULL;
	for (int l = 0; l < LIKELIHOODS; l++)
		for (int f = 0; f < FAMILIES; f++)
			if (allowed(&fits[l][f], few) &&
			    (!best || fits[l][f].bic < best->bic - EQUAL_BIC))
				best = &fits[l][f];
	return best;
}

void choice_make(struct analysis *analysis)
{
	bool few = choice_evidence(analysis) < CHOICE_FEWEST;
	const struct fit *best = lowest(analysis->fit, few);
	double total = 0;
	for (int i = 0; i < 2; i++) {
		const struct fit *waved = lowest(analysis->waved[i], few);
		if (waved && waved->bic < best->bic - EQUAL_BIC)
			best = waved;
	}
	if (!best)
		return;
	analysis->waves = best->waves;
	analysis->best = *best;
	for (int l = 0; l < LIKELIHOODS; l++)
		for (int f = 0; f < FAMILIES; f++) {
			const struct fit *fit = analysis_fit(analysis, l, f);
			if (allowed(fit, few))
				analysis->weight[l][f] = exp((best->bic - fit->bic) / 2);
			total += analysis->weight[l][f];
		}
	for (int l = 0; l < LIKELIHOODS; l++)
		for (int f = 0; f < FAMILIES; f++)
			analysis->weight[l][f] /= total;
}

struct doubts {
	const char *nothing_observed;
	const char *nothing_came;	      /* observed hours */
	const char *few;		      /* how many, of what */
	const char *attempts[2], *buckets[2]; /* one, several */
	const char *families; /* the best, the others, BIC, the rest of the sentence */
	const char *clustered;
	const char *edge; /* parameter, its limit */
};

static const struct doubts doubts[LANGUAGES] = {
	[LANGUAGE_ENGLISH] =
		{
			.nothing_observed =
				"no observed bucket lies after the retirement: nothing can be said",
			.nothing_came =
				"not one SYN in $1 observed hours: there is no shape to fit",
			.few = "only $1 $2: too few to tell more than a constant rate from an "
			       "exponential decay",
			.attempts = {"attempt", "attempts"},
			.buckets = {"bucket with a SYN", "buckets with a SYN"},
			.families = "these data do not tell $1 from $2: their BIC is within $3$4",
			.clustered = ", and the counts of a day vary together",
			.edge = "$1 of the best fit is at the highest value allowed ($2): the fit "
				"does not describe these counts",
		},
	[LANGUAGE_JAPANESE] =
		{
			.nothing_observed = "停止後に観測した5分間がないため、何も言えない",
			.nothing_came = "観測した$1時間にSYNは1つもなく、あてはめる曲線がない",
			.few = "$2が$"
			       "1しかなく、一定の割合か指数的な減少か以上のことは見分けられない",
			.attempts = {"接続試行", "接続試行"},
			.buckets = {"SYNのあった5分間", "SYNのあった5分間"},
			.families = "このデータでは$1と$2を見分けられない: BICの差が$3以内である$4",
			.clustered = "うえ、1日の計数はまとまって変動する",
			.edge = "最もよく合う曲線の$1が許される最大値（$2"
				"）にあり、この曲線は計数を表していない",
		},
};

static void state(struct analysis *analysis, enum language language, const char *pattern,
		  const char *const *argument, size_t arguments)
{
	language_fill(analysis->doubt[language], sizeof analysis->doubt[language], pattern,
		      argument, arguments);
}

/* Names every family (under its better likelihood) whose BIC is within DOUBT_BIC of the best; or
 * further, where days vary together and BIC, which takes buckets for independent, counts too much.
 */
static void doubt_family(struct analysis *analysis, enum language language)
{
	char names[256] = "";
	size_t length = 0;
	int others = 0;
	double within = DOUBT_BIC * analysis->inflation;
	for (int f = 0; f < FAMILIES; f++) {
		double nearest = INFINITY;
		for (int l = 0; l < LIKELIHOODS; l++)
			if (analysis->weight[l][f] > 0)
				nearest = fmin(nearest, analysis_fit(analysis, l, f)->bic);
		if (f == (int)analysis->best.family || nearest > analysis->best.bic + within)
			continue;
		int written = snprintf(names + length, sizeof names - length, "%s%s",
				       others++ ? ", " : "", family_name((enum family)f));
		length += written > 0 ? (size_t)written : 0;
	}
	if (others == 0)
		return;
	char limit[32];
	snprintf(limit, sizeof limit, "%.0f", within);
	const char *argument[4] = {family_name(analysis->best.family), names, limit,
				   analysis->clustered ? doubts[language].clustered : ""};
	state(analysis, language, doubts[language].families, argument, 4);
}

/* Counts so high or so slow to die that the maximum lies beyond the box. */
static void doubt_edge(struct analysis *analysis, enum language language)
{
	const struct fit *best = &analysis->best;
	for (int i = 0; i < best->k - best->waves && !analysis->doubt[language][0]; i++) {
		const struct parameter *box = family_parameter(best->family, i);
		double value = fit_value(best, i);
		bool rate = box->role == ROLE_RATE || box->role == ROLE_BACKGROUND ||
			    box->role == ROLE_DISPERSION;
		if (!rate || value < box->high)
			continue;
		char limit[32];
		snprintf(limit, sizeof limit, "%g", box->high);
		const char *argument[2] = {fit_parameter_name(best, i), limit};
		state(analysis, language, doubts[language].edge, argument, 2);
	}
}

static void doubt_in(struct analysis *analysis, enum language language)
{
	const struct doubts *words = &doubts[language];
	size_t seen = choice_evidence(analysis);
	char number[32];
	const char *const *unit =
		analysis->series->counts_attempts ? words->attempts : words->buckets;
	const char *argument[2] = {number, unit[seen != 1]};
	if (analysis->buckets == 0) {
		state(analysis, language, words->nothing_observed, NULL, 0);
	} else if (analysis->count == 0) {
		snprintf(number, sizeof number, "%.1f", analysis->covered_hours);
		state(analysis, language, words->nothing_came, argument, 1);
	} else if (seen < CHOICE_FEWEST) {
		snprintf(number, sizeof number, "%zu", seen);
		state(analysis, language, words->few, argument, 2);
	} else {
		doubt_family(analysis, language);
	}
	doubt_edge(analysis, language);
}

void choice_state_doubt(struct analysis *analysis)
{
	for (int language = 0; language < LANGUAGES; language++)
		doubt_in(analysis, (enum language)language);
}
