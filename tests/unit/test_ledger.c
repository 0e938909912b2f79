/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "../../observer/store/crc32c.h"
#include "../../observer/store/ledger.h"
#include "../../observer/store/ledger_writer.h"

#include "octets.h"
#include "workspace.h"

#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#define START INT64_C(1203465600)

static struct bucket_record bucket(int number)
{
	return (struct bucket_record){
		.start = START + BUCKET_SECONDS * number,
		.observed_seconds = 300,
		.covered_to_us = 300000000,
		.syn = (uint64_t)number * 3,
		.attempts = (uint64_t)number,
	};
}

static struct bucket_record any_bucket(uint64_t *random)
{
	struct bucket_record record = {
		.start = START + BUCKET_SECONDS * (int64_t)(next_number(random) % 1000000),
		.revision = (uint32_t)next_number(random),
		.observed_seconds = (uint32_t)(next_number(random) % 301),
		.covered_from_us = (uint32_t)(next_number(random) % 150000000),
		.covered_to_us = (uint32_t)(150000000 + next_number(random) % 150000001),
		.flags = (uint32_t)(next_number(random) % (BUCKET_EVIDENCE_LOST * 2)),
	};
	uint64_t *const counts[] = {
		&record.syn,	   &record.attempts,  &record.sources,	 &record.new_sources,
		&record.udp,	   &record.other_syn, &record.other_udp, &record.backscatter,
		&record.malformed, &record.excluded,  &record.answered,	 &record.kernel_drops,
		&record.evictions,
	};
	for (size_t i = 0; i < sizeof counts / sizeof counts[0]; i++)
		*counts[i] = next_number(random) >> (1 + next_number(random) % 63);
	return record;
}

static void assert_same(const struct bucket_record *a, const struct bucket_record *b)
{
	assert_int_equal(a->start, b->start);
	assert_int_equal(a->revision, b->revision);
	assert_int_equal(a->observed_seconds, b->observed_seconds);
	assert_int_equal(a->covered_from_us, b->covered_from_us);
	assert_int_equal(a->covered_to_us, b->covered_to_us);
	assert_true(a->syn == b->syn && a->attempts == b->attempts && a->sources == b->sources);
	assert_true(a->new_sources == b->new_sources && a->udp == b->udp);
	assert_true(a->other_syn == b->other_syn && a->other_udp == b->other_udp);
	assert_true(a->backscatter == b->backscatter && a->malformed == b->malformed);
	assert_true(a->excluded == b->excluded && a->answered == b->answered);
	assert_true(a->kernel_drops == b->kernel_drops && a->evictions == b->evictions);
	assert_int_equal(a->flags, b->flags);
}

static void every_record_comes_back_from_its_line(void **state)
{
	(void)state;
	uint64_t random = 11;
	for (int i = 0; i < 20000; i++) {
		struct bucket_record record = any_bucket(&random), back;
		char line[LEDGER_LINE_SIZE];
		size_t length = ledger_format_line(&record, line);
		assert_int_equal(line[length - 1], '\n');
		uint8_t *copy = exact_copy((const uint8_t *)line, length - 1);
		assert_int_equal(ledger_parse_line((const char *)copy, length - 1, &back), 0);
		free(copy);
		assert_same(&record, &back);
	}
}

static void the_largest_record_fits_its_line(void **state)
{
	(void)state;
	struct bucket_record record, back;
	char line[LEDGER_LINE_SIZE];
	memset(&record, 0x7f, sizeof record);
	record.start = 253402300500;
	record.revision = UINT32_MAX;
	record.observed_seconds = 300;
	record.covered_from_us = record.covered_to_us = 300000000;
	record.flags = BUCKET_EVIDENCE_LOST * 2 - 1;
	size_t length = ledger_format_line(&record, line);
	assert_true(length < LEDGER_LINE_SIZE);
	assert_int_equal(ledger_parse_line(line, length - 1, &back), 0);
	assert_same(&record, &back);
}

static void every_changed_or_missing_byte_damages_a_line(void **state)
{
	(void)state;
	struct bucket_record record = bucket(7), back;
	char line[LEDGER_LINE_SIZE];
	record.flags = BUCKET_FIRST | BUCKET_MERGED;
	size_t length = ledger_format_line(&record, line) - 1;
	for (size_t i = 0; i < length; i++) {
		char kept = line[i];
		for (int value = 0; value < 256; value++) {
			line[i] = (char)value;
			assert_int_equal(ledger_parse_line(line, length, &back),
					 (char)value == kept ? 0 : -1);
		}
		line[i] = kept;
		assert_int_equal(ledger_parse_line(line, i, &back), -1);
	}
}

/* A line that says what it should not, with a CRC that fits. */
static int parse_signed(const char *body)
{
	char line[LEDGER_LINE_SIZE];
	struct bucket_record record;
	int length = snprintf(line, sizeof line, "%s\t%08" PRIx32, body, 0u);
	snprintf(line + length - 8, 9, "%08" PRIx32, crc32c(line, (size_t)length - 8));
	return ledger_parse_line(line, (size_t)length, &record);
}

static void a_line_that_cannot_be_true_is_damaged_whatever_its_crc(void **state)
{
	(void)state;
#define REST "\t1\t1\t1\t1\t0\t0\t0\t0\t0\t0\t0\t0\t0"
	assert_int_equal(parse_signed("1203465600\t0\t300\t0\t300000000" REST "\t-"), 0);
	assert_int_equal(parse_signed("1203465600\t0\t300\t0\t300000000" REST "\tfirst,last"), 0);
	static const char *const bad[] = {
		"1203465601\t0\t300\t0\t300000000" REST "\t-",
		"-300\t0\t300\t0\t300000000" REST "\t-",
		"253402300800\t0\t300\t0\t300000000" REST "\t-",
		"9223372036854775800\t0\t300\t0\t300000000" REST "\t-",
		"1203465600\t4294967296\t300\t0\t300000000" REST "\t-",
		"1203465600\t0\t301\t0\t300000000" REST "\t-",
		"1203465600\t0\t300\t0\t300000001" REST "\t-",
		"1203465600\t0\t300\t5\t4" REST "\t-",
		"1203465600\t0\t300\t0\t300000000" REST "\tunheard-of",
		"1203465600\t0\t300\t0\t300000000" REST "\tfirst,",
		"1203465600\t0\t300\t0\t300000000" REST "\t,first",
		"1203465600\t0\t300\t0\t300000000" REST "\t",
		"1203465600\t0\t300\t0\t300000000" REST "\t-\t-",
		("1203465600\t0\t300\t0\t300000000" REST),
		"1203465600\t0\t300\t0\t300000000\t\t1\t1\t1\t0\t0\t0\t0\t0\t0\t0\t0\t0\t-",
		"1203465600\t0\t300\t0\t300000000\t+1\t1\t1\t1\t0\t0\t0\t0\t0\t0\t0\t0\t0\t-",
	};
	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
		if (parse_signed(bad[i]) == 0)
			fail_msg("'%s' is taken", bad[i]);
#undef REST
}

static void flags_are_words(void **state)
{
	(void)state;
	char text[160];
	assert_string_equal(bucket_flags_format(0, text, sizeof text), "-");
	assert_string_equal(bucket_flags_format(BUCKET_LINK_DOWN, text, sizeof text), "link-down");
	assert_string_equal(bucket_flags_format(BUCKET_FIRST | BUCKET_LAST | BUCKET_EVIDENCE_CUT,
						text, sizeof text),
			    "first,last,evidence-cut");
	for (size_t size = 1; size < sizeof text; size++) {
		memset(text, 'x', sizeof text);
		bucket_flags_format(UINT32_MAX, text, size);
		assert_non_null(memchr(text, '\0', size));
		assert_int_equal(text[size], 'x');
	}
}

static void append(const struct bucket_record *record, size_t records)
{
	struct failure failure = {0};
	struct ledger_writer writer;
	assert_int_equal(ledger_writer_open(&writer, "ledger", &failure), 0);
	for (size_t i = 0; i < records; i++)
		assert_int_equal(ledger_writer_append(&writer, &record[i], &failure), 0);
	assert_int_equal(ledger_writer_close(&writer, &failure), 0);
	assert_int_equal(ledger_writer_close(&writer, &failure), 0);
}

static struct ledger read_ledger(void)
{
	struct failure failure = {0};
	struct ledger ledger;
	if (ledger_read(&ledger, "ledger", &failure) != 0)
		fail_msg("%s", failure.text);
	return ledger;
}

static void what_is_appended_is_read_back_in_order(void **state)
{
	(void)state;
	struct bucket_record records[2000];
	for (int i = 0; i < 2000; i++)
		records[i] = bucket(i * 2);
	append(records, 1500);
	append(records + 1500, 500);
	struct ledger ledger = read_ledger();
	assert_int_equal(ledger.records, 2000);
	assert_int_equal(ledger.lines, 2000);
	assert_int_equal(ledger.damaged_lines + ledger.torn_bytes + ledger.first_damaged, 0);
	for (int i = 0; i < 2000; i++) {
		assert_same(&ledger.record[i], &records[i]);
		assert_ptr_equal(ledger_find(&ledger, records[i].start), &ledger.record[i]);
		assert_null(ledger_find(&ledger, records[i].start + BUCKET_SECONDS));
	}
	assert_null(ledger_find(&ledger, 0));
	assert_null(ledger_find(&ledger, INT64_MAX));
	ledger_free(&ledger);
	assert_null(ledger_find(&ledger, START));
}

static void the_file_begins_with_version_and_columns(void **state)
{
	(void)state;
	size_t length;
	append(NULL, 0);
	char *text = read_bytes("ledger", &length);
	assert_string_equal(text, ledger_header_text());
	assert_int_equal(strncmp(text, "stalenode-ledger 1\n#bucket_start_unix\t", 38), 0);
	/* As many column names as a line has columns. */
	char line[LEDGER_LINE_SIZE];
	struct bucket_record record = bucket(1);
	ledger_format_line(&record, line);
	int tabs = 0;
	for (const char *c = text; *c; c++)
		tabs += *c == '\t';
	for (const char *c = line; *c; c++)
		tabs -= *c == '\t';
	assert_int_equal(tabs, 0);
	free(text);
	struct ledger ledger = read_ledger();
	assert_int_equal(ledger.records, 0);
	ledger_free(&ledger);
}

static void the_last_revision_of_a_bucket_stands(void **state)
{
	(void)state;
	struct bucket_record records[] = {bucket(5), bucket(6), bucket(4), bucket(5), bucket(5)};
	records[3].revision = 2;
	records[3].syn = 200;
	records[4].revision = 1;
	records[4].syn = 100;
	append(records, 5);
	struct ledger ledger = read_ledger();
	assert_int_equal(ledger.records, 3);
	assert_int_equal(ledger.lines, 5);
	for (size_t i = 0; i < 3; i++)
		assert_int_equal(ledger.record[i].start, bucket(4 + (int)i).start);
	assert_int_equal(ledger.record[1].syn, 200);
	ledger_free(&ledger);
}

/* Appends raw bytes, as damage would leave them. */
static void append_bytes(const void *bytes, size_t length)
{
	FILE *stream = fopen("ledger", "a");
	assert_int_equal(fwrite(bytes, 1, length, stream), length);
	fclose(stream);
}

static void a_torn_last_line_is_no_part_of_the_ledger(void **state)
{
	(void)state;
	struct bucket_record records[] = {bucket(1), bucket(2), bucket(3)};
	char line[LEDGER_LINE_SIZE];
	size_t whole, length = ledger_format_line(&records[2], line);
	append(records, 2);
	free(read_bytes("ledger", &whole));
	for (size_t torn = 1; torn < length; torn++) {
		assert_int_equal(truncate("ledger", (off_t)whole), 0);
		append_bytes(line, torn);
		struct ledger ledger = read_ledger();
		assert_int_equal(ledger.records, 2);
		assert_int_equal(ledger.torn_bytes, torn);
		assert_int_equal(ledger.damaged_lines, 0);
		ledger_free(&ledger);
	}
}

static void the_writer_sets_a_torn_line_aside_and_goes_on_behind_the_whole_ones(void **state)
{
	(void)state;
	struct bucket_record records[] = {bucket(1), bucket(2), bucket(3)};
	char line[LEDGER_LINE_SIZE];
	size_t length = ledger_format_line(&records[2], line), kept_length;
	append(records, 2);
	for (int round = 0; round < 2; round++) {
		append_bytes(line, length - 10);
		int output = divert_output(2, "warning");
		append(NULL, 0);
		restore_output(2, output);
		char *warning = read_bytes("warning", &kept_length);
		assert_non_null(strstr(warning, "ledger: a torn last line"));
		free(warning);
	}
	append(&records[2], 1);
	char *kept = read_bytes("ledger.torn", &kept_length);
	assert_int_equal(kept_length, 2 * (length - 10));
	assert_memory_equal(kept, line, length - 10);
	assert_memory_equal(kept + length - 10, line, length - 10);
	free(kept);
	struct ledger ledger = read_ledger();
	assert_int_equal(ledger.records, 3);
	assert_int_equal(ledger.torn_bytes + ledger.damaged_lines, 0);
	ledger_free(&ledger);
}

/* File systems leave zeros where a block was allocated and never written. */
static void a_tail_of_zeros_longer_than_a_line_is_torn_too(void **state)
{
	(void)state;
	struct bucket_record records[] = {bucket(1), bucket(2), bucket(3)};
	static const uint8_t zeros[5000];
	size_t whole, length;
	append(records, 2);
	free(read_bytes("ledger", &whole));
	static const size_t lengths[] = {1, 511, 512, 513, 1024, 5000};
	for (size_t i = 0; i < sizeof lengths / sizeof lengths[0]; i++) {
		append_bytes(zeros, lengths[i]);
		struct ledger ledger = read_ledger();
		assert_int_equal(ledger.records, 2);
		assert_int_equal(ledger.torn_bytes, lengths[i]);
		assert_int_equal(ledger.damaged_lines, 0);
		ledger_free(&ledger);
		int output = divert_output(2, "warning");
		append(NULL, 0);
		restore_output(2, output);
		free(read_bytes("ledger", &length));
		assert_int_equal(length, whole);
		free(read_bytes("ledger.torn", &length));
		assert_int_equal(length, lengths[i]);
		remove("ledger.torn");
	}
	append(&records[2], 1);
	struct ledger ledger = read_ledger();
	assert_int_equal(ledger.records, 3);
	ledger_free(&ledger);
}

static void damaged_lines_in_the_middle_are_set_aside_and_their_neighbours_stay(void **state)
{
	(void)state;
	static const struct {
		const char *bytes;
		size_t length, lines;
	} damages[] = {
#define DAMAGE(bytes, lines) {bytes, sizeof bytes - 1, lines}
		DAMAGE("\n", 1),
		DAMAGE("garbage\n", 1),
		DAMAGE("#looks like a comment\n", 1),
		DAMAGE("\0\0\0\0\n", 1), /* zeros where a line was */
		DAMAGE("1\0\n2\n", 2),
		DAMAGE("1203465900\t0\t300\t0\t300000000\t1\t1\t1\t1\t0\t0\t0\t0\t0\t0\t0"
		       "\t0\t0\t-\t00000000\n",
		       1),
#undef DAMAGE
	};
	for (size_t i = 0; i < sizeof damages / sizeof damages[0]; i++) {
		struct bucket_record records[] = {bucket(1), bucket(2), bucket(3)};
		remove("ledger");
		append(records, 1);
		append_bytes(damages[i].bytes, damages[i].length);
		append(records + 1, 2);
		struct ledger ledger = read_ledger();
		assert_int_equal(ledger.records, 3);
		assert_int_equal(ledger.damaged_lines, damages[i].lines);
		assert_int_equal(ledger.first_damaged, 4);
		assert_int_equal(ledger.torn_bytes, 0);
		ledger_free(&ledger);
	}
}

static void a_line_longer_than_any_record_is_one_damaged_line(void **state)
{
	(void)state;
	static const size_t lengths[] = {510, 511, 512, 513, 1023, 1024, 5000};
	for (size_t i = 0; i < sizeof lengths / sizeof lengths[0]; i++) {
		struct bucket_record records[] = {bucket(1), bucket(2)};
		char bytes[5001];
		memset(bytes, '7', sizeof bytes);
		bytes[lengths[i]] = '\n';
		remove("ledger");
		append(records, 1);
		append_bytes(bytes, lengths[i] + 1);
		append(records + 1, 1);
		struct ledger ledger = read_ledger();
		assert_int_equal(ledger.records, 2);
		assert_int_equal(ledger.damaged_lines, 1);
		assert_int_equal(ledger.torn_bytes, 0);
		ledger_free(&ledger);
	}
}

static void what_is_no_ledger_is_refused(void **state)
{
	(void)state;
	static const char *const contents[] = {"", "stalenode-ledger 1", "stalenode-ledger 2\n",
					       "stalenode-ledger 10\n", "PK\3\4\n"};
	for (size_t i = 0; i < sizeof contents / sizeof contents[0]; i++) {
		struct failure failure = {0};
		struct ledger ledger;
		write_text("ledger", contents[i]);
		assert_int_equal(ledger_read(&ledger, "ledger", &failure), -1);
		assert_int_equal(failure.status, EXIT_FAILED);
		assert_int_equal(strncmp(failure.text, "ledger:", 7), 0);
	}
	struct failure failure = {0};
	struct ledger ledger;
	assert_int_equal(ledger_read(&ledger, "absent", &failure), -1);
	assert_non_null(strstr(failure.text, "absent: cannot open"));
	failure = (struct failure){0};
	assert_int_equal(ledger_read(&ledger, ".", &failure), -1);
	assert_int_equal(failure.status, EXIT_FAILED);
	struct ledger_writer writer;
	failure = (struct failure){0};
	assert_int_equal(ledger_writer_open(&writer, "absent/ledger", &failure), -1);
	assert_int_equal(failure.status, EXIT_FAILED);
	assert_null(writer.stream);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_record_comes_back_from_its_line),
		cmocka_unit_test(the_largest_record_fits_its_line),
		cmocka_unit_test(every_changed_or_missing_byte_damages_a_line),
		cmocka_unit_test(a_line_that_cannot_be_true_is_damaged_whatever_its_crc),
		cmocka_unit_test(flags_are_words),
		in_workspace(what_is_appended_is_read_back_in_order),
		in_workspace(the_file_begins_with_version_and_columns),
		in_workspace(the_last_revision_of_a_bucket_stands),
		in_workspace(a_torn_last_line_is_no_part_of_the_ledger),
		in_workspace(the_writer_sets_a_torn_line_aside_and_goes_on_behind_the_whole_ones),
		in_workspace(a_tail_of_zeros_longer_than_a_line_is_torn_too),
		in_workspace(damaged_lines_in_the_middle_are_set_aside_and_their_neighbours_stay),
		in_workspace(a_line_longer_than_any_record_is_one_damaged_line),
		in_workspace(what_is_no_ledger_is_refused),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
