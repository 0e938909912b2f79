/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "monitor.h"

#include "live_state.h"
#include "service_manager.h"
#include "signals.h"

#include <errno.h>
#include <inttypes.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define PAUSE_FIRST_MS 1000
/* Before a worker is tried again that did not even begin. */
#define START_PAUSE_FIRST_MS 50
#define PAUSE_MAX_MS	     60000
/* A worker that lived as long was sound: the next pause is short again. */
#define SOUND_MS 10000
/* How often the monitor looks after its workers when nobody wants it oftener. */
#define LOOK_MS 1000

/* One interface, its ring and its worker. */
struct watch {
	const struct monitored_interface *interface;
	bool open;	     /* the ring is */
	bool tried;	     /* to open it, once */
	bool away;	     /* it could not be opened, or was lost; it was said */
	bool aside;	     /* the worker was told to make room for one that has the ring */
	bool only_in_memory; /* what is being counted is; it was said */
	dev_t state_device;  /* the state directory that the worker entered */
	ino_t state_inode;
	bool state_is_gone; /* it was removed; it was said */
	bool done;
	pid_t worker;			       /* 0 for none */
	uint32_t flags;			       /* for the next worker's bucket */
	uint64_t began_looks;		       /* the worker's predecessors' */
	int64_t began_ms;		       /* when the worker was started */
	int64_t open_ms;		       /* when to try to open the ring */
	int64_t start_ms;		       /* when to start a worker */
	int64_t open_pause_ms, start_pause_ms; /* before the next try */
	uint64_t looks;			       /* of the worker, when the manager was last told */
};

/* The state of one run of the monitor. */
struct run {
	const struct monitor *monitor;
	struct watch watch[MONITOR_INTERFACES_MAX];
	size_t watches;
	int64_t told_ms;
	bool ready;    /* the manager was told that the agent is */
	bool stopping; /* the workers were told to end */
	bool begin_anew;
	struct failure *failure;
};

static int64_t boot_ms(void)
{
	struct timespec now;
	clock_gettime(CLOCK_BOOTTIME, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static void tell(const char *lines)
{
	struct failure failure = {0};
	if (service_manager_tell(lines, &failure) != 0)
		say_warning("%s", failure.text);
}

static const struct agent_progress *progress_of(const struct watch *watch)
{
	return (const struct agent_progress *)(const void *)watch->interface->memory->region[0]
		.content;
}

/* "12 targets, 38 SYN in the open bucket, 0 dropped, covered 100 %" */
static void format_status(const struct run *run, char *text, size_t size)
{
	struct agent_progress sum = {0};
	const char *trouble = "";
	for (size_t i = 0; i < run->watches; i++) {
		const struct agent_progress *progress = progress_of(&run->watch[i]);
		sum.targets += progress->targets;
		sum.open_syn += progress->open_syn;
		sum.drops += progress->drops;
		sum.open_seconds += progress->open_seconds;
		sum.open_covered += progress->open_covered;
		sum.waiting += progress->waiting;
		if (progress->store_failed_us)
			trouble = ", the store cannot be written";
		else if (!run->watch[i].open && !trouble[0])
			trouble = ", an interface is away";
	}
	snprintf(text, size,
		 "%" PRIu64 " targets, %" PRIu64 " SYN in the open bucket, %" PRIu64
		 " dropped, covered %" PRIu64 " %%%s",
		 sum.targets, sum.open_syn, sum.drops,
		 sum.open_seconds ? sum.open_covered * 100 / sum.open_seconds : 0, trouble);
}

/* Every worker has looked since the manager was last told; one whose start is waited for has
 * nothing to look at. */
static bool all_progressed(const struct run *run)
{
	bool any = false;
	for (size_t i = 0; i < run->watches; i++) {
		const struct watch *watch = &run->watch[i];
		if (watch->worker && progress_of(watch)->looks == watch->looks)
			return false;
		any = any || watch->worker;
	}
	return any;
}

/* The manager hears of progress only when there was some. */
static void tell_progress(struct run *run)
{
	int64_t every_ms = service_manager_watchdog_us() / 1000;
	int64_t now_ms = boot_ms();
	if (every_ms == 0)
		every_ms = 10 * LOOK_MS;
	if ((run->ready && now_ms - run->told_ms < every_ms / 2) || !all_progressed(run))
		return;
	char status[160], lines[256];
	format_status(run, status, sizeof status);
	snprintf(lines, sizeof lines, "%sWATCHDOG=1\nSTATUS=%s", run->ready ? "" : "READY=1\n",
		 status);
	tell(lines);
	run->ready = true;
	run->told_ms = now_ms;
	for (size_t i = 0; i < run->watches; i++)
		run->watch[i].looks = progress_of(&run->watch[i])->looks;
}

static int64_t lengthen(int64_t *pause_ms)
{
	int64_t pause = *pause_ms;
	*pause_ms = pause * 2 < PAUSE_MAX_MS ? pause * 2 : PAUSE_MAX_MS;
	return pause;
}

/* -1 when the interface has to be there and is not. */
static int try_to_open(struct run *run, struct watch *watch)
{
	const struct monitored_interface *interface = watch->interface;
	struct failure absent = {0};
	if (watch->open || boot_ms() < watch->open_ms)
		return 0;
	bool first = !watch->tried;
	watch->tried = true;
	if (capture_ring_open(watch->interface->ring, interface->name, interface->ring_mib,
			      interface->snapshot_bytes, &absent) == 0) {
		if (watch->away)
			say_warning("interface %s is back", interface->name);
		watch->away = false;
		watch->open = true;
		watch->open_pause_ms = PAUSE_FIRST_MS;
		if (watch->worker) {
			watch->aside = true;
			kill(watch->worker, SIGUSR1);
		}
		return 0;
	}
	if (first && !run->monitor->patient)
		return fail(run->failure, absent.status, "%s", absent.text);
	if (!watch->away)
		say_warning("%s: it is waited for", absent.text);
	watch->away = true;
	watch->open_ms = boot_ms() + lengthen(&watch->open_pause_ms);
	return 0;
}

static void say_where_it_counts(struct watch *watch, const struct failure *why)
{
	bool in_files = watch->interface->memory->in_files;
	if (!in_files && !watch->only_in_memory)
		say_warning("%s: counting goes on in memory, which does not outlive the agent",
			    why->text);
	else if (in_files && watch->only_in_memory)
		say_warning("what is being counted is in its files again");
	watch->only_in_memory = !in_files;
}

/* The state directory may be removed underneath, and another one made in its place: only a new
 * worker can enter that. */
static void watch_state(struct watch *watch)
{
	const char *directory = watch->interface->memory->directory;
	struct stat status;
	if (!watch->worker || watch->aside)
		return;
	if (stat(directory, &status) != 0) {
		if (errno == ENOENT && !watch->state_is_gone)
			say_warning(
				"%s: it was removed: counting goes on in memory: make it again, "
				"with the owner that it had, and what was counted goes there",
				directory);
		watch->state_is_gone = errno == ENOENT;
		return;
	}
	if (status.st_dev == watch->state_device && status.st_ino == watch->state_inode)
		return;
	watch->state_is_gone = false;
	watch->aside = true;
	kill(watch->worker, SIGUSR1);
}

static int start_worker(struct run *run, struct watch *watch)
{
	const struct monitored_interface *interface = watch->interface;
	struct failure why = {0};
	if (live_memory_prepare(interface->memory, &why) != 0)
		return fail(run->failure, EXIT_FAILED, "%s", why.text);
	say_where_it_counts(watch, &why);
	if (interface->memory->damaged)
		say_warning("a part of what was being counted could not be read any more");
	fflush(NULL);
	struct stat status;
	if (stat(interface->memory->directory, &status) == 0) {
		watch->state_device = status.st_dev;
		watch->state_inode = status.st_ino;
	}
	watch->began_ms = boot_ms();
	watch->looks = watch->began_looks = progress_of(watch)->looks;
	pid_t monitor = getpid();
	watch->worker = fork();
	if (watch->worker < 0) {
		watch->worker = 0;
		return fail(run->failure, EXIT_FAILED, "cannot start a worker: %s",
			    strerror(errno));
	}
	if (watch->worker > 0) {
		watch->flags = 0;
		watch->aside = false;
		return 0;
	}
	/* A worker without its monitor would count where nobody looks after it. */
	prctl(PR_SET_PDEATHSIG, SIGTERM);
	if (getppid() != monitor)
		_exit(WORKER_STEPPED_ASIDE); /* it was gone before that could tell */
	enum worker_end end =
		interface->work(interface->context, watch->open ? watch->interface->ring : NULL,
				interface->memory, watch->flags);
	fflush(NULL);
	_exit((int)end);
}

static void lose_ring(struct watch *watch)
{
	capture_ring_close(watch->interface->ring);
	watch->open = false;
	watch->away = true;
	watch->flags |= BUCKET_LINK_DOWN;
	watch->open_ms = boot_ms() + lengthen(&watch->open_pause_ms);
}

static void say_death(struct watch *watch, int status)
{
	if (WTERMSIG(status) == SIGBUS)
		live_memory_distrust(watch->interface->memory);
	say_warning("the worker was ended by signal %d: another is started", WTERMSIG(status));
}

/* The worker ended: when is there to be another? -1 when its failure is the monitor's. */
static int judge_end(struct run *run, struct watch *watch, int status)
{
	int64_t now_ms = boot_ms();
	bool counted = progress_of(watch)->looks != watch->began_looks;
	bool sound = now_ms - watch->began_ms >= SOUND_MS || (counted && WIFSIGNALED(status));
	enum worker_end end =
		WIFSIGNALED(status) ? WORKER_GOES_ON : (enum worker_end)WEXITSTATUS(status);
	watch->worker = 0;
	watch->start_ms = now_ms;
	if (sound)
		watch->start_pause_ms = START_PAUSE_FIRST_MS;
	if (end == WORKER_DONE || run->stopping) {
		watch->done = true;
		return end == WORKER_FAILED && !run->monitor->patient ? -1 : 0;
	}
	if (end == WORKER_STEPPED_ASIDE || end == WORKER_INTERFACE_LOST) {
		if (end == WORKER_INTERFACE_LOST)
			lose_ring(watch);
		return 0;
	}
	if (WIFSIGNALED(status))
		say_death(watch, status);
	else if (!run->monitor->patient)
		return -1;
	/* A worker that counted and died is followed at once: the ring fills meanwhile for nobody.
	 * One that cannot even begin is not tried ever so often. */
	if (!WIFSIGNALED(status) || !counted)
		watch->start_ms = now_ms + lengthen(&watch->start_pause_ms);
	return 0;
}

static int reap(struct run *run, struct watch *watch)
{
	int status;
	if (!watch->worker || waitpid(watch->worker, &status, WNOHANG) != watch->worker)
		return 0;
	if (judge_end(run, watch, status) == 0)
		return 0;
	run->failure->status = EXIT_FAILED;
	return -1;
}

static void stop_workers(struct run *run)
{
	if (run->stopping)
		return;
	run->stopping = true;
	if (!run->begin_anew)
		tell("STOPPING=1");
	for (size_t i = 0; i < run->watches; i++) {
		if (run->watch[i].worker)
			kill(run->watch[i].worker, SIGTERM);
		else
			run->watch[i].done = true;
	}
}

/* One interface's turn. */
static int tend(struct run *run, struct watch *watch)
{
	if (reap(run, watch) != 0)
		return -1;
	if (watch->done || run->stopping)
		return 0;
	if (try_to_open(run, watch) != 0)
		return -1;
	watch_state(watch);
	if (!watch->worker && boot_ms() >= watch->start_ms)
		return start_worker(run, watch);
	return 0;
}

/* Until something is to be done, or a signal comes. */
static void wait_for_something(const struct run *run)
{
	int64_t now_ms = boot_ms(), until_ms = now_ms + LOOK_MS;
	for (size_t i = 0; i < run->watches; i++) {
		const struct watch *watch = &run->watch[i];
		if (!watch->worker && !watch->done && watch->start_ms < until_ms)
			until_ms = watch->start_ms;
	}
	int64_t wait_ms = until_ms > now_ms ? until_ms - now_ms : 0;
	struct timespec time = {wait_ms / 1000, wait_ms % 1000 * 1000000};
	ppoll(NULL, 0, &time, signals_waiting_mask());
}

static bool all_done(const struct run *run)
{
	for (size_t i = 0; i < run->watches; i++)
		if (!run->watch[i].done)
			return false;
	return true;
}

static int keep_working(struct run *run)
{
	int result = 0;
	while (!all_done(run)) {
		for (size_t i = 0; i < run->watches && result == 0; i++)
			result = tend(run, &run->watch[i]);
		if (result != 0 && run->stopping)
			return result;
		if (run->monitor->reread && !run->stopping && signals_take_reread())
			run->begin_anew = run->monitor->reread(run->monitor->context);
		if (signals_stop_wanted())
			run->begin_anew = false;
		if (result != 0 || signals_stop_wanted() || run->begin_anew)
			stop_workers(run);
		tell_progress(run);
		if (!all_done(run))
			wait_for_something(run);
	}
	return result;
}

int monitor_run(const struct monitor *monitor, bool *begin_anew, struct failure *failure)
{
	struct run run = {.monitor = monitor, .watches = monitor->interfaces, .failure = failure};
	for (size_t i = 0; i < run.watches; i++)
		run.watch[i] = (struct watch){
			.interface = &monitor->interface[i],
			.open = monitor->interface[i].ring->descriptor >= 0,
			.open_pause_ms = PAUSE_FIRST_MS,
			.start_pause_ms = START_PAUSE_FIRST_MS,
		};
	int result = keep_working(&run);
	*begin_anew = run.begin_anew && result == 0;
	for (size_t i = 0; i < run.watches && !*begin_anew; i++)
		capture_ring_close(monitor->interface[i].ring);
	return result;
}
