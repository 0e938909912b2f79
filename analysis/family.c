/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "family.h"

#include <math.h>

#define RATE_LOW  1e-10
#define RATE_HIGH 1e6
#define TIME_LOW  (1.0 / 60.0)
#define TIME_HIGH 1e5

/* Widths that differ by the rounding of their ends alone are one width. */
#define SAME_WIDTH 1e-10

typedef void (*integrals_function)(const double *parameter, const double *from, const double *to,
				   size_t rows, double *integral, double *jacobian);

struct family_row {
	const char *name;
	int parameters;
	struct parameter parameter[FAMILY_PARAMETERS_MAX];
	integrals_function integrals;
	double (*rate)(const double *parameter, double hours);
	double (*total)(const double *parameter, double from);
};

/* A e^(-t/tau) over [from, from + width]: A tau e^(-from/tau) (-expm1(-width/tau)). Buckets are
 * mostly of one width, so the expm1 is kept from row to row. */
struct exponential {
	double amplitude, tau;
	double width, loss; /* loss = -expm1(-width/tau) of the width seen last */
};

static double exponential_integral(struct exponential *component, double from, double width,
				   double *by_log_tau)
{
	if (fabs(width - component->width) > SAME_WIDTH * width) {
		component->width = width;
		component->loss = -expm1(-width / component->tau);
	}
	double start = from / component->tau;
	double scale = component->amplitude * component->tau * exp(-start);
	double step = width / component->tau;
	*by_log_tau = scale * (component->loss * (1 + start) - step * (1 - component->loss));
	return scale * component->loss;
}

static void const_integrals(const double *parameter, const double *from, const double *to,
			    size_t rows, double *integral, double *jacobian)
{
	(void)parameter;
	(void)from;
	(void)to;
	for (size_t i = 0; i < rows; i++) {
		integral[i] = 0;
		if (jacobian)
			jacobian[i] = 0;
	}
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
			  size_t rows, double *integral, double *jacobian)
{
	struct exponential component = {parameter[EXP_A], parameter[EXP_TAU], -1, 0};
	for (size_t i = 0; i < rows; i++) {
		double by_log_tau;
		integral[i] =
			exponential_integral(&component, from[i], to[i] - from[i], &by_log_tau);
		if (jacobian) {
			double *row = jacobian + i * EXP_PARAMETERS;
			row[EXP_A] = integral[i];
			row[EXP_TAU] = by_log_tau;
			row[EXP_B] = 0;
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
			    size_t rows, double *integral, double *jacobian)
{
	struct exponential first = {parameter[BIEXP_A1], parameter[BIEXP_TAU1], -1, 0};
	struct exponential second = {parameter[BIEXP_A2], parameter[BIEXP_TAU2], -1, 0};
	for (size_t i = 0; i < rows; i++) {
		double width = to[i] - from[i], by_log_tau1, by_log_tau2;
		double one = exponential_integral(&first, from[i], width, &by_log_tau1);
		double two = exponential_integral(&second, from[i], width, &by_log_tau2);
		integral[i] = one + two;
		if (jacobian) {
			double *row = jacobian + i * BIEXP_PARAMETERS;
			row[BIEXP_A1] = one;
			row[BIEXP_TAU1] = by_log_tau1;
			row[BIEXP_A2] = two;
			row[BIEXP_TAU2] = by_log_tau2;
			row[BIEXP_B] = 0;
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

enum { OMORI_A, OMORI_C, OMORI_P, OMORI_B, OMORI_PARAMETERS };

/* expm1(x)/x. */
static double exprel(double x)
{
	return fabs(x) < 1e-8 ? 1 + x / 2 : expm1(x) / x;
}

/* Integral of s e^(x s) over s from 0 to 1 = (e^x (x - 1) + 1) / x^2, by its series where the
 * closed form would cancel. */
static double first_moment(double x)
{
	if (fabs(x) > 0.5)
		return (exp(x) * (x - 1) + 1) / (x * x);
	double term = 1, sum = 0.5;
	for (int k = 1; k < 16; k++) {
		term *= x / k;
		sum += term / (k + 2);
	}
	return sum;
}

static double omori_rate(const double *parameter, double hours)
{
	return parameter[OMORI_A] * exp(-parameter[OMORI_P] * log1p(hours / parameter[OMORI_C]));
}

/* With u = log(1 + t/c) the integral is A c e^(q u) du, q = 1 - p: exact at p = 1 too. The
 * derivative by log c follows from G(kc, kt1, kt2) = k G(c, t1, t2). */
static void omori_integrals(const double *parameter, const double *from, const double *to,
			    size_t rows, double *integral, double *jacobian)
{
	double a = parameter[OMORI_A], c = parameter[OMORI_C], p = parameter[OMORI_P];
	double q = 1 - p;
	for (size_t i = 0; i < rows; i++) {
		double start = log1p(from[i] / c);
		double length = log1p((to[i] - from[i]) / (from[i] + c));
		double scale = a * c * exp(q * start) * length;
		double shape = exprel(q * length);
		integral[i] = scale * shape;
		if (jacobian) {
			double *row = jacobian + i * OMORI_PARAMETERS;
			double before = a * exp(-p * start), after = before * exp(-p * length);
			row[OMORI_A] = integral[i];
			row[OMORI_C] = integral[i] + from[i] * before - to[i] * after;
			row[OMORI_P] =
				-p * scale * (start * shape + length * first_moment(q * length));
			row[OMORI_B] = 0;
		}
	}
}

static double omori_total(const double *parameter, double from)
{
	double c = parameter[OMORI_C], p = parameter[OMORI_P];
	if (p <= 1)
		return INFINITY;
	return parameter[OMORI_A] * c / (p - 1) * exp((1 - p) * log1p(from / c));
}

enum { PLATEAU_A1, PLATEAU_T, PLATEAU_A2, PLATEAU_TAU, PLATEAU_B, PLATEAU_PARAMETERS };

/* A bucket belongs to the plateau when it begins before its end; times are multiples of seconds,
 * so that a millionth of an hour decides nothing but rounding. */
static int on_plateau(double from, double end)
{
	return from < end - 1e-6;
}

static void plateau_exp_integrals(const double *parameter, const double *from, const double *to,
				  size_t rows, double *integral, double *jacobian)
{
	double end = parameter[PLATEAU_T];
	struct exponential later = {parameter[PLATEAU_A2], parameter[PLATEAU_TAU], -1, 0};
	for (size_t i = 0; i < rows; i++) {
		double width = to[i] - from[i], by_log_tau = 0;
		int early = on_plateau(from[i], end);
		integral[i] =
			early ? parameter[PLATEAU_A1] * width
			      : exponential_integral(&later, from[i] - end, width, &by_log_tau);
		if (jacobian) {
			double *row = jacobian + i * PLATEAU_PARAMETERS;
			row[PLATEAU_A1] = early ? integral[i] : 0;
			row[PLATEAU_T] = 0;
			row[PLATEAU_A2] = early ? 0 : integral[i];
			row[PLATEAU_TAU] = by_log_tau;
			row[PLATEAU_B] = 0;
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
	[FAMILY_OMORI] = {"omori",
			  OMORI_PARAMETERS,
			  {{"A", ROLE_RATE, RATE_LOW, RATE_HIGH},
			   {"c", ROLE_TIME, 1e-3, TIME_HIGH},
			   {"p", ROLE_EXPONENT, 0.05, 20},
			   BACKGROUND},
			  omori_integrals,
			  omori_rate,
			  omori_total},
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
};

static const struct parameter dispersion = {"phi", ROLE_DISPERSION, 1e-8, 1e4};

const char *family_name(enum family family)
{
	return table[family].name;
}

const char *likelihood_name(enum likelihood likelihood)
{
	return likelihood == LIKELIHOOD_POISSON ? "poisson" : "nb1";
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
	table[family].integrals(parameter, from, to, rows, integral, jacobian);
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
