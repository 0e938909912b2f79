/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The data is a database of countries or systems. What is told of an address is well-formed
 * whatever the database is, and no database ends the process. */
#include "../../observer/geo.h"
#include "../../observer/mmdb_record.h"

#include "../unit/mmdb.h"
#include "harness.h"

#include <sys/stat.h>

static void promise_sound(const struct geo_place *place)
{
	size_t length = strnlen(place->country, sizeof place->country);
	promise(length == 0 || length == 2);
	for (size_t i = 0; i < length; i++)
		promise(place->country[i] >= 'A' && place->country[i] <= 'Z');
	length = strnlen(place->system_name, sizeof place->system_name);
	promise(length < sizeof place->system_name);
	promise(place->system || length == 0);
	for (size_t i = 0; i < length; i++)
		promise((uint8_t)place->system_name[i] >= 0x20);
}

static void look_up_all(struct geo *geo)
{
	static const char *const addresses[] = {"198.51.100.7", "2001:db8::7",	   "0.0.0.0",
						"::",		"255.255.255.255", "ffff::1"};
	for (size_t i = 0; i < sizeof addresses / sizeof addresses[0]; i++) {
		struct address address;
		struct geo_place place;
		promise(address_parse(addresses[i], &address));
		geo_look_up(geo, &address, &place);
		promise_sound(&place);
	}
}

/* The records by themselves, from every offset. */
static void read_records(const uint8_t *data, size_t size)
{
	static const char *const path[] = {"country", "iso_code", NULL};
	struct mmdb_value value;
	for (size_t offset = 0; offset < size && offset < 64; offset++) {
		mmdb_record_sound(data, size, offset);
		if (mmdb_record_find(data, size, offset, path, &value) && value.bytes)
			promise(value.bytes >= data &&
				value.size <= (size_t)(data + size - value.bytes));
	}
}

static char directory[64];

static void remove_directory(void)
{
	char copy[96];
	snprintf(copy, sizeof copy, "%s/countries.mmdb", directory);
	unlink(copy);
	snprintf(copy, sizeof copy, "%s/systems.mmdb", directory);
	unlink(copy);
	rmdir(directory);
}

static void make_directory(void)
{
	struct stat status;
	bool memory = stat("/dev/shm", &status) == 0 && access("/dev/shm", W_OK) == 0;
	if (directory[0])
		return;
	snprintf(directory, sizeof directory, "%s/stalenode-fuzz.XXXXXX",
		 memory ? "/dev/shm" : "/tmp");
	promise(mkdtemp(directory) != NULL);
	atexit(remove_directory);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char path[64];
	struct failure failure = {0};
	struct geo *geo;
	/* Nearly every input is worth a warning. */
	int said = dup(2), nowhere = open("/dev/null", O_WRONLY | O_CLOEXEC);
	read_records(data, size);
	make_directory();
	int descriptor = memory_file(data, size, path);
	struct geo_options options = {size % 2 ? path : NULL, size % 2 ? NULL : path};
	promise(said >= 0 && nowhere >= 0 && dup2(nowhere, 2) == 2);
	promise(geo_open(&geo, &options, directory, &failure) == 0);
	dup2(said, 2);
	look_up_all(geo);
	geo_close(geo);
	close(descriptor);
	close(nowhere);
	close(said);
	return 0;
}

bool fuzz_seed(unsigned number, struct octets *seed)
{
	static struct mmdb mmdb;
	*seed = (struct octets){0};
	if (number > 2)
		return false;
	mmdb_begin(&mmdb);
	if (number == 0)
		mmdb_insert_ipv4(&mmdb, 0xc6336400, 20, mmdb_country(&mmdb, "JP"));
	if (number == 1)
		mmdb_insert_ipv4(&mmdb, 0xc6336400, 20, mmdb_system(&mmdb, 64496, "Example"));
	if (number == 2) { /* small enough that mutations meet its bytes often */
		mmdb_insert(&mmdb, (const uint8_t *)"\x20\x01\x0d\xb8\0\0\0\0\0\0\0\0\0\0\0", 4, 0);
		put_map(&mmdb.data, 2);
		put_text(&mmdb.data, "country");
		put16(&mmdb.data, 0x2000); /* a pointer to the map itself */
		put16(&mmdb.data, 0x2001);
		put_text(&mmdb.data, "JP");
	}
	mmdb_end(&mmdb, seed);
	return true;
}
