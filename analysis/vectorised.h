/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * vectorised: marks a function whose loops gain from wider vector instructions than every machine
 * of its kind has: it is compiled twice, and the machine takes the one that it can run. Both give
 * the same numbers: operations are the same, and no compiler contracts them (-std=c11). */
#ifndef STALENODE_VECTORISED_H
#define STALENODE_VECTORISED_H

#if defined __x86_64__ && defined __linux__ && !defined __clang__ &&                               \
	!defined __SANITIZE_ADDRESS__ && !defined __SANITIZE_THREAD__
#define VECTORISED __attribute__((target_clones("avx2", "default")))
#else
#define VECTORISED
#endif

#endif
