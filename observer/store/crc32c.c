/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "crc32c.h"

#include <pthread.h>

#define POLYNOMIAL 0x82f63b78
#define SLICES	   8

/* slice[k][byte] is what a byte does to the CRC with k bytes after it: eight bytes at a time
 * (Kounavis and Berry, A systematic approach to building high performance, software-based, CRC
 * generators, ISCC 2005). A record of a year is 100,000 lines. */
static uint32_t slice[SLICES][256];

static void fill_slices(void)
{
	for (uint32_t byte = 0; byte < 256; byte++) {
		uint32_t crc = byte;
		for (int bit = 0; bit < 8; bit++)
			crc = (crc >> 1) ^ (crc & 1 ? POLYNOMIAL : 0);
		slice[0][byte] = crc;
	}
	for (int k = 1; k < SLICES; k++)
		for (int byte = 0; byte < 256; byte++)
			slice[k][byte] =
				(slice[k - 1][byte] >> 8) ^ slice[0][slice[k - 1][byte] & 255];
}

uint32_t crc32c(const void *bytes, size_t length)
{
	static pthread_once_t filled = PTHREAD_ONCE_INIT;
	const uint8_t *byte = bytes;
	uint32_t crc = 0xffffffff;
	pthread_once(&filled, fill_slices);
	for (; length >= SLICES; length -= SLICES, byte += SLICES) {
		uint32_t low = crc ^ ((uint32_t)byte[0] | (uint32_t)byte[1] << 8 |
				      (uint32_t)byte[2] << 16 | (uint32_t)byte[3] << 24);
		crc = slice[7][low & 255] ^ slice[6][low >> 8 & 255] ^ slice[5][low >> 16 & 255] ^
		      slice[4][low >> 24] ^ slice[3][byte[4]] ^ slice[2][byte[5]] ^
		      slice[1][byte[6]] ^ slice[0][byte[7]];
	}
	for (; length > 0; length--, byte++)
		crc = (crc >> 8) ^ slice[0][(crc ^ *byte) & 255];
	return ~crc;
}
