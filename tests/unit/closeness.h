/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * closeness: numbers that are equal but for rounding. */
#ifndef STALENODE_TEST_CLOSENESS_H
#define STALENODE_TEST_CLOSENESS_H

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

static inline void check_near(double value, double expected, double off)
{
	if (!(fabs(value - expected) <= off))
		fail_msg("%.17g is not %.17g", value, expected);
}

static inline void check_close(double value, double expected, double relative)
{
	check_near(value, expected, relative * fabs(expected));
}

#endif
