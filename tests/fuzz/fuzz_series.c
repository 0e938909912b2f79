/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The data is a CSV of buckets, read as SYNs and as attempts. What is taken is in order, within its
 * bounds, and comes back from what is written of it; what is refused says where. */
#include "../../analysis/series.h"

#include "harness.h"

#include <inttypes.h>
#include <string.h>

static void check_rows(const struct series *series)
{
	promise(series->rows > 0 && series->first <= series->rows);
	promise(series->stepped <= series->revised_unknown);
	for (size_t i = 0; i < series->rows; i++) {
		const struct series_row *row = &series->row[i];
		promise(row->start >= 0 && row->start % 300 == 0);
		promise(i == 0 || row->start > series->row[i - 1].start);
		promise(row->observed_seconds >= 1 && row->observed_seconds <= 300);
		promise(series->counts_attempts || row->count == row->syn);
		promise((row->start < series->retired) == (i < series->first));
	}
	promise(!series->retired_assumed || series->retired == series->row[0].start);
}

/* Writes the rows the other way round, loads them again and finds them equal. */
static void check_again(const struct series *series, const struct series_options *options)
{
	struct failure failure = {0};
	struct series back;
	char *text = NULL, path[64];
	size_t size = 0;
	FILE *stream = open_memstream(&text, &size);
	promise(stream != NULL);
	fprintf(stream, "other_syn,sources,attempts,observed_seconds,syn,bucket_start_unix\n");
	for (size_t i = series->rows; i-- > 0;) {
		const struct series_row *row = &series->row[i];
		fprintf(stream,
			"%" PRIu32 ",%" PRIu32 ",%" PRIu32 ",%" PRIu32 ",%" PRIu32 ",%" PRId64 "\n",
			row->other_syn, row->sources, row->count, row->observed_seconds, row->syn,
			row->start);
	}
	promise(fclose(stream) == 0);
	int file = memory_file((const uint8_t *)text, size, path);
	promise(series_load(&back, path, options, &failure) == 0);
	promise(back.rows == series->rows && back.first == series->first);
	promise(back.retired == series->retired && back.revised_unknown == 0);
	for (size_t i = 0; i < back.rows; i++) {
		const struct series_row *one = &series->row[i], *other = &back.row[i];
		promise(one->start == other->start && one->count == other->count);
		promise(one->syn == other->syn && one->sources == other->sources);
		promise(one->observed_seconds == other->observed_seconds);
		promise(one->other_syn == other->other_syn);
	}
	series_free(&back);
	close(file);
	free(text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct series_options options[] = {
		{.retired = TIME_UNKNOWN},
		{.retired = 1203465600},
		{.retired = TIME_UNKNOWN, .count_attempts = true},
	};
	for (size_t i = 0; i < sizeof options / sizeof options[0]; i++) {
		struct failure failure = {0};
		struct series series;
		char path[64];
		int file = memory_file(data, size, path);
		if (series_load(&series, path, &options[i], &failure) == 0) {
			check_rows(&series);
			check_again(&series, &options[i]);
			series_free(&series);
		} else {
			size_t length = strlen(path);
			promise(failure.status == EXIT_FAILED);
			promise(strncmp(failure.text, path, length) == 0 &&
				failure.text[length] == ':');
		}
		close(file);
	}
	return 0;
}

bool fuzz_seed(unsigned number, struct octets *seed)
{
	static const char *const seeds[] = {
		"bucket_start_unix,syn,observed_seconds\n1203465600,18,300\n1203465900,0,300\n"
		"1203466500,3,117\n",
		"\xef\xbb\xbf"
		"\"bucket_start_unix\", \"syn\" ,\"observed_seconds\",\"flags\"\r\n"
		"1203465300,1,300,\r\n\r\n1203465600,4,300,clock-stepped\r\n1203465900,2,1,\r\n",
		"attempts,other_syn,sources,syn,observed_seconds,bucket_start_unix,note\n"
		"1,4,1,3,300,1203465900,b\n,5,0,0,300,1203465600,a\n2,0,2,6,299,1203466200,c\n",
		"syn,bucket_start_unix,observed_seconds\n4294967295,0,300\n"
		"0,253402300500,300\n0,300,0\n",
	};
	*seed = (struct octets){0};
	if (number >= sizeof seeds / sizeof seeds[0])
		return false;
	put_bytes(seed, seeds[number], strlen(seeds[number]));
	return true;
}
