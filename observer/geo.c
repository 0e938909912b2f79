/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "geo.h"

#include "geo_copy.h"
#include "mmdb_record.h"

#include <maxminddb.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

/* Databases name the same thing differently; [0] is the standard of GeoLite2. */
static const char *const country_paths[][3] = {
	{"country", "iso_code", NULL}, {"country_code", NULL}, {"country", NULL}};
static const char *const number_paths[][3] = {{"autonomous_system_number", NULL}, {"asn", NULL}};
static const char *const name_paths[][3] = {{"autonomous_system_organization", NULL},
					    {"as_name", NULL}};

enum { COUNTRIES, SYSTEMS, DATABASES };
static const char *const what[DATABASES] = {"countries", "autonomous systems"};

struct database {
	struct geo_copy copy;
	MMDB_s mmdb;
	bool named, open, said;
	size_t form; /* which of the paths leads to something */
};

struct geo {
	struct database database[DATABASES];
	int64_t looked; /* UTC seconds of the last look at the originals */
};

/* --- a database ----------------------------------------------------------------------------- */

#define METADATA_MARK "\xab\xcd\xefMaxMind.com"
#define METADATA_MAX  (128 << 10)

/* The library reads the metadata with recursion and without a bound: only what has passed here is
 * handed to it. It takes the last mark in the last 128 KiB, as the format says. */
static bool metadata_is_sound(const char *path)
{
	const uint8_t *content;
	size_t size;
	if (!geo_copy_map(path, &content, &size))
		return false;
	size_t from = size > METADATA_MAX ? size - METADATA_MAX : 0,
	       mark = sizeof METADATA_MARK - 1;
	const uint8_t *found = NULL, *at = content + from;
	for (;;) {
		at = memmem(at, (size_t)(content + size - at), METADATA_MARK, mark);
		if (!at)
			break;
		found = at += mark;
	}
	bool sound = found && mmdb_record_sound(found, (size_t)(content + size - found), 0);
	munmap((void *)(uintptr_t)content, size);
	return sound;
}

/* Looks into at most so many nodes of the tree for the first records. */
#define PROBED_NODES   4096
#define PROBED_RECORDS 256

static bool leads_somewhere(const struct database *database, const char *const *path,
			    uint32_t offset)
{
	struct mmdb_value value;
	uint32_t number;
	return mmdb_record_find(database->mmdb.data_section, database->mmdb.data_section_size,
				offset, path, &value) &&
	       (value.type == MMDB_RECORD_TEXT || mmdb_record_number(&value, &number));
}

/* The form whose path leads somewhere in most of the records at these offsets; false when none
 * does anywhere. */
static bool choose_form(struct database *database, int kind, const uint32_t *offset, size_t records)
{
	size_t best = 0, forms = kind == COUNTRIES ? 3 : 2;
	for (size_t form = 0; form < forms; form++) {
		size_t led = 0;
		for (size_t i = 0; i < records; i++)
			led += leads_somewhere(database,
					       kind == COUNTRIES ? country_paths[form]
								 : number_paths[form],
					       offset[i]);
		if (led > best) {
			best = led;
			database->form = form;
		}
	}
	return best > 0;
}

/* Whether its records tell what it was named for. */
static bool tells(struct database *database, int kind)
{
	uint32_t stack[256], offset[PROBED_RECORDS];
	size_t depth = 1, records = 0;
	stack[0] = 0;
	for (size_t nodes = 0; depth && nodes < PROBED_NODES && records < PROBED_RECORDS; nodes++) {
		MMDB_search_node_s node;
		if (MMDB_read_node(&database->mmdb, stack[--depth], &node) != MMDB_SUCCESS)
			continue;
		const struct {
			uint8_t type;
			uint64_t record;
			const MMDB_entry_s *entry;
		} sides[] = {
			{node.right_record_type, node.right_record, &node.right_record_entry},
			{node.left_record_type, node.left_record, &node.left_record_entry},
		};
		for (size_t i = 0; i < 2; i++) {
			if (sides[i].type == MMDB_RECORD_TYPE_SEARCH_NODE && depth < 256)
				stack[depth++] = (uint32_t)sides[i].record;
			else if (sides[i].type == MMDB_RECORD_TYPE_DATA && records < PROBED_RECORDS)
				offset[records++] = sides[i].entry->offset;
		}
	}
	return choose_form(database, kind, offset, records);
}

static void say(struct database *database, const char *wrong)
{
	if (!database->said)
		say_warning("%s: %s: what it would tell of %s is unknown%s",
			    database->copy.original, wrong, what[database->copy.number],
			    database->open ? " where the last good copy does not tell it" : "");
	database->said = true;
}

static void open_copy(struct database *database, const char *path, bool is_new)
{
	struct database fresh = *database;
	int kind = (int)database->copy.number;
	if (!metadata_is_sound(path) ||
	    MMDB_open(path, MMDB_MODE_MMAP, &fresh.mmdb) != MMDB_SUCCESS) {
		say(database, "no database in MaxMind's format, or damaged");
		return;
	}
	if (!tells(&fresh, kind)) {
		MMDB_close(&fresh.mmdb);
		say(database, kind == COUNTRIES ? "a database of something else than countries"
						: "a database of something else than systems");
		return;
	}
	if (database->open)
		MMDB_close(&database->mmdb);
	*database = fresh;
	database->open = true;
	if (is_new) {
		database->said = false;
		geo_copy_keep(&database->copy);
	}
}

/* --- looking up ----------------------------------------------------------------------------- */

/* Where the record of an address begins in the data section; false when there is none. */
static bool find_record(const struct database *database, const struct address *address,
			size_t *offset)
{
	struct sockaddr_in six_to_four = {.sin_family = AF_INET};
	struct sockaddr_in6 six = {.sin6_family = AF_INET6};
	const struct sockaddr *wanted;
	if (address_is_ipv4(address)) {
		memcpy(&six_to_four.sin_addr, address->bytes + 12, 4);
		wanted = (const struct sockaddr *)&six_to_four;
	} else {
		memcpy(&six.sin6_addr, address->bytes, 16);
		wanted = (const struct sockaddr *)&six;
	}
	int error = MMDB_SUCCESS;
	MMDB_lookup_result_s result = MMDB_lookup_sockaddr(&database->mmdb, wanted, &error);
	*offset = result.entry.offset;
	return error == MMDB_SUCCESS && result.found_entry;
}

static bool find_value(const struct database *database, size_t offset, const char *const *path,
		       struct mmdb_value *value)
{
	return mmdb_record_find(database->mmdb.data_section, database->mmdb.data_section_size,
				offset, path, value);
}

static bool is_capital(uint8_t character)
{
	return character >= 'A' && character <= 'Z';
}

static void look_up_country(const struct database *database, const struct address *address,
			    struct geo_place *place)
{
	size_t offset;
	struct mmdb_value value;
	if (!find_record(database, address, &offset) ||
	    !find_value(database, offset, country_paths[database->form], &value) ||
	    value.type != MMDB_RECORD_TEXT || value.size != 2 || !is_capital(value.bytes[0]) ||
	    !is_capital(value.bytes[1]))
		return;
	place->country[0] = (char)value.bytes[0];
	place->country[1] = (char)value.bytes[1];
}

/* "AS64496" of databases that write the number so. */
static bool parse_number(const struct mmdb_value *value, uint32_t *number)
{
	uint64_t sum = 0;
	if (value->type != MMDB_RECORD_TEXT)
		return mmdb_record_number(value, number);
	if (value->size < 3 || value->size > 12 || memcmp(value->bytes, "AS", 2) != 0)
		return false;
	for (uint32_t i = 2; i < value->size; i++) {
		if (value->bytes[i] < '0' || value->bytes[i] > '9')
			return false;
		sum = sum * 10 + (value->bytes[i] - '0');
	}
	*number = (uint32_t)sum;
	return sum <= UINT32_MAX;
}

/* Cut where a character of UTF-8 begins, so that what is left is whole. */
static void copy_name(const struct mmdb_value *value, char name[GEO_NAME_SIZE])
{
	size_t length = value->size;
	if (length >= GEO_NAME_SIZE) {
		length = GEO_NAME_SIZE - 1;
		while (length > 0 && (value->bytes[length] & 0xc0) == 0x80)
			length--;
	}
	for (size_t i = 0; i < length; i++)
		name[i] = value->bytes[i] < 0x20 || value->bytes[i] == 0x7f ? '?'
									    : (char)value->bytes[i];
	name[length] = '\0';
}

static void look_up_system(const struct database *database, const struct address *address,
			   struct geo_place *place)
{
	size_t offset;
	struct mmdb_value value;
	if (!find_record(database, address, &offset) ||
	    !find_value(database, offset, number_paths[database->form], &value) ||
	    !parse_number(&value, &place->system) || place->system == 0)
		return;
	if (find_value(database, offset, name_paths[database->form], &value) &&
	    value.type == MMDB_RECORD_TEXT)
		copy_name(&value, place->system_name);
}

void geo_look_up(struct geo *geo, const struct address *address, struct geo_place *place)
{
	*place = (struct geo_place){.system = 0};
	if (!geo)
		return;
	if (geo->database[COUNTRIES].open)
		look_up_country(&geo->database[COUNTRIES], address, place);
	if (geo->database[SYSTEMS].open)
		look_up_system(&geo->database[SYSTEMS], address, place);
}

/* --- opening and following -------------------------------------------------------------------- */

#define LOOK_SECONDS 60

/* One step of one database; true when the next should follow soon. */
static bool follow(struct database *database, bool look)
{
	const char *wrong = NULL;
	if (!database->named)
		return false;
	switch (geo_copy_step(&database->copy, look, &wrong)) {
	case GEO_COPY_IDLE:
		return false;
	case GEO_COPY_UNDER_WAY:
		return true;
	case GEO_COPY_FAILED:
		say(database, wrong);
		return false;
	case GEO_COPY_READY:
		open_copy(database, database->copy.temporary, true);
		geo_copy_end(&database->copy);
	}
	return false;
}

bool geo_refresh(struct geo *geo, int64_t now)
{
	bool more = false;
	if (!geo)
		return false;
	/* A clock that stepped back must not put the next look off. */
	bool look = now - geo->looked >= LOOK_SECONDS || now < geo->looked;
	if (look)
		geo->looked = now;
	for (int i = 0; i < DATABASES; i++)
		more = follow(&geo->database[i], look) || more;
	return more;
}

int geo_open(struct geo **geo, const struct geo_options *options, const char *copies_directory,
	     struct failure *failure)
{
	const char *const original[DATABASES] = {options->countries, options->systems};
	static const char *const name[DATABASES] = {"countries.mmdb", "systems.mmdb"};
	bool any = false;
	*geo = NULL;
	for (size_t i = 0; i < DATABASES; i++)
		any = any || (original[i] && original[i][0]);
	if (!any)
		return 0;
	struct geo *opened = calloc(1, sizeof *opened);
	if (!opened)
		return fail(failure, EXIT_FAILED, "out of memory");
	opened->looked = INT64_MIN / 2;
	for (size_t i = 0; i < DATABASES; i++) {
		struct database *database = &opened->database[i];
		if (!original[i] || !original[i][0])
			continue;
		database->named = true;
		geo_copy_begin(&database->copy, (unsigned)i, original[i], copies_directory,
			       name[i]);
		while (follow(database, true))
			;
		/* What a former run had copied, when the original cannot be read now. */
		if (!database->open && geo_copy_exists(&database->copy))
			open_copy(database, database->copy.path, false);
	}
	*geo = opened;
	return 0;
}

void geo_close(struct geo *geo)
{
	if (!geo)
		return;
	for (size_t i = 0; i < DATABASES; i++) {
		if (!geo->database[i].named)
			continue; /* nothing of it was ever begun */
		if (geo->database[i].open)
			MMDB_close(&geo->database[i].mmdb);
		geo_copy_end(&geo->database[i].copy);
	}
	free(geo);
}

bool geo_tells_countries(const struct geo *geo)
{
	return geo && geo->database[COUNTRIES].named;
}

bool geo_tells_systems(const struct geo *geo)
{
	return geo && geo->database[SYSTEMS].named;
}
