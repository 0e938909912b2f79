/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "field.h"

bool begins_with_any_case(const char *at, const char *end, const char *letters)
{
	for (; *letters; at++, letters++)
		if (at >= end || lower_case(*at) != *letters)
			return false;
	return true;
}

bool slice_is(struct slice slice, const char *letters)
{
	return slice.length == strlen(letters) && memcmp(slice.text, letters, slice.length) == 0;
}

bool slice_is_any_case(struct slice slice, const char *letters)
{
	return slice.length == strlen(letters) &&
	       begins_with_any_case(slice.text, slice.text + slice.length, letters);
}

const char *find_letters(const char *at, const char *end, const char *letters)
{
	return memmem(at, (size_t)(end - at), letters, strlen(letters));
}

static bool is_blank(char character)
{
	return character == ' ' || character == '\t';
}

struct slice slice_trimmed(struct slice slice)
{
	while (slice.length && is_blank(*slice.text)) {
		slice.text++;
		slice.length--;
	}
	while (slice.length && is_blank(slice.text[slice.length - 1]))
		slice.length--;
	if (slice.length >= 2 && (*slice.text == '"' || *slice.text == '\'') &&
	    slice.text[slice.length - 1] == *slice.text) {
		slice.text++;
		slice.length -= 2;
	}
	return slice;
}

const char *scan_number(const char *at, const char *end, uint32_t limit, uint32_t *value)
{
	uint64_t number = 0;
	const char *begin = at;
	for (; at < end && is_digit(*at); at++) {
		number = number * 10 + (uint64_t)(*at - '0');
		if (number > limit)
			return NULL;
	}
	if (at == begin)
		return NULL;
	*value = (uint32_t)number;
	return at;
}

static int hexadecimal_digit(char character)
{
	character = lower_case(character);
	if (is_digit(character))
		return character - '0';
	return character >= 'a' && character <= 'f' ? character - 'a' + 10 : -1;
}

static bool hexadecimal(const char *at, const char *end, uint32_t limit, uint32_t *value)
{
	uint64_t number = 0;
	if (at == end)
		return false;
	for (; at < end; at++) {
		int digit = hexadecimal_digit(*at);
		if (digit < 0)
			return false;
		number = number * 16 + (uint64_t)digit;
		if (number > limit)
			return false;
	}
	*value = (uint32_t)number;
	return true;
}

bool slice_number(struct slice slice, uint32_t limit, uint32_t *value)
{
	const char *end = slice.text + slice.length;
	uint32_t number = 0;
	if (begins_with_any_case(slice.text, end, "0x"))
		return hexadecimal(slice.text + 2, end, limit, value);
	if (!slice.length || scan_number(slice.text, end, limit, &number) != end)
		return false;
	*value = number;
	return true;
}

const char *scan_ipv4(const char *at, const char *end, struct address *address)
{
	uint8_t octets[4];
	for (int i = 0; i < 4; i++) {
		uint32_t octet = 0;
		const char *begin = at;
		while (at < end && is_digit(*at) && at - begin < 4)
			octet = octet * 10 + (uint32_t)(*at++ - '0');
		/* 010 is eight to some and ten to others: an address to nobody. */
		if (at == begin || octet > 255 || (*begin == '0' && at - begin > 1))
			return NULL;
		octets[i] = (uint8_t)octet;
		if (i < 3 && (at == end || *at++ != '.'))
			return NULL;
	}
	memset(address->bytes, 0, 10);
	memset(address->bytes + 10, 0xff, 2);
	memcpy(address->bytes + 12, octets, sizeof octets);
	return at;
}

static bool ipv6_of(const char *at, size_t length, struct address *address)
{
	char text[ADDRESS_TEXT_SIZE];
	if (length >= sizeof text)
		return false;
	memcpy(text, at, length);
	text[length] = '\0';
	return address_parse(text, address);
}

static const char *scan_ipv6(const char *at, const char *end, struct address *address)
{
	size_t length = 0, dot = 0, colons = 0;
	while (at + length < end && length < ADDRESS_TEXT_SIZE + 6 &&
	       (at[length] == ':' || at[length] == '.' || hexadecimal_digit(at[length]) >= 0)) {
		colons += at[length] == ':';
		if (at[length] == '.')
			dot = length;
		length++;
	}
	if (colons < 2)
		return NULL;
	if (ipv6_of(at, length, address))
		return at + length;
	/* "2001:db8::7.443", and "2001:db8::7:" before a word. */
	size_t shorter = dot ? dot : at[length - 1] == ':' ? length - 1 : 0;
	if (shorter && ipv6_of(at, shorter, address))
		return at + shorter;
	return NULL;
}

const char *scan_address(const char *at, const char *end, struct address *address)
{
	bool bracket = at < end && *at == '[';
	at += bracket;
	if (at == end)
		return NULL;
	const char *behind = is_digit(*at) ? scan_ipv4(at, end, address) : NULL;
	if (!behind)
		behind = scan_ipv6(at, end, address);
	if (!behind || !bracket)
		return behind;
	return behind < end && *behind == ']' ? behind + 1 : NULL;
}

bool slice_address(struct slice slice, struct address *address)
{
	struct address found;
	const char *end = slice.text + slice.length;
	if (scan_address(slice.text, end, &found) != end)
		return false;
	*address = found;
	return true;
}
