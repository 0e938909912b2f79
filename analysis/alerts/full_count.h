/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * full_count: a count of 32 bits that is full at its end and does not begin anew: a log may fold a
 * thousand million events into each of its lines. */
#ifndef STALENODE_FULL_COUNT_H
#define STALENODE_FULL_COUNT_H

#include <stdint.h>

static inline void full_count_add(uint32_t *count, uint32_t events)
{
	*count = events > UINT32_MAX - *count ? UINT32_MAX : *count + events;
}

#endif
