/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "progress.h"

#include <inttypes.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>

#define FIRST_MS 1000
#define EVERY_MS 200

static int64_t now_ms(void)
{
	struct timespec now;
	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

void progress_begin(struct progress *progress, const char *what)
{
	*progress = (struct progress){.what = what, .wanted = isatty(STDERR_FILENO) != 0};
	if (!progress->wanted)
		return;
	progress->started_ms = now_ms();
	progress->next_ms = progress->started_ms + FIRST_MS;
}

void progress_show(struct progress *progress, uint64_t done, uint64_t total, const char *unit)
{
	if (!progress->wanted)
		return;
	int64_t now = now_ms();
	if (now < progress->next_ms)
		return;
	progress->next_ms = now + EVERY_MS;
	progress->shown = true;
	int64_t seconds = (now - progress->started_ms) / 1000;
	if (total)
		fprintf(stderr, "\r%s: %3.0f %%, %" PRId64 " s \033[K", progress->what,
			100.0 * (double)done / (double)total, seconds);
	else
		fprintf(stderr, "\r%s: %" PRIu64 " %s, %" PRId64 " s \033[K", progress->what, done,
			unit, seconds);
}

void progress_end(struct progress *progress)
{
	if (progress->shown)
		fputs("\r\033[K", stderr);
	progress->shown = false;
}
