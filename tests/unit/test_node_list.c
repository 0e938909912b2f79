/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "../../analysis/node_list.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>

static struct random_stream stream;

static void begin(struct node_lists *lists, size_t nodes, size_t capacity, size_t watched)
{
	random_stream_begin(&stream, 1, 1);
	assert_int_equal(node_lists_begin(lists, nodes, capacity, watched, NULL), 0);
}

static void learnt_node_is_found_and_a_dropped_one_is_not(void **state)
{
	(void)state;
	struct node_lists lists;
	begin(&lists, 200, 10, 150);
	assert_null(node_list_find(&lists, 3, 150));
	assert_non_null(node_list_learn(&lists, 3, 150, 7, &stream));
	assert_non_null(node_list_learn(&lists, 3, 199, 8, &stream));
	assert_int_equal(node_list_find(&lists, 3, 150)->seen_s, 7);
	assert_null(node_list_find(&lists, 4, 150));
	assert_int_equal(lists.watchers, 1);
	node_list_drop(&lists, 3, 0);
	assert_null(node_list_find(&lists, 3, 150));
	assert_int_equal(node_list_find(&lists, 3, 199)->seen_s, 8);
	assert_int_equal(lists.watchers, 0);
	assert_int_equal(lists.length[3], 1);
	node_lists_free(&lists);
}

static void nobody_learns_of_himself(void **state)
{
	(void)state;
	struct node_lists lists;
	begin(&lists, 10, 4, 9);
	assert_null(node_list_learn(&lists, 3, 3, 7, &stream));
	assert_int_equal(lists.length[3], 0);
	node_lists_free(&lists);
}

static void what_is_known_becomes_younger_and_never_older(void **state)
{
	(void)state;
	struct node_lists lists;
	begin(&lists, 10, 4, 9);
	node_list_learn(&lists, 0, 1, 50, &stream);
	node_list_learn(&lists, 0, 1, 40, &stream);
	assert_int_equal(node_list_find(&lists, 0, 1)->seen_s, 50);
	node_list_learn(&lists, 0, 1, 60, &stream);
	assert_int_equal(node_list_find(&lists, 0, 1)->seen_s, 60);
	assert_int_equal(lists.length[0], 1);
	node_lists_free(&lists);
}

/* Whatever comes, no list is longer than its capacity, holds nobody twice, and the number of those
 * that hold the watched node is what counting them gives. */
static void full_lists_stay_whole_over_many_entries(void **state)
{
	(void)state;
	enum { NODES = 130, CAPACITY = 17 };
	struct node_lists lists;
	begin(&lists, NODES, CAPACITY, 65);
	for (int i = 0; i < 50000; i++) {
		size_t owner = random_below(&stream, NODES), node = random_below(&stream, NODES);
		if (i % 7 == 0 && lists.length[owner] > 0)
			node_list_drop(&lists, owner, random_below(&stream, lists.length[owner]));
		else
			node_list_learn(&lists, owner, node, i, &stream);
	}
	size_t watchers = 0;
	for (size_t owner = 0; owner < NODES; owner++) {
		const struct node_entry *list = node_list_of(&lists, owner);
		bool seen[NODES] = {false};
		assert_true(lists.length[owner] <= CAPACITY);
		for (size_t i = 0; i < lists.length[owner]; i++) {
			assert_false(seen[list[i].node]);
			seen[list[i].node] = true;
		}
		for (size_t node = 0; node < NODES; node++)
			assert_int_equal(node_list_find(&lists, owner, node) != NULL, seen[node]);
		watchers += seen[65];
	}
	assert_int_equal(lists.watchers, watchers);
	assert_true(watchers > 0);
	node_lists_free(&lists);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(learnt_node_is_found_and_a_dropped_one_is_not),
		cmocka_unit_test(nobody_learns_of_himself),
		cmocka_unit_test(what_is_known_becomes_younger_and_never_older),
		cmocka_unit_test(full_lists_stay_whole_over_many_entries),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
