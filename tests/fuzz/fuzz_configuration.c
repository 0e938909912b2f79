/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The data is a configuration file. What is taken keeps its bounds and can be recorded; what is
 * refused changes nothing and says where. */
#include "../../observer/configuration.h"

#include "harness.h"

static void check_taken(const struct configuration *got)
{
	promise(got->state[0] && got->attempts >= CONFIGURATION_ATTEMPTS_LEAST &&
		got->attempts <= CONFIGURATION_ATTEMPTS_MOST);
	promise(got->interfaces >= 1 && got->interfaces <= CONFIGURATION_INTERFACES_MAX);
	for (size_t i = 0; i < got->interfaces; i++)
		promise(got->interface[i].name[0] &&
			strlen(got->interface[i].name) < INTERFACE_NAME_SIZE &&
			got->interface[i].ring_mib >= CONFIGURATION_RING_LEAST &&
			got->interface[i].ring_mib <= CONFIGURATION_RING_MOST &&
			got->interface[i].snapshot_bytes >= CONFIGURATION_SNAPSHOT_LEAST &&
			got->interface[i].snapshot_bytes <= CONFIGURATION_SNAPSHOT_MOST);
	promise(got->evidence_mib <= CONFIGURATION_EVIDENCE_MOST);
	promise(got->targets >= 1 && got->targets <= TARGETS_MAX);
	for (size_t i = 0; i < got->targets; i++) {
		const struct target *target = &got->target[i];
		promise(target_name_valid(target->name) && target->addresses >= 1 &&
			target->addresses <= 2 && target->ports >= 1 &&
			target->ports <= TARGET_PORTS_MAX &&
			target->excluded_ports <= TARGET_EXCLUDED_MAX);
		promise(configuration_find(got, target->name) == target);
		for (size_t j = 0; j < target->ports; j++)
			promise(target->port[j] != 0);
		promise(!strpbrk(target->client, "\t\n") && !strpbrk(target->version, "\t\n"));
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct configuration got, before;
	char path[64];
	struct failure failure = {0};
	int file = memory_file(data, size, path);
	memset(&got, 0xa5, sizeof got);
	memset(&before, 0xa5, sizeof before);
	if (configuration_read(&got, path, &failure) == 0) {
		check_taken(&got);
	} else {
		size_t length = strlen(path);
		promise(failure.status == EXIT_WRONG_USE);
		promise(strncmp(failure.text, path, length) == 0 && failure.text[length] == ':');
		promise(failure.text[length + 1] >= '0' && failure.text[length + 1] <= '9');
		promise(memcmp(&got, &before, sizeof got) == 0);
	}
	close(file);
	return 0;
}

bool fuzz_seed(unsigned number, struct octets *seed)
{
	static const char *const seeds[] = {
		"[agent]\nstate = obs\n[interface eth0]\n[target a]\naddress = 1.2.3.4\nports=80\n",
		"[agent]\nstate=o\nattempts=1024\n[interface any]\nring=1\nsnapshot=96\n"
		"[target w]\naddress=198.51.100.7, 2001:db8::7\nports=7743 , 80\nclient=Winny\n"
		"version=2\nstarted=1\nretired=2008-02-20T00:00:00+09:00\npolicy=rst\n"
		"exclude=22,443\n[evidence]\nbudget=0\nanonymise=yes\n[geo]\ncountry=/c\nas=/a\n",
		"\xef\xbb\xbf# a comment\r\n[agent] ; behind\r\n  state : obs\r\n\tattempts=9\r\n",
		"[target a]\n[target a]\n[interface a]\n[interface b]\nk\n[x\n[y] z\n",
	};
	*seed = (struct octets){0};
	if (number >= sizeof seeds / sizeof seeds[0])
		return false;
	put_bytes(seed, seeds[number], strlen(seeds[number]));
	return true;
}
