/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "../../graphs/number.h"
#include "../../graphs/report.h"
#include "../../graphs/report_target.h"
#include "../../observer/base/whole_file.h"
#include "../../observer/store/ledger.h"
#include "../../observer/store/ledger_writer.h"
#include "../../observer/store/targets.h"
#include "slowness.h"

#include <ftw.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#define RETIRED 1203465600
#define BUCKETS 1152 /* four days */

/* Where it is slow, fewer rows for every fit to go over. */
static int busy_buckets(void)
{
	return runs_slowly() ? 20 : 100;
}

/* A state directory and a place for reports, in a directory of their own. */
struct place {
	char root[64];
	char state[80];
	char out[80]; /* the report that most tests read */
	char stdout_file[80];
};

static int remove_entry(const char *path, const struct stat *status, int kind, struct FTW *walk)
{
	(void)status;
	(void)kind;
	(void)walk;
	return remove(path);
}

/* Four days: 5 SYN in each of the first busy_buckets(), then one every 50th; six hours of day 3 are
 * missing, and bucket 10 carries drops and a flag. */
static void write_ledger(const char *state, const char *name)
{
	char path[160];
	struct failure failure = {0};
	struct ledger_writer writer;
	snprintf(path, sizeof path, "%s/%s", state, name);
	assert_int_equal(make_directories(path, &failure), 0);
	snprintf(path, sizeof path, "%s/%s/ledger", state, name);
	assert_int_equal(ledger_writer_open(&writer, path, &failure), 0);
	for (int i = 0; i < BUCKETS; i++) {
		if (i >= 2 * 288 && i < 2 * 288 + 72)
			continue;
		struct bucket_record record = {.start = RETIRED + i * 300,
					       .observed_seconds = 300,
					       .covered_to_us = 300000000};
		record.syn = i < busy_buckets() ? 5 : (uint64_t)(i % 50 == 0);
		record.attempts = (record.syn + 1) / 2;
		record.sources = record.attempts;
		record.new_sources = i < 40;
		record.kernel_drops = i == 10 ? 1234 : 0;
		record.flags = i == 10 ? BUCKET_RESTARTED : 0;
		assert_int_equal(ledger_writer_append(&writer, &record, &failure), 0);
	}
	assert_int_equal(ledger_writer_close(&writer, &failure), 0);
}

/* As an agent leaves it until its first bucket ends. */
static void begin_ledger(const char *state, const char *name)
{
	char path[160];
	struct failure failure = {0};
	struct ledger_writer writer;
	snprintf(path, sizeof path, "%s/%s", state, name);
	assert_int_equal(make_directories(path, &failure), 0);
	snprintf(path, sizeof path, "%s/%s/ledger", state, name);
	assert_int_equal(ledger_writer_open(&writer, path, &failure), 0);
	assert_int_equal(ledger_writer_close(&writer, &failure), 0);
}

static void write_file(const char *directory, const char *name, const char *text)
{
	char path[256];
	snprintf(path, sizeof path, "%s/%s", directory, name);
	FILE *file = fopen(path, "w");
	assert_non_null(file);
	fputs(text, file);
	assert_int_equal(fclose(file), 0);
}

/* One day of packets by port, and of sources by country. */
static void write_census(const char *state, const char *name)
{
	char directory[160];
	struct failure failure = {0};
	snprintf(directory, sizeof directory, "%s/%s/census", state, name);
	assert_int_equal(make_directories(directory, &failure), 0);
	write_file(directory, "2008-02-20.tsv",
		   "#protocol\tport\tpackets\tsources\tsources_exact\n"
		   "tcp\t7743\t500\t40\tyes\ntcp\t445\t9\t9\tyes\n");
	write_file(directory, "2008-02-20.countries.tsv",
		   "#country\tsyn\tsyn_sources\tudp\tudp_sources\tsources_exact\n"
		   "JP\t400\t30\t0\t0\tyes\nDE\t100\t10\t0\t0\tyes\n");
}

static void add_target(struct targets *targets, const char *text)
{
	struct failure failure = {0};
	struct target target;
	assert_int_equal(target_parse(&target, text, &failure), 0);
	assert_int_equal(targets_add(targets, &target, &failure), 0);
}

static int set_up(void **state)
{
	struct place *place = calloc(1, sizeof *place);
	struct failure failure = {0};
	struct targets targets = {0};
	assert_non_null(place);
	snprintf(place->root, sizeof place->root, "/tmp/test_report.XXXXXX");
	assert_non_null(mkdtemp(place->root));
	snprintf(place->state, sizeof place->state, "%s/state", place->root);
	snprintf(place->out, sizeof place->out, "%s/out", place->root);
	snprintf(place->stdout_file, sizeof place->stdout_file, "%s/stdout", place->root);
	assert_int_equal(make_directories(place->state, &failure), 0);
	add_target(&targets,
		   "winny=192.0.2.17/7743,7744:retired=1203465600:policy=drop:client=Winny");
	add_target(&targets, "later=192.0.2.18/7743:retired=1203465600");
	add_target(&targets, "begun=192.0.2.20/7743:retired=1203465600");
	struct target hostile;
	assert_int_equal(target_parse(&hostile, "x=192.0.2.19/80:retired=1203465600", &failure), 0);
	snprintf(hostile.client, sizeof hostile.client, "%s", "<script>alert('`1`')</script>\"&");
	snprintf(hostile.version, sizeof hostile.version, "%s",
		 "\xE2\x80\xAE"
		 "1.0");
	assert_int_equal(targets_add(&targets, &hostile, &failure), 0);
	assert_int_equal(targets_write(&targets, place->state, &failure), 0);
	targets_free(&targets);
	write_ledger(place->state, "winny");
	begin_ledger(place->state, "begun");
	write_census(place->state, "winny");
	write_ledger(place->state, "x");
	*state = place;
	return 0;
}

static int tear_down(void **state)
{
	struct place *place = *state;
	nftw(place->root, remove_entry, 16, FTW_DEPTH | FTW_PHYS);
	free(place);
	return 0;
}

/* Runs the verb with the arguments up to NULL; its standard output goes to a file. */
static int run_report(const struct place *place, const char *const *arguments)
{
	char *argv[32];
	int argc = 0;
	for (; arguments[argc]; argc++)
		argv[argc] = strdup(arguments[argc]);
	fflush(stdout);
	int kept = dup(STDOUT_FILENO);
	assert_non_null(freopen(place->stdout_file, "w", stdout));
	int status = report_verb.run(argc, argv);
	fflush(stdout);
	dup2(kept, STDOUT_FILENO);
	close(kept);
	for (int i = 0; i < argc; i++)
		free(argv[i]);
	return status;
}

static char *read_text(const char *directory, const char *name)
{
	char path[512], *text;
	size_t length;
	struct failure failure = {0};
	snprintf(path, sizeof path, "%s/%s", directory, name);
	int result = whole_file_read(path, 1 << 24, &text, &length, &failure);
	if (result != 0)
		fail_msg("%s", failure.text);
	return text;
}

/* A report of the whole state directory into root/name; option may be NULL. */
static void make_report(const struct place *place, const char *name, const char *option)
{
	char out[160];
	snprintf(out, sizeof out, "%s/%s", place->root, name);
	const char *const arguments[] = {"report", "--out", out, place->state, option, NULL};
	assert_int_equal(run_report(place, arguments), EXIT_DONE);
}

static int set_up_report(void **state)
{
	set_up(state);
	make_report(*state, "out", NULL);
	return 0;
}

static char *report_page(const struct place *place)
{
	return read_text(place->out, "index.html");
}

static void addresses_are_withheld(void **state)
{
	const struct place *place = *state;
	char *page = report_page(place);
	assert_null(strstr(page, "192.0.2."));
	assert_non_null(strstr(page, "withheld"));
	assert_non_null(strstr(page, "7743, 7744"));
	free(page);
	char *json = read_text(place->out, "data/winny.json");
	assert_null(strstr(json, "192.0.2."));
	free(json);
}

static void what_comes_from_outside_is_escaped(void **state)
{
	const struct place *place = *state;
	char *page = report_page(place);
	assert_null(strstr(page, "<script"));
	assert_null(strstr(page, "\xE2\x80\xAE"));
	assert_non_null(strstr(
		page, "&lt;script&gt;alert(&#39;&#96;1&#96;&#39;)&lt;/script&gt;&quot;&amp;"));
	free(page);
	char *svg = read_text(place->out, "figures/x-decay.svg");
	assert_null(strstr(svg, "<script"));
	free(svg);
}

/* The path of a target of twenty buckets and one, made when it is not there yet. */
static const char *brief_target(const struct place *place, char *path, size_t size)
{
	struct failure failure = {0};
	struct ledger_writer writer;
	struct targets targets;
	struct target target;
	snprintf(path, size, "%s/early", place->state);
	if (access(path, F_OK) == 0)
		return path;
	assert_int_equal(targets_read(&targets, place->state, &failure), 0);
	assert_int_equal(target_parse(&target, "early=192.0.2.20/80:retired=1203465720", &failure),
			 0);
	assert_int_equal(targets_add(&targets, &target, &failure), 0);
	assert_int_equal(targets_write(&targets, place->state, &failure), 0);
	targets_free(&targets);
	assert_int_equal(make_directories(path, &failure), 0);
	snprintf(path, size, "%s/early/ledger", place->state);
	assert_int_equal(ledger_writer_open(&writer, path, &failure), 0);
	for (int i = -1; i < 20; i++) {
		struct bucket_record record = {.start = RETIRED + i * 300,
					       .observed_seconds = 300,
					       .covered_to_us = 300000000,
					       .syn = 5,
					       .attempts = 5,
					       .sources = 5,
					       .new_sources = i == -1  ? 100
							      : i == 0 ? 4
								       : i == 9};
		assert_int_equal(ledger_writer_append(&writer, &record, &failure), 0);
	}
	assert_int_equal(ledger_writer_close(&writer, &failure), 0);
	snprintf(path, size, "%s/early", place->state);
	return path;
}

/* The bucket in which the node stopped counts for its sources, which are never new again. */
static void sources_that_came_before_the_stop_was_over_are_counted(void **state)
{
	const struct place *place = *state;
	char out[160], path[200];
	snprintf(out, sizeof out, "%s/early-out", place->root);
	const char *const arguments[] = {"report", "--out", out,
					 brief_target(place, path, sizeof path), NULL};
	assert_int_equal(run_report(place, arguments), EXIT_DONE);
	char *page = read_text(out, "index.html");
	assert_non_null(strstr(page, "<dt>Distinct sources</dt><dd>5 at most</dd>"));
	assert_null(strstr(page, "Which dies away more slowly")); /* than what? */
	assert_null(strstr(page, "192.0.2."));
	free(page);
}

static void addresses_are_shown_when_asked_for(void **state)
{
	const struct place *place = *state;
	char out[160], path[200];
	snprintf(out, sizeof out, "%s/shown", place->root);
	const char *const arguments[] = {
		"report", "--show-sources", "--out", out, brief_target(place, path, sizeof path),
		NULL};
	assert_int_equal(run_report(place, arguments), EXIT_DONE);
	char *page = read_text(out, "index.html");
	assert_non_null(strstr(page, "192.0.2.20"));
	free(page);
}

/* winny and x have one ledger, and different clients. */
static void clients_are_compared_with_intervals(void **state)
{
	const struct place *place = *state;
	char *page = report_page(place);
	const char *section = strstr(page, "<section id=\"comparison\">");
	assert_non_null(section);
	assert_non_null(strstr(section, "One SYN a day after (95 %)"));
	assert_non_null(strstr(section, "Which dies away more slowly"));
	assert_non_null(strstr(section, " is slower than Winny is not decided: "));
	assert_non_null(strstr(section, "comes after 1 times as long (95 %: "));
	assert_null(strstr(section, "not compared, because"));
	free(page);
	if (runs_slowly()) /* the same in other words */
		return;
	make_report(place, "ja", "--lang=ja");
	page = read_text(place->root, "ja/index.html");
	assert_non_null(strstr(page, "がWinnyより遅く静まるとは言い切れない"));
	free(page);
}

/* More than are held in memory at a time, and than one figure can compare. */
static void a_report_of_many_targets_is_whole_and_numbered(void **state)
{
	const struct place *place = *state;
	if (runs_slowly())
		skip();
	char text[4200], out[160], path[24][200];
	const char *arguments[30] = {"report", "--out", out};
	snprintf(out, sizeof out, "%s/many-out", place->root);
	for (int i = 0; i < 17; i++) {
		snprintf(path[i], sizeof path[i], "%s/t%02d.csv", place->root, i);
		size_t used = (size_t)snprintf(text, sizeof text,
					       "bucket_start_unix,syn,observed_seconds\n");
		for (int bucket = 0; bucket < 24; bucket++)
			used += (size_t)snprintf(text + used, sizeof text - used, "%d,%d,300\n",
						 RETIRED + bucket * 300, bucket < 3 ? 2 + i : 0);
		snprintf(path[i], sizeof path[i], "t%02d.csv", i);
		write_file(place->root, path[i], text);
		snprintf(path[i], sizeof path[i], "%s/t%02d.csv", place->root, i);
		arguments[3 + i] = path[i];
	}
	assert_int_equal(run_report(place, arguments), EXIT_DONE);
	char *page = read_text(out, "index.html");
	size_t number = 0;
	for (const char *next = page; (next = strstr(next, "<strong>Figure ")); next++)
		assert_int_equal(strtoul(next + strlen("<strong>Figure "), NULL, 10), ++number);
	assert_int_equal(number, 1 + 17 * 3);
	assert_non_null(
		strstr(page, "Which dies away more slowly</h3>\n<ul class=\"verdicts\">\n<li>"));
	for (int i = 0; i < 17; i++) {
		char name[80];
		snprintf(name, sizeof name, "<section class=\"target\" id=\"t%02d\">", i);
		assert_non_null(strstr(page, name));
		snprintf(name, sizeof name, "figures/t%02d-survival.pdf", i);
		free(read_text(out, name));
		snprintf(name, sizeof name, "<tr><th scope=\"row\">t%02d</th>", i);
		assert_non_null(strstr(page, name));
	}
	free(page);
}

/* Every src and href of the page is a place in it or a file that stands beside it. */
static void the_page_asks_for_nothing_that_is_not_beside_it(void **state)
{
	const struct place *place = *state;
	char *page = report_page(place);
	static const char *const attribute[] = {" src=\"", " href=\""};
	size_t files = 0;
	for (size_t i = 0; i < 2; i++)
		for (const char *next = page; (next = strstr(next, attribute[i]));) {
			char link[256], path[512];
			next += strlen(attribute[i]);
			snprintf(link, sizeof link, "%.*s", (int)strcspn(next, "\""), next);
			if (link[0] == '#') {
				snprintf(path, sizeof path, "id=\"%s\"", link + 1);
				assert_non_null(strstr(page, path));
				continue;
			}
			struct stat status;
			snprintf(path, sizeof path, "%s/%s", place->out, link);
			assert_int_equal(stat(path, &status), 0);
			assert_true(status.st_size > 100);
			files++;
		}
	/* Of a target with a census six figures, of one without four, and two of the whole report;
	 * each shown once and to be had in four formats; buckets and analysis of each target. */
	assert_int_equal(files, (6 + 4 + 2) * (1 + 4) + 2 * 2);
	assert_null(strstr(page, "http:"));
	assert_null(strstr(page, "https:"));
	assert_null(strstr(page, "@import"));
	free(page);
}

static void the_same_record_gives_the_same_bytes(void **state)
{
	const struct place *place = *state;
	if (runs_slowly())
		skip();
	static const char *const files[] = {"index.html",
					    "figures/winny-decay.svg",
					    "figures/winny-window.svg",
					    "figures/winny-decay.csv",
					    "data/winny.json",
					    "data/winny.csv"};
	make_report(place, "again", NULL);
	for (size_t i = 0; i < sizeof files / sizeof files[0]; i++) {
		char again[64];
		snprintf(again, sizeof again, "again/%s", files[i]);
		char *first = read_text(place->out, files[i]);
		char *second = read_text(place->root, again);
		assert_string_equal(first, second);
		free(first);
		free(second);
	}
}

static void figures_are_numbered_in_the_order_of_the_page(void **state)
{
	const struct place *place = *state;
	char *page = report_page(place);
	size_t number = 0;
	for (const char *next = page; (next = strstr(next, "<strong>Figure ")); next++)
		assert_int_equal(strtoul(next + strlen("<strong>Figure "), NULL, 10), ++number);
	assert_int_equal(number, 6 + 4 + 2);
	free(page);
}

static void a_figure_without_data_is_missed_in_one_sentence(void **state)
{
	const struct place *place = *state;
	char *page = report_page(place);
	const char *other = strstr(page, "id=\"x\"");
	assert_non_null(other);
	assert_non_null(strstr(other, "No figure of ports: "));
	assert_non_null(strstr(other, "No figure of countries: "));
	size_t missed = 0;
	for (const char *next = page; (next = strstr(next, "No figure of ")); next++)
		missed++;
	assert_int_equal(missed, 2);
	free(page);
}

static void facts_of_the_ledger_are_on_the_page(void **state)
{
	const struct place *place = *state;
	char *page = report_page(place);
	assert_non_null(strstr(page, "<dd>1,234 packets</dd>")); /* kernel drops */
	assert_non_null(strstr(page, "the observer was restarted"));
	assert_non_null(strstr(page, "<li>6 h from 2008-02-22 00:00 UTC</li>"));
	assert_non_null(strstr(page, "90.0 of 96.0 hours"));
	free(page);
}

/* Neither keeps the others from being reported, nor is it a node to which nothing came. */
static void what_was_not_observed_is_no_zero(void **state)
{
	const struct place *place = *state;
	char *page = report_page(place);
	assert_non_null(strstr(page, "later: nothing was recorded of it"));
	assert_non_null(strstr(page, "begun: nothing of it was observed yet"));
	free(page);

	char other[100], out[100];
	struct targets targets = {0};
	struct failure failure = {0};
	snprintf(other, sizeof other, "%s/other", place->root);
	snprintf(out, sizeof out, "%s/ahead", place->root);
	assert_int_equal(make_directories(other, &failure), 0);
	add_target(&targets, "ahead=192.0.2.21/7743:retired=2009-02-20");
	assert_int_equal(targets_write(&targets, other, &failure), 0);
	targets_free(&targets);
	write_ledger(other, "ahead");
	const char *const arguments[] = {"report", "--out", out, other, NULL};
	assert_int_equal(run_report(place, arguments), EXIT_DONE);
	page = read_text(out, "index.html");
	assert_non_null(strstr(page, "not observed since then</td>"
				     "<td class=\"n\">\xE2\x80\x93</td></tr>"));
	free(page);
}

static void figures_and_headings_are_accessible(void **state)
{
	const struct place *place = *state;
	char *page = report_page(place);
	size_t images = 0;
	for (const char *next = page; (next = strstr(next, "<img ")); next++) {
		const char *alt = strstr(next, " alt=\"");
		assert_true(alt && alt < strchr(next, '>') && alt[6] != '"');
		images++;
	}
	assert_int_equal(images, 6 + 4 + 2);
	char level = '0';
	for (const char *next = page; (next = strstr(next, "<h")); next++)
		if (next[2] >= '1' && next[2] <= '6') {
			assert_true(next[2] <= level + 1); /* no level is skipped */
			level = next[2];
		}
	assert_true(level >= '2');
	for (const char *next = page; (next = strstr(next, "<table>")); next++)
		assert_memory_equal(next, "<table>\n<caption>", 17);
	free(page);
}

static void the_buckets_of_a_report_are_those_of_the_ledger(void **state)
{
	const struct place *place = *state;
	char *csv = read_text(place->out, "data/winny.csv");
	size_t lines = 0, syn = 0;
	for (const char *line = strchr(csv, '\n') + 1; *line; line = strchr(line, '\n') + 1) {
		char *after;
		strtol(line, &after, 10);
		syn += strtoul(after + 1, &after, 10);
		lines++;
	}
	assert_int_equal(lines, BUCKETS - 72);
	size_t busy = (size_t)busy_buckets(), wanted = 5 * busy;
	for (size_t i = busy; i < BUCKETS; i++)
		wanted += i % 50 == 0 && !(i >= 576 && i < 648);
	assert_int_equal(syn, wanted);
	free(csv);
}

static void a_directory_that_cannot_be_made_is_a_failure(void **state)
{
	const struct place *place = *state;
	char blocked[128], path[200];
	snprintf(blocked, sizeof blocked, "%s/targets/out", place->state); /* below a file */
	const char *const arguments[] = {"report", "--out", blocked,
					 brief_target(place, path, sizeof path), NULL};
	assert_int_equal(run_report(place, arguments), EXIT_FAILED);
}

static void wrong_use_is_told_apart_from_failure(void **state)
{
	const struct place *place = *state;
	char out[80];
	snprintf(out, sizeof out, "%s/none", place->root);
	const char *const no_out[] = {"report", place->state, NULL};
	assert_int_equal(run_report(place, no_out), EXIT_WRONG_USE);
	const char *const no_target[] = {"report", "--out", out, NULL};
	assert_int_equal(run_report(place, no_target), EXIT_WRONG_USE);
	const char *const language[] = {"report", "--out", out, "--lang", "xx", place->state, NULL};
	assert_int_equal(run_report(place, language), EXIT_WRONG_USE);
	const char *const absent[] = {"report", "--out", out, "/nonexistent", NULL};
	assert_int_equal(run_report(place, absent), EXIT_FAILED);
	assert_int_equal(access(out, F_OK), -1);
}

static void two_targets_of_one_name_have_files_of_their_own(void **state)
{
	const struct place *place = *state;
	if (runs_slowly())
		skip();
	char target[128], out[80];
	snprintf(out, sizeof out, "%s/two", place->root);
	snprintf(target, sizeof target, "%s/winny", place->state);
	const char *const arguments[] = {"report", "--out", out, target, target, NULL};
	assert_int_equal(run_report(place, arguments), EXIT_DONE);
	free(read_text(out, "figures/winny-decay.svg"));
	free(read_text(out, "figures/winny-2-decay.svg"));
}

static void gaps_are_all_counted_and_the_largest_listed_first(void **state)
{
	const struct place *place = *state;
	char path[128];
	snprintf(path, sizeof path, "%s/winny", place->state);
	struct report_target target = {.path = strdup(path)};
	struct failure failure = {0};
	const struct series_options options = {.retired = RETIRED - 7200};
	assert_int_equal(report_target_load(&target, &options, &failure), 0);
	assert_int_equal(target.gaps, 2); /* two hours before the record, six within it */
	assert_true(fabs(target.gap_hours - 8) < 1e-9);
	assert_int_equal(target.gap[0].to - target.gap[0].from, 6 * 3600);
	assert_int_equal(target.gap[1].from, RETIRED - 7200);
	assert_int_equal(target.facts.kernel_drops, 1234);
	assert_int_equal(target.facts.new_sources, 40);
	report_target_free(&target);
}

static void numbers_are_short_and_honest(void **state)
{
	(void)state;
	char text[NUMBER_TEXT_SIZE];
	static const struct {
		double rate;
		const char *text;
	} rates[] = {{0, "0"},
		     {20.14, "20.1"},
		     {3.0449, "3.04"},
		     {0.0123456, "0.0123"},
		     {0.09996, "0.100"},
		     {123.4, "123"},
		     {999.7, "1,000"},
		     {1234567, "1,234,567"},
		     {1e-9, "< 0.000001"},
		     {INFINITY, "∞"},
		     {NAN, "\xE2\x80\x93"},
		     {9.996, "10.0"}};
	for (size_t i = 0; i < sizeof rates / sizeof rates[0]; i++)
		assert_string_equal(rate_text(rates[i].rate, text), rates[i].text);
	assert_string_equal(percent_text(1 - 1e-12, text), "100 %");
	assert_string_equal(percent_text(0.9999, text), "> 99.9 %");
	assert_string_equal(percent_text(0.0001, text), "< 0.1 %");
	assert_string_equal(percent_text(0.934, text), "93 %");
	assert_string_equal(percent_text(0, text), "0 %");
	assert_string_equal(probability_text(1, text), "> 99.9 %");
	assert_string_equal(probability_text(NAN, text), "\xE2\x80\x93");
	assert_string_equal(count_text(999, text), "999");
	assert_string_equal(count_text(UINT64_MAX, text), "18,446,744,073,709,551,615");
	const struct interval unknown = {0}, known = {13.2, 12.1, INFINITY, true};
	assert_string_equal(interval_text(&unknown, text), "\xE2\x80\x93");
	assert_string_equal(interval_text(&known, text), "13.2 (12.1–∞)");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(addresses_are_withheld),
		cmocka_unit_test(what_comes_from_outside_is_escaped),
		cmocka_unit_test(clients_are_compared_with_intervals),
		cmocka_unit_test(a_report_of_many_targets_is_whole_and_numbered),
		cmocka_unit_test(the_page_asks_for_nothing_that_is_not_beside_it),
		cmocka_unit_test(the_same_record_gives_the_same_bytes),
		cmocka_unit_test(figures_are_numbered_in_the_order_of_the_page),
		cmocka_unit_test(a_figure_without_data_is_missed_in_one_sentence),
		cmocka_unit_test(facts_of_the_ledger_are_on_the_page),
		cmocka_unit_test(what_was_not_observed_is_no_zero),
		cmocka_unit_test(figures_and_headings_are_accessible),
		cmocka_unit_test(the_buckets_of_a_report_are_those_of_the_ledger),
		cmocka_unit_test(a_directory_that_cannot_be_made_is_a_failure),
		cmocka_unit_test(wrong_use_is_told_apart_from_failure),
		cmocka_unit_test(two_targets_of_one_name_have_files_of_their_own),
		cmocka_unit_test(gaps_are_all_counted_and_the_largest_listed_first),
		cmocka_unit_test(numbers_are_short_and_honest),
		cmocka_unit_test(sources_that_came_before_the_stop_was_over_are_counted),
		cmocka_unit_test(addresses_are_shown_when_asked_for),
	};
	return cmocka_run_group_tests(tests, set_up_report, tear_down);
}
