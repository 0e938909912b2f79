/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "png.h"

#include <math.h>
#include <stdint.h>
#include <string.h>
#include <zlib.h>

#define HEADER_END	33 /* signature and IHDR */
#define METRES_PER_INCH 0.0254
#define UNIT_METRE	1

static void put_big_endian(unsigned char *bytes, uint32_t value)
{
	for (int i = 0; i < 4; i++)
		bytes[i] = (unsigned char)(value >> (24 - 8 * i));
}

size_t png_set_density(char *bytes, size_t length, double dots_per_inch)
{
	unsigned char chunk[PNG_DENSITY_SIZE] = {[4] = 'p', 'H', 'Y', 's', [16] = UNIT_METRE};
	uint32_t per_metre = (uint32_t)lround(dots_per_inch / METRES_PER_INCH);
	if (length < HEADER_END || memcmp(bytes, "\x89PNG\r\n\x1a\n", 8) != 0 ||
	    memcmp(bytes + 12, "IHDR", 4) != 0)
		return length;
	put_big_endian(chunk, 9);
	put_big_endian(chunk + 8, per_metre);
	put_big_endian(chunk + 12, per_metre);
	put_big_endian(chunk + 17, (uint32_t)crc32(0, chunk + 4, 13));
	memmove(bytes + HEADER_END + sizeof chunk, bytes + HEADER_END, length - HEADER_END);
	memcpy(bytes + HEADER_END, chunk, sizeof chunk);
	return length + sizeof chunk;
}
