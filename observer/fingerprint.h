/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * fingerprint: 64 bits that stand for an address, or for an address and what it did, in the
 * fixed-size tables. By multiplication of two 64-bit words and folding of the 128-bit product.
 *
 * The function has no secret, so that the same capture gives the same ledger on every machine.
 * Who knows it can make sources collide and so hide some of them from the count of distinct
 * sources; the tables stay bounded and the SYN counts exact whatever he sends. */
#ifndef STALENODE_FINGERPRINT_H
#define STALENODE_FINGERPRINT_H

#include "target.h"

#include <stdint.h>
#include <string.h>

static inline uint64_t fingerprint_mix(uint64_t a, uint64_t b)
{
	/* Odd constants with about as many ones as zeros: the digits of pi and of e. */
	unsigned __int128 product =
		(unsigned __int128)(a ^ 0x243f6a8885a308d3) * (b ^ 0xb7e151628aed2a6b);
	return (uint64_t)product ^ (uint64_t)(product >> 64);
}

/* Never 0, which marks a free slot. */
static inline uint64_t fingerprint_address(const struct address *address)
{
	uint64_t high, low;
	memcpy(&high, address->bytes, 8);
	memcpy(&low, address->bytes + 8, 8);
	uint64_t fingerprint = fingerprint_mix(fingerprint_mix(high, low), low);
	return fingerprint ? fingerprint : 1;
}

/* Of one address together with a number: a port, a country, a sequence number. Never 0. */
static inline uint64_t fingerprint_with(uint64_t fingerprint, uint64_t number)
{
	uint64_t both = fingerprint_mix(fingerprint, number);
	return both ? both : 1;
}

#endif
