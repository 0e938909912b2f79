/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The monitor with workers of the test's own, which end as it wants them to. Each run is a process,
 * because signals are a process's. */
#include "../../observer/monitor.h"
#include "../../observer/live_state.h"
#include "../../observer/signals.h"

#include "workspace.h"

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <time.h>

#include <cmocka.h>

#define STARTS_MAX 16

/* What workers and monitor tell the test. */
struct seen {
	int starts, rereads;
	int64_t start_ms[STARTS_MAX];
	uint32_t flags[STARTS_MAX];
	bool had_ring[STARTS_MAX];
	int result;
	bool begin_anew, ring_is_open;
	struct failure failure;
};

static struct seen *seen;
static enum worker_end (*behave)(int start, struct agent_progress *progress);

static int64_t now_ms(void)
{
	struct timespec now;
	clock_gettime(CLOCK_BOOTTIME, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static enum worker_end work(void *context, struct capture_ring *ring, struct live_memory *memory,
			    uint32_t start_flags)
{
	(void)context;
	int start = seen->starts++;
	if (start >= STARTS_MAX)
		return WORKER_DONE;
	seen->start_ms[start] = now_ms();
	seen->flags[start] = start_flags;
	seen->had_ring[start] = ring != NULL;
	return behave(start, (struct agent_progress *)(void *)memory->region[0].content);
}

static bool reread(void *context)
{
	(void)context;
	return ++seen->rereads > 1;
}

static void run_in_this_process(bool patient)
{
	struct live_memory memory;
	/* No interface of such a name can be opened again. */
	struct capture_ring ring = {.descriptor = eventfd(0, EFD_CLOEXEC)};
	struct monitored_interface interface = {
		.name = "stale-absent0",
		.ring_mib = 1,
		.snapshot_bytes = 128,
		.ring = &ring,
		.memory = &memory,
		.work = work,
	};
	struct monitor monitor = {
		.interface = &interface, .interfaces = 1, .patient = patient, .reread = reread};
	signals_catch();
	live_memory_begin(&memory, ".", getuid(), getgid());
	if (live_memory_add(&memory, "open.state", sizeof(struct agent_progress), &seen->failure) !=
	    0)
		return;
	seen->result = monitor_run(&monitor, &seen->begin_anew, &seen->failure);
	seen->ring_is_open = ring.descriptor >= 0;
}

/* Runs the monitor to its end, with workers that behave so. */
static void run(enum worker_end (*how)(int start, struct agent_progress *progress), bool patient)
{
	int status;
	seen = mmap(NULL, sizeof *seen, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	assert_ptr_not_equal(seen, MAP_FAILED);
	seen->result = -2;
	behave = how;
	fflush(NULL);
	pid_t process = fork();
	assert_true(process >= 0);
	if (process == 0) {
		alarm(60);
		run_in_this_process(patient);
		_exit(0);
	}
	assert_int_equal(waitpid(process, &status, 0), process);
	assert_int_equal(status, 0);
	assert_int_not_equal(seen->result, -2);
}

static void done(void)
{
	munmap(seen, sizeof *seen);
}

static enum worker_end killed_three_times(int start, struct agent_progress *progress)
{
	progress->looks++;
	if (start < 3)
		raise(SIGKILL);
	return WORKER_DONE;
}

/* The ring fills meanwhile: there is no pause after a worker that had counted. */
static void a_worker_that_is_killed_is_followed_at_once(void **state)
{
	(void)state;
	run(killed_three_times, true);
	assert_int_equal(seen->result, 0);
	assert_int_equal(seen->starts, 4);
	assert_true(seen->start_ms[3] - seen->start_ms[0] < 2000);
	assert_true(seen->had_ring[3]);
	assert_int_equal(seen->flags[3], 0);
	done();
}

static enum worker_end killed_before_it_counts(int start, struct agent_progress *progress)
{
	(void)progress;
	if (start < 4)
		raise(SIGKILL);
	return WORKER_DONE;
}

static enum worker_end fails_at_first(int start, struct agent_progress *progress)
{
	(void)progress;
	return start < 4 ? WORKER_FAILED : WORKER_DONE;
}

static void assert_pauses_grow(void)
{
	assert_int_equal(seen->result, 0);
	assert_int_equal(seen->starts, 5);
	for (int i = 0; i < 4; i++)
		assert_true(seen->start_ms[i + 1] - seen->start_ms[i] >= 50 << i);
	assert_true(seen->start_ms[4] - seen->start_ms[0] < 10000);
}

static void a_worker_that_cannot_begin_is_tried_ever_more_seldom(void **state)
{
	(void)state;
	run(killed_before_it_counts, true);
	assert_pauses_grow();
	done();
	run(fails_at_first, true);
	assert_pauses_grow();
	done();
}

static void without_patience_its_failure_is_the_monitors(void **state)
{
	(void)state;
	run(fails_at_first, false);
	assert_int_equal(seen->result, -1);
	assert_int_equal(seen->starts, 1);
	assert_int_equal(seen->failure.status, EXIT_FAILED);
	assert_string_equal(seen->failure.text, ""); /* the worker has said it */
	assert_false(seen->ring_is_open);
	done();
}

static enum worker_end loses_its_interface(int start, struct agent_progress *progress)
{
	progress->looks++;
	return start == 0 ? WORKER_INTERFACE_LOST : WORKER_DONE;
}

static void after_a_lost_interface_what_is_open_goes_on_without_it_and_says_so(void **state)
{
	(void)state;
	run(loses_its_interface, true);
	assert_int_equal(seen->result, 0);
	assert_int_equal(seen->starts, 2);
	assert_true(seen->had_ring[0]);
	assert_int_equal(seen->flags[0], 0);
	assert_false(seen->had_ring[1]);
	assert_int_equal(seen->flags[1], BUCKET_LINK_DOWN);
	done();
}

/* Until it is told to end, or to step aside. */
static enum worker_end wait_for_a_signal(void)
{
	while (!signals_stop_wanted() && !signals_step_aside_wanted())
		sigsuspend(signals_waiting_mask());
	return signals_stop_wanted() ? WORKER_DONE : WORKER_STEPPED_ASIDE;
}

static enum worker_end has_the_agent_ended(int start, struct agent_progress *progress)
{
	(void)start;
	progress->looks++;
	kill(getppid(), SIGTERM);
	return wait_for_a_signal();
}

static void told_to_end_it_ends_its_worker_first(void **state)
{
	(void)state;
	run(has_the_agent_ended, true);
	assert_int_equal(seen->result, 0);
	assert_int_equal(seen->starts, 1);
	assert_false(seen->begin_anew);
	assert_false(seen->ring_is_open);
	done();
}

static enum worker_end has_the_configuration_read(int start, struct agent_progress *progress)
{
	(void)start;
	const struct timespec moment = {0, 10000000};
	progress->looks++;
	kill(getppid(), SIGHUP);
	while (seen->rereads < 1)
		nanosleep(&moment, NULL);
	kill(getppid(), SIGHUP);
	return wait_for_a_signal();
}

/* The first one is refused, and all goes on; for the second the ring stays open, with what is in
 * it. */
static void a_hangup_begins_anew_only_when_the_configuration_is_taken(void **state)
{
	(void)state;
	run(has_the_configuration_read, true);
	assert_int_equal(seen->result, 0);
	assert_int_equal(seen->rereads, 2);
	assert_int_equal(seen->starts, 1);
	assert_true(seen->begin_anew);
	assert_true(seen->ring_is_open);
	done();
}

static enum worker_end counts_and_ends_the_agent(int start, struct agent_progress *progress)
{
	(void)start;
	const struct timespec while_it_is_told = {2, 500000000};
	progress->targets = 2;
	progress->open_syn = 5;
	progress->drops = 1;
	progress->open_seconds = 200;
	progress->open_covered = 150;
	progress->looks++;
	nanosleep(&while_it_is_told, NULL);
	kill(getppid(), SIGTERM);
	return wait_for_a_signal();
}

static enum worker_end hangs(int start, struct agent_progress *progress)
{
	(void)start;
	(void)progress;
	const struct timespec long_enough = {2, 500000000};
	nanosleep(&long_enough, NULL);
	kill(getppid(), SIGTERM);
	return wait_for_a_signal();
}

static int listen_as_manager(const char *directory)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	snprintf(address.sun_path, sizeof address.sun_path, "%.90s/notify", directory);
	int descriptor = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	assert_int_equal(bind(descriptor, (struct sockaddr *)&address, sizeof address), 0);
	setenv("NOTIFY_SOCKET", address.sun_path, 1);
	setenv("WATCHDOG_USEC", "400000", 1);
	unsetenv("WATCHDOG_PID");
	return descriptor;
}

/* All that it was told, in one text with a line between two messages. */
static void hear(int descriptor, char *text, size_t size)
{
	size_t used = 0;
	ssize_t length;
	text[0] = '\0';
	while (used + 2 < size &&
	       (length = recv(descriptor, text + used, size - used - 2, MSG_DONTWAIT)) > 0) {
		used += (size_t)length;
		text[used++] = '\n';
		text[used] = '\0';
	}
	close(descriptor);
	unsetenv("NOTIFY_SOCKET");
	unsetenv("WATCHDOG_USEC");
}

static void the_manager_hears_of_progress_once_there_is_some(void **state)
{
	char text[2000];
	int manager = listen_as_manager(*state);
	run(counts_and_ends_the_agent, true);
	hear(manager, text, sizeof text);
	assert_string_equal(text,
			    "READY=1\nWATCHDOG=1\nSTATUS=2 targets, 5 SYN in the open bucket, "
			    "1 dropped, covered 75 %\nSTOPPING=1\n");
	done();
}

static void a_worker_that_hangs_feeds_no_watchdog(void **state)
{
	char text[2000];
	int manager = listen_as_manager(*state);
	run(hangs, true);
	hear(manager, text, sizeof text);
	assert_string_equal(text, "STOPPING=1\n");
	done();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		in_workspace(a_worker_that_is_killed_is_followed_at_once),
		in_workspace(a_worker_that_cannot_begin_is_tried_ever_more_seldom),
		in_workspace(without_patience_its_failure_is_the_monitors),
		in_workspace(after_a_lost_interface_what_is_open_goes_on_without_it_and_says_so),
		in_workspace(told_to_end_it_ends_its_worker_first),
		in_workspace(a_hangup_begins_anew_only_when_the_configuration_is_taken),
		in_workspace(the_manager_hears_of_progress_once_there_is_some),
		in_workspace(a_worker_that_hangs_feeds_no_watchdog),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
