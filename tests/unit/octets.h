/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * octets: a bounded byte string that tests put frames and files together in. */
#ifndef STALENODE_TEST_OCTETS_H
#define STALENODE_TEST_OCTETS_H

#include <assert.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

struct octets {
	size_t length;
	bool little; /* put16() and longer: least significant byte first */
	uint8_t bytes[8192];
};

static inline void put8(struct octets *octets, unsigned value)
{
	assert(octets->length < sizeof octets->bytes);
	octets->bytes[octets->length++] = (uint8_t)value;
}

static inline void put_integer(struct octets *octets, uint64_t value, unsigned size)
{
	for (unsigned i = 0; i < size; i++)
		put8(octets, (unsigned)(value >> 8 * (octets->little ? i : size - 1 - i)) & 0xff);
}

static inline void put16(struct octets *octets, unsigned value)
{
	put_integer(octets, value, 2);
}

static inline void put32(struct octets *octets, uint32_t value)
{
	put_integer(octets, value, 4);
}

static inline void put64(struct octets *octets, uint64_t value)
{
	put_integer(octets, value, 8);
}

static inline void put_bytes(struct octets *octets, const void *bytes, size_t length)
{
	for (size_t i = 0; i < length; i++)
		put8(octets, ((const uint8_t *)bytes)[i]);
}

static inline void put_zeros(struct octets *octets, size_t length)
{
	while (length--)
		put8(octets, 0);
}

/* The first `length` bytes in a block of exactly that size, so that a sanitiser or valgrind sees
 * a read of the byte behind them. The caller frees. */
static inline uint8_t *exact_copy(const uint8_t *bytes, size_t length)
{
	uint8_t *copy = malloc(length ? length : 1);
	assert(copy);
	if (length)
		memcpy(copy, bytes, length);
	return copy;
}

/* A fixed sequence of numbers (SplitMix64, Steele and others 2014), the same on every machine. */
static inline uint64_t next_number(uint64_t *state)
{
	uint64_t z = *state += 0x9e3779b97f4a7c15;
	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9;
	z = (z ^ z >> 27) * 0x94d049bb133111eb;
	return z ^ z >> 31;
}

#endif
