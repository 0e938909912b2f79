/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * failing_disk SWITCH DIRECTORY COMMAND...: runs the command, whose writing system calls on files
 * below the directory fail with the error that the file SWITCH names, while it names one (a
 * number: 5 is EIO, 28 ENOSPC; empty or 0: the disk is well; -50: it takes 50 ms to make something
 * durable). Seen from the command it is the disk:
 * the calls of the C library's own streams fail as well.
 *
 * Failing: write, writev, pwrite, fsync, fdatasync, msync, ftruncate, fallocate, and opening for
 * writing. The command keeps the process id; the supervisor is a child of init's. What is written
 * through a mapping does not pass here. */
#include <errno.h>
#include <fcntl.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <poll.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#define PATH_SIZE 4096

static const int failing[] = {SYS_write,     SYS_writev, SYS_pwrite64,	SYS_fsync, SYS_fdatasync,
			      SYS_ftruncate, SYS_msync,	 SYS_fallocate, SYS_openat};
#define FAILING (sizeof failing / sizeof failing[0])

static _Noreturn void give_up(const char *what)
{
	fprintf(stderr, "failing_disk: %s: %s\n", what, strerror(errno));
	exit(125);
}

/* The supervisor's descriptor of the filter that this process is under from now on. */
static int filter_calls(void)
{
	struct sock_filter filter[FAILING + 3];
	size_t used = 0;
	filter[used++] = (struct sock_filter)BPF_STMT(BPF_LD | BPF_W | BPF_ABS,
						      offsetof(struct seccomp_data, nr));
	for (size_t i = 0; i < FAILING; i++)
		filter[used++] = (struct sock_filter)BPF_JUMP(
			BPF_JMP | BPF_JEQ | BPF_K, (uint32_t)failing[i], (uint8_t)(FAILING - i), 0);
	filter[used++] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW);
	filter[used++] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_USER_NOTIF);
	struct sock_fprog program = {(unsigned short)used, filter};
	return (int)syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_NEW_LISTENER,
			    &program);
}

static bool is_below(const char *path, const char *directory)
{
	size_t length = strlen(directory);
	return strncmp(path, directory, length) == 0 &&
	       (path[length] == '/' || path[length] == '\0' || path[length] == ' ');
}

static bool link_is_below(unsigned process, const char *link, const char *directory)
{
	char name[64], path[PATH_SIZE];
	snprintf(name, sizeof name, "/proc/%u/%s", process, link);
	ssize_t length = readlink(name, path, sizeof path - 1);
	if (length < 0)
		return false;
	path[length] = '\0';
	return is_below(path, directory);
}

static bool descriptor_is_below(unsigned process, int descriptor, const char *directory)
{
	char link[32];
	snprintf(link, sizeof link, "fd/%d", descriptor);
	return link_is_below(process, link, directory);
}

static bool opens_below(const struct seccomp_notif *call, const char *directory)
{
	char name[64], path[PATH_SIZE] = "";
	int at = (int)call->data.args[0], flags = (int)call->data.args[2];
	if ((flags & O_ACCMODE) == O_RDONLY && !(flags & (O_CREAT | O_TRUNC)))
		return false;
	snprintf(name, sizeof name, "/proc/%u/mem", call->pid);
	int memory = open(name, O_RDONLY | O_CLOEXEC);
	if (memory < 0)
		return false;
	ssize_t length = pread(memory, path, sizeof path - 1, (off_t)call->data.args[1]);
	close(memory);
	if (length <= 0)
		return false;
	if (path[0] == '/')
		return is_below(path, directory);
	return at == AT_FDCWD ? link_is_below(call->pid, "cwd", directory)
			      : descriptor_is_below(call->pid, at, directory);
}

static bool concerns(const struct seccomp_notif *call, const char *directory)
{
	if (call->data.nr == SYS_openat)
		return opens_below(call, directory);
	if (call->data.nr == SYS_msync)
		return true; /* nothing else is mapped to be synchronised */
	return descriptor_is_below(call->pid, (int)call->data.args[0], directory);
}

static bool synchronises(const struct seccomp_notif *call)
{
	return call->data.nr == SYS_fsync || call->data.nr == SYS_fdatasync ||
	       call->data.nr == SYS_msync;
}

static int wanted_error(int file)
{
	char text[16] = "";
	if (pread(file, text, sizeof text - 1, 0) < 0)
		return 0;
	return (int)strtol(text, NULL, 10);
}

static void supervise(int listener, int file, const char *directory)
{
	struct pollfd calls = {.fd = listener, .events = POLLIN};
	for (;;) {
		struct seccomp_notif call = {0};
		if (poll(&calls, 1, -1) < 0 && errno != EINTR)
			return;
		if (calls.revents & POLLHUP)
			return; /* the last process under the filter is gone */
		if (ioctl(listener, SECCOMP_IOCTL_NOTIF_RECV, &call) != 0) {
			if (errno == EINTR || errno == ENOENT)
				continue; /* the caller was killed in the meantime */
			return;
		}
		struct seccomp_notif_resp answer = {.id = call.id};
		int error = wanted_error(file);
		if (error < 0 && synchronises(&call) && concerns(&call, directory))
			poll(NULL, 0, -error);
		if (error > 0 && concerns(&call, directory))
			answer.error = -error;
		else
			answer.flags = SECCOMP_USER_NOTIF_FLAG_CONTINUE;
		ioctl(listener, SECCOMP_IOCTL_NOTIF_SEND, &answer);
	}
}

static void hand_over(int channel, int descriptor)
{
	char byte = 0;
	union {
		struct cmsghdr header;
		char space[CMSG_SPACE(sizeof(int))];
	} control = {.space = {0}};
	struct iovec vector = {&byte, 1};
	struct msghdr message = {.msg_iov = &vector,
				 .msg_iovlen = 1,
				 .msg_control = &control,
				 .msg_controllen = sizeof control};
	struct cmsghdr *part = CMSG_FIRSTHDR(&message);
	part->cmsg_level = SOL_SOCKET;
	part->cmsg_type = SCM_RIGHTS;
	part->cmsg_len = CMSG_LEN(sizeof(int));
	memcpy(CMSG_DATA(part), &descriptor, sizeof descriptor);
	if (sendmsg(channel, &message, 0) != 1)
		give_up("sendmsg");
}

static int take_over(int channel)
{
	char byte, control[CMSG_SPACE(sizeof(int))];
	int descriptor = -1;
	struct iovec vector = {&byte, 1};
	struct msghdr message = {.msg_iov = &vector,
				 .msg_iovlen = 1,
				 .msg_control = control,
				 .msg_controllen = sizeof control};
	if (recvmsg(channel, &message, MSG_CMSG_CLOEXEC) == 1 && CMSG_FIRSTHDR(&message))
		memcpy(&descriptor, CMSG_DATA(CMSG_FIRSTHDR(&message)), sizeof descriptor);
	return descriptor;
}

int main(int argc, char **argv)
{
	int channel[2];
	if (argc < 4) {
		fprintf(stderr, "usage: failing_disk SWITCH DIRECTORY COMMAND...\n");
		return 2;
	}
	int file = open(argv[1], O_RDONLY | O_CLOEXEC);
	if (file < 0)
		give_up(argv[1]);
	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, channel) != 0)
		give_up("socketpair");
	pid_t child = fork();
	if (child == 0) {
		if (fork() == 0) {
			close(channel[0]);
			int listener = take_over(channel[1]);
			/* Whoever waits for the command's output does not wait for this one. */
			fclose(stdin);
			fclose(stdout);
			fclose(stderr);
			if (listener >= 0)
				supervise(listener, file, argv[2]);
		}
		_exit(0);
	}
	waitpid(child, NULL, 0);
	close(channel[1]);
	int listener = filter_calls();
	if (listener < 0)
		give_up("seccomp");
	hand_over(channel[0], listener);
	close(listener);
	close(channel[0]);
	execvp(argv[3], argv + 3);
	give_up(argv[3]);
}
