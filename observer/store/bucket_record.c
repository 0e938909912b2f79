/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bucket_record.h"

#include <stdio.h>
#include <string.h>

#define US 1000000u

static const char *const flag_names[] = {
	"first",     "last",	       "clock-stepped",	    "link-down",
	"restarted", "attempts-upper", "sources-estimated", "new-sources-lower",
	"merged",    "evidence-cut",   "evidence-lost",
};
#define FLAG_COUNT (sizeof flag_names / sizeof flag_names[0])

char *bucket_flags_format(uint32_t flags, char *text, size_t size)
{
	size_t used = 0;
	snprintf(text, size, "-");
	for (size_t i = 0; i < FLAG_COUNT && used < size; i++)
		if (flags & (1u << i))
			used += (size_t)snprintf(text + used, size - used, "%s%s", used ? "," : "",
						 flag_names[i]);
	return text;
}

bool bucket_flags_parse(const char *text, size_t length, uint32_t *flags)
{
	*flags = 0;
	if (length == 1 && text[0] == '-')
		return true;
	for (;;) {
		const char *comma = memchr(text, ',', length);
		size_t word = comma ? (size_t)(comma - text) : length;
		size_t i = 0;
		while (i < FLAG_COUNT &&
		       (strlen(flag_names[i]) != word || memcmp(flag_names[i], text, word) != 0))
			i++;
		if (i == FLAG_COUNT)
			return false;
		*flags |= 1u << i;
		if (!comma)
			break;
		text = comma + 1;
		length -= word + 1;
	}
	return true;
}

void bucket_record_merge(struct bucket_record *record, const struct bucket_record *prior)
{
	record->revision = prior->revision + 1;
	if (prior->covered_from_us < record->covered_from_us)
		record->covered_from_us = prior->covered_from_us;
	if (prior->covered_to_us > record->covered_to_us)
		record->covered_to_us = prior->covered_to_us;
	record->observed_seconds += prior->observed_seconds;
	/* Both may have seen a part of the same second. */
	uint32_t first = record->covered_from_us / US, last = record->covered_to_us / US;
	uint32_t span = (last < BUCKET_SECONDS ? last : BUCKET_SECONDS - 1) - first + 1;
	if (record->observed_seconds > span)
		record->observed_seconds = span;
	record->syn += prior->syn;
	record->attempts += prior->attempts;
	record->sources += prior->sources;
	record->new_sources += prior->new_sources;
	record->udp += prior->udp;
	record->other_syn += prior->other_syn;
	record->other_udp += prior->other_udp;
	record->backscatter += prior->backscatter;
	record->malformed += prior->malformed;
	record->excluded += prior->excluded;
	record->answered += prior->answered;
	record->kernel_drops += prior->kernel_drops;
	record->evictions += prior->evictions;
	record->flags |= prior->flags | BUCKET_MERGED;
}

bool bucket_record_counted(const struct bucket_record *record)
{
	return record->syn || record->udp || record->other_syn || record->other_udp ||
	       record->backscatter || record->malformed || record->excluded || record->answered;
}

bool bucket_record_has_rate(const struct bucket_record *record)
{
	return !(record->flags & BUCKET_CLOCK_STEPPED);
}
