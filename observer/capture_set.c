/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "capture_set.h"

#include "decode.h"
#include "same_file.h"

#include <stdlib.h>
#include <string.h>

struct member {
	const char *path; /* not owned */
	const char *name; /* for messages */
	struct capture_file *file;
	struct capture_packet packet; /* the next one of this file */
	int64_t first_us;	      /* time of its first packet */
	uint64_t size, consumed;
	bool empty; /* it has no packet at all */
};

struct capture_set {
	struct member *member; /* owned; ascending first_us once open */
	size_t members;
	size_t waiting; /* index of the first member whose time has not come */
	size_t *active; /* owned; heap of members that are being read, earliest packet first */
	size_t actives;
	bool advance; /* the packet of active[0] was handed out */
	size_t copies;
	uint64_t size;
	bool sized;
	int64_t last_us; /* latest last packet of the files that have ended */
};

static bool earlier(const struct capture_set *set, size_t a, size_t b)
{
	const struct member *left = &set->member[a], *right = &set->member[b];
	if (left->packet.time_us != right->packet.time_us)
		return left->packet.time_us < right->packet.time_us;
	return a < b;
}

static void swap_active(struct capture_set *set, size_t a, size_t b)
{
	size_t kept = set->active[a];
	set->active[a] = set->active[b];
	set->active[b] = kept;
}

static void sift_down(struct capture_set *set)
{
	for (size_t at = 0;;) {
		size_t least = at, left = 2 * at + 1, right = left + 1;
		if (left < set->actives && earlier(set, set->active[left], set->active[least]))
			least = left;
		if (right < set->actives && earlier(set, set->active[right], set->active[least]))
			least = right;
		if (least == at)
			return;
		swap_active(set, at, least);
		at = least;
	}
}

static void sift_up(struct capture_set *set)
{
	for (size_t at = set->actives - 1; at > 0; at = (at - 1) / 2) {
		if (!earlier(set, set->active[at], set->active[(at - 1) / 2]))
			return;
		swap_active(set, at, (at - 1) / 2);
	}
}

/* The next packet of one file. A packet without a time of its own (a pcapng simple packet) has
 * that of the one before it. */
static enum capture_next read_member(struct member *member, struct failure *failure)
{
	int64_t before = member->packet.time_us;
	enum capture_next next = capture_file_next(member->file, &member->packet, failure);
	if (next == CAPTURE_PACKET && !member->packet.has_time)
		member->packet.time_us = before;
	return next;
}

static void close_member(struct member *member)
{
	if (!member->file)
		return;
	member->consumed = capture_file_consumed(member->file);
	capture_file_close(member->file);
	member->file = NULL;
}

static int look_at_member(struct member *member, struct failure *failure)
{
	if (capture_file_open(&member->file, member->path, failure) != 0)
		return -1;
	member->name = strcmp(member->path, "-") == 0 ? "standard input" : member->path;
	member->size = capture_file_size(member->file);
	struct failure cut = {0};
	enum capture_next next = read_member(member, &cut);
	if (next == CAPTURE_FAILED)
		return fail(failure, EXIT_FAILED, "%s", cut.text);
	if (next == CAPTURE_END) {
		member->empty = true;
		close_member(member);
		return 0;
	}
	if (!decode_link_known(member->packet.link_type))
		return fail(failure, EXIT_FAILED,
			    "%s: link type %d is unknown to stalenode: capture on an Ethernet, "
			    "PPP, raw IP or "
			    "'any' interface",
			    capture_file_name(member->file), member->packet.link_type);
	if (!member->packet.has_time)
		return fail(failure, EXIT_FAILED,
			    "%s: its packets carry no time (simple packet blocks): capture it anew",
			    capture_file_name(member->file));
	member->first_us = member->packet.time_us;
	return 0;
}

static int compare_members(const void *left, const void *right)
{
	const struct member *a = left, *b = right;
	if (a->empty != b->empty)
		return a->empty - b->empty;
	if (a->first_us != b->first_us)
		return a->first_us < b->first_us ? -1 : 1;
	return 0;
}

/* Files are opened again when their time comes; standard input and pipes, which have no size,
 * cannot be, and stay open. */
static int look_at_all(struct capture_set *set, char *const *paths, size_t count,
		       struct failure *failure)
{
	for (size_t i = 0; i < count; i++) {
		struct member *member = &set->member[set->members];
		bool copy = false;
		for (size_t j = 0; j < set->members && !copy; j++)
			copy = same_file(paths[i], set->member[j].path);
		if (copy) {
			set->copies++;
			continue;
		}
		*member = (struct member){.path = paths[i]};
		set->members++;
		if (look_at_member(member, failure) != 0)
			return -1;
		if (member->file && member->size && strcmp(member->path, "-") != 0)
			close_member(member);
		set->size += member->size;
		set->sized = set->sized && member->size;
	}
	qsort(set->member, set->members, sizeof set->member[0], compare_members);
	while (set->members && set->member[set->members - 1].empty)
		set->members--;
	return 0;
}

int capture_set_open(struct capture_set **opened, char *const *paths, size_t count,
		     struct failure *failure)
{
	*opened = NULL;
	struct capture_set *set = calloc(1, sizeof *set);
	if (set) {
		set->sized = true;
		set->last_us = INT64_MIN;
		set->member = calloc(count, sizeof set->member[0]);
		set->active = calloc(count, sizeof set->active[0]);
	}
	if (!set || !set->member || !set->active) {
		capture_set_close(set);
		return fail(failure, EXIT_FAILED, "out of memory for %zu files", count);
	}
	if (look_at_all(set, paths, count, failure) != 0) {
		capture_set_close(set);
		return -1;
	}
	*opened = set;
	return 0;
}

/* Opens a member whose time has come and puts it into the heap. */
static int activate(struct capture_set *set, size_t index, struct failure *failure)
{
	struct member *member = &set->member[index];
	if (!member->file) {
		if (capture_file_open(&member->file, member->path, failure) != 0)
			return -1;
		if (read_member(member, failure) != CAPTURE_PACKET) {
			close_member(member);
			return fail(failure, EXIT_FAILED, "%s: changed while it was read",
				    member->path);
		}
	}
	set->active[set->actives++] = index;
	sift_up(set);
	return 0;
}

/* Reads on in the file whose packet was handed out last; CAPTURE_END when it has no more. */
static enum capture_next step(struct capture_set *set, struct failure *failure)
{
	struct member *member = &set->member[set->active[0]];
	int64_t time_us = member->packet.time_us;
	enum capture_next next = read_member(member, failure);
	if (next == CAPTURE_PACKET) {
		if (set->actives > 1)
			sift_down(set);
		return next;
	}
	if (time_us > set->last_us)
		set->last_us = time_us;
	close_member(member);
	set->active[0] = set->active[--set->actives];
	sift_down(set);
	return next;
}

/* Opens what begins before the next packet; the first file after a pause leaves a gap. */
static int activate_due(struct capture_set *set, bool *gap, struct failure *failure)
{
	*gap = set->actives == 0;
	while (set->waiting < set->members &&
	       (set->actives == 0 ||
		set->member[set->waiting].first_us <= set->member[set->active[0]].packet.time_us)) {
		/* One that begins where the last one ended leaves none. */
		*gap = *gap && set->member[set->waiting].first_us > set->last_us;
		if (activate(set, set->waiting++, failure) != 0)
			return -1;
	}
	return 0;
}

enum capture_next capture_set_next(struct capture_set *set, struct capture_set_packet *packet,
				   struct failure *failure)
{
	bool gap = false;
	if (set->advance) {
		set->advance = false;
		if (step(set, failure) == CAPTURE_FAILED)
			return CAPTURE_FAILED;
	}
	if ((set->waiting < set->members || set->actives == 0) &&
	    activate_due(set, &gap, failure) != 0)
		return CAPTURE_FAILED;
	if (set->actives == 0)
		return CAPTURE_END;
	const struct member *member = &set->member[set->active[0]];
	packet->packet = &member->packet;
	packet->file = member->name;
	packet->after_gap = gap;
	set->advance = true;
	return CAPTURE_PACKET;
}

size_t capture_set_copies(const struct capture_set *set)
{
	return set->copies;
}

uint64_t capture_set_consumed(const struct capture_set *set)
{
	uint64_t sum = 0;
	for (size_t i = 0; i < set->members; i++)
		sum += set->member[i].file ? capture_file_consumed(set->member[i].file)
		       : i < set->waiting  ? set->member[i].consumed
					   : 0;
	return sum;
}

uint64_t capture_set_size(const struct capture_set *set)
{
	return set->sized ? set->size : 0;
}

void capture_set_close(struct capture_set *set)
{
	if (!set)
		return;
	for (size_t i = 0; set->member && i < set->members; i++)
		close_member(&set->member[i]);
	free(set->member);
	free(set->active);
	free(set);
}
