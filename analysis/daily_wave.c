/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "daily_wave.h"

#include "random_stream.h"

#include <math.h>

#define TWO_PI	  6.283185307179586
#define HOUR_US	  3600e6
#define DAY_US	  INT64_C(86400000000)
#define PEAK_HOUR 21.0

double daily_wave(int64_t unix_us, double zone_hours, double amplitude)
{
	if (amplitude <= 0.0)
		return 1.0;
	double hour = (double)(unix_us % DAY_US) / HOUR_US + zone_hours;
	return 1.0 + amplitude * rounded_for_every_machine(cos(TWO_PI * (hour - PEAK_HOUR) / 24.0));
}
