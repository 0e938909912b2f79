/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * common_values: the values that are frequent in a stream of them, in fixed memory (J. Misra and
 * D. Gries, "Finding repeated elements", 1982): a value with more than 1 / (COMMON_VALUES + 1) of
 * the stream is among them, and its count too low by at most that share. */
#ifndef STALENODE_COMMON_VALUES_H
#define STALENODE_COMMON_VALUES_H

#include <stddef.h>
#include <stdint.h>

#define COMMON_VALUES 8

/* All zero bytes is an empty one. */
struct common_values {
	uint64_t seen;
	uint32_t value[COMMON_VALUES];
	uint32_t count[COMMON_VALUES]; /* 0: a free place */
};

static inline void common_values_add(struct common_values *common, uint32_t value)
{
	size_t place = COMMON_VALUES;
	common->seen++;
	for (size_t i = 0; i < COMMON_VALUES; i++) {
		if (common->count[i] && common->value[i] == value) {
			common->count[i]++;
			return;
		}
		if (!common->count[i])
			place = i;
	}
	if (place < COMMON_VALUES) {
		common->value[place] = value;
		common->count[place] = 1;
		return;
	}
	for (size_t i = 0; i < COMMON_VALUES; i++)
		common->count[i]--;
}

/* Adds what another has; each of its values may then be too low by both shares. */
static inline void common_values_join(struct common_values *into, const struct common_values *from)
{
	uint64_t seen = into->seen + from->seen;
	for (size_t i = 0; i < COMMON_VALUES; i++) {
		size_t place = 0, least = 0;
		if (!from->count[i])
			continue;
		while (place < COMMON_VALUES &&
		       !(into->count[place] && into->value[place] == from->value[i]))
			place++;
		for (size_t j = 1; j < COMMON_VALUES; j++)
			if (into->count[j] < into->count[least])
				least = j;
		if (place < COMMON_VALUES) {
			into->count[place] += from->count[i];
		} else if (into->count[least] < from->count[i]) {
			into->value[least] = from->value[i];
			into->count[least] = from->count[i];
		}
	}
	into->seen = seen;
}

/* The share (0 to 1) of the most frequent value, and which it is. */
static inline double common_values_most(const struct common_values *common, uint32_t *value)
{
	uint32_t most = 0;
	*value = 0;
	for (size_t i = 0; i < COMMON_VALUES; i++)
		if (common->count[i] > most) {
			most = common->count[i];
			*value = common->value[i];
		}
	return common->seen ? (double)most / (double)common->seen : 0.0;
}

#endif
