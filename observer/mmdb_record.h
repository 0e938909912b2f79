/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * mmdb_record: finds a value in a record of a MaxMind database
 * (https://maxmind.github.io/MaxMind-DB/, "Output Data Section"), with a bound on the work and no
 * recursion whatever the bytes are. libmaxminddb's own MMDB_get_value() calls itself for each level
 * of nesting: a hostile database ends the process with it. */
#ifndef STALENODE_MMDB_RECORD_H
#define STALENODE_MMDB_RECORD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The records of MaxMind's largest databases have some 200 values in 5 levels. */
#define MMDB_RECORD_VALUES 2048
#define MMDB_RECORD_DEPTH  16

enum mmdb_type {
	MMDB_RECORD_POINTER = 1,
	MMDB_RECORD_TEXT = 2,
	MMDB_RECORD_UINT16 = 5,
	MMDB_RECORD_UINT32 = 6,
	MMDB_RECORD_MAP = 7,
	MMDB_RECORD_UINT64 = 9,
};

struct mmdb_value {
	unsigned type;	      /* of enum mmdb_type, or another number of the format */
	uint32_t size;	      /* bytes; entries of a map or an array */
	const uint8_t *bytes; /* into the data, `size` of them for texts and numbers */
};

/* Follows the keys of `path` (at most two, ended by NULL) through maps from the value at `offset`
 * of `data`. False when it leads nowhere or the data contradict themselves. */
bool mmdb_record_find(const uint8_t *data, size_t size, size_t offset, const char *const *path,
		      struct mmdb_value *value);
/* Whether the value at `offset` ends within the data and within the bounds, with no pointer in it
 * but to texts and numbers: then the library can read it without harm. */
bool mmdb_record_sound(const uint8_t *data, size_t size, size_t offset);

/* An unsigned number of up to 32 bits; false when the value is none. */
bool mmdb_record_number(const struct mmdb_value *value, uint32_t *number);

#endif
