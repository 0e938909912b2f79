/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * slowness: whether a test runs under a tool that makes everything forty times as slow (tests/run
 * says so for valgrind). What such a tool looks for shows on short series too; what is statistical
 * is judged in the other runs. */
#ifndef STALENODE_TESTS_SLOWNESS_H
#define STALENODE_TESTS_SLOWNESS_H

#include <stdbool.h>
#include <stdlib.h>

static inline bool runs_slowly(void)
{
	return getenv("STALENODE_UNDER_VALGRIND") != NULL;
}

#endif
