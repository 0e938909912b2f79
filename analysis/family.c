/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "family.h"

#include "exponential.h"
#include "logistic.h"
#include "omori.h"
#include "row_block.h"
#include "weibull.h"

#include <math.h>
#include <string.h>

#define RATE_LOW  1e-10
#define RATE_HIGH 1e6
#define TIME_LOW  (1.0 / 60.0)
#define TIME_HIGH 1e5

/* Of at most ROW_BLOCK rows; columns of the jacobian are `stride` apart, and those of b and of a
 * plateau's end need not be filled. */
typedef void (*integrals_function)(const double *parameter, const double *from, const double *to,
				   size_t rows, size_t stride, double *integral, double *jacobian);

struct family_row {
	const char *name;
	int parameters;
	struct parameter parameter[FAMILY_PARAMETERS_MAX];
	integrals_function integrals;
	double (*rate)(const double *parameter, double hours);
	double (*total)(const double *parameter, double from);
};

static void const_integrals(const double *parameter, const double *from, const double *to,
			    size_t rows, size_t stride, double *integral, double *jacobian)
{
	(void)parameter;
	(void)from;
	(void)to;
	(void)stride;
	(void)jacobian;
	memset(integral, 0, rows * sizeof *integral);
}

static double const_rate(const double *parameter, double hours)
{
	(void)parameter;
	(void)hours;
	return 0;
}

static double const_total(const double *parameter, double from)
{
	return const_rate(parameter, from);
}

enum { EXP_A, EXP_TAU, EXP_B, EXP_PARAMETERS };

static void exp_integrals(const double *parameter, const double *from, const double *to,
			  size_t rows, size_t stride, double *integral, double *jacobian)
{
	struct exponential component = exponential_begin(parameter[EXP_A], parameter[EXP_TAU]);
	for (size_t i = 0; i < rows; i++) {
		double by_log_tau;
		integral[i] = exponential_integral(&component, from[i], to[i], &by_log_tau);
		if (jacobian) {
			jacobian[EXP_A * stride + i] = integral[i];
			jacobian[EXP_TAU * stride + i] = by_log_tau;
		}
	}
}

static double exp_rate(const double *parameter, double hours)
{
	return parameter[EXP_A] * exp(-hours / parameter[EXP_TAU]);
}

static double exp_total(const double *parameter, double from)
{
	return parameter[EXP_TAU] * exp_rate(parameter, from);
}

enum { BIEXP_A1, BIEXP_TAU1, BIEXP_A2, BIEXP_TAU2, BIEXP_B, BIEXP_PARAMETERS };

static void biexp_integrals(const double *parameter, const double *from, const double *to,
			    size_t rows, size_t stride, double *integral, double *jacobian)
{
	struct exponential first = exponential_begin(parameter[BIEXP_A1], parameter[BIEXP_TAU1]);
	struct exponential second = exponential_begin(parameter[BIEXP_A2], parameter[BIEXP_TAU2]);
	for (size_t i = 0; i < rows; i++) {
		double by_log_tau1, by_log_tau2;
		double one = exponential_integral(&first, from[i], to[i], &by_log_tau1);
		double two = exponential_integral(&second, from[i], to[i], &by_log_tau2);
		integral[i] = one + two;
		if (jacobian) {
			jacobian[BIEXP_A1 * stride + i] = one;
			jacobian[BIEXP_TAU1 * stride + i] = by_log_tau1;
			jacobian[BIEXP_A2 * stride + i] = two;
			jacobian[BIEXP_TAU2 * stride + i] = by_log_tau2;
		}
	}
}

static double biexp_rate(const double *parameter, double hours)
{
	return exp_rate(parameter + BIEXP_A1, hours) + exp_rate(parameter + BIEXP_A2, hours);
}

static double biexp_total(const double *parameter, double from)
{
	return exp_total(parameter + BIEXP_A1, from) + exp_total(parameter + BIEXP_A2, from);
}

enum { PLATEAU_A1, PLATEAU_T, PLATEAU_A2, PLATEAU_TAU, PLATEAU_B, PLATEAU_PARAMETERS };

/* A bucket belongs to the plateau when it begins before its end; times are multiples of seconds,
 * so that a millionth of an hour decides nothing but rounding. */
static int on_plateau(double from, double end)
{
	return from < end - 1e-6;
}

static void plateau_exp_integrals(const double *parameter, const double *from, const double *to,
				  size_t rows, size_t stride, double *integral, double *jacobian)
{
	double end = parameter[PLATEAU_T];
	struct exponential later = exponential_begin(parameter[PLATEAU_A2], parameter[PLATEAU_TAU]);
	for (size_t i = 0; i < rows; i++) {
		double by_log_tau = 0;
		int early = on_plateau(from[i], end);
		integral[i] = early ? parameter[PLATEAU_A1] * (to[i] - from[i])
				    : exponential_integral(&later, from[i] - end, to[i] - end,
							   &by_log_tau);
		if (jacobian) {
			jacobian[PLATEAU_A1 * stride + i] = early ? integral[i] : 0;
			jacobian[PLATEAU_A2 * stride + i] = early ? 0 : integral[i];
			jacobian[PLATEAU_TAU * stride + i] = by_log_tau;
		}
	}
}

static double plateau_exp_rate(const double *parameter, double hours)
{
	double end = parameter[PLATEAU_T];
	return hours < end ? parameter[PLATEAU_A1] : exp_rate(parameter + PLATEAU_A2, hours - end);
}

static double plateau_exp_total(const double *parameter, double from)
{
	double end = parameter[PLATEAU_T];
	double rest = from < end ? parameter[PLATEAU_A1] * (end - from) : 0;
	return rest + exp_total(parameter + PLATEAU_A2, from < end ? 0 : from - end);
}

enum {
	LATER_OMORI_A1,
	LATER_OMORI_T,
	LATER_OMORI_A2,
	LATER_OMORI_C,
	LATER_OMORI_P,
	LATER_OMORI_B,
	LATER_OMORI_PARAMETERS
};

static void plateau_omori_integrals(const double *parameter, const double *from, const double *to,
				    size_t rows, size_t stride, double *integral, double *jacobian)
{
	double end = parameter[LATER_OMORI_T];
	for (size_t i = 0; i < rows;) {
		for (; i < rows && on_plateau(from[i], end); i++) {
			integral[i] = parameter[LATER_OMORI_A1] * (to[i] - from[i]);
			for (int j = LATER_OMORI_A1; jacobian && j <= LATER_OMORI_P; j++)
				jacobian[(size_t)j * stride + i] =
					j == LATER_OMORI_A1 ? integral[i] : 0;
		}
		size_t first = i;
		for (; i < rows && !on_plateau(from[i], end); i++)
			if (jacobian)
				jacobian[LATER_OMORI_A1 * stride + i] = 0;
		omori_integrals_since(parameter + LATER_OMORI_A2, end, from + first, to + first,
				      i - first, stride, integral + first,
				      jacobian ? jacobian + LATER_OMORI_A2 * stride + first : NULL);
	}
}

static double plateau_omori_rate(const double *parameter, double hours)
{
	double end = parameter[LATER_OMORI_T];
	return hours < end ? parameter[LATER_OMORI_A1]
			   : omori_rate(parameter + LATER_OMORI_A2, hours - end);
}

static double plateau_omori_total(const double *parameter, double from)
{
	double end = parameter[LATER_OMORI_T];
	double rest = from < end ? parameter[LATER_OMORI_A1] * (end - from) : 0;
	return rest + omori_total(parameter + LATER_OMORI_A2, from < end ? 0 : from - end);
}

#define BACKGROUND                                                                                 \
	{                                                                                          \
		"b", ROLE_BACKGROUND, RATE_LOW, RATE_HIGH                                          \
	}

static const struct family_row table[FAMILIES] = {
	[FAMILY_CONST] = {"const", 1, {BACKGROUND}, const_integrals, const_rate, const_total},
	[FAMILY_EXP] = {"exp",
			EXP_PARAMETERS,
			{{"A", ROLE_RATE, RATE_LOW, RATE_HIGH},
			 {"tau", ROLE_TIME, TIME_LOW, TIME_HIGH},
			 BACKGROUND},
			exp_integrals,
			exp_rate,
			exp_total},
	[FAMILY_BIEXP] = {"biexp",
			  BIEXP_PARAMETERS,
			  {{"A1", ROLE_RATE, RATE_LOW, RATE_HIGH},
			   {"tau1", ROLE_TIME, TIME_LOW, TIME_HIGH},
			   {"A2", ROLE_LATER_RATE, RATE_LOW, RATE_HIGH},
			   {"tau2", ROLE_TIME, TIME_LOW, TIME_HIGH},
			   BACKGROUND},
			  biexp_integrals,
			  biexp_rate,
			  biexp_total},
	[FAMILY_WEIBULL] = {"weibull",
			    WEIBULL_PARAMETERS,
			    {{"A", ROLE_RATE, RATE_LOW, RATE_HIGH},
			     {"tau", ROLE_TIME, TIME_LOW, TIME_HIGH},
			     {"beta", ROLE_EXPONENT, 0.1, 20},
			     BACKGROUND},
			    weibull_integrals,
			    weibull_rate,
			    weibull_total},
	[FAMILY_OMORI] = {"omori",
			  OMORI_PARAMETERS,
			  {{"A", ROLE_RATE, RATE_LOW, RATE_HIGH},
			   {"c", ROLE_TIME, 1e-3, TIME_HIGH},
			   {"p", ROLE_EXPONENT, 0.05, 20},
			   BACKGROUND},
			  omori_integrals,
			  omori_rate,
			  omori_total},
	[FAMILY_LOGISTIC] = {"logistic",
			     LOGISTIC_PARAMETERS,
			     {{"A", ROLE_RATE, RATE_LOW, RATE_HIGH},
			      {"T", ROLE_TIME, 1e-3, 1e4},
			      {"w", ROLE_WIDTH, 1.0 / 12, 1e4},
			      BACKGROUND},
			     logistic_integrals,
			     logistic_rate,
			     logistic_total},
	[FAMILY_PLATEAU_EXP] = {"plateau_exp",
				PLATEAU_PARAMETERS,
				{{"A1", ROLE_RATE, RATE_LOW, RATE_HIGH},
				 {"T", ROLE_PLATEAU, 1, 336},
				 {"A2", ROLE_LATER_RATE, RATE_LOW, RATE_HIGH},
				 {"tau", ROLE_TIME, TIME_LOW, TIME_HIGH},
				 BACKGROUND},
				plateau_exp_integrals,
				plateau_exp_rate,
				plateau_exp_total},
	[FAMILY_PLATEAU_OMORI] = {"plateau_omori",
				  LATER_OMORI_PARAMETERS,
				  {{"A1", ROLE_RATE, RATE_LOW, RATE_HIGH},
				   {"T", ROLE_PLATEAU, 1, 336},
				   {"A2", ROLE_LATER_RATE, RATE_LOW, RATE_HIGH},
				   {"c", ROLE_TIME, 1e-3, TIME_HIGH},
				   {"p", ROLE_EXPONENT, 0.05, 20},
				   BACKGROUND},
				  plateau_omori_integrals,
				  plateau_omori_rate,
				  plateau_omori_total},
};

/* phi of nb1 and alpha of nb2 have one box. */
static const struct parameter dispersion = {"phi", ROLE_DISPERSION, 1e-8, 1e4};

const char *family_name(enum family family)
{
	return table[family].name;
}

const char *likelihood_name(enum likelihood likelihood)
{
	static const char *const name[LIKELIHOODS] = {"poisson", "nb1", "nb2"};
	return name[likelihood];
}

const char *likelihood_dispersion_name(enum likelihood likelihood)
{
	return likelihood == LIKELIHOOD_NB2 ? "alpha" : dispersion.name;
}

int likelihood_dispersions(enum likelihood likelihood)
{
	return likelihood == LIKELIHOOD_POISSON ? 0 : 1;
}

int family_parameters(enum family family)
{
	return table[family].parameters;
}

const struct parameter *family_parameter(enum family family, int index)
{
	return index < table[family].parameters ? &table[family].parameter[index] : &dispersion;
}

const char *family_parameter_name(enum family family, int index)
{
	return family_parameter(family, index)->name;
}

int family_plateau(enum family family)
{
	for (int i = 0; i < table[family].parameters; i++)
		if (table[family].parameter[i].role == ROLE_PLATEAU)
			return i;
	return -1;
}

void family_integrals(enum family family, const double *parameter, const double *from,
		      const double *to, size_t rows, double *integral, double *jacobian)
{
	for (size_t first = 0; first < rows; first += ROW_BLOCK)
		table[family].integrals(parameter, from + first, to + first,
					rows - first < ROW_BLOCK ? rows - first : ROW_BLOCK, rows,
					integral + first, jacobian ? jacobian + first : NULL);
	for (int j = 0; jacobian && j < table[family].parameters; j++) {
		enum parameter_role role = table[family].parameter[j].role;
		if (role == ROLE_BACKGROUND || role == ROLE_PLATEAU)
			memset(jacobian + (size_t)j * rows, 0, rows * sizeof *jacobian);
	}
}

double family_integral(enum family family, const double *parameter, double from, double to)
{
	/* Over a long stretch the plateau's end may lie inside: a bucket never straddles it. */
	int plateau = family_plateau(family);
	double middle = plateau < 0 ? from : fmin(fmax(parameter[plateau], from), to);
	double first = 0, second = 0;
	if (middle > from)
		family_integrals(family, parameter, &from, &middle, 1, &first, NULL);
	if (to > middle)
		family_integrals(family, parameter, &middle, &to, 1, &second, NULL);
	return first + second;
}

double family_rate(enum family family, const double *parameter, double hours)
{
	return table[family].rate(parameter, hours);
}

double family_total(enum family family, const double *parameter, double from)
{
	return table[family].total(parameter, from);
}

double family_time_of_rate(enum family family, const double *parameter, double level)
{
	double low = 0, high = 1e-3;
	if (family_rate(family, parameter, 0) <= level)
		return 0;
	while (family_rate(family, parameter, high) > level) {
		low = high;
		high *= 2;
		if (high > 1e12)
			return INFINITY;
	}
	for (int i = 0; i < 200 && high - low > 1e-13 * high; i++) {
		double middle = (low + high) / 2;
		if (family_rate(family, parameter, middle) > level)
			low = middle;
		else
			high = middle;
	}
	return high;
}
