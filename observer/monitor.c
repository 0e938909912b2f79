/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "monitor.h"

#include "privilege.h"
#include "service_manager.h"
#include "store/bucket_record.h"

#include <errno.h>
#include <inttypes.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define PAUSE_FIRST_MS 1000
#define PAUSE_MAX_MS   60000
/* A worker that lived as long was sound: the next pause is short again. */
#define SOUND_MS 10000
/* How often the monitor looks after its worker when nobody wants it oftener. */
#define LOOK_MS 1000

static volatile sig_atomic_t stop_wanted, reread_wanted;
static sigset_t waiting_mask;

static void note_signal(int number)
{
	if (number == SIGHUP)
		reread_wanted = 1;
	else if (number != SIGCHLD)
		stop_wanted = 1;
}

void monitor_catch_signals(void)
{
	static const int signals[] = {SIGINT, SIGTERM, SIGHUP, SIGCHLD};
	struct sigaction action = {.sa_handler = note_signal};
	sigset_t blocked;
	sigemptyset(&blocked);
	for (size_t i = 0; i < sizeof signals / sizeof signals[0]; i++)
		sigaddset(&blocked, signals[i]);
	sigprocmask(SIG_BLOCK, &blocked, &waiting_mask);
	for (size_t i = 0; i < sizeof signals / sizeof signals[0]; i++) {
		sigdelset(&waiting_mask, signals[i]);
		sigaction(signals[i], &action, NULL);
	}
}

const sigset_t *monitor_waiting_mask(void)
{
	return &waiting_mask;
}

bool monitor_stop_wanted(void)
{
	return stop_wanted != 0;
}

static int64_t boot_ms(void)
{
	struct timespec now;
	clock_gettime(CLOCK_BOOTTIME, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* Ends early at a signal. */
static void wait_ms(int64_t milliseconds)
{
	struct timespec time = {milliseconds / 1000, milliseconds % 1000 * 1000000};
	ppoll(NULL, 0, &time, &waiting_mask);
}

/* The state of one run of the monitor. */
struct watch {
	const struct monitor *monitor;
	struct worker_report *report; /* shared with the worker */
	uint64_t looks;		      /* of the report, when the manager was last told */
	int64_t told_ms;
	bool ready;	  /* the manager was told that the agent is */
	bool away;	  /* the interface could not be opened; it was said */
	int64_t pause_ms; /* before the next start */
};

static void tell(const char *lines)
{
	struct failure failure = {0};
	if (service_manager_tell(lines, &failure) != 0)
		say_warning("%s", failure.text);
}

/* The manager hears of progress only when there was some. */
static void tell_progress(struct watch *watch)
{
	const struct worker_report *report = watch->report;
	int64_t every_ms = service_manager_watchdog_us() / 1000;
	int64_t now_ms = boot_ms();
	if (every_ms == 0)
		every_ms = 10 * LOOK_MS;
	if (report->looks == watch->looks ||
	    (watch->ready && now_ms - watch->told_ms < every_ms / 2))
		return;
	char lines[256];
	snprintf(lines, sizeof lines,
		 "%sWATCHDOG=1\nSTATUS=%" PRIu64 " targets, %" PRIu64
		 " SYN in the open bucket, %" PRIu64 " dropped",
		 watch->ready ? "" : "READY=1\n", report->targets, report->open_syn, report->drops);
	tell(lines);
	watch->ready = true;
	watch->looks = report->looks;
	watch->told_ms = now_ms;
}

/* Waits for the worker's end, and hands on a wish to stop. Returns its status as of waitpid(). */
static int look_after(struct watch *watch, pid_t worker)
{
	int status;
	bool told_to_stop = false;
	for (;;) {
		pid_t ended = waitpid(worker, &status, WNOHANG);
		if (ended == worker)
			return status;
		if (stop_wanted && !told_to_stop) {
			told_to_stop = true;
			tell("STOPPING=1");
			kill(worker, SIGTERM);
		}
		if (reread_wanted && watch->monitor->reread)
			watch->monitor->reread(watch->monitor->context);
		reread_wanted = 0;
		tell_progress(watch);
		wait_ms(LOOK_MS);
	}
}

static pid_t start_worker(struct watch *watch, struct live_capture *capture, uint32_t flags)
{
	fflush(NULL);
	pid_t worker = fork();
	if (worker != 0)
		return worker;
	/* A worker without its monitor would count where nobody looks after it. */
	prctl(PR_SET_PDEATHSIG, SIGTERM);
	enum worker_end end =
		watch->monitor->work(watch->monitor->context, capture, flags, watch->report);
	fflush(NULL);
	_exit((int)end);
}

static void pause_before_start(struct watch *watch)
{
	wait_ms(watch->pause_ms);
	watch->pause_ms = watch->pause_ms * 2 < PAUSE_MAX_MS ? watch->pause_ms * 2 : PAUSE_MAX_MS;
}

/* 0 when the capture is open, 1 when it is to be tried again, -1 when it is not. */
static int open_capture(struct watch *watch, struct live_capture *capture, bool first,
			struct failure *failure)
{
	struct failure absent = {0};
	const struct monitor *monitor = watch->monitor;
	if (live_capture_open(capture, monitor->interface, monitor->ring_mib, &absent) == 0) {
		if (watch->away)
			say_warning("interface %s is back", monitor->interface);
		watch->away = false;
		return 0;
	}
	if (first && !monitor->patient)
		return fail(failure, absent.status, "%s", absent.text);
	if (!watch->away && first)
		say_warning("%s: it is waited for", absent.text);
	watch->away = true;
	pause_before_start(watch);
	return 1;
}

/* What a worker's end means: 1 to start another, 0 when all is done, -1 when it failed. */
static int judge(struct watch *watch, int status, uint32_t *flags, struct failure *failure)
{
	if (WIFSIGNALED(status)) {
		say_warning("the worker was ended by signal %d: another is started",
			    WTERMSIG(status));
		*flags = BUCKET_RESTARTED;
		return stop_wanted ? 0 : 1;
	}
	switch (WEXITSTATUS(status)) {
	case WORKER_DONE:
		return 0;
	case WORKER_INTERFACE_LOST:
		watch->away = true;
		*flags = BUCKET_LINK_DOWN;
		return stop_wanted ? 0 : 1;
	default:
		*flags = BUCKET_RESTARTED;
		if (watch->monitor->patient && !stop_wanted)
			return 1;
		failure->status = EXIT_FAILED;
		return -1;
	}
}

static int keep_working(struct watch *watch, struct failure *failure)
{
	uint32_t flags = 0;
	bool first = true;
	for (;;) {
		struct live_capture capture;
		int opened = stop_wanted ? -1 : open_capture(watch, &capture, first, failure);
		if (opened < 0)
			return stop_wanted ? 0 : -1;
		if (opened > 0) {
			first = first && !watch->monitor->patient;
			continue;
		}
		first = false;
		int64_t began_ms = boot_ms();
		pid_t worker = start_worker(watch, &capture, flags);
		live_capture_close(&capture); /* the worker has its own descriptor of it */
		if (worker < 0)
			return fail(failure, EXIT_FAILED, "cannot start a worker: %s",
				    strerror(errno));
		int next = judge(watch, look_after(watch, worker), &flags, failure);
		if (next <= 0)
			return next;
		if (boot_ms() - began_ms >= SOUND_MS)
			watch->pause_ms = PAUSE_FIRST_MS;
		/* After a death the ring fills meanwhile for nobody: the first restart is at once.
		 */
		if (!(flags & BUCKET_RESTARTED) || boot_ms() - began_ms < SOUND_MS)
			pause_before_start(watch);
	}
}

int monitor_run(const struct monitor *monitor, struct failure *failure)
{
	struct watch watch = {.monitor = monitor, .pause_ms = PAUSE_FIRST_MS};
	watch.report = mmap(NULL, sizeof *watch.report, PROT_READ | PROT_WRITE,
			    MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (watch.report == MAP_FAILED)
		return fail(failure, EXIT_FAILED, "out of memory");
	int result = keep_working(&watch, failure);
	munmap(watch.report, sizeof *watch.report);
	return result;
}
