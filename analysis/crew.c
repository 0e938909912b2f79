/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "crew.h"

#include <pthread.h>
#include <sched.h>
#include <stdbool.h>

#define THREADS_MAX 64 /* beside the first */

struct crew {
	crew_task *task;
	void *context;
	size_t tasks;
	pthread_mutex_t lock; /* of all below */
	size_t next;	      /* the first task that nobody has taken */
	bool failed;
	size_t failed_number; /* the lowest that failed */
	struct progress *progress;
	const char *unit;
	struct failure *failure;
};

size_t crew_cores(void)
{
	cpu_set_t allowed;
	if (sched_getaffinity(0, sizeof allowed, &allowed) != 0)
		return 1;
	return (size_t)CPU_COUNT(&allowed);
}

static bool take(struct crew *crew, size_t *number)
{
	pthread_mutex_lock(&crew->lock);
	bool more = !crew->failed && crew->next < crew->tasks;
	if (more) {
		*number = crew->next++;
		if (crew->progress)
			progress_show(crew->progress, *number, crew->tasks, crew->unit);
	}
	pthread_mutex_unlock(&crew->lock);
	return more;
}

static void keep_failure(struct crew *crew, size_t number, const struct failure *failure)
{
	pthread_mutex_lock(&crew->lock);
	if (!crew->failed || number < crew->failed_number) {
		*crew->failure = *failure;
		crew->failed_number = number;
	}
	crew->failed = true;
	pthread_mutex_unlock(&crew->lock);
}

static void *work(void *shared)
{
	struct crew *crew = shared;
	size_t number;
	while (take(crew, &number)) {
		struct failure failure = {.status = EXIT_DONE};
		if (crew->task(crew->context, number, &failure) != 0)
			keep_failure(crew, number, &failure);
	}
	return NULL;
}

int crew_run(crew_task *task, void *context, size_t tasks, struct progress *progress,
	     const char *unit, struct failure *failure)
{
	struct crew crew = {.task = task,
			    .context = context,
			    .tasks = tasks,
			    .lock = PTHREAD_MUTEX_INITIALIZER,
			    .progress = progress,
			    .unit = unit,
			    .failure = failure};
	pthread_t thread[THREADS_MAX];
	size_t cores = crew_cores(), wanted = cores < tasks ? cores : tasks, threads = 0;
	/* This thread works too, and alone where no other can be had. */
	while (threads < THREADS_MAX && threads + 1 < wanted &&
	       pthread_create(&thread[threads], NULL, work, &crew) == 0)
		threads++;
	work(&crew);
	for (size_t i = 0; i < threads; i++)
		pthread_join(thread[i], NULL);
	return crew.failed ? -1 : 0;
}
