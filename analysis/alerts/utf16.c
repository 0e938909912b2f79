/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "utf16.h"

#define NO_CHARACTER 0xFFFD

bool utf16_recognise(struct utf16 *utf16, const uint8_t *octets, size_t length)
{
	*utf16 = (struct utf16){0};
	if (length < 2)
		return false;
	if (octets[0] == 0xFF && octets[1] == 0xFE)
		return true;
	utf16->big = octets[0] == 0xFE && octets[1] == 0xFF;
	if (utf16->big)
		return true;
	if (length < 4)
		return false;
	/* A text of octets has no zeros. */
	utf16->big = octets[0] == 0;
	size_t low = utf16->big;
	return octets[1 - low] == 0 && octets[3 - low] == 0 && octets[low] != 0 &&
	       octets[low] < 0x80 && octets[2 + low] != 0 && octets[2 + low] < 0x80;
}

static size_t put(uint32_t character, char *text)
{
	if (character < 0x80) {
		text[0] = (char)character;
		return 1;
	}
	size_t behind = character < 0x800 ? 1 : character < 0x10000 ? 2 : 3;
	static const uint8_t lead[] = {0, 0xC0, 0xE0, 0xF0};
	text[0] = (char)(lead[behind] | character >> 6 * behind);
	for (size_t i = 1; i <= behind; i++)
		text[i] = (char)(0x80 | (character >> 6 * (behind - i) & 0x3F));
	return behind + 1;
}

static size_t put_unit(struct utf16 *utf16, uint16_t unit, char *text)
{
	size_t length = 0;
	if (utf16->high) {
		uint32_t high = utf16->high;
		utf16->high = 0;
		if (unit >= 0xDC00 && unit < 0xE000)
			return put(0x10000 + ((high - 0xD800) << 10) + (unit - 0xDC00u), text);
		length = put(NO_CHARACTER, text);
	}
	if (unit >= 0xD800 && unit < 0xDC00) {
		utf16->high = unit;
		return length;
	}
	bool lone = unit >= 0xDC00 && unit < 0xE000;
	return length + put(lone ? NO_CHARACTER : unit, text + length);
}

size_t utf16_convert(struct utf16 *utf16, const uint8_t *octets, size_t length, char *text)
{
	size_t written = 0;
	for (size_t i = 0; i < length; i++) {
		if (!utf16->has_first) {
			utf16->first = octets[i];
			utf16->has_first = true;
			continue;
		}
		utf16->has_first = false;
		uint8_t high = utf16->big ? utf16->first : octets[i];
		uint8_t low = utf16->big ? octets[i] : utf16->first;
		written += put_unit(utf16, (uint16_t)(high << 8 | low), text + written);
	}
	return written;
}

size_t utf16_end(struct utf16 *utf16, char *text)
{
	bool waits = utf16->high || utf16->has_first;
	utf16->high = 0;
	utf16->has_first = false;
	return waits ? put(NO_CHARACTER, text) : 0;
}
