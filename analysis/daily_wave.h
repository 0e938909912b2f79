/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * daily_wave: how busy people at home are at an hour of their day: 1 on average, highest at
 * 21:00 and lowest at 09:00 local time, 1 + amplitude * cos(2 pi (hour - 21) / 24). */
#ifndef STALENODE_DAILY_WAVE_H
#define STALENODE_DAILY_WAVE_H

#include <stdint.h>

/* unix_us: microseconds since 1970 UTC; zone_hours: local time less UTC; amplitude: 0 to 1. */
double daily_wave(int64_t unix_us, double zone_hours, double amplitude);

#endif
