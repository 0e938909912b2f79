/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "../../observer/geo.h"

#include "mmdb.h"
#include "workspace.h"

#include <setjmp.h>
#include <stdarg.h>
#include <utime.h>

#include <cmocka.h>

static struct mmdb mmdb;
static struct geo *geo;

static void write_database(const char *path)
{
	struct octets file;
	mmdb_end(&mmdb, &file);
	/* Whole from one moment to the next, as those who publish databases replace them. */
	write_bytes("beside", file.bytes, file.length);
	assert_int_equal(rename("beside", path), 0);
}

static void write_countries(const char *path, const char *code)
{
	mmdb_begin(&mmdb);
	uint32_t offset = mmdb_country(&mmdb, code);
	mmdb_insert_ipv4(&mmdb, 0xc6336400, 24, offset); /* 198.51.100.0/24 */
	mmdb_insert(&mmdb, (const uint8_t *)"\x20\x01\x0d\xb8\0\0\0\0\0\0\0\0\0\0\0", 32, offset);
	write_database(path);
}

static void write_systems(const char *path, const char *name)
{
	mmdb_begin(&mmdb);
	mmdb_insert_ipv4(&mmdb, 0xc6336400, 25, mmdb_system(&mmdb, 64496, name));
	write_database(path);
}

static void open_geo(const char *countries, const char *systems)
{
	struct failure failure = {0};
	struct geo_options options = {countries, systems};
	if (geo_open(&geo, &options, "copies", &failure) != 0)
		fail_msg("%s", failure.text);
}

static void refresh(int64_t now)
{
	while (geo_refresh(geo, now))
		;
}

/* "JP 64496 Name" or "- 0 ". */
static const char *told(const char *text)
{
	static char line[64];
	struct address address;
	struct geo_place place;
	assert_true(address_parse(text, &address));
	geo_look_up(geo, &address, &place);
	snprintf(line, sizeof line, "%s %u %s", place.country[0] ? place.country : "-",
		 (unsigned)place.system, place.system_name);
	return line;
}

/* What was said since the last call; "" when nothing was. */
static int diverted;
static void begin_listening(void)
{
	unlink("said");
	diverted = divert_output(2, "said");
}
static void assert_said(unsigned times, const char *words)
{
	size_t length;
	restore_output(2, diverted);
	char *said = read_bytes("said", &length);
	unsigned lines = 0;
	for (size_t i = 0; i < length; i++)
		lines += said[i] == '\n';
	if (lines != times || (words && !strstr(said, words)))
		fail_msg("said: %s", said);
	free(said);
}

static void an_address_is_told_by_its_network(void **state)
{
	(void)state;
	write_countries("c.mmdb", "JP");
	write_systems("a.mmdb", "Example Net");
	open_geo("c.mmdb", "a.mmdb");
	assert_string_equal(told("198.51.100.7"), "JP 64496 Example Net");
	assert_string_equal(told("198.51.100.200"), "JP 0 ");
	assert_string_equal(told("198.51.101.7"), "- 0 ");
	assert_string_equal(told("2001:db8::7"), "JP 0 ");
	assert_string_equal(told("2001:db9::7"), "- 0 ");
	assert_true(geo_tells_countries(geo) && geo_tells_systems(geo));
	geo_close(geo);
}

static void a_database_that_is_not_named_closes_no_descriptor_of_others(void **state)
{
	(void)state;
	int before[8];
	for (int i = 0; i < 8; i++)
		before[i] = fcntl(i, F_GETFD);
	write_countries("c.mmdb", "JP");
	open_geo("c.mmdb", NULL);
	geo_close(geo);
	for (int i = 0; i < 8; i++)
		assert_int_equal(fcntl(i, F_GETFD), before[i]);
}

static void without_a_database_nothing_is_told(void **state)
{
	(void)state;
	open_geo("", NULL);
	assert_null(geo);
	assert_string_equal(told("198.51.100.7"), "- 0 ");
	assert_false(geo_tells_countries(geo));
	assert_false(geo_tells_systems(geo));
	assert_false(geo_refresh(geo, 1));
	assert_int_equal(entries_of("."), 0);
}

static void an_absent_database_is_said_once_and_found_when_it_comes(void **state)
{
	(void)state;
	begin_listening();
	open_geo("c.mmdb", NULL);
	for (int64_t minute = 0; minute < 5; minute++)
		geo_refresh(geo, 1000 + 60 * minute);
	assert_said(1, "c.mmdb: No such file");
	assert_true(geo_tells_countries(geo));
	assert_string_equal(told("198.51.100.7"), "- 0 ");
	write_countries("c.mmdb", "JP");
	refresh(2000);
	assert_string_equal(told("198.51.100.7"), "JP 0 ");
	geo_close(geo);
}

static void a_replaced_database_is_read_within_a_minute(void **state)
{
	(void)state;
	write_countries("c.mmdb", "JP");
	open_geo("c.mmdb", NULL);
	refresh(1000);
	write_countries("c.mmdb", "DE");
	refresh(1059);
	assert_string_equal(told("198.51.100.7"), "JP 0 ");
	refresh(1060);
	assert_string_equal(told("198.51.100.7"), "DE 0 ");
	/* The clock steps back by a day. */
	write_countries("c.mmdb", "FR");
	refresh(1060 - 86400);
	assert_string_equal(told("198.51.100.7"), "FR 0 ");
	/* What is taken away leaves what was copied. */
	begin_listening();
	unlink("c.mmdb");
	refresh(2000 - 86400);
	refresh(3000 - 86400);
	assert_said(1, "c.mmdb");
	assert_string_equal(told("198.51.100.7"), "FR 0 ");
	geo_close(geo);
	/* And serves after a restart, too. */
	begin_listening();
	open_geo("c.mmdb", NULL);
	assert_said(1, "c.mmdb");
	assert_string_equal(told("198.51.100.7"), "FR 0 ");
	geo_close(geo);
}

/* Somebody copies another file over it: what is mapped by name would change or end in SIGBUS. */
static void a_database_that_is_cut_in_place_harms_nothing(void **state)
{
	(void)state;
	write_countries("c.mmdb", "JP");
	open_geo("c.mmdb", NULL);
	begin_listening();
	assert_int_equal(truncate("c.mmdb", 0), 0);
	assert_string_equal(told("198.51.100.7"), "JP 0 ");
	refresh(1000);
	refresh(2000);
	assert_said(1, "damaged");
	assert_string_equal(told("198.51.100.7"), "JP 0 ");
	write_countries("c.mmdb", "DE");
	refresh(3000);
	assert_string_equal(told("198.51.100.7"), "DE 0 ");
	assert_int_equal(entries_of("copies"), 1);
	geo_close(geo);
}

static void a_database_of_another_type_or_none_is_said_and_counts_as_unknown(void **state)
{
	(void)state;
	write_systems("a.mmdb", "Example Net");
	write_countries("c.mmdb", "JP");
	begin_listening();
	open_geo("a.mmdb", "c.mmdb");
	refresh(1000);
	assert_said(2, "something else than countries");
	assert_string_equal(told("198.51.100.7"), "- 0 ");
	geo_close(geo);
	assert_int_equal(entries_of("copies"), 0);
	write_text("text", "no database at all\n");
	assert_int_equal(mkdir("directory", 0755), 0);
	begin_listening();
	open_geo("text", "directory");
	assert_said(2, "text: no database");
	geo_close(geo);
}

/* Forms of other makers, and codes that are none. */
static void other_forms_are_understood(void **state)
{
	(void)state;
	mmdb_begin(&mmdb);
	mmdb_insert_ipv4(&mmdb, 0xc6336400, 24, 0);
	put_map(&mmdb.data, 1);
	put_text(&mmdb.data, "country_code");
	put_text(&mmdb.data, "JP");
	write_database("c.mmdb");
	mmdb_begin(&mmdb);
	mmdb_insert_ipv4(&mmdb, 0xc6336400, 24, 0);
	put_map(&mmdb.data, 2);
	put_text(&mmdb.data, "asn");
	put_text(&mmdb.data, "AS4294967295");
	put_text(&mmdb.data, "as_name");
	put_text(&mmdb.data, "A\tname, f\xc3\xbcr zwanzig und zehn \xc3\xbc");
	write_database("a.mmdb");
	open_geo("c.mmdb", "a.mmdb");
	assert_string_equal(told("198.51.100.7"),
			    "JP 4294967295 A?name, f\xc3\xbcr zwanzig und zehn");
	geo_close(geo);

	write_countries("c.mmdb", "jp");
	open_geo("c.mmdb", NULL);
	assert_string_equal(told("198.51.100.7"), "- 0 ");
	geo_close(geo);
}

/* At every length, and with every byte changed, of a database: no harm; what is told is checked by
 * the fuzz target. */
static void a_cut_or_changed_database_harms_nothing(void **state)
{
	(void)state;
	struct octets file;
	write_countries("c.mmdb", "JP");
	mmdb_end(&mmdb, &file);
	begin_listening();
	for (size_t length = 0; length < file.length; length += length < 600 ? 97 : 1) {
		write_bytes("c.mmdb", file.bytes, length);
		open_geo("c.mmdb", NULL);
		told("198.51.100.7");
		geo_close(geo);
	}
	for (size_t at = file.length - 600; at < file.length; at++) {
		file.bytes[at] ^= 0xff;
		write_bytes("c.mmdb", file.bytes, file.length);
		open_geo("c.mmdb", NULL);
		told("198.51.100.7");
		geo_close(geo);
		file.bytes[at] ^= 0xff;
	}
	restore_output(2, diverted);
}

/* A million arrays, each inside of the one before: whoever reads them by recursion ends. */
static void put_nested(FILE *stream, size_t depth)
{
	for (size_t i = 0; i < depth; i++) {
		putc(1, stream);
		putc(4, stream);
	}
}

static void deep_nesting_does_not_end_the_process(void **state)
{
	(void)state;
	struct octets file;
	write_countries("c.mmdb", "JP");
	mmdb_end(&mmdb, &file);
	const char *mark = memmem(file.bytes, file.length, "MaxMind.com", 11);
	size_t metadata = (size_t)(mark + 11 - (const char *)file.bytes);

	/* In the metadata, before what is looked for there. */
	FILE *stream = fopen("deep-metadata", "w");
	fwrite(file.bytes, 1, metadata, stream);
	putc(7 << 5 | 10, stream);
	putc(2 << 5 | 1, stream);
	putc('x', stream);
	put_nested(stream, 60000);
	putc(1 << 5, stream);
	putc(0, stream);
	fwrite(file.bytes + metadata + 1, 1, file.length - metadata - 1, stream);
	fclose(stream);
	/* In the record, before the country. */
	size_t data = metadata - 14 - mmdb.data.length;
	stream = fopen("deep-record", "w");
	fwrite(file.bytes, 1, data, stream);
	putc(7 << 5 | 2, stream);
	putc(2 << 5 | 1, stream);
	putc('x', stream);
	put_nested(stream, 1000000);
	putc(1 << 5, stream);
	putc(0, stream);
	fwrite(mmdb.data.bytes + 1, 1, mmdb.data.length - 1, stream);
	fwrite(file.bytes + metadata - 14, 1, file.length - metadata + 14, stream);
	fclose(stream);
	begin_listening();
	open_geo("deep-metadata", NULL);
	told("198.51.100.7");
	geo_close(geo);
	open_geo("deep-record", NULL);
	told("198.51.100.7");
	geo_close(geo);
	assert_said(2, "deep-record");
}

static void the_directories_to_be_kept_readable_are_named(void **state)
{
	(void)state;
	char directory[GEO_DIRECTORIES][4096], here[4096];
	write_text("real.mmdb", "");
	assert_int_equal(mkdir("links", 0755), 0);
	assert_int_equal(symlink("../real.mmdb", "links/c.mmdb"), 0);
	assert_non_null(getcwd(here, sizeof here));
	struct geo_options options = {"links/c.mmdb", "links/absent.mmdb"};
	assert_int_equal(geo_directories(&options, directory), 2);
	assert_string_equal(directory[0], "links");
	assert_string_equal(directory[1], here);
	options = (struct geo_options){NULL, ""};
	assert_int_equal(geo_directories(&options, directory), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		in_workspace(an_address_is_told_by_its_network),
		in_workspace(a_database_that_is_not_named_closes_no_descriptor_of_others),
		in_workspace(without_a_database_nothing_is_told),
		in_workspace(an_absent_database_is_said_once_and_found_when_it_comes),
		in_workspace(a_replaced_database_is_read_within_a_minute),
		in_workspace(a_database_that_is_cut_in_place_harms_nothing),
		in_workspace(a_database_of_another_type_or_none_is_said_and_counts_as_unknown),
		in_workspace(other_forms_are_understood),
		in_workspace(a_cut_or_changed_database_harms_nothing),
		in_workspace(deep_nesting_does_not_end_the_process),
		in_workspace(the_directories_to_be_kept_readable_are_named),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
