/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "../../observer/service_manager.h"
#include "workspace.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <sys/socket.h>
#include <sys/un.h>

#include <cmocka.h>

static int listen_on(const char *name, socklen_t length)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	memcpy(address.sun_path, name, length);
	int descriptor = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	assert_true(descriptor >= 0);
	assert_int_equal(bind(descriptor, (struct sockaddr *)&address,
			      (socklen_t)(offsetof(struct sockaddr_un, sun_path) + length)),
			 0);
	return descriptor;
}

static void check_received(int descriptor, const char *expected)
{
	char text[200] = "";
	assert_true(recv(descriptor, text, sizeof text - 1, MSG_DONTWAIT) > 0);
	assert_string_equal(text, expected);
	close(descriptor);
}

static void a_socket_of_the_file_system_receives_the_lines(void **state)
{
	struct failure failure = {0};
	char path[100];
	snprintf(path, sizeof path, "%.90s/notify", (char *)*state);
	int descriptor = listen_on(path, (socklen_t)strlen(path));
	setenv("NOTIFY_SOCKET", path, 1);
	assert_int_equal(service_manager_tell("READY=1\nSTATUS=3 targets", &failure), 0);
	check_received(descriptor, "READY=1\nSTATUS=3 targets");
}

static void an_abstract_socket_receives_the_lines(void **state)
{
	(void)state;
	struct failure failure = {0};
	char name[64];
	int length = snprintf(name, sizeof name, "@stalenode-test-%d", (int)getpid());
	setenv("NOTIFY_SOCKET", name, 1);
	name[0] = '\0';
	int descriptor = listen_on(name, (socklen_t)length);
	assert_int_equal(service_manager_tell("WATCHDOG=1", &failure), 0);
	check_received(descriptor, "WATCHDOG=1");
}

static void without_a_service_manager_nothing_is_sent(void **state)
{
	(void)state;
	struct failure failure = {0};
	unsetenv("NOTIFY_SOCKET");
	assert_int_equal(service_manager_tell("READY=1", &failure), 0);
	setenv("NOTIFY_SOCKET", "", 1);
	assert_int_equal(service_manager_tell("READY=1", &failure), 0);
}

static void a_name_that_is_none_and_a_socket_that_is_gone_are_told(void **state)
{
	(void)state;
	struct failure failure = {0};
	setenv("NOTIFY_SOCKET", "relative/name", 1);
	assert_int_equal(service_manager_tell("READY=1", &failure), -1);
	failure = (struct failure){0};
	setenv("NOTIFY_SOCKET", "/nonexistent/notify", 1);
	assert_int_equal(service_manager_tell("READY=1", &failure), -1);
	assert_non_null(strstr(failure.text, "/nonexistent/notify"));
}

static void the_watchdog_is_told_at_half_its_interval_and_only_by_its_process(void **state)
{
	(void)state;
	char id[32];
	unsetenv("WATCHDOG_USEC");
	unsetenv("WATCHDOG_PID");
	assert_int_equal(service_manager_watchdog_us(), 0);
	setenv("WATCHDOG_USEC", "30000000", 1);
	assert_int_equal(service_manager_watchdog_us(), 15000000);
	snprintf(id, sizeof id, "%d", (int)getpid());
	setenv("WATCHDOG_PID", id, 1);
	assert_int_equal(service_manager_watchdog_us(), 15000000);
	setenv("WATCHDOG_PID", "1", 1);
	assert_int_equal(service_manager_watchdog_us(), 0);
	unsetenv("WATCHDOG_PID");
	setenv("WATCHDOG_USEC", "soon", 1);
	assert_int_equal(service_manager_watchdog_us(), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		in_workspace(a_socket_of_the_file_system_receives_the_lines),
		in_workspace(an_abstract_socket_receives_the_lines),
		in_workspace(without_a_service_manager_nothing_is_sent),
		in_workspace(a_name_that_is_none_and_a_socket_that_is_gone_are_told),
		in_workspace(the_watchdog_is_told_at_half_its_interval_and_only_by_its_process),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
