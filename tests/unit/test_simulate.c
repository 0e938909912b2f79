/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "../../analysis/simulate.h"
#include "../../observer/base/whole_file.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

/* A directory of the test's own, and what the verb said on standard error. */
struct place {
	char directory[64];
	char said[4096];
};

static int make_place(void **state)
{
	struct place *place = calloc(1, sizeof *place);
	snprintf(place->directory, sizeof place->directory, "/tmp/test_simulate.XXXXXX");
	*state = place;
	return mkdtemp(place->directory) ? 0 : -1;
}

static int remove_place(void **state)
{
	struct place *place = *state;
	int left = rmdir(place->directory);
	free(place);
	return left;
}

/* Runs `stalenode simulate ...` with the words of `line`, where @ stands for the directory;
 * standard output is dropped. */
static int simulate(struct place *place, const char *line)
{
	char words[1024] = "simulate ", *argv[40];
	size_t used = strlen(words);
	for (const char *from = line; *from && used < sizeof words - 80; from++) {
		int length = *from == '@' ? snprintf(words + used, 80, "%s", place->directory)
					  : snprintf(words + used, 80, "%c", *from);
		used += (size_t)length;
	}
	int argc = 0;
	for (char *word = strtok(words, " "); word; word = strtok(NULL, " "))
		argv[argc++] = word;
	argv[argc] = NULL;
	FILE *heard = tmpfile(), *dropped = fopen("/dev/null", "w");
	fflush(stdout);
	int error = dup(STDERR_FILENO), output = dup(STDOUT_FILENO);
	dup2(fileno(heard), STDERR_FILENO);
	dup2(fileno(dropped), STDOUT_FILENO);
	int status = simulate_verb.run(argc, argv);
	fflush(stdout);
	dup2(error, STDERR_FILENO);
	dup2(output, STDOUT_FILENO);
	close(error);
	close(output);
	rewind(heard);
	size_t length = fread(place->said, 1, sizeof place->said - 1, heard);
	place->said[length] = '\0';
	fclose(heard);
	fclose(dropped);
	return status;
}

static void assert_wrong(struct place *place, int status, const char *line, const char *part)
{
	assert_int_equal(simulate(place, line), status);
	const char *end = strchr(place->said, '\n');
	assert_non_null(end);
	assert_int_equal(end[1], '\0'); /* one line */
	if (!strstr(place->said, part))
		fail_msg("'%s' says: %s, not: %s", line, place->said, part);
	assert_int_equal(rmdir(place->directory), 0); /* nothing was written */
	assert_int_equal(mkdir(place->directory, 0700), 0);
}

static void wrong_use_says_what_is_allowed(void **state)
{
	struct place *place = *state;
	const char *wrong[][2] = {
		{"", "--client is missing"},
		{"--client winny --seed 1 --out @/x.pcap", "--days is missing"},
		{"--client winny --days 1 --out @/x.pcap", "--seed is missing"},
		{"--client winny --days 1 --seed 1", "--out is missing"},
		{"--client winny --days 0 --seed 1 --out @/x.csv",
		 "--days '0': give a whole number"},
		{"--client winny --days 3651 --seed 1 --out @/x.csv", "from 1 to 3650"},
		{"--client winny --days -1 --seed 1 --out @/x.csv", "--days '-1'"},
		{"--client winny --days 1.5 --seed 1 --out @/x.csv", "--days '1.5'"},
		{"--client winny --days 1 --seed x --out @/x.csv",
		 "--seed 'x': give a whole number"},
		{"--client winny --days 1 --seed 18446744073709551616 --out @/x.csv",
		 "from 0 to 18446744073709551615"},
		{"--client winny --days 1 --seed 1 --retired soon --out @/x.csv",
		 "--retired 'soon': give ISO 8601 or Unix seconds"},
		{"--client winny --days 2 --seed 1 --retired 2106-02-06 --out @/x.pcap",
		 "give an earlier --retired or fewer --days"},
		{"--client winny --days 1 --seed 1 --policy ignore --out @/x.csv",
		 "give drop or rst"},
		{"--client winny --days 1 --seed 1 --target 192.0.2.1 --out @/x.csv",
		 "--target '192.0.2.1': give ADDR/PORT"},
		{"--client winny --days 1 --seed 1 --format xml --out @/x.csv", "give pcap or csv"},
		{"--client winny --days 1 --seed 1 --out @/x.txt", "neither .pcap nor .csv"},
		{"--client winny --days 1 --seed 1 --out -", "neither .pcap nor .csv"},
		{"--client winnie --days 1 --seed 1 --out @/x.csv",
		 "--client 'winnie': neither skype, winny or share nor a client file"},
		{"--client winny --days 1 --seed 1 --out @/x.csv more", "unexpected 'more'"},
		{"--client /proc/self --days 1 --seed 1 --out @/x.csv", "/proc/self: "},
	};
	for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
		assert_wrong(place, EXIT_WRONG_USE, wrong[i][0], wrong[i][1]);
}

static void an_unwritable_file_fails_and_leaves_nothing(void **state)
{
	struct place *place = *state;
	assert_wrong(place, EXIT_FAILED, "--client winny --days 1 --seed 1 --out @/no/x.pcap",
		     "/no/x.pcap: cannot create it: No such file or directory");
	/* The name of a directory: renaming over it cannot work. */
	assert_wrong(place, EXIT_FAILED, "--client winny --days 1 --seed 1 --format csv --out @",
		     "cannot write it");
}

static size_t size_of(const struct place *place, const char *name, char **content)
{
	char path[128];
	struct failure failure = {0};
	size_t length = 0;
	snprintf(path, sizeof path, "%s/%s", place->directory, name);
	assert_int_equal(whole_file_read(path, 100000000, content, &length, &failure), 0);
	assert_int_equal(unlink(path), 0);
	return length;
}

static void a_client_file_makes_the_same_bytes_as_the_built_in_client(void **state)
{
	struct place *place = *state;
	const char *built_in = "--client share --days 2 --seed 3 --out @/a.pcap";
	const char *file = "--client data/clients/share.conf --days 2 --seed 3 --out @/b.pcap";
	char *a, *b;
	assert_int_equal(simulate(place, built_in), EXIT_DONE);
	assert_int_equal(simulate(place, file), EXIT_DONE);
	assert_string_equal(place->said, "");
	size_t length = size_of(place, "a.pcap", &a);
	assert_int_equal(size_of(place, "b.pcap", &b), length);
	assert_memory_equal(a, b, length);
	free(a);
	free(b);
}

static void retired_moves_the_period_and_target_the_packets(void **state)
{
	struct place *place = *state;
	char *csv, *capture;
	assert_int_equal(simulate(place, "--client skype --days 1 --seed 3 --retired "
					 "2020-01-02T03:05:00+09:00 --out @/a.csv"),
			 EXIT_DONE);
	size_of(place, "a.csv", &csv);
	assert_non_null(strstr(csv, "seconds\n1577901900,"));
	free(csv);
	assert_int_equal(simulate(place, "--client skype --days 1 --seed 3 --target "
					 "203.0.113.9/4662 --out=@/a.pcap"),
			 EXIT_DONE);
	size_t length = size_of(place, "a.pcap", &capture);
	int to_port = 0;
	for (size_t at = 24; at < length;) {
		const unsigned char *record = (const unsigned char *)capture + at;
		assert_memory_equal(record + 16 + 30, "\xcb\x00\x71\x09", 4);
		to_port += record[16 + 23] == 6 && record[16 + 36] == 4662 >> 8 &&
			   record[16 + 37] == (4662 & 255);
		at += 16 + record[8] + 256u * record[9];
	}
	/* About 12 hours at 48 SYN per hour. */
	assert_in_range(to_port, 504, 648);
	free(capture);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(wrong_use_says_what_is_allowed),
		cmocka_unit_test(an_unwritable_file_fails_and_leaves_nothing),
		cmocka_unit_test(a_client_file_makes_the_same_bytes_as_the_built_in_client),
		cmocka_unit_test(retired_moves_the_period_and_target_the_packets),
	};
	return cmocka_run_group_tests(tests, make_place, remove_place);
}
