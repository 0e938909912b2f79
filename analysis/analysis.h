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

struct analysis {
	const struct series *series;
	size_t buckets; /* used rows: at or after retirement, observed */
	double covered_hours;
	double span_hours; /* to the end of the last used row */
	uint64_t count;	   /* what was counted, summed */
	uint64_t syn;
	int64_t last_syn; /* start of the last bucket with a SYN, or TIME_UNKNOWN */
	struct fit fit[LIKELIHOODS][FAMILIES];
	double weight[LIKELIHOODS][FAMILIES]; /* BIC weights over the fits done */
	struct fit best;		      /* lowest BIC, with intervals */
	double fano[4];			      /* at 5 min, 1 h, 6 h, 1 day; NAN when too few */
	struct interval background_per_bucket;
	const char *background_from; /* "baseline", "joint" */
	struct interval half_life_hours;
	struct interval hours_to_background;
	struct interval residual_total; /* SYNs still to come after the last row */
	double silent_30d, silent_30d_low, silent_30d_high; /* probability; NAN when unknown */
	struct interval
		last_syn_expected; /* UTC seconds: median and 95 % of the last residual one */
	double residual_ks_p;	   /* quantile residuals, see residuals.h; NAN when too few */
	double residual_acf1;	   /* their autocorrelation at 5 minutes ... */
	double residual_acf288;	   /* ... and at 1 day; NAN when too few */
	struct phase phase[PHASES_MAX];
	size_t phases;
	char doubt[512]; /* a sentence when families cannot be told apart, or "" */
};

struct analysis_options {
	bool families[FAMILIES]; /* which to fit */
	bool likelihoods[LIKELIHOODS];
	double baseline_syn;	 /* counts before the experiment ... */
	double baseline_seconds; /* ... in so many seconds; 0 for none */
};

void analysis_options_default(struct analysis_options *options);
/* Analyses the rows at or after series->retired. The series must outlive the analysis. */
int analysis_run(struct analysis *analysis, const struct series *series,
		 const struct analysis_options *options, struct failure *failure);

#endif
