/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "../../observer/store/targets.h"

#include "workspace.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>

#include <cmocka.h>

#define HEADER                                                                                     \
	"stalenode-targets 1\n"                                                                    \
	"#name\tclient\tversion\taddress\tports\tstarted\tretired\tpolicy\texclude\n"

static struct target given(const char *text)
{
	struct failure failure = {0};
	struct target target;
	assert_int_equal(target_parse(&target, text, &failure), 0);
	return target;
}

static void add(struct targets *targets, const char *text)
{
	struct failure failure = {0};
	struct target target = given(text);
	assert_int_equal(targets_add(targets, &target, &failure), 0);
}

/* Field by field: the rest of a struct is nobody's business. */
static void assert_same(const struct target *a, const struct target *b)
{
	assert_string_equal(a->name, b->name);
	assert_string_equal(a->client, b->client);
	assert_string_equal(a->version, b->version);
	assert_string_equal(a->policy, b->policy);
	assert_int_equal(a->addresses, b->addresses);
	assert_memory_equal(a->address, b->address, a->addresses * sizeof a->address[0]);
	assert_int_equal(a->ports, b->ports);
	assert_memory_equal(a->port, b->port, a->ports * sizeof a->port[0]);
	assert_int_equal(a->excluded_ports, b->excluded_ports);
	assert_memory_equal(a->excluded_port, b->excluded_port,
			    a->excluded_ports * sizeof a->excluded_port[0]);
	assert_true(a->started == b->started && a->retired == b->retired);
}

static void what_is_written_is_read_back(void **state)
{
	(void)state;
	struct failure failure = {0};
	struct targets written = {0}, back;
	add(&written, "bare=198.51.100.7/7743");
	add(&written, "whole=203.0.113.21/13456,80:client=Share, the EX2:version=1.0 a"
		      ":started=1:retired=253402300799:policy=rst:exclude=22,25"
		      ":address=2001:db8::21");
	add(&written, "-=192.0.2.1/80:client=-:version=-");
	assert_int_equal(targets_write(&written, ".", &failure), 0);
	assert_int_equal(targets_read(&back, ".", &failure), 0);
	assert_int_equal(back.targets, 3);
	for (size_t i = 0; i < 3; i++)
		assert_same(&back.target[i], &written.target[i]);
	assert_ptr_equal(targets_find(&back, "whole"), &back.target[1]);
	assert_null(targets_find(&back, "whol"));
	targets_free(&written);
	targets_free(&back);
	assert_null(back.target);
}

static void the_file_is_a_table_that_a_person_can_read(void **state)
{
	(void)state;
	struct failure failure = {0};
	struct targets targets = {0};
	size_t length;
	add(&targets, "winny=198.51.100.7/7743:client=Winny:retired=1203465600:exclude=22,80");
	assert_int_equal(targets_write(&targets, ".", &failure), 0);
	char *text = read_bytes("targets", &length);
	assert_string_equal(text, HEADER "winny\tWinny\t-\t198.51.100.7\t7743\t-\t"
					 "2008-02-20T00:00:00Z\t-\t22,80\n");
	free(text);
	targets_free(&targets);
}

static void as_many_targets_as_allowed_are_kept_and_no_more(void **state)
{
	(void)state;
	struct failure failure = {0};
	struct targets targets = {0}, back;
	struct target one_more = given("more=192.0.2.1/80");
	for (int i = 0; i < TARGETS_MAX; i++) {
		char text[80];
		snprintf(text, sizeof text, "t%d=192.0.2.1/%d", i, i + 1);
		add(&targets, text);
	}
	assert_int_equal(targets_add(&targets, &one_more, &failure), -1);
	assert_int_equal(failure.status, EXIT_WRONG_USE);
	failure = (struct failure){0};
	assert_int_equal(targets_write(&targets, ".", &failure), 0);
	assert_int_equal(targets_read(&back, ".", &failure), 0);
	assert_int_equal(back.targets, TARGETS_MAX);
	targets_free(&back);
	FILE *stream = fopen("targets", "a");
	fputs("more\t-\t-\t192.0.2.1\t80\t-\t-\t-\t-\n", stream);
	fclose(stream);
	assert_int_equal(targets_read(&back, ".", &failure), -1);
	assert_non_null(strstr(failure.text, "./targets:259: more than 256 targets"));
	targets_free(&targets);
}

static void damage_is_told_with_file_and_line(void **state)
{
	(void)state;
	static const struct {
		const char *text, *said;
	} cases[] = {
		{"", "./targets:1: not a list of targets"},
		{"stalenode-targets 2\n", "./targets:1: not a list of targets"},
		{HEADER "winny\n", "./targets:3: 1 columns instead of 9"},
		{HEADER "a\t-\t-\t1.2.3.4\t80\t-\t-\t-\t-\t-\n",
		 "./targets:3: more than 9 columns"},
		{HEADER "a/b\t-\t-\t1.2.3.4\t80\t-\t-\t-\t-\n", "./targets:3: 'a/b' is not a"},
		{HEADER "a\t-\t-\t-\t80\t-\t-\t-\t-\n", "./targets:3: a target needs"},
		{HEADER "a\t-\t-\t1.2.3.4\t-\t-\t-\t-\t-\n", "./targets:3: a target needs"},
		{HEADER "\t-\t-\t1.2.3.4\t80\t-\t-\t-\t-\n", "./targets:3: '' is not a"},
		{HEADER "\n#comment\na\t-\t-\t1.2.3\t80\t-\t-\t-\t-\n",
		 "./targets:5: '1.2.3' is not"},
		{HEADER "a\t-\t-\t1.2.3.4\t80,\t-\t-\t-\t-\n", "./targets:3: ports '80,'"},
		{HEADER "a\t-\t-\t1.2.3.4\t80\tx\t-\t-\t-\n",
		 "./targets:3: started 'x' is not a time"},
		{HEADER "a\t-\t-\t1.2.3.4\t80\t-\t-\tno\t-\n", "./targets:3: policy 'no'"},
		{HEADER "a\t-\t-\t1.2.3.4\t80\t-\t-\t-\t-\na\t-\t-\t1.2.3.5\t80\t-\t-\t-\t-\n",
		 "./targets:4: target 'a' stands there twice"},
	};
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct failure failure = {0};
		struct targets targets;
		write_text("targets", cases[i].text);
		assert_int_equal(targets_read(&targets, ".", &failure), -1);
		assert_int_equal(failure.status, EXIT_FAILED);
		if (!strstr(failure.text, cases[i].said))
			fail_msg("case %zu says: %s", i, failure.text);
		assert_null(targets.target);
	}
}

/* A zero byte would end the list early, and the next writing would lose the rest for good. */
static void zero_bytes_do_not_hide_targets(void **state)
{
	(void)state;
	static const char text[] =
		HEADER "a\t-\t-\t1.2.3.4\t80\t-\t-\t-\t-\n\0b\t-\t-\t1.2.3.5\t80\t-\t-\t-\t-\n";
	struct failure failure = {0};
	struct targets targets;
	write_bytes("targets", text, sizeof text - 1);
	assert_int_equal(targets_read(&targets, ".", &failure), -1);
	assert_int_equal(failure.status, EXIT_FAILED);
	assert_non_null(strstr(failure.text, "./targets: "));
}

static void a_directory_without_the_file_is_not_ours(void **state)
{
	(void)state;
	struct failure failure = {0};
	struct targets targets;
	assert_int_equal(targets_read(&targets, ".", &failure), -1);
	assert_int_equal(failure.status, EXIT_FAILED);
	assert_non_null(strstr(failure.text, "not a state directory"));
}

static void what_is_known_now_replaces_what_was_recorded_and_the_rest_stays(void **state)
{
	(void)state;
	struct targets targets = {0};
	add(&targets, "a=192.0.2.1/80:client=Winny:version=1:started=5:exclude=22");
	add(&targets, "a=192.0.2.1/80:retired=9:version=2:policy=drop:exclude=23,24");
	assert_int_equal(targets.targets, 1);
	struct target expected = given("a=192.0.2.1/80:client=Winny:version=2:started=5:retired=9"
				       ":policy=drop:exclude=23,24");
	assert_same(&targets.target[0], &expected);
	add(&targets, "a=192.0.2.1/80");
	assert_same(&targets.target[0], &expected);
	targets_free(&targets);
}

static void another_address_or_port_under_a_recorded_name_is_refused(void **state)
{
	(void)state;
	static const char *const others[] = {"a=192.0.2.2/80,81", "a=192.0.2.1/80",
					     "a=192.0.2.1/80,82", "a=192.0.2.1/80,81,82"};
	struct targets targets = {0};
	add(&targets, "a=192.0.2.1/80,81");
	for (size_t i = 0; i < sizeof others / sizeof others[0]; i++) {
		struct failure failure = {0};
		struct target target = given(others[i]);
		assert_int_equal(targets_add(&targets, &target, &failure), -1);
		assert_int_equal(failure.status, EXIT_WRONG_USE);
		assert_non_null(strstr(failure.text, "take another name"));
	}
	targets_free(&targets);
}

static void a_name_is_given_once_on_a_command_line(void **state)
{
	(void)state;
	static struct target list[TARGETS_MAX];
	struct failure failure = {0};
	size_t count = 0;
	assert_int_equal(targets_append_given(list, &count, "a=192.0.2.1/80", &failure), 0);
	assert_int_equal(targets_append_given(list, &count, "b=192.0.2.1/80", &failure), 0);
	assert_int_equal(targets_append_given(list, &count, "a=192.0.2.1/80", &failure), -1);
	assert_int_equal(failure.status, EXIT_WRONG_USE);
	assert_int_equal(count, 2);
	for (int i = 2; i < TARGETS_MAX; i++) {
		char text[80];
		snprintf(text, sizeof text, "t%d=192.0.2.1/80", i);
		failure = (struct failure){0};
		assert_int_equal(targets_append_given(list, &count, text, &failure), 0);
	}
	assert_int_equal(targets_append_given(list, &count, "z=192.0.2.1/80", &failure), -1);
	assert_int_equal(count, TARGETS_MAX);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		in_workspace(what_is_written_is_read_back),
		in_workspace(the_file_is_a_table_that_a_person_can_read),
		in_workspace(as_many_targets_as_allowed_are_kept_and_no_more),
		in_workspace(damage_is_told_with_file_and_line),
		in_workspace(zero_bytes_do_not_hide_targets),
		in_workspace(a_directory_without_the_file_is_not_ours),
		cmocka_unit_test(what_is_known_now_replaces_what_was_recorded_and_the_rest_stays),
		cmocka_unit_test(another_address_or_port_under_a_recorded_name_is_refused),
		cmocka_unit_test(a_name_is_given_once_on_a_command_line),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
