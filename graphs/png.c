/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "png.h"

#include <math.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>
#include <zlib.h>

#define SIGNATURE	"\x89PNG\r\n\x1a\n"
#define SIGNATURE_SIZE	8
#define CHUNK_SIZE	12 /* length, type, checksum: all but its data */
#define HEADER_END	33 /* signature and IHDR */
#define METRES_PER_INCH 0.0254
#define UNIT_METRE	1

static void put_big_endian(unsigned char *bytes, uint32_t value)
{
	for (int i = 0; i < 4; i++)
		bytes[i] = (unsigned char)(value >> (24 - 8 * i));
}

static uint32_t get_big_endian(const char *bytes)
{
	uint32_t value = 0;
	for (int i = 0; i < 4; i++)
		value = value << 8 | (unsigned char)bytes[i];
	return value;
}

size_t png_length(const char *bytes, size_t length)
{
	size_t place = SIGNATURE_SIZE;
	if (length < place || memcmp(bytes, SIGNATURE, SIGNATURE_SIZE) != 0)
		return 0;
	while (length - place >= CHUNK_SIZE) {
		uint32_t data = get_big_endian(bytes + place);
		if (data > length - place - CHUNK_SIZE)
			return 0;
		bool last = memcmp(bytes + place + 4, "IEND", 4) == 0;
		place += CHUNK_SIZE + data;
		if (last)
			return place;
	}
	return 0;
}

size_t png_set_density(char *bytes, size_t length, double dots_per_inch)
{
	unsigned char chunk[PNG_DENSITY_SIZE] = {[4] = 'p', 'H', 'Y', 's', [16] = UNIT_METRE};
	uint32_t per_metre = (uint32_t)lround(dots_per_inch / METRES_PER_INCH);
	if (length < HEADER_END || memcmp(bytes, SIGNATURE, SIGNATURE_SIZE) != 0 ||
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
