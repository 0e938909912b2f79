/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "doctor_probe.h"

#include "base/whole_file.h"
#include "capture_ring.h"
#include "configuration.h"

#include <errno.h>
#include <fcntl.h>
#include <ifaddrs.h>
#include <libgen.h>
#include <linux/capability.h>
#include <net/if.h>
#include <netinet/in.h>
#include <rrd.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/resource.h>
#include <sys/timex.h>
#include <sys/utsname.h>
#include <sys/xattr.h>
#include <time.h>
#include <unistd.h>

#define US 1000000LL

/* The line "CapEff:\t00000000a80425fb" of /proc/self/status. */
static bool capture_is_effective(void)
{
	char line[256];
	bool effective = false;
	FILE *stream = fopen("/proc/self/status", "re");
	while (stream && fgets(line, sizeof line, stream))
		if (strncmp(line, "CapEff:", 7) == 0)
			effective = strtoull(line + 7, NULL, 16) >> CAP_NET_RAW & 1;
	if (stream)
		fclose(stream);
	return effective;
}

/* Where 'observe' starts it: beside stalenode, or in sbin beside its bin. */
static bool find_agent(char path[4096])
{
	char self[3800];
	ssize_t length = readlink("/proc/self/exe", self, sizeof self - 1);
	if (length <= 0)
		return false;
	self[length] = '\0';
	snprintf(path, 4096, "%sd", self);
	if (access(path, X_OK) == 0)
		return true;
	snprintf(path, 4096, "%s/../sbin/stalenoded", dirname(self));
	return access(path, X_OK) == 0;
}

/* capabilities(7), "File capabilities": revisions 2 and 3 begin alike, little-endian. */
static bool file_carries_capture(const char *path)
{
	uint8_t bytes[64];
	ssize_t length = getxattr(path, "security.capability", bytes, sizeof bytes);
	if (length < 8)
		return false;
	uint32_t permitted = (uint32_t)bytes[4] | (uint32_t)bytes[5] << 8 |
			     (uint32_t)bytes[6] << 16 | (uint32_t)bytes[7] << 24;
	return (bytes[0] & VFS_CAP_FLAGS_EFFECTIVE) && (permitted >> CAP_NET_RAW & 1);
}

struct privilege_reading probe_privilege(struct probe_texts *texts)
{
	bool found = find_agent(texts->agent);
	return (struct privilege_reading){
		.effective = capture_is_effective(),
		.agent_has = found && file_carries_capture(texts->agent),
		.agent = found ? texts->agent : NULL,
	};
}

static void read_flags(struct interface_reading *reading)
{
	struct ifreq request = {0};
	int descriptor = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	snprintf(request.ifr_name, sizeof request.ifr_name, "%s", reading->name);
	if (descriptor < 0)
		return;
	if (ioctl(descriptor, SIOCGIFFLAGS, &request) == 0) {
		reading->exists = true;
		reading->up = (request.ifr_flags & IFF_UP) != 0;
		reading->carrier = (request.ifr_flags & IFF_RUNNING) != 0;
	}
	close(descriptor);
}

struct interface_reading probe_interface(const char *name, bool try_capture,
					 struct probe_texts *texts)
{
	struct interface_reading reading = {.name = name, .tried = try_capture};
	struct capture_ring ring;
	if (strcmp(name, "any") == 0)
		reading.exists = reading.up = reading.carrier = true;
	else if (strlen(name) < IFNAMSIZ)
		read_flags(&reading);
	if (!reading.exists || !try_capture)
		return reading;
	texts->capture = (struct failure){0};
	if (capture_ring_open(&ring, name, CONFIGURATION_RING, CAPTURE_SNAPSHOT_BYTES,
			      &texts->capture) != 0) {
		reading.refusal = texts->capture.text;
		return reading;
	}
	reading.opened = true;
	capture_ring_close(&ring);
	return reading;
}

struct version_reading probe_versions(struct probe_texts *texts)
{
	struct utsname name;
	snprintf(texts->kernel, sizeof texts->kernel, "%s",
		 uname(&name) == 0 ? name.release : "of an unknown version");
	return (struct version_reading){texts->kernel, rrd_strversion()};
}

/* Writes and synchronises a file that is removed at once; how long that took, or -1. */
static int64_t try_to_write(const char *directory, struct failure *failure)
{
	char path[4096 + 32];
	static const char block[4096];
	struct timespec before, after;
	snprintf(path, sizeof path, "%s/.doctor.XXXXXX", directory);
	int descriptor = mkstemp(path);
	if (descriptor < 0)
		return fail(failure, EXIT_FAILED,
			    "%s: cannot write there: %s: name another directory or mend its "
			    "permissions",
			    directory, strerror(errno));
	unlink(path);
	clock_gettime(CLOCK_MONOTONIC, &before);
	bool written = write(descriptor, block, sizeof block) == (ssize_t)sizeof block &&
		       fdatasync(descriptor) == 0;
	int error = errno;
	clock_gettime(CLOCK_MONOTONIC, &after);
	close(descriptor);
	if (!written)
		return fail(failure, EXIT_FAILED, "%s: cannot write there: %s", directory,
			    strerror(error));
	return (after.tv_sec - before.tv_sec) * US + (after.tv_nsec - before.tv_nsec) / 1000;
}

/* The directory itself, or what it would be made in. */
static void nearest_existing(const char *path, char nearest[4096])
{
	char copy[4096];
	snprintf(nearest, 4096, "%s", path);
	while (access(nearest, F_OK) != 0 && strcmp(nearest, "/") != 0 &&
	       strcmp(nearest, ".") != 0) {
		snprintf(copy, sizeof copy, "%s", nearest);
		snprintf(nearest, 4096, "%s", dirname(copy));
	}
}

struct directory_reading probe_directory(const char *path, struct targets *targets,
					 struct probe_texts *texts)
{
	struct directory_reading reading = {.path = path, .exists = access(path, F_OK) == 0};
	char nearest[4096], list[4096 + 16];
	*targets = (struct targets){0};
	texts->state = texts->written = (struct failure){0};
	snprintf(list, sizeof list, "%s/targets", path);
	/* As state_directory_open() sees it: ours, empty, or not there yet. */
	if (access(list, F_OK) == 0)
		targets_read(targets, path, &texts->state);
	else if (reading.exists && directory_is_empty(path) != 1)
		fail(&texts->state, EXIT_FAILED,
		     "%s: exists and is not a state directory of stalenode: name a new one", path);
	if (texts->state.status != EXIT_DONE) {
		reading.refusal = texts->state.text;
		return reading;
	}
	nearest_existing(path, nearest);
	reading.synchronise_us = try_to_write(nearest, &texts->written);
	if (reading.synchronise_us < 0)
		reading.unwritable = texts->written.text;
	reading.disk = disk_space_of(nearest);
	return reading;
}

uint64_t probe_descriptors(void)
{
	struct rlimit limit;
	if (getrlimit(RLIMIT_NOFILE, &limit) != 0)
		return 0;
	return limit.rlim_cur == RLIM_INFINITY ? UINT64_MAX : limit.rlim_cur;
}

static bool address_of(const struct sockaddr *socket_address, struct address *address)
{
	static const uint8_t mapped[12] = {[10] = 0xff, [11] = 0xff};
	if (socket_address && socket_address->sa_family == AF_INET) {
		struct sockaddr_in four;
		memcpy(&four, socket_address, sizeof four);
		memcpy(address->bytes, mapped, sizeof mapped);
		memcpy(address->bytes + sizeof mapped, &four.sin_addr, 4);
		return true;
	}
	if (socket_address && socket_address->sa_family == AF_INET6) {
		struct sockaddr_in6 six;
		memcpy(&six, socket_address, sizeof six);
		memcpy(address->bytes, &six.sin6_addr, sizeof address->bytes);
		return true;
	}
	return false;
}

static bool has_address(const struct target *target, const struct address *address)
{
	for (size_t i = 0; i < target->addresses; i++)
		if (memcmp(&target->address[i], address, sizeof *address) == 0)
			return true;
	return false;
}

void probe_local(const struct targets *targets, bool *local)
{
	struct ifaddrs *list = NULL;
	struct address address;
	for (size_t i = 0; i < targets->targets; i++)
		local[i] = false;
	if (getifaddrs(&list) != 0)
		return;
	for (const struct ifaddrs *one = list; one; one = one->ifa_next)
		if (address_of(one->ifa_addr, &address))
			for (size_t i = 0; i < targets->targets; i++)
				local[i] = local[i] || has_address(&targets->target[i], &address);
	freeifaddrs(list);
}

static int64_t clock_us(clockid_t clock)
{
	struct timespec now;
	clock_gettime(clock, &now);
	return (int64_t)now.tv_sec * US + now.tv_nsec / 1000;
}

void probe_clock_begin(struct clock_watch *watch)
{
	watch->real_us = clock_us(CLOCK_REALTIME);
	watch->boot_us = clock_us(CLOCK_BOOTTIME);
}

struct clock_reading probe_clock_end(const struct clock_watch *watch)
{
	int64_t real_us = clock_us(CLOCK_REALTIME), boot_us = clock_us(CLOCK_BOOTTIME);
	struct timex state = {.modes = 0}; /* only asks */
	int result = adjtimex(&state);
	return (struct clock_reading){
		.now = real_us / US,
		.synchronised = result >= 0 && result != TIME_ERROR && !(state.status & STA_UNSYNC),
		.error_us = state.maxerror,
		.step_us = (real_us - watch->real_us) - (boot_us - watch->boot_us),
	};
}
