/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The data is a packet that a stranger sent, as long as it was captured. */
#include "../../observer/store/anonymise.h"

#include "../unit/frames.h"
#include "harness.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct anonymiser *anonymiser;
	static const uint8_t key[ANONYMISE_KEY_SIZE] = {1, 2, 3};
	if (!anonymiser)
		anonymiser = anonymiser_with_key(key);
	promise(anonymiser != NULL);
	uint8_t *copy = exact_copy(data, size);
	uint32_t length = anonymise_packet(anonymiser, copy, (uint32_t)size);
	promise(length <= size);
	/* What is left has both addresses, and they are others. */
	promise(length == 0 || length >= 20);
	if (length && data[0] >> 4 == 6)
		promise(length >= 40 && memcmp(copy + 8, data + 8, 16) != 0);
	free(copy);
	return 0;
}

bool fuzz_seed(unsigned number, struct octets *seed)
{
	*seed = (struct octets){0};
	if (number == 0)
		*seed = tcp_packet(0xc6120001, 0xc6336407, 1, 7743, 5, FLAG_SYN);
	if (number == 1) {
		put_ipv6(seed, 1, 2, 0, 52);
		put_bytes(seed,
			  "\x2b\0\1\4\0\0\0\0\x3c\0\0\0\0\0\0\0\x2c\0\1\4\0\0\0\0\6\0\0\0\0\0\0\1",
			  32);
		put_tcp(seed, 1, 7743, 5, FLAG_SYN);
	}
	return number < 2;
}
