/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Evidence and census of a process that is killed at random moments, undone by the journal and
 * gone on with, against those of a process that nobody disturbed. */
#include "../../observer/store/target_notes.h"

#include "../../observer/fingerprint.h"
#include "frames.h"
#include "mmdb.h"
#include "workspace.h"

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <sys/mman.h>
#include <sys/wait.h>

#include <cmocka.h>

#define START	INT64_C(1203465600) /* 2008-02-20 */
#define DAY	INT64_C(86400)
#define PACKETS 60000
#define DAYS	4
#define KILLS	50 /* make soak sets STALENODE_KILLS to 1000 */
/* Small, so that every table fills up. */
static const struct census_capacity capacity = {
	.ports = 200, .sources = 3000, .countries = CENSUS_COUNTRIES_MAX, .systems = 8};
#define BUDGET (600u << 10)

/* Everything that outlives the process. */
struct outliving {
	struct journal_log log;
	uint64_t next; /* number of the packet that is to be counted next */
	uint64_t passes;
	uint8_t notes[];
};

static struct geo *geo;
static struct target_notes notes;
static struct census_queue queue;

static void must(int result, const struct failure *failure)
{
	if (result != 0) {
		fprintf(stderr, "%s\n", failure->text);
		abort(); /* in the child as in the parent */
	}
}

static void make_databases(void)
{
	struct octets file;
	static struct mmdb mmdb;
	mmdb_begin(&mmdb);
	uint32_t jp = mmdb_country(&mmdb, "JP"), de = mmdb_country(&mmdb, "DE");
	for (uint32_t n = 0; n < 12; n++)
		mmdb_insert_ipv4(&mmdb, 0xc6120000 + (n << 8), 24, n % 3 ? jp : de);
	mmdb_end(&mmdb, &file);
	write_bytes("c.mmdb", file.bytes, file.length);
	mmdb_begin(&mmdb);
	for (uint32_t n = 0; n < 12; n++)
		mmdb_insert_ipv4(&mmdb, 0xc6120000 + (n << 8), 24,
				 mmdb_system(&mmdb, 64500 + n, "Net"));
	mmdb_end(&mmdb, &file);
	write_bytes("a.mmdb", file.bytes, file.length);
}

static void open_notes(const char *directory, void *memory, const struct journal_region *region)
{
	struct failure failure = {0};
	struct geo_options databases = {"c.mmdb", "a.mmdb"};
	must(geo_open(&geo, &databases, "copies", &failure), &failure);
	const struct target_notes_options options = {
		.evidence_budget = BUDGET,
		.geo = geo,
		.memory = memory,
		.region = region,
		.census = capacity,
	};
	must(target_notes_open(&notes, directory, INT64_MIN, 0, &options, &failure), &failure);
}

static void close_notes(void)
{
	target_notes_close(&notes);
	geo_close(geo);
	geo = NULL;
}

/* Packet n: some late by up to 8 s, which also crosses midnight; busy and rare sources and ports.
 */
static void count(uint64_t n)
{
	struct failure failure = {0};
	uint64_t random = n * 7919 + 1;
	int64_t seconds = START + (int64_t)(n * DAYS * DAY / PACKETS);
	if (next_number(&random) % 8 == 0)
		seconds -= (int64_t)(next_number(&random) % 8);
	if (seconds < START)
		seconds = START;
	uint32_t host =
		(uint32_t)(next_number(&random) % 14) << 8 | (uint32_t)(next_number(&random) % 200);
	bool to_target = next_number(&random) % 2;
	bool udp = next_number(&random) % 4 == 0;
	struct octets packet =
		tcp_packet(0xc6120000 + host, 0xc6336407, 40000, 7743, (uint32_t)n, FLAG_SYN);
	if (to_target && !udp) {
		enum evidence_result kept =
			evidence_write(&notes.evidence, seconds / 86400,
				       seconds * 1000000 + (int64_t)(n % 1000000), packet.bytes,
				       (uint32_t)packet.length, (uint32_t)packet.length, &failure);
		must(kept == EVIDENCE_KEPT || kept == EVIDENCE_CUT ? 0 : -1, &failure);
	}
	struct census_packet noted = {
		.seconds = seconds,
		.protocol = udp ? 17 : 6,
		.port = to_target ? 7743 : (uint16_t)(next_number(&random) % 300),
		.to_target = to_target,
		.repeated = to_target && !udp && next_number(&random) % 3 == 0,
		.address = {{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 198, 18,
			     (uint8_t)(host >> 8), (uint8_t)host}},
	};
	noted.source = fingerprint_address(&noted.address);
	must(census_note(&notes.census, &queue, &noted, &failure), &failure);
}

static void write_what_is_over(uint64_t n)
{
	struct failure failure = {0};
	int64_t now = START + (int64_t)(n * DAYS * DAY / PACKETS);
	must(census_write(&notes.census, now, &failure), &failure);
	evidence_close_over(&notes.evidence, now);
}

static void finish(void)
{
	struct failure failure = {0};
	census_settle(&queue);
	must(target_notes_finish(&notes, &failure), &failure);
}

/* Until it is killed or done. */
static void count_on(struct outliving *outliving, const struct journal_region *region,
		     uint64_t kill_at)
{
	open_notes("killed", outliving->notes, region);
	uint64_t random = outliving->passes++ + 1;
	while (outliving->next < PACKETS) {
		uint64_t batch = 1 + next_number(&random) % 16;
		uint64_t n = outliving->next;
		while (batch-- && n < PACKETS) {
			count(n++);
			if (n == kill_at)
				raise(SIGKILL);
		}
		census_settle(&queue);
		must(evidence_settle(&notes.evidence) == EVIDENCE_KEPT ? 0 : -1,
		     &(struct failure){0});
		journal_keep(region, &outliving->next, sizeof outliving->next);
		outliving->next = n;
		journal_commit(&outliving->log);
		if (next_number(&random) % 64 == 0) {
			write_what_is_over(n);
			journal_commit(&outliving->log);
		}
	}
	finish();
	journal_commit(&outliving->log);
	_exit(0);
}

static void assert_same_files(const char *directory)
{
	static const char *const files[][2] = {{"census", "tsv"},
					       {"census", "countries.tsv"},
					       {"census", "systems.tsv"},
					       {"evidence", "pcap"}};
	for (int day = 0; day < DAYS; day++)
		for (size_t i = 0; i < 4; i++) {
			char name[64], path[2][96];
			size_t length[2];
			snprintf(name, sizeof name, "%s/2008-02-2%d.%s", files[i][0], day,
				 files[i][1]);
			snprintf(path[0], sizeof path[0], "undisturbed/%s", name);
			snprintf(path[1], sizeof path[1], "%s/%s", directory, name);
			char *expected = read_bytes(path[0], &length[0]);
			char *found = read_bytes(path[1], &length[1]);
			if (!expected || !found || length[0] != length[1] ||
			    memcmp(expected, found, length[0]) != 0)
				fail_msg("%s differs from %s", path[1], path[0]);
			assert_true(length[0] > 100);
			free(expected);
			free(found);
		}
}

static void count_undisturbed(void)
{
	void *memory = calloc(1, target_notes_memory(&capacity));
	struct journal_region nowhere = {
		0}; /* a region without a log: the same code, undisturbed */
	assert_int_equal(mkdir("undisturbed", 0755), 0);
	open_notes("undisturbed", memory, &nowhere);
	for (uint64_t n = 0; n < PACKETS; n++) {
		count(n);
		if (n % 500 == 0) {
			census_settle(&queue);
			write_what_is_over(n);
		}
	}
	finish();
	close_notes();
	free(memory);
}

static struct outliving *map_outliving(size_t *size)
{
	*size = sizeof(struct outliving) + target_notes_memory(&capacity);
	struct outliving *outliving =
		mmap(NULL, *size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	assert_true(outliving != MAP_FAILED);
	return outliving;
}

static void a_killed_process_counts_every_packet_once(void **state)
{
	(void)state;
	size_t size;
	struct outliving *outliving = map_outliving(&size);
	struct journal_region region = {&outliving->log, (uint8_t *)outliving, size, 0, NULL};
	const char *wanted = getenv("STALENODE_KILLS");
	uint64_t kills = wanted ? strtoull(wanted, NULL, 10) : KILLS, killed = 0, random = 11;
	make_databases();
	count_undisturbed();
	assert_int_equal(mkdir("killed", 0755), 0);
	while (outliving->next < PACKETS) {
		/* Half of them at a packet, some of these right at midnight; half at any moment. */
		uint64_t kill_at = UINT64_MAX, left = kills > killed ? kills - killed : 1;
		uint64_t stretch = (PACKETS - outliving->next) / left * 2 + 1;
		bool by_packet = killed % 2 == 0 && killed < kills;
		if (by_packet)
			kill_at = outliving->next + 1 + next_number(&random) % stretch;
		uint64_t midnight = (outliving->next * DAYS / PACKETS + 1) * (PACKETS / DAYS);
		if (by_packet && midnight < kill_at + stretch)
			kill_at = midnight + next_number(&random) % 24 - 8;
		pid_t child = fork();
		assert_true(child >= 0);
		if (child == 0)
			count_on(outliving, &region, kill_at);
		if (!by_packet && killed < kills) {
			uint64_t until = outliving->next + next_number(&random) % stretch;
			for (int i = 0;
			     i < 100000 && *(volatile uint64_t *)&outliving->next < until; i++)
				usleep(10);
			usleep((useconds_t)(next_number(&random) % 500));
			kill(child, SIGKILL);
		}
		int status;
		assert_int_equal(waitpid(child, &status, 0), child);
		killed += WIFSIGNALED(status);
		assert_true(WIFEXITED(status) ? WEXITSTATUS(status) == 0
					      : WTERMSIG(status) == SIGKILL);
		assert_true(journal_undo(&outliving->log, &region, 1));
	}
	/* Killed after the last packet and before the end: finished by the next one. */
	pid_t child = fork();
	if (child == 0)
		count_on(outliving, &region, UINT64_MAX);
	int status;
	waitpid(child, &status, 0);
	assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
	assert_true(killed > kills / 3);
	assert_same_files("killed");
	munmap(outliving, size);
}

/* Of a target that is called by a few, few pages are touched: 100 of them share 32 MB with all
 * else. */
static void a_quiet_target_touches_little_memory(void **state)
{
	(void)state;
	struct census_capacity shared = census_capacity_shared(100);
	size_t size = target_notes_memory(&shared), page = (size_t)sysconf(_SC_PAGESIZE);
	size_t pages = size / page + 1, touched = 0;
	void *memory = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	assert_true(memory != MAP_FAILED);
	struct failure failure = {0};
	struct geo_options databases = {"c.mmdb", "a.mmdb"};
	make_databases();
	must(geo_open(&geo, &databases, "copies", &failure), &failure);
	static struct journal_log log_;
	struct journal_region region = {&log_, memory, size, 0, NULL};
	const struct target_notes_options options = {
		.evidence_budget = BUDGET,
		.geo = geo,
		.memory = memory,
		.region = &region,
		.census = shared,
	};
	must(target_notes_open(&notes, ".", INT64_MIN, 0, &options, &failure), &failure);
	for (uint64_t n = 0; n < PACKETS / 2; n += 20) { /* 1500 packets on two days */
		count(n);
		census_settle(&queue);
		evidence_settle(&notes.evidence);
		journal_commit(&log_);
	}
	unsigned char *resident = calloc(1, pages);
	assert_int_equal(mincore(memory, size, resident), 0);
	for (size_t i = 0; i < pages; i++)
		touched += resident[i] & 1;
	assert_in_range(touched, 5, 30);
	close_notes();
	free(resident);
	munmap(memory, size);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		in_workspace(a_killed_process_counts_every_packet_once),
		in_workspace(a_quiet_target_touches_little_memory),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
