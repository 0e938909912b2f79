/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "disk_space.h"

#include <math.h>
#include <stdio.h>
#include <sys/statfs.h>
#include <sys/statvfs.h>

struct disk_space disk_space_of(const char *path)
{
	struct statvfs room;
	struct statfs kind;
	if (statvfs(path, &room) != 0 || statfs(path, &kind) != 0)
		return (struct disk_space){0};
	uint64_t block = room.f_frsize ? room.f_frsize : room.f_bsize;
	return (struct disk_space){
		.known = true,
		.free_bytes = room.f_bavail * block,
		.size_bytes = (room.f_blocks - room.f_bfree + room.f_bavail) * block,
		.free_files = room.f_files ? room.f_favail : UINT64_MAX,
		.read_only = (room.f_flag & ST_RDONLY) != 0,
		.magic = (unsigned long)kind.f_type,
	};
}

double disk_space_free_share(const struct disk_space *disk)
{
	if (!disk->known || disk->size_bytes == 0)
		return (double)NAN;
	return (double)disk->free_bytes / (double)disk->size_bytes;
}

char *bytes_text(uint64_t bytes, char text[BYTES_TEXT_SIZE])
{
	static const char *const unit[] = {"kB", "MB", "GB", "TB", "PB", "EB"};
	if (bytes < 1000) {
		snprintf(text, BYTES_TEXT_SIZE, "%u B", (unsigned)bytes);
		return text;
	}
	double value = (double)bytes / 1000;
	size_t i = 0;
	/* 999.95 would be printed as 1000.0. */
	while (value >= 999.95 && i + 1 < sizeof unit / sizeof unit[0]) {
		value /= 1000;
		i++;
	}
	snprintf(text, BYTES_TEXT_SIZE, "%.1f %s", value, unit[i]);
	return text;
}
