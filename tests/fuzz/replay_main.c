/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * replay: runs a fuzz target without libFuzzer, under any compiler and any sanitiser.
 *
 *   replay_X MUTATIONS [SEED]  every built-in seed, then so many mutations of them; the numbers
 *                              are the same on every machine
 *   replay_X --file FILE...    these inputs, as libFuzzer keeps them
 *   replay_X --seeds DIR       writes the built-in seeds into files, for libFuzzer
 *
 * An input that ends the process is kept as "crash-input" in the current directory. */
#include "../../observer/base/decimal.h"
#include "harness.h"

#include <errno.h>
#include <inttypes.h>
#include <signal.h>

#define SEEDS_MAX 64

/* Only for what happens when the process is about to end. */
static const struct octets *running;

static void keep_input(void)
{
	int file = open("crash-input", O_WRONLY | O_CREAT | O_TRUNC, 0644);
	if (file < 0 || !running)
		return;
	ssize_t written = write(file, running->bytes, running->length);
	static const char said[] = "the input is in crash-input\n";
	if (written >= 0)
		written = write(2, said, sizeof said - 1);
	close(file);
}

static void keep_and_end(int signal_number)
{
	keep_input();
	signal(signal_number, SIG_DFL);
	raise(signal_number);
}

void __sanitizer_set_death_callback(void (*callback)(void)) __attribute__((weak));

static void run(const struct octets *input)
{
	running = input;
	uint8_t *copy = exact_copy(input->bytes, input->length);
	LLVMFuzzerTestOneInput(copy, input->length);
	free(copy);
}

static void insert(struct octets *input, size_t at, const uint8_t *bytes, size_t length)
{
	if (length > sizeof input->bytes - input->length)
		length = sizeof input->bytes - input->length;
	memmove(input->bytes + at + length, input->bytes + at, input->length - at);
	memcpy(input->bytes + at, bytes, length);
	input->length += length;
}

/* One small change, of the kinds that find something in parsers. */
static void mutate(struct octets *input, const struct octets *other, uint64_t *random)
{
	static const uint8_t telling[] = {0x00, 0xff, 0x7f, 0x80, 0x01, '\n', '\t', ',',
					  ':',	'/',  '-',  '=',  '0',	'9',  ' ',  'Z'};
	uint64_t kind = next_number(random) % 8;
	size_t at = input->length ? next_number(random) % input->length : 0;
	size_t length = next_number(random) % 16;
	uint8_t bytes[16];
	if (input->length == 0)
		kind = 5;
	switch (kind) {
	case 0:
		input->bytes[at] ^= (uint8_t)(1u << next_number(random) % 8);
		break;
	case 1:
		input->bytes[at] = telling[next_number(random) % sizeof telling];
		break;
	case 2:
		input->bytes[at] = (uint8_t)(input->bytes[at] + next_number(random) % 9 - 4);
		break;
	case 3: /* cut the end off */
		input->length = at;
		break;
	case 4: /* take a piece out */
		length = length < input->length - at ? length : input->length - at;
		memmove(input->bytes + at, input->bytes + at + length, input->length - at - length);
		input->length -= length;
		break;
	case 5:
		for (size_t i = 0; i < sizeof bytes; i++)
			bytes[i] = telling[next_number(random) % sizeof telling];
		insert(input, at, bytes, length);
		break;
	case 6: /* a piece of its own once more */
		length = length < input->length - at ? length : input->length - at;
		memcpy(bytes, input->bytes + at, length);
		insert(input, next_number(random) % (input->length + 1), bytes, length);
		break;
	default: /* the end of another seed */
		input->length = at;
		if (other->length) {
			size_t from = next_number(random) % other->length;
			insert(input, at, other->bytes + from, other->length - from);
		}
	}
}

static int replay_mutations(uint64_t mutations, uint64_t random)
{
	static struct octets seeds[SEEDS_MAX], input;
	unsigned count = 0;
	while (count < SEEDS_MAX && fuzz_seed(count, &seeds[count]))
		run(&seeds[count++]);
	for (uint64_t i = 0; i < mutations; i++) {
		input = seeds[next_number(&random) % count];
		for (uint64_t changes = 1 + next_number(&random) % 6; changes; changes--)
			mutate(&input, &seeds[next_number(&random) % count], &random);
		run(&input);
	}
	printf("%u seeds and %" PRIu64 " mutations of them\n", count, mutations);
	return 0;
}

static int replay_file(const char *path)
{
	static struct octets input;
	FILE *stream = fopen(path, "r");
	if (!stream) {
		fprintf(stderr, "%s: %s\n", path, strerror(errno));
		return 1;
	}
	input.length = fread(input.bytes, 1, sizeof input.bytes, stream);
	fclose(stream);
	run(&input);
	return 0;
}

static int write_seeds(const char *directory)
{
	struct octets seed;
	for (unsigned number = 0; fuzz_seed(number, &seed); number++) {
		char path[4096];
		snprintf(path, sizeof path, "%s/seed-%u", directory, number);
		FILE *stream = fopen(path, "w");
		size_t written = stream ? fwrite(seed.bytes, 1, seed.length, stream) : 0;
		if (!stream || fclose(stream) != 0 || written != seed.length) {
			fprintf(stderr, "%s: %s\n", path, strerror(errno));
			return 1;
		}
	}
	return 0;
}

int main(int argc, char **argv)
{
	uint64_t mutations, random = 1;
	int status = 0;
	if (__sanitizer_set_death_callback)
		__sanitizer_set_death_callback(keep_input);
	else
		signal(SIGSEGV, keep_and_end);
	signal(SIGABRT, keep_and_end);
	if (argc == 3 && strcmp(argv[1], "--seeds") == 0)
		return write_seeds(argv[2]);
	if (argc >= 3 && strcmp(argv[1], "--file") == 0) {
		for (int i = 2; i < argc; i++)
			status |= replay_file(argv[i]);
		return status;
	}
	if (argc < 2 || argc > 3 ||
	    !decimal_parse(argv[1], strlen(argv[1]), UINT32_MAX, &mutations) ||
	    (argc == 3 && !decimal_parse(argv[2], strlen(argv[2]), UINT64_MAX, &random))) {
		fprintf(stderr, "usage: %s MUTATIONS [SEED] | --file FILE... | --seeds DIR\n",
			argv[0]);
		return 2;
	}
	return replay_mutations(mutations, random);
}
