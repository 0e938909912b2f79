/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * random_stream: reproducible random numbers. A stream is eight bytes, so that every simulated
 * peer owns one and draws the same numbers whatever the others do (a gsl_rng_mt19937 takes 5,000
 * bytes). The generator is SplitMix64: Steele, Lea, Flood, "Fast splittable pseudorandom number
 * generators", OOPSLA 2014, doi 10.1145/2660193.2660195.
 *
 * The same seed gives the same numbers on every machine: what passes through libm is rounded to
 * 2^-24, far above the last-digit differences between C libraries. Nothing here fails. */
#ifndef STALENODE_RANDOM_STREAM_H
#define STALENODE_RANDOM_STREAM_H

#include <stdint.h>

struct random_stream {
	uint64_t state;
};

/* Begins stream number `number` of `seed`; streams of different numbers are unrelated. */
void random_stream_begin(struct random_stream *stream, uint64_t seed, uint64_t number);

uint64_t random_bits(struct random_stream *stream);
/* Uniform in [0, 1). */
double random_uniform(struct random_stream *stream);
/* Uniform in [low, high). */
double random_between(struct random_stream *stream, double low, double high);
/* Uniform in 0 .. bound - 1; bound > 0. */
uint32_t random_below(struct random_stream *stream, uint32_t bound);
/* True with this probability. */
int random_chance(struct random_stream *stream, double probability);
/* Exponential with mean 1. */
double random_exponential(struct random_stream *stream);
/* Log-normal: exp(N(ln median, spread^2)). */
double random_lognormal(struct random_stream *stream, double median, double spread);

/* value rounded to a multiple of 2^-24: for results of libm that decide what is simulated. */
double rounded_for_every_machine(double value);

#endif
