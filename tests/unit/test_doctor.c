/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "../../observer/doctor_policy.h"
#include "../../observer/doctor_probe.h"

#include "workspace.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>

#include <cmocka.h>

/* The only finding: of this grade, with this in its text. */
static void only_finding(struct findings *findings, enum finding_grade grade, const char *said)
{
	if (findings->findings != 1 || findings->finding[0].grade != grade ||
	    !strstr(findings->finding[0].text, said))
		fail_msg("%zu findings, the first of grade %d: %s", findings->findings,
			 (int)findings->finding[0].grade, findings->finding[0].text);
	*findings = (struct findings){0};
}

static const struct finding *finding_about(const struct findings *findings, const char *subject)
{
	for (size_t i = 0; i < findings->findings; i++)
		if (strcmp(findings->finding[i].subject, subject) == 0)
			return &findings->finding[i];
	fail_msg("nothing about %s", subject);
	return NULL;
}

static void the_privilege_may_be_the_process_or_the_file(void **state)
{
	(void)state;
	struct findings findings = {0};
	struct privilege_reading reading = {.agent = "/usr/sbin/stalenoded"};
	doctor_judge_privilege(&findings, &reading);
	only_finding(&findings, FINDING_FAILURE, "setcap cap_net_raw+ep /usr/sbin/stalenoded");
	reading.agent_has = true;
	doctor_judge_privilege(&findings, &reading);
	only_finding(&findings, FINDING_OK, "/usr/sbin/stalenoded");
	reading.agent_has = false;
	reading.effective = true;
	doctor_judge_privilege(&findings, &reading);
	only_finding(&findings, FINDING_OK, "effective");
	reading.agent = NULL;
	doctor_judge_privilege(&findings, &reading);
	assert_int_equal(finding_about(&findings, "stalenoded")->grade, FINDING_FAILURE);
}

static void an_interface_is_judged_by_what_it_is_and_whether_it_opens(void **state)
{
	(void)state;
	struct findings findings = {0};
	struct interface_reading reading = {.name = "eth7"};
	doctor_judge_interface(&findings, &reading);
	only_finding(&findings, FINDING_FAILURE, "no eth7");
	reading = (struct interface_reading){
		.name = "eth7", .exists = true, .tried = true, .refusal = "it is not up"};
	doctor_judge_interface(&findings, &reading);
	assert_int_equal(findings.of_grade[FINDING_FAILURE], 2);
	assert_string_equal(finding_about(&findings, "capture")->text, "it is not up");
	findings = (struct findings){0};
	reading.up = true;
	reading.tried = false;
	doctor_judge_interface(&findings, &reading);
	assert_int_equal(findings.of_grade[FINDING_WARNING], 2); /* no carrier, not tried */
	findings = (struct findings){0};
	reading.carrier = reading.tried = true;
	reading.opened = true;
	doctor_judge_interface(&findings, &reading);
	assert_int_equal(findings.of_grade[FINDING_OK], 2);
	assert_int_equal(findings.findings, 2);
}

static void a_clock_is_sane_synchronised_and_left_alone(void **state)
{
	(void)state;
	struct findings findings = {0};
	struct clock_reading reading = {.now = 3600, .synchronised = true};
	doctor_judge_clock(&findings, &reading);
	only_finding(&findings, FINDING_FAILURE, "1970-01-01T01:00:00Z");
	reading.now = 1795435200;
	reading.error_us = 12345;
	reading.step_us = -100000;
	doctor_judge_clock(&findings, &reading);
	only_finding(&findings, FINDING_OK, "off by 12 ms");
	reading.synchronised = false;
	doctor_judge_clock(&findings, &reading);
	only_finding(&findings, FINDING_WARNING, "chrony");
	reading.synchronised = true;
	reading.step_us = -3600000000;
	doctor_judge_clock(&findings, &reading);
	assert_int_equal(findings.of_grade[FINDING_WARNING], 1);
	assert_non_null(strstr(findings.finding[0].text, "-3600000 ms"));
}

static struct directory_reading good_directory(void)
{
	return (struct directory_reading){
		.path = "obs",
		.exists = true,
		.synchronise_us = 1500,
		.disk = {.known = true,
			 .free_bytes = 100000000000,
			 .size_bytes = 200000000000,
			 .free_files = UINT64_MAX,
			 .magic = 0xef53},
	};
}

static void a_directory_needs_room_for_two_years_of_its_targets(void **state)
{
	(void)state;
	struct findings findings = {0};
	struct directory_reading reading = good_directory();
	doctor_judge_directory(&findings, &reading, 8);
	assert_int_equal(findings.of_grade[FINDING_OK], 3);
	assert_int_equal(findings.findings, 3);
	/* 8 targets with 16 MiB of evidence a day are 98 GB. */
	findings = (struct findings){0};
	reading.disk.free_bytes = 90000000000;
	doctor_judge_directory(&findings, &reading, 8);
	assert_int_equal(finding_about(&findings, "disk")->grade, FINDING_WARNING);
	findings = (struct findings){0};
	reading.disk.free_bytes = 8 * 45000000 - 1;
	doctor_judge_directory(&findings, &reading, 8);
	assert_int_equal(finding_about(&findings, "disk")->grade, FINDING_FAILURE);
	findings = (struct findings){0};
	reading = good_directory();
	reading.disk.free_files = 2 * 730 * 8 - 1;
	doctor_judge_directory(&findings, &reading, 8);
	assert_int_equal(finding_about(&findings, "inodes")->grade, FINDING_WARNING);
}

static void a_file_system_that_forgets_or_waits_is_warned_of(void **state)
{
	(void)state;
	static const struct {
		unsigned long magic;
		enum finding_grade grade;
		const char *name;
	} kinds[] = {
		{0xef53, FINDING_OK, "ext4"},	  {0x01021994, FINDING_WARNING, "tmpfs"},
		{0x6969, FINDING_WARNING, "nfs"}, {0x794c7630, FINDING_WARNING, "overlay"},
		{0x58465342, FINDING_OK, "xfs"},  {0x12345678, FINDING_OK, "0x12345678"},
	};
	for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
		struct findings findings = {0};
		struct directory_reading reading = good_directory();
		reading.disk.magic = kinds[i].magic;
		doctor_judge_directory(&findings, &reading, 1);
		const struct finding *finding = finding_about(&findings, "file system");
		assert_int_equal(finding->grade, kinds[i].grade);
		assert_non_null(strstr(finding->text, kinds[i].name));
	}
	struct findings findings = {0};
	struct directory_reading reading = good_directory();
	reading.disk.read_only = true;
	reading.synchronise_us = 250000;
	doctor_judge_directory(&findings, &reading, 1);
	assert_int_equal(finding_about(&findings, "file system")->grade, FINDING_FAILURE);
	assert_int_equal(finding_about(&findings, "state")->grade, FINDING_WARNING);
}

static void descriptors_are_counted_per_target(void **state)
{
	(void)state;
	struct findings findings = {0};
	doctor_judge_descriptors(&findings, 332, 100);
	only_finding(&findings, FINDING_OK, "332");
	doctor_judge_descriptors(&findings, 331, 100);
	only_finding(&findings, FINDING_FAILURE, "ulimit");
	doctor_judge_descriptors(&findings, 35, 0);
	only_finding(&findings, FINDING_OK, "35");
}

static void a_kernel_without_landlock_is_warned_of(void **state)
{
	(void)state;
	const char *sufficient[] = {"6.1.0-18-amd64", "5.13.1", "10.0"};
	const char *too_old[] = {"5.10.0-28-amd64", "4.19.0", "3.2.0"};
	for (size_t i = 0; i < 3; i++) {
		struct findings findings = {0};
		struct version_reading reading = {sufficient[i], "1.7.2"};
		doctor_judge_versions(&findings, &reading);
		assert_int_equal(findings.of_grade[FINDING_OK], 2);
		findings = (struct findings){0};
		reading.kernel = too_old[i];
		doctor_judge_versions(&findings, &reading);
		assert_int_equal(finding_about(&findings, "kernel")->grade, FINDING_WARNING);
	}
}

static void the_policy_is_what_was_seen(void **state)
{
	(void)state;
	struct policy_reading few = {9, 0, 0}, silent = {10, 0, 0}, refusing = {100, 0, 96},
			      alive_first = {100, 60, 38}, changed = {100, 0, 40};
	assert_null(policy_seen(&few));
	assert_string_equal(policy_seen(&silent), "drop");
	assert_string_equal(policy_seen(&refusing), "rst");
	assert_string_equal(policy_seen(&alive_first), "rst");
	assert_null(policy_seen(&changed));
	struct failure failure = {0};
	struct target target[2];
	assert_int_equal(target_parse(&target[0], "a=192.0.2.1/7743:policy=drop", &failure), 0);
	assert_int_equal(target_parse(&target[1], "b=192.0.2.2/7743", &failure), 0);
	struct targets targets = {target, 1};
	struct policy_reading reading[2] = {silent, refusing};
	struct findings findings = {0};
	policy_judge(&findings, &targets, reading);
	assert_int_equal(finding_about(&findings, "policy")->grade, FINDING_OK);
	findings = (struct findings){0};
	targets.targets = 2;
	policy_judge(&findings, &targets, reading);
	assert_int_equal(finding_about(&findings, "policy")->grade, FINDING_WARNING);
	assert_non_null(strstr(finding_about(&findings, "policy")->text, "'policy = rst'"));
	findings = (struct findings){0};
	targets.targets = 1;
	policy_judge(&findings, &targets, &reading[1]);
	assert_non_null(strstr(finding_about(&findings, "policy")->text,
			       "recorded with policy drop, but was seen to answer with RST"));
}

static void the_targets_are_here(void **state)
{
	(void)state;
	struct failure failure = {0};
	struct target target[2];
	bool local[2];
	assert_int_equal(target_parse(&target[0], "here=127.0.0.1/7743:policy=drop", &failure), 0);
	assert_int_equal(target_parse(&target[1], "away=198.51.100.7/7743", &failure), 0);
	struct targets targets = {target, 2};
	struct findings findings = {0};
	probe_local(&targets, local);
	assert_true(local[0]);
	assert_false(local[1]);
	doctor_judge_targets(&findings, &targets, local);
	assert_int_equal(findings.of_grade[FINDING_WARNING], 1);
	assert_non_null(strstr(finding_about(&findings, "addresses")->text, "away (198.51.100.7)"));
	findings = (struct findings){0};
	targets.targets = 1;
	doctor_judge_targets(&findings, &targets, local);
	assert_int_equal(findings.of_grade[FINDING_OK], 1);
	findings = (struct findings){0};
	targets.targets = 0;
	doctor_judge_targets(&findings, &targets, local);
	assert_int_equal(findings.findings, 0);
}

static void a_directory_is_tried_and_left_as_it_was(void **state)
{
	(void)state;
	struct probe_texts texts = {0};
	struct targets targets;
	mkdir("empty", 0755);
	struct directory_reading reading = probe_directory("empty", &targets, &texts);
	assert_null(reading.refusal);
	assert_null(reading.unwritable);
	assert_true(reading.exists && reading.disk.known && reading.synchronise_us >= 0);
	assert_int_equal(entries_of("empty"), 0);
	reading = probe_directory("empty/a/b", &targets, &texts);
	assert_null(reading.refusal);
	assert_false(reading.exists);
	assert_int_equal(entries_of("empty"), 0);
	write_text("empty/picture.jpg", "x");
	reading = probe_directory("empty", &targets, &texts);
	assert_non_null(strstr(reading.refusal, "empty: exists and is not a state directory"));
	write_text("file", "x");
	reading = probe_directory("file", &targets, &texts);
	assert_non_null(strstr(reading.refusal, "file: exists and is not a state directory"));
	mkdir("foreign", 0755);
	write_text("foreign/targets", "stalenode-targets 99\n");
	reading = probe_directory("foreign", &targets, &texts);
	assert_non_null(strstr(reading.refusal, "foreign/targets"));
	assert_int_equal(targets.targets, 0);
}

static void this_machine_can_be_read(void **state)
{
	(void)state;
	struct probe_texts texts = {0};
	struct clock_watch watch;
	probe_clock_begin(&watch);
	struct clock_reading clock = probe_clock_end(&watch);
	assert_true(clock.now > DOCTOR_EARLIEST_TIME);
	assert_true(clock.step_us > -1000000 && clock.step_us < 1000000);
	assert_true(probe_descriptors() > 0);
	struct version_reading versions = probe_versions(&texts);
	assert_true(versions.kernel[0] && versions.rrd[0]);
	struct interface_reading interface = probe_interface("lo", false, &texts);
	assert_true(interface.exists && !interface.tried);
	assert_false(probe_interface("no-such-name0", true, &texts).exists);
	assert_false(probe_interface("a-name-longer-than-any-interface-has", true, &texts).exists);
	assert_true(probe_interface("any", false, &texts).up);
}

static void findings_beyond_the_table_are_still_counted(void **state)
{
	(void)state;
	struct findings findings = {0};
	for (size_t i = 0; i < FINDINGS_MAX + 3; i++)
		findings_add(&findings, FINDING_FAILURE, "disk", "%zu", i);
	assert_int_equal(findings.findings, FINDINGS_MAX);
	assert_int_equal(findings.of_grade[FINDING_FAILURE], FINDINGS_MAX + 3);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_privilege_may_be_the_process_or_the_file),
		cmocka_unit_test(an_interface_is_judged_by_what_it_is_and_whether_it_opens),
		cmocka_unit_test(a_clock_is_sane_synchronised_and_left_alone),
		cmocka_unit_test(a_directory_needs_room_for_two_years_of_its_targets),
		cmocka_unit_test(a_file_system_that_forgets_or_waits_is_warned_of),
		cmocka_unit_test(descriptors_are_counted_per_target),
		cmocka_unit_test(a_kernel_without_landlock_is_warned_of),
		cmocka_unit_test(the_policy_is_what_was_seen),
		cmocka_unit_test(the_targets_are_here),
		in_workspace(a_directory_is_tried_and_left_as_it_was),
		cmocka_unit_test(this_machine_can_be_read),
		cmocka_unit_test(findings_beyond_the_table_are_still_counted),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
