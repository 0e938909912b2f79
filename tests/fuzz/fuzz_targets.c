/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The data is text that a person gives: a time, a target of the command line, a list of targets.
 * What is taken must come back from what is written of it. */
#include "../../observer/base/timestamp.h"
#include "../../observer/store/targets.h"

#include "harness.h"

#include <sys/stat.h>

#define LIST_SEED                                                                                  \
	"stalenode-targets 1\n"                                                                    \
	"#name\tclient\tversion\taddress\tports\tstarted\tretired\tpolicy\texclude\n"              \
	"winny\tWinny\t2.0\t198.51.100.7,2001:db8::7\t7743,80\t-\t2008-02-20T00:00:"               \
	"00Z\tdrop\t22\n"

static void check_time(const char *text)
{
	int64_t seconds = 0, back = -1;
	char written[TIMESTAMP_TEXT_SIZE];
	if (!timestamp_parse(text, &seconds))
		return;
	promise(seconds >= 0);
	promise(timestamp_parse(timestamp_format(seconds, written), &back) && back == seconds);
}

static void promise_same(const struct target *a, const struct target *b)
{
	promise(strcmp(a->name, b->name) == 0 && strcmp(a->version, b->version) == 0);
	promise(a->ports == b->ports && a->addresses == b->addresses &&
		a->excluded_ports == b->excluded_ports);
	promise(memcmp(a->port, b->port, a->ports * sizeof a->port[0]) == 0);
	promise(memcmp(a->address, b->address, a->addresses * sizeof a->address[0]) == 0);
	promise(a->started == b->started && a->retired == b->retired);
	promise(strcmp(a->policy, b->policy) == 0);
	promise(strcmp(a->client, b->client) == 0);
}

/* Writes the list into the directory and reads it again. */
static void check_list(const struct targets *targets, const char *directory)
{
	struct failure failure = {0};
	struct targets back;
	promise(targets_write(targets, directory, &failure) == 0);
	promise(targets_read(&back, directory, &failure) == 0);
	promise(back.targets == targets->targets);
	for (size_t i = 0; i < back.targets; i++)
		promise_same(&targets->target[i], &back.target[i]);
	targets_free(&back);
}

/* In memory where there is such a place: synchronising to a disk would take all the time. */
static const char *make_directory(char path[64])
{
	struct stat status;
	bool memory = stat("/dev/shm", &status) == 0 && access("/dev/shm", W_OK) == 0;
	snprintf(path, 64, "%s/stalenode-fuzz.XXXXXX", memory ? "/dev/shm" : "/tmp");
	promise(mkdtemp(path) != NULL);
	return path;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char directory[64], file[96];
	struct failure failure = {0}, why = {0};
	struct targets targets, one = {0};
	struct target target;
	char *text = malloc(size + 1);
	promise(text != NULL);
	if (size)
		memcpy(text, data, size);
	text[size] = '\0';
	check_time(text);
	bool target_taken = target_parse(&target, text, &why) == 0;
	promise(target_taken || (why.status == EXIT_WRONG_USE && why.text[0]));

	make_directory(directory);
	snprintf(file, sizeof file, "%s/targets", directory);
	int descriptor = open(file, O_WRONLY | O_CREAT | O_EXCL, 0600);
	promise(descriptor >= 0 && write(descriptor, data, size) == (ssize_t)size);
	close(descriptor);
	if (targets_read(&targets, directory, &failure) == 0) {
		check_list(&targets, directory);
		targets_free(&targets);
	} else {
		promise(failure.status == EXIT_FAILED && failure.text[0]);
	}
	if (target_taken) {
		promise(targets_add(&one, &target, &failure) == 0);
		check_list(&one, directory);
		targets_free(&one);
	}
	unlink(file);
	promise(rmdir(directory) == 0);
	free(text);
	return 0;
}

bool fuzz_seed(unsigned number, struct octets *seed)
{
	static const char *const seeds[] = {
		LIST_SEED,
		LIST_SEED "share\t-\t-\t203.0.113.21\t13456\t1\t2\trst\t-\n",
		"winny=198.51.100.7/7743,80:client=Winny 2:retired=2008-02-20T09:00:00+09:00",
		"a=2001:db8::7/"
		"1:version=1.0:started=253402300799:policy=rst:exclude=22:address=1.2."
		"3.4",
		"2008-02-20T09:30:00.5+09:00",
		"9999-12-31 23:59:60",
		"1203465600",
		"-=1.2.3.4/1:client=-:version=-",
	};
	*seed = (struct octets){0};
	if (number >= sizeof seeds / sizeof seeds[0])
		return false;
	put_bytes(seed, seeds[number], strlen(seeds[number]));
	return true;
}
