/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The data is the file of a day, to which a packet is added. A file that is taken is written so
 * that it is taken again, and then stays as it is. */
#include "../../observer/store/census.h"

#include "harness.h"

#include <sys/stat.h>

#define FILE_NAME "2008-02-20.tsv"
#define SECONDS	  1203465600

static char directory[64];

static void remove_directory(void)
{
	char path[128];
	snprintf(path, sizeof path, "%s/" FILE_NAME, directory);
	unlink(path);
	rmdir(directory);
}

static void write_file(const uint8_t *data, size_t size)
{
	char path[128];
	snprintf(path, sizeof path, "%s/" FILE_NAME, directory);
	FILE *stream = fopen(path, "w");
	promise(stream && fwrite(data, 1, size, stream) == size && fclose(stream) == 0);
}

static size_t read_file(uint8_t *content, size_t capacity)
{
	char path[128];
	snprintf(path, sizeof path, "%s/" FILE_NAME, directory);
	FILE *stream = fopen(path, "r");
	promise(stream != NULL);
	size_t length = fread(content, 1, capacity, stream);
	fclose(stream);
	return length;
}

/* Begins the day with the file, adds a retransmission (no source), and writes it. */
static int go_through(void)
{
	static const struct census_capacity capacity = {64, 64, 64, 64};
	static struct census_queue queue;
	struct failure failure = {0};
	struct census census;
	const struct census_packet packet = {
		.seconds = SECONDS + 3600, .protocol = 6, .port = 9, .source = 1, .repeated = true};
	void *memory = calloc(1, census_memory_size(&capacity));
	promise(memory != NULL);
	promise(census_open(&census, directory, memory, &capacity, NULL, NULL, &failure) == 0);
	int result = census_note(&census, &queue, &packet, &failure);
	promise(result == 0 || (failure.status == EXIT_FAILED && failure.text[0]));
	census_settle(&queue);
	if (result == 0)
		promise(census_finish(&census, &failure) == 0);
	census_free(&census);
	free(memory);
	return result;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static uint8_t first[1 << 16], second[1 << 16];
	struct stat status;
	if (!directory[0]) {
		bool memory = stat("/dev/shm", &status) == 0 && access("/dev/shm", W_OK) == 0;
		snprintf(directory, sizeof directory, "%s/stalenode-fuzz.XXXXXX",
			 memory ? "/dev/shm" : "/tmp");
		promise(mkdtemp(directory) != NULL);
		atexit(remove_directory);
	}
	write_file(data, size);
	if (go_through() != 0)
		return 0;
	size_t before = read_file(first, sizeof first);
	promise(go_through() == 0);
	size_t after = read_file(second, sizeof second);
	/* One packet more: the counts of one line grew, and no line came or went. */
	size_t lines[2] = {0, 0};
	for (size_t i = 0; i < before; i++)
		lines[0] += first[i] == '\n';
	for (size_t i = 0; i < after; i++)
		lines[1] += second[i] == '\n';
	promise(lines[0] == lines[1] && lines[0] >= 2 && lines[0] <= 65);
	return 0;
}

bool fuzz_seed(unsigned number, struct octets *seed)
{
	static const char *const seeds[] = {
		"#protocol\tport\tpackets\tsources\tsources_exact\n"
		"tcp\t7743\t12\t3\tyes\nudp\t53\t7\t7\tno\ntcp\t0\t18446744073709551\t1\tyes\n",
		"#protocol\tport\tpackets\tsources\tsources_exact\n"
		"tcp\t80\t2\t1\tyes\ntcp\t80\t9223372036854775807\t2147483647\tyes\n",
	};
	*seed = (struct octets){0};
	if (number >= sizeof seeds / sizeof seeds[0])
		return false;
	put_bytes(seed, seeds[number], strlen(seeds[number]));
	return true;
}
