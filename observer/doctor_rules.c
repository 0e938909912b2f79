/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "doctor_rules.h"

#include "base/timestamp.h"
#include "store/evidence.h"

#include <inttypes.h>
#include <string.h>

void doctor_judge_privilege(struct findings *findings, const struct privilege_reading *reading)
{
	if (!reading->agent)
		findings_add(findings, FINDING_FAILURE, "stalenoded",
			     "not found beside stalenode: install it: 'observe' starts it");
	if (reading->effective)
		findings_add(findings, FINDING_OK, "privilege",
			     "CAP_NET_RAW, which capture needs, is effective");
	else if (reading->agent_has)
		findings_add(findings, FINDING_OK, "privilege", "%s carries CAP_NET_RAW",
			     reading->agent);
	else
		findings_add(findings, FINDING_FAILURE, "privilege",
			     "no CAP_NET_RAW: run as root, or 'setcap cap_net_raw+ep %s'",
			     reading->agent ? reading->agent : "stalenoded");
}

void doctor_judge_interface(struct findings *findings, const struct interface_reading *reading)
{
	if (!reading->exists) {
		findings_add(findings, FINDING_FAILURE, "interface",
			     "there is no %s: 'ip link' lists the interfaces", reading->name);
		return;
	}
	if (!reading->up)
		findings_add(findings, FINDING_FAILURE, "interface",
			     "%s is down: 'ip link set %s up' brings it up", reading->name,
			     reading->name);
	else if (!reading->carrier)
		findings_add(findings, FINDING_WARNING, "interface",
			     "%s is up, but has no carrier: look at the cable or the other side",
			     reading->name);
	else
		findings_add(findings, FINDING_OK, "interface", "%s is up", reading->name);
	if (!reading->tried)
		findings_add(findings, FINDING_WARNING, "capture",
			     "%s was not opened, for want of CAP_NET_RAW: ask again as root",
			     reading->name);
	else if (!reading->opened)
		findings_add(findings, FINDING_FAILURE, "capture", "%s",
			     reading->refusal ? reading->refusal : "refused");
	else
		findings_add(findings, FINDING_OK, "capture",
			     "%s can be opened, with a ring of the standard size", reading->name);
}

void doctor_judge_clock(struct findings *findings, const struct clock_reading *reading)
{
	char time[TIMESTAMP_TEXT_SIZE];
	timestamp_format(reading->now, time);
	if (reading->now < DOCTOR_EARLIEST_TIME) {
		findings_add(findings, FINDING_FAILURE, "clock",
			     "it says %s, which is past: set it, and keep it with chrony or "
			     "systemd-timesyncd",
			     time);
		return;
	}
	if (reading->step_us > DOCTOR_CLOCK_STEP_US || reading->step_us < -DOCTOR_CLOCK_STEP_US)
		findings_add(findings, FINDING_WARNING, "clock",
			     "it was set by %+" PRId64 " ms within a second: see that one program "
			     "alone keeps it",
			     reading->step_us / 1000);
	if (reading->synchronised)
		findings_add(findings, FINDING_OK, "clock",
			     "%s, synchronised, off by %" PRId64 " ms at most", time,
			     reading->error_us / 1000);
	else
		findings_add(findings, FINDING_WARNING, "clock",
			     "%s, but the kernel is not told that it is synchronised: install "
			     "chrony or systemd-timesyncd",
			     time);
}

void doctor_judge_versions(struct findings *findings, const struct version_reading *reading)
{
	unsigned major = 0, minor = 0;
	/* Landlock, which confines the worker to its state directory, came with 5.13. */
	if (sscanf(reading->kernel, "%u.%u", &major, &minor) == 2 &&
	    (major < 5 || (major == 5 && minor < 13)))
		findings_add(findings, FINDING_WARNING, "kernel",
			     "Linux %s has no Landlock: the worker is not confined to its state "
			     "directory: take 5.13 or a later one",
			     reading->kernel);
	else
		findings_add(findings, FINDING_OK, "kernel", "Linux %s", reading->kernel);
	findings_add(findings, FINDING_OK, "librrd", "version %s", reading->rrd);
}

struct file_system {
	unsigned long magic; /* statfs(2), linux/magic.h */
	const char *name;
	const char *doubt; /* NULL when it is fit for a ledger */
};

static const struct file_system file_systems[] = {
	{0xef53, "ext4", NULL},
	{0x58465342, "xfs", NULL},
	{0x9123683e, "btrfs", NULL},
	{0x2fc12fc1, "zfs", NULL},
	{0xf2f52010, "f2fs", NULL},
	{0x01021994, "tmpfs",
	 "it is memory, and empty after a restart: name a directory on a disk"},
	{0x858458f6, "ramfs",
	 "it is memory, and empty after a restart: name a directory on a disk"},
	{0x794c7630, "overlay", "in a container it goes with the container: mount a volume there"},
	{0x6969, "nfs",
	 "the store stands still with the network: name a directory on a local disk"},
	{0xff534d42, "cifs", "the store stands still with the network: name a local directory"},
	{0xfe534d42, "smb2", "the store stands still with the network: name a local directory"},
	{0x4d44, "fat", "a power cut may take more than the last line: use ext4 or xfs"},
};

static void judge_file_system(struct findings *findings, const struct disk_space *disk)
{
	for (size_t i = 0; i < sizeof file_systems / sizeof file_systems[0]; i++) {
		const struct file_system *kind = &file_systems[i];
		if (kind->magic != disk->magic)
			continue;
		if (kind->doubt)
			findings_add(findings, FINDING_WARNING, "file system", "%s: %s", kind->name,
				     kind->doubt);
		else
			findings_add(findings, FINDING_OK, "file system", "%s", kind->name);
		return;
	}
	findings_add(findings, FINDING_OK, "file system", "of type 0x%lx, not known to stalenode",
		     disk->magic);
}

static void judge_room(struct findings *findings, const struct disk_space *disk, size_t targets)
{
	char free_text[BYTES_TEXT_SIZE], store_text[BYTES_TEXT_SIZE], all_text[BYTES_TEXT_SIZE];
	uint64_t store = targets * DOCTOR_TARGET_BYTES;
	uint64_t all = store + (uint64_t)targets * EVIDENCE_BUDGET_DEFAULT * DOCTOR_DAYS;
	bytes_text(disk->free_bytes, free_text);
	bytes_text(store, store_text);
	bytes_text(all, all_text);
	const char *plural = targets == 1 ? "" : "s";
	if (disk->free_bytes < store)
		findings_add(findings, FINDING_FAILURE, "disk",
			     "%s free: two years of %zu target%s need %s without any evidence: "
			     "make room",
			     free_text, targets, plural, store_text);
	else if (disk->free_bytes < all)
		findings_add(findings, FINDING_WARNING, "disk",
			     "%s free: two years of %zu target%s need %s, and %s if the evidence "
			     "budget is used up each day: make room, or lower it with --evidence",
			     free_text, targets, plural, store_text, all_text);
	else
		findings_add(findings, FINDING_OK, "disk",
			     "%s free; two years of %zu target%s need %s, at most %s with evidence",
			     free_text, targets, plural, store_text, all_text);
	uint64_t files = 2ull * DOCTOR_DAYS * targets; /* evidence and census, each day */
	if (disk->free_files < files)
		findings_add(findings, FINDING_WARNING, "inodes",
			     "%" PRIu64 " free: two years need %" PRIu64 ": use a file system with "
			     "more",
			     disk->free_files, files);
}

void doctor_judge_directory(struct findings *findings, const struct directory_reading *reading,
			    size_t targets)
{
	if (reading->refusal) {
		findings_add(findings, FINDING_FAILURE, "state", "%s", reading->refusal);
		return;
	}
	if (reading->unwritable) {
		findings_add(findings, FINDING_FAILURE, "state", "%s", reading->unwritable);
	} else {
		bool slow = reading->synchronise_us > DOCTOR_SYNCHRONISE_MAX_US;
		findings_add(findings, slow ? FINDING_WARNING : FINDING_OK, "state",
			     "%s %s; the disk takes %.1f ms for a synchronised write%s",
			     reading->path, reading->exists ? "can be written" : "can be made",
			     (double)reading->synchronise_us / 1000,
			     slow ? ": in a flood packets are lost meanwhile: use a faster disk or "
				    "a larger --ring"
				  : "");
	}
	if (!reading->disk.known) {
		findings_add(findings, FINDING_WARNING, "disk",
			     "the system does not tell its room: look with 'df'");
		return;
	}
	if (reading->disk.read_only)
		findings_add(findings, FINDING_FAILURE, "file system",
			     "mounted read-only: 'dmesg' says whether the disk is damaged");
	else
		judge_file_system(findings, &reading->disk);
	judge_room(findings, &reading->disk, targets ? targets : 1);
}

void doctor_judge_descriptors(struct findings *findings, uint64_t limit, size_t targets)
{
	uint64_t needed = DOCTOR_FILES_OWN + DOCTOR_FILES_PER_TARGET * (targets ? targets : 1);
	if (limit < needed)
		findings_add(findings, FINDING_FAILURE, "descriptors",
			     "%" PRIu64 " files may be open, %" PRIu64 " are needed: raise the "
			     "limit with 'ulimit -n'",
			     limit, needed);
	else
		findings_add(findings, FINDING_OK, "descriptors",
			     "%" PRIu64 " files may be open, %" PRIu64 " are needed", limit,
			     needed);
}

void doctor_judge_targets(struct findings *findings, const struct targets *targets,
			  const bool *local)
{
	const struct target *foreign = NULL;
	size_t foreigners = 0;
	for (size_t i = targets->targets; i > 0; i--) {
		const struct target *target = &targets->target[i - 1];
		if (!local[i - 1]) {
			foreign = target;
			foreigners++;
		}
	}
	char address[ADDRESS_TEXT_SIZE];
	if (foreign)
		findings_add(findings, FINDING_WARNING, "addresses",
			     "%zu of %zu targets have no address of this machine, the first is %s "
			     "(%s): their packets come only if they are routed or mirrored here",
			     foreigners, targets->targets, foreign->name,
			     address_format(&foreign->address[0], address));
	else if (targets->targets)
		findings_add(findings, FINDING_OK, "addresses",
			     "every target has an address of this machine");
}
