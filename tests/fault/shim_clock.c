/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * shim_clock: preloaded into the agent, shows it the clocks that a test wants, by the file that
 * STALENODE_CLOCK names: 64-bit integers, all 0 at first. The wall clock is off by offset_us, which
 * a test may change while the agent runs; and with a speed above 1 all clocks run so many times as
 * fast, from the first process on that has the file. The kernel's clock, and with it the timestamps
 * of packets and the time spent waiting, stay what they are. */
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

#define US     1000000LL
#define CLOCKS 16 /* more than the kernel has */

struct shown {
	volatile int64_t offset_us;
	int64_t speed;		 /* 0 is 1 */
	int64_t base_us[CLOCKS]; /* each clock when its speed began */
};

static struct shown *shown; /* NULL without the file: the clock is right */

static int64_t kernel_us(clockid_t clock)
{
	struct timespec now;
	syscall(SYS_clock_gettime, clock, &now);
	return now.tv_sec * US + now.tv_nsec / 1000;
}

__attribute__((constructor)) static void map_file(void)
{
	const char *path = getenv("STALENODE_CLOCK");
	int file = path ? open(path, O_RDWR | O_CLOEXEC) : -1;
	if (file < 0)
		return;
	void *map = mmap(NULL, sizeof *shown, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
	close(file);
	if (map == MAP_FAILED)
		return;
	struct shown *content = map;
	if (content->base_us[CLOCK_REALTIME] == 0)
		for (clockid_t clock = 0; clock < CLOCKS; clock++)
			content->base_us[clock] = kernel_us(clock);
	shown = content;
}

int clock_gettime(clockid_t clock, struct timespec *time)
{
	if (!shown || clock < 0 || clock >= CLOCKS || clock == CLOCK_PROCESS_CPUTIME_ID ||
	    clock == CLOCK_THREAD_CPUTIME_ID)
		return (int)syscall(SYS_clock_gettime, clock, time);
	int64_t base_us = shown->base_us[clock];
	int64_t us = base_us + (kernel_us(clock) - base_us) * (shown->speed ? shown->speed : 1);
	if (clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE)
		us += shown->offset_us;
	int64_t part = (us % US + US) % US; /* before 1970 the part still counts forward */
	*time = (struct timespec){(us - part) / US, part * 1000};
	return 0;
}

/* The C library declares the second argument otherwise from release to release. */
int gettimeofday(struct timeval *restrict time, void *restrict zone)
{
	struct timespec now;
	(void)zone;
	clock_gettime(CLOCK_REALTIME, &now);
	*time = (struct timeval){now.tv_sec, now.tv_nsec / 1000};
	return 0;
}

time_t time(time_t *to)
{
	struct timespec now;
	clock_gettime(CLOCK_REALTIME, &now);
	if (to)
		*to = now.tv_sec;
	return now.tv_sec;
}
