/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "random_stream.h"

#include <math.h>

#define TWO_PI 6.283185307179586

/* The finaliser of SplitMix64: a bijection of 64 bits whose every output bit depends on every
 * input bit. */
static uint64_t mixed(uint64_t bits)
{
	bits = (bits ^ (bits >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
	bits = (bits ^ (bits >> 27)) * UINT64_C(0x94d049bb133111eb);
	return bits ^ (bits >> 31);
}

void random_stream_begin(struct random_stream *stream, uint64_t seed, uint64_t number)
{
	stream->state = mixed(mixed(seed) + number);
}

uint64_t random_bits(struct random_stream *stream)
{
	stream->state += UINT64_C(0x9e3779b97f4a7c15);
	return mixed(stream->state);
}

double random_uniform(struct random_stream *stream)
{
	return (double)(random_bits(stream) >> 11) * 0x1p-53;
}

double random_between(struct random_stream *stream, double low, double high)
{
	return low + (high - low) * random_uniform(stream);
}

uint32_t random_below(struct random_stream *stream, uint32_t bound)
{
	/* The high word of a 32 x 32 bit product: uneven by less than bound / 2^32. */
	return (uint32_t)(((random_bits(stream) >> 32) * bound) >> 32);
}

int random_chance(struct random_stream *stream, double probability)
{
	return random_uniform(stream) < probability;
}

double rounded_for_every_machine(double value)
{
	return floor(value * 0x1p24 + 0.5) * 0x1p-24;
}

double random_exponential(struct random_stream *stream)
{
	return rounded_for_every_machine(-log(1.0 - random_uniform(stream)));
}

double random_lognormal(struct random_stream *stream, double median, double spread)
{
	/* Box and Muller; 1 - u because u may be 0. */
	double radius = sqrt(-2.0 * log(1.0 - random_uniform(stream)));
	double normal = radius * cos(TWO_PI * random_uniform(stream));
	return median * rounded_for_every_machine(exp(spread * normal));
}
