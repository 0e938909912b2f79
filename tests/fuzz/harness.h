/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * harness: what every fuzz target offers: the function that libFuzzer calls, which ends the
 * process when a promise of the code under test is broken, and seeds to begin with. */
#ifndef STALENODE_FUZZ_HARNESS_H
#define STALENODE_FUZZ_HARNESS_H

#include "../unit/octets.h"

#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Fills *seed with the seed of that number; false behind the last one. */
bool fuzz_seed(unsigned number, struct octets *seed);

/* A promise, also where assert() is compiled out. */
#define promise(condition)                                                                         \
	do {                                                                                       \
		if (!(condition)) {                                                                \
			fprintf(stderr, "%s:%d: broken: %s\n", __FILE__, __LINE__, #condition);    \
			abort();                                                                   \
		}                                                                                  \
	} while (0)

/* The data as a file in memory; its name goes to path, the descriptor is to be closed. */
static inline int memory_file(const uint8_t *data, size_t size, char path[64])
{
	int descriptor = memfd_create("fuzz", MFD_CLOEXEC);
	promise(descriptor >= 0 && write(descriptor, data, size) == (ssize_t)size);
	snprintf(path, 64, "/proc/self/fd/%d", descriptor);
	return descriptor;
}

#endif
