/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * analysis: everything that is said of one series: fits, choice, background, phases, what
 * follows from them. Plain values, so that JSON, figures and the report read the same numbers.
 *
 * Rates are SYN per hour unless a name says per_bucket (SYN per 5 minutes); times are hours
 * since retirement. Formulas, likelihoods and the parameter box: see family.h and fit.h. */
#ifndef STALENODE_ANALYSIS_H
#define STALENODE_ANALYSIS_H

#include "fit.h"
#include "language.h"
#include "saved_list.h"
#include "series.h"

#include <stdbool.h>
#include <stddef.h>

enum phase_kind { PHASE_STEADY, PHASE_INTERMITTENT, PHASE_SPORADIC, PHASE_SILENT };

struct phase {
	enum phase_kind kind;
	double from_hours, to_hours;	/* since retirement */
	double per_bucket;		/* SYN per 5 observed minutes */
	double per_active_bucket;	/* mean SYN of the buckets that had any; NAN for none */
	double active_low, active_high; /* 10th and 90th percentile of SYN in those buckets */
	double active_fraction;		/* of the observed time: buckets that had any */
	double ci_low, ci_high;		/* 95 % of per_bucket */
	double observed_hours;
	uint64_t syn;
	double last_syn_hours;		/* NAN when there was none */
	double calls_per_month;		/* calls per 30 observed days: see phases.h */
	double calls_per_month_late;	/* the same over its last 60 observed days, or last half */
	size_t calls;			/* runs of active buckets, see phases.h */
	size_t active;			/* buckets with a count */
	double first_syn_hours;		/* NAN when there was none */
	double bucket_low, bucket_high; /* 10th and 90th percentile of SYN per 5 minutes; NAN
					   without a bucket observed for half its time */
	double rate_low, rate_high;	/* 10th and 90th percentile of the hours' per_bucket, less
					   the noise of the counts; NAN without an hour */
};

#define PHASES_MAX 64

/* No count at all in the hours that follow the record, see forecast.h. */
struct silence {
	double hours;
	double probability;   /* averaged over fits and their doubt; NAN when unknown */
	double low, high;     /* 95 % of what the single draws say */
	double residual_only; /* the same probability with the background left out */
};

#define SILENCE_HORIZONS 5
#define SILENCE_MONTH	 2			    /* the one of 30 days */
extern const double silence_days[SILENCE_HORIZONS]; /* 1, 7, 30, 90, 180 */

struct analysis {
	const struct series *series;
	size_t buckets; /* used rows: at or after retirement, observed */
	double covered_hours;
	double span_hours; /* to the end of the last used row */
	uint64_t count;	   /* what was counted, summed */
	uint64_t syn;
	int64_t last_syn; /* start of the last bucket with a SYN, or TIME_UNKNOWN */
	struct fit fit[LIKELIHOODS][FAMILIES]; /* without waves */
	/* With 2 waves (daily) and with 4 (weekly besides), where options ask for them. */
	struct fit waved[2][LIKELIHOODS][FAMILIES];
	int waves; /* 0, 2 or 4: what the best fit has; the weights are over those fits */
	double weight[LIKELIHOODS][FAMILIES]; /* BIC weights over the fits done */
	struct fit best;		      /* lowest BIC, with intervals */
	bool clustered; /* days vary together: intervals are those of the bootstrap, forecast.h */
	/* How much more counts of a day vary than buckets say, against the expectation; 1 unless
	 * clustered. Differences of BIC are worth that much less. */
	double inflation;
	double fano[4]; /* at 5 min, 1 h, 6 h, 1 day; NAN when too few */
	struct interval background_per_bucket;
	const char *background_from; /* "baseline", "other-ports", "joint" */
	/* The same from the series alone, where a baseline was given; else not known. */
	struct interval background_joint_per_bucket;
	/* Of the background against the level that b has: over the record, and last. 1 when steady.
	 */
	double drift_mean, drift_at_end;
	struct saved_list saved_list;
	struct interval half_life_hours;
	struct interval hours_to_background;
	struct interval hours_to_daily, hours_to_monthly;  /* residual rate: one count a day, ... */
	struct interval residual_total;			   /* still to come after the last row */
	struct interval residual_1_year, residual_5_years; /* within that time of the last row */
	struct silence silence[SILENCE_HORIZONS];
	double silent_30d, silent_30d_low, silent_30d_high; /* probability; NAN when unknown */
	struct interval
		last_syn_expected; /* UTC seconds: median and 95 % of the last residual one */
	double residual_ks_p;	   /* quantile residuals, see residuals.h; NAN when too few */
	double residual_acf1;	   /* their autocorrelation at 5 minutes ... */
	double residual_acf288;	   /* ... and at 1 day; NAN when too few */
	struct phase phase[PHASES_MAX];
	size_t phases;
	char doubt[LANGUAGES][512]; /* a sentence when families cannot be told apart, or "" */
};

struct analysis_options {
	bool families[FAMILIES]; /* which to fit */
	bool likelihoods[LIKELIHOODS];
	double baseline_syn;	 /* counts before the experiment ... */
	double baseline_seconds; /* ... in so many seconds; 0 for none */
	double baseline_other;	 /* SYNs to other ports in the same time; 0 for unknown */
	bool drift_from_other_ports;
	bool daily, weekly; /* try fits with waves of the day, of the day and the week */
};

/* The fit of a likelihood and family with the waves of the best fit. */
const struct fit *analysis_fit(const struct analysis *analysis, int likelihood, int family);

void analysis_options_default(struct analysis_options *options);
/* Analyses the rows at or after series->retired. The series must outlive the analysis. Not for
 * several threads: it sets GSL's error handler for its time. */
int analysis_run(struct analysis *analysis, const struct series *series,
		 const struct analysis_options *options, struct failure *failure);

/* Analyses several series at a time, on as many threads as the process may use cores: each of them
 * as analysis_run() does, so that the number of cores changes nothing but the time. Of every job
 * `series` must be filled in, and outlive it; the other members are set. From then on the process
 * gives large blocks of memory back as soon as they are freed (mallopt). */
struct analysis_job {
	const struct series *series;
	struct analysis *analysis; /* where the answer goes; the caller's */
	int result;		   /* of analysis_run() ... */
	struct failure failure;	   /* ... and its failure */
};
void analysis_run_all(struct analysis_job *job, size_t jobs,
		      const struct analysis_options *options);

#endif
