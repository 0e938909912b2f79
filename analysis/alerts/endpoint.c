/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "endpoint.h"

static bool is_hexadecimal(char character)
{
	char lower = lower_case(character);
	return is_digit(character) || (lower >= 'a' && lower <= 'f');
}

/* Not inside a word, a version or a value that has a name. */
static bool may_begin(const char *at, const char *line)
{
	if (at == line)
		return true;
	char before = at[-1];
	return !is_letter(before) && !is_digit(before) && !memchr("._=-@", before, 5);
}

/* Cisco and Yamaha write the names of some ports, as IANA has them or had. */
static const struct {
	const char *name;
	uint16_t port;
} services[] = {
	{"bootpc", 68},	      {"bootps", 67},	    {"domain", 53},	  {"ftp", 21},
	{"ftp-data", 20},     {"http", 80},	    {"https", 443},	  {"ident", 113},
	{"imap4", 143},	      {"isakmp", 500},	    {"ldap", 389},	  {"microsoft-ds", 445},
	{"netbios-dgm", 138}, {"netbios-ns", 137},  {"netbios-ssn", 139}, {"netbios_dgm", 138},
	{"netbios_ns", 137},  {"netbios_ssn", 139}, {"nntp", 119},	  {"ntp", 123},
	{"pop3", 110},	      {"sip", 5060},	    {"smtp", 25},	  {"snmp", 161},
	{"ssh", 22},	      {"sunrpc", 111},	    {"syslog", 514},	  {"telnet", 23},
	{"tftp", 69},	      {"www", 80},
};

static const char *scan_service(const char *at, const char *end, int32_t *port)
{
	const char *behind = at;
	while (behind < end &&
	       (is_letter(*behind) || is_digit(*behind) || *behind == '-' || *behind == '_'))
		behind++;
	/* "192.0.2.1:http://host" is an address and a URL. */
	if (behind < end && *behind == ':')
		return NULL;
	struct slice word = slice_between(at, behind);
	for (size_t i = 0; i < sizeof services / sizeof services[0]; i++)
		if (slice_is(word, services[i].name)) {
			*port = services[i].port;
			return behind;
		}
	return NULL;
}

/* Followed by nothing that makes it part of something longer: "10.0.0.1:5:6", "1.2.3". */
static const char *scan_port(const char *at, const char *end, int32_t *port)
{
	uint32_t number;
	const char *behind = scan_number(at, end, 65535, &number);
	if (!behind || (behind < end && is_letter(*behind)))
		return NULL;
	if (end - behind > 1 && (*behind == '.' || *behind == ':') && is_digit(behind[1]))
		return NULL;
	*port = (int32_t)number;
	return behind;
}

/* Whether the number behind the address is a prefix's length: no bit is set behind it. */
static bool is_network(const struct address *address, int32_t length)
{
	int first = address_is_ipv4(address) ? 96 + length : length;
	if (first > 128 || length == 0)
		return false;
	for (int bit = first; bit < 128; bit++)
		if (address->bytes[bit / 8] & (0x80 >> bit % 8))
			return false;
	return first < 128;
}

/* Whether the line has an address before a number behind a slash that is no prefix's length, and
 * so writes ports. */
static bool writes_ports_so(const char *line, const char *end)
{
	struct address address;
	for (const char *at = line; end - at >= 2; at++) {
		int32_t port;
		if (!is_digit(*at) || !may_begin(at, line))
			continue;
		const char *behind = scan_address(at, end, &address);
		if (behind && end - behind >= 2 && *behind == '/' && is_digit(behind[1]) &&
		    scan_port(behind + 1, end, &port) && port > 32)
			return true;
	}
	return false;
}

/* 192.0.2.128 may be a host and have port 25, but hardly does one end in zero. */
static bool may_be_host(const struct address *address)
{
	return address_is_ipv4(address) && address->bytes[15] != 0;
}

/* False when it is a network. Behind an interface ("outside:192.0.2.128/25") there is a host and
 * its port, whatever the number; and so where another number of the line can be a port alone. */
static bool read_port(struct endpoint *endpoint, const char *line, const char *end)
{
	const char *at = endpoint->behind, *behind = NULL;
	bool of_interface = endpoint->begin > line && endpoint->begin[-1] == ':';
	endpoint->port = -1;
	if (end - at < 2)
		return true;
	if (memchr(":/.#", *at, 4)) {
		behind = is_letter(at[1]) ? scan_service(at + 1, end, &endpoint->port)
					  : scan_port(at + 1, end, &endpoint->port);
		if (behind && !of_interface && *at == '/' && is_digit(at[1]) &&
		    is_network(&endpoint->address, endpoint->port) &&
		    !(may_be_host(&endpoint->address) && writes_ports_so(line, end)))
			return false;
		/* A dot ends sentences and follows list numbers, but no digit stands behind it. */
	} else if (*at == '(') {
		behind = scan_port(at + 1, end, &endpoint->port);
		if (behind && (behind == end || *behind++ != ')'))
			behind = NULL;
	} else if (begins_with(at, end, " port ")) {
		behind = scan_port(at + 6, end, &endpoint->port);
	} else if (begins_with(at, end, " ports ")) {
		behind = scan_port(at + 7, end, &endpoint->port);
	}
	if (behind)
		endpoint->behind = behind;
	else
		endpoint->port = -1;
	return true;
}

bool endpoint_next(const char *at, const char *line, const char *end, struct endpoint *endpoint)
{
	for (; end - at >= 2; at++) {
		if (!(is_hexadecimal(*at) || *at == '[' || (*at == ':' && at[1] == ':')))
			continue;
		bool six = !is_digit(*at);
		/* "outside:192.0.2.1" is an interface and an address; "a:b" belongs together. */
		if (!may_begin(at, line) || (six && at > line && at[-1] == ':'))
			continue;
		const char *behind = scan_address(at, end, &endpoint->address);
		if (!behind || (behind < end && (is_letter(*behind) || is_digit(*behind))))
			continue;
		endpoint->begin = at;
		endpoint->behind = behind;
		if (read_port(endpoint, line, end))
			return true;
		at = behind;
	}
	return false;
}
