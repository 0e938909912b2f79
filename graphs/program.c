/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "program.h"

#include "plain_text.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

/* Files in memory instead of pipes: neither side can block on the other. */
enum channel { CHANNEL_INPUT, CHANNEL_OUTPUT, CHANNEL_ERROR, CHANNELS };

/* Of the caller's environment only what finds programs and fonts. */
static const char *const kept_variables[] = {"PATH", "HOME", "XDG_CACHE_HOME", "FONTCONFIG_FILE",
					     "FONTCONFIG_PATH"};
#define KEPT_VARIABLES (sizeof kept_variables / sizeof kept_variables[0])

struct environment {
	char kept[KEPT_VARIABLES][4096];
	char *variable[KEPT_VARIABLES + 4];
};

static void environment_fill(struct environment *environment)
{
	static char timezone[] = "TZ=UTC", locale[] = "LC_ALL=C.UTF-8",
		    date[] = "SOURCE_DATE_EPOCH=0";
	size_t used = 0;
	for (size_t i = 0; i < KEPT_VARIABLES; i++) {
		const char *value = getenv(kept_variables[i]);
		int length = value ? snprintf(environment->kept[i], sizeof environment->kept[i],
					      "%s=%s", kept_variables[i], value)
				   : -1;
		if (length > 0 && (size_t)length < sizeof environment->kept[i])
			environment->variable[used++] = environment->kept[i];
	}
	environment->variable[used++] = timezone;
	environment->variable[used++] = locale;
	environment->variable[used++] = date;
	environment->variable[used] = NULL;
}

static void channels_close(int channel[CHANNELS])
{
	for (int i = 0; i < CHANNELS; i++)
		if (channel[i] >= 0)
			close(channel[i]);
}

static int write_all(int descriptor, const char *bytes, size_t length)
{
	for (size_t done = 0; done < length;) {
		ssize_t written = write(descriptor, bytes + done, length - done);
		if (written < 0 && errno == EINTR)
			continue;
		if (written <= 0)
			return -1;
		done += (size_t)written;
	}
	return lseek(descriptor, 0, SEEK_SET) == 0 ? 0 : -1;
}

static int channels_open(int channel[CHANNELS], const char *input, size_t length)
{
	static const char *const name[CHANNELS] = {"input", "output", "error"};
	bool opened = true;
	for (int i = 0; i < CHANNELS; i++) {
		channel[i] = memfd_create(name[i], MFD_CLOEXEC);
		opened = opened && channel[i] >= 0;
	}
	return opened ? write_all(channel[CHANNEL_INPUT], input, length) : -1;
}

static int read_channel(int descriptor, size_t limit, char **bytes, size_t *length)
{
	struct stat status;
	if (fstat(descriptor, &status) != 0)
		return -1;
	if ((size_t)status.st_size > limit) {
		errno = EFBIG;
		return -1;
	}
	*length = (size_t)status.st_size;
	*bytes = malloc(*length + 1);
	if (!*bytes)
		return -1;
	for (size_t done = 0; done < *length;) {
		ssize_t count = pread(descriptor, *bytes + done, *length - done, (off_t)done);
		if (count < 0 && errno == EINTR)
			continue;
		if (count <= 0) {
			free(*bytes);
			*bytes = NULL;
			return -1;
		}
		done += (size_t)count;
	}
	(*bytes)[*length] = '\0';
	return 0;
}

/* The last line that is not blank: programs name the cause there. */
static void last_complaint(int descriptor, char *complaint, size_t size)
{
	char *bytes;
	size_t length;
	complaint[0] = '\0';
	if (read_channel(descriptor, 1 << 20, &bytes, &length) != 0)
		return;
	while (length > 0 && strchr(" \t\r\n", bytes[length - 1]))
		bytes[--length] = '\0';
	char *line = strrchr(bytes, '\n');
	plain_text(line ? line + 1 : bytes, complaint, size);
	free(bytes);
}

/* The child alone holds the other end of *lifeline: its end of file is the child's end. */
static int spawn(const struct program *program, int channel[CHANNELS], pid_t *child, int *lifeline)
{
	struct environment environment;
	environment_fill(&environment);
	int end[2];
	if (pipe2(end, O_CLOEXEC) != 0)
		return errno;
	*lifeline = end[0];
	posix_spawn_file_actions_t actions;
	int error = posix_spawn_file_actions_init(&actions);
	for (int i = 0; i < CHANNELS && error == 0; i++)
		error = posix_spawn_file_actions_adddup2(&actions, channel[i], i);
	if (error == 0)
		error = posix_spawn_file_actions_adddup2(&actions, end[1], CHANNELS);
	if (error == 0)
		error = posix_spawnp(child, program->arguments[0], &actions, NULL,
				     (char *const *)(uintptr_t)program->arguments,
				     environment.variable);
	posix_spawn_file_actions_destroy(&actions);
	close(end[1]);
	if (error != 0)
		close(end[0]);
	return error;
}

/* Waits for the child, at most so many seconds; false when it had to be killed. */
static bool wait_for(pid_t child, int lifeline, int seconds, int *status)
{
	struct pollfd wanted = {.fd = lifeline, .events = POLLIN};
	int ready;
	do
		ready = poll(&wanted, 1, seconds * 1000);
	while (ready < 0 && errno == EINTR);
	if (ready == 0)
		kill(child, SIGKILL);
	close(lifeline);
	while (waitpid(child, status, 0) < 0 && errno == EINTR)
		;
	return ready != 0;
}

static int run(const struct program *program, int channel[CHANNELS], char **output,
	       size_t *output_length, struct failure *failure)
{
	const char *name = program->arguments[0];
	pid_t child;
	int lifeline, status = 0;
	int error = spawn(program, channel, &child, &lifeline);
	if (error != 0 && error != ENOENT)
		return fail(failure, EXIT_FAILED, "%s cannot be started: %s", name,
			    strerror(error));
	bool in_time = error == ENOENT || wait_for(child, lifeline, program->seconds, &status);
	/* Where it cannot tell at once, posix_spawnp() lets the child end with 127. */
	if (error == ENOENT || (WIFEXITED(status) && WEXITSTATUS(status) == 127))
		return fail(failure, EXIT_FAILED, "%s is not installed: %s", name, program->mend);
	if (!in_time)
		return fail(failure, EXIT_FAILED, "%s took more than %d seconds and was stopped",
			    name, program->seconds);
	if (WIFSIGNALED(status))
		return fail(failure, EXIT_FAILED, "%s was ended by signal %d", name,
			    WTERMSIG(status));
	if (WEXITSTATUS(status) != 0) {
		char complaint[400];
		last_complaint(channel[CHANNEL_ERROR], complaint, sizeof complaint);
		return fail(failure, EXIT_FAILED, "%s failed (exit status %d): %s", name,
			    WEXITSTATUS(status), complaint[0] ? complaint : "it gave no reason");
	}
	if (read_channel(channel[CHANNEL_OUTPUT], program->output_limit, output, output_length) !=
	    0)
		return fail(failure, EXIT_FAILED, "the output of %s cannot be read: %s", name,
			    strerror(errno));
	return 0;
}

int program_run(const struct program *program, const char *input, size_t length, char **output,
		size_t *output_length, struct failure *failure)
{
	int channel[CHANNELS] = {-1, -1, -1};
	int result;
	if (channels_open(channel, input, length) == 0)
		result = run(program, channel, output, output_length, failure);
	else
		result = fail(failure, EXIT_FAILED, "no memory for the input of %s: %s",
			      program->arguments[0], strerror(errno));
	channels_close(channel);
	return result;
}
