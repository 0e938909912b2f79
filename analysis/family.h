/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * family: the shapes of decay, as mean rates g(t) in SYN per hour at t hours since retirement,
 * plus a constant background b; and the likelihoods of counts around them.
 *
 *   const        b
 *   exp          A e^(-t/tau)
 *   biexp        A1 e^(-t/tau1) + A2 e^(-t/tau2), tau1 < tau2
 *   weibull      A e^(-(t/tau)^beta)
 *   omori        A (1 + t/c)^(-p): Omori-Utsu, the same as a gamma mixture of exponentials
 *   logistic     A / (1 + e^((t-T)/w))
 *   plateau_exp  A1 while t < T, then A2 e^(-(t-T)/tau); T a whole number of hours
 *   plateau_omori  the same, then A2 (1 + (t-T)/c)^(-p)
 *
 * Means are integrals over the bucket, never midpoint values. A family is one row of the table
 * in family.c: its parameters with their box and role, and its integral with derivatives. */
#ifndef STALENODE_FAMILY_H
#define STALENODE_FAMILY_H

#include <stddef.h>

#define FAMILY_PARAMETERS_MAX 6
/* The coefficients of the waves of the day and of the week. */
#define WAVES_MAX 4
/* The family's parameters, the dispersion of the likelihood, the waves. */
#define MODEL_PARAMETERS_MAX (FAMILY_PARAMETERS_MAX + 1 + WAVES_MAX)

enum family {
	FAMILY_CONST,
	FAMILY_EXP,
	FAMILY_BIEXP,
	FAMILY_WEIBULL,
	FAMILY_OMORI,
	FAMILY_LOGISTIC,
	FAMILY_PLATEAU_EXP,
	FAMILY_PLATEAU_OMORI,
	FAMILIES
};

enum likelihood { LIKELIHOOD_POISSON, LIKELIHOOD_NB1, LIKELIHOOD_NB2, LIKELIHOODS };

/* What a parameter means, for starting values and for how an edge of the box is told. */
enum parameter_role {
	ROLE_RATE,	 /* SYN per hour of the first component */
	ROLE_LATER_RATE, /* SYN per hour of a later component */
	ROLE_TIME,	 /* a scale in hours */
	ROLE_WIDTH,	 /* in hours, on either side of such a scale */
	ROLE_EXPONENT,	 /* a pure number */
	ROLE_PLATEAU,	 /* end of a plateau, a whole number of hours; not a smooth parameter */
	ROLE_BACKGROUND, /* SYN per hour, for ever */
	ROLE_DISPERSION, /* of the likelihood */
	ROLE_WAVE,	 /* coefficient of a wave, a logarithm; may be negative */
};

struct parameter {
	const char *name;
	enum parameter_role role;
	double low, high; /* the box; the maximum may lie on its edge */
};

const char *family_name(enum family family);		 /* "plateau_exp" */
const char *likelihood_name(enum likelihood likelihood); /* "poisson", "nb1", "nb2" */
int family_parameters(enum family family);		 /* b and T included, dispersion not */
const char *family_parameter_name(enum family family, int index); /* b is the last one */
/* index from 0 to family_parameters() - 1; family_parameters() itself is the dispersion, phi of
 * nb1 or alpha of nb2, which have one box; its name here is "phi". */
const struct parameter *family_parameter(enum family family, int index);
/* Index of the plateau's end among the parameters, or -1. */
int family_plateau(enum family family);
/* 1 when the likelihood has a dispersion, else 0. */
int likelihood_dispersions(enum likelihood likelihood);
/* "phi" of nb1, "alpha" of nb2. */
const char *likelihood_dispersion_name(enum likelihood likelihood);

/* Residual SYNs (background left out) expected in each of `rows` full intervals [from, to] in
 * hours. jacobian, unless NULL, gets family_parameters() columns of `rows` values, one after the
 * other: the derivative by the logarithm of each parameter; zero for the plateau's end and for b.
 */
void family_integrals(enum family family, const double *parameter, const double *from,
		      const double *to, size_t rows, double *integral, double *jacobian);

/* The same for one interval. */
double family_integral(enum family family, const double *parameter, double from, double to);
/* g(t), the residual rate in SYN per hour. */
double family_rate(enum family family, const double *parameter, double hours);
/* Residual SYNs expected from `from` to the end of time; INFINITY for a tail with p <= 1. */
double family_total(enum family family, const double *parameter, double from);
/* The smallest t at which g(t) has fallen to `level`; 0 when g(0) is already there. INFINITY
 * when it takes more than 1e12 hours. */
double family_time_of_rate(enum family family, const double *parameter, double level);

#endif
