/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "anonymise.h"

#include <errno.h>
#include <fcntl.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <unistd.h>

#define BLOCK 16

struct anonymiser {
	EVP_CIPHER_CTX *cipher; /* AES-128, one block at a time independent of the others */
	uint8_t pad[BLOCK];
	/* The last address of each size: most packets go to one target. */
	struct {
		bool known;
		uint8_t original[16], replaced[16];
	} last[2];
};

static bool encrypt(struct anonymiser *anonymiser, const uint8_t *blocks, uint8_t *encrypted,
		    int length)
{
	int written;
	return EVP_EncryptUpdate(anonymiser->cipher, encrypted, &written, blocks, length) == 1 &&
	       written == length;
}

struct anonymiser *anonymiser_with_key(const uint8_t key[ANONYMISE_KEY_SIZE])
{
	struct anonymiser *anonymiser = calloc(1, sizeof *anonymiser);
	if (!anonymiser)
		return NULL;
	anonymiser->cipher = EVP_CIPHER_CTX_new();
	if (anonymiser->cipher &&
	    EVP_EncryptInit_ex(anonymiser->cipher, EVP_aes_128_ecb(), NULL, key, NULL) == 1 &&
	    EVP_CIPHER_CTX_set_padding(anonymiser->cipher, 0) == 1 &&
	    encrypt(anonymiser, key + BLOCK, anonymiser->pad, BLOCK))
		return anonymiser;
	anonymiser_close(anonymiser);
	return NULL;
}

void anonymiser_close(struct anonymiser *anonymiser)
{
	if (!anonymiser)
		return;
	EVP_CIPHER_CTX_free(anonymiser->cipher);
	OPENSSL_cleanse(anonymiser, sizeof *anonymiser);
	free(anonymiser);
}

/* --- the key ---------------------------------------------------------------------------------- */

/* 1 when it was read, 0 when there is none. */
static int read_key(const char *path, uint8_t key[ANONYMISE_KEY_SIZE], struct failure *failure)
{
	uint8_t bytes[ANONYMISE_KEY_SIZE + 1];
	int descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	if (descriptor < 0 && errno == ENOENT)
		return 0;
	if (descriptor < 0)
		return fail(failure, EXIT_FAILED, "%s: cannot open it: %s", path, strerror(errno));
	ssize_t length = read(descriptor, bytes, sizeof bytes);
	close(descriptor);
	if (length != ANONYMISE_KEY_SIZE)
		return fail(failure, EXIT_FAILED,
			    "%s: not a key of 32 bytes: restore it, or remove it for a new one",
			    path);
	memcpy(key, bytes, ANONYMISE_KEY_SIZE);
	OPENSSL_cleanse(bytes, sizeof bytes);
	return 1;
}

/* Whole or not at all, and never over another: link() does not replace. When another process was
 * first, its key is taken. */
static int make_key(const char *path, uint8_t key[ANONYMISE_KEY_SIZE], struct failure *failure)
{
	char temporary[4096 + 48];
	snprintf(temporary, sizeof temporary, "%s.XXXXXX", path);
	if (getrandom(key, ANONYMISE_KEY_SIZE, 0) != ANONYMISE_KEY_SIZE)
		return fail(failure, EXIT_FAILED, "%s: no random bytes for a key: %s", path,
			    strerror(errno));
	int descriptor = mkstemp(temporary); /* mode 0600 */
	if (descriptor < 0)
		return fail(failure, EXIT_FAILED, "%s: cannot create it: %s", path,
			    strerror(errno));
	bool written = write(descriptor, key, ANONYMISE_KEY_SIZE) == ANONYMISE_KEY_SIZE &&
		       fsync(descriptor) == 0;
	int error = errno;
	written = close(descriptor) == 0 && written;
	if (written && link(temporary, path) != 0) {
		written = false;
		error = errno;
	}
	unlink(temporary);
	if (!written && error == EEXIST)
		return read_key(path, key, failure) == 1 ? 0 : -1;
	return written ? 0
		       : fail(failure, EXIT_FAILED, "%s: cannot write it: %s", path,
			      strerror(error));
}

int anonymiser_open(struct anonymiser **anonymiser, const char *state_directory,
		    struct failure *failure)
{
	char path[4096 + 32];
	uint8_t key[ANONYMISE_KEY_SIZE];
	snprintf(path, sizeof path, "%.4000s/anonymise.key", state_directory);
	*anonymiser = NULL;
	int found = read_key(path, key, failure);
	if (found < 0 || (found == 0 && make_key(path, key, failure) != 0))
		return -1;
	*anonymiser = anonymiser_with_key(key);
	OPENSSL_cleanse(key, sizeof key);
	return *anonymiser ? 0 : fail(failure, EXIT_FAILED, "out of memory for AES");
}

/* --- addresses -------------------------------------------------------------------------------- */

/* Bit i of the result is bit i of the address, turned over where the first bit of the encryption
 * of the address's first i bits, filled up from the pad, is one. All blocks are known beforehand,
 * so that the cipher takes them at once. */
static void replace(struct anonymiser *anonymiser, const uint8_t *address, uint8_t *replaced,
		    size_t size)
{
	uint8_t blocks[128][BLOCK], encrypted[128][BLOCK];
	size_t bits = size * 8;
	for (size_t i = 0; i < bits; i++) {
		memcpy(blocks[i], anonymiser->pad, BLOCK);
		memcpy(blocks[i], address, i / 8);
		uint8_t mask = (uint8_t)(0xff00 >> i % 8);
		blocks[i][i / 8] = (uint8_t)((address[i / 8] & mask) |
					     (anonymiser->pad[i / 8] & (uint8_t)~mask));
	}
	if (!encrypt(anonymiser, blocks[0], encrypted[0], (int)(bits * BLOCK))) {
		memset(replaced, 0, size); /* never the address itself */
		return;
	}
	memcpy(replaced, address, size);
	for (size_t i = 0; i < bits; i++)
		replaced[i / 8] ^= (uint8_t)((encrypted[i][0] & 0x80) >> i % 8);
}

void anonymise_address(struct anonymiser *anonymiser, uint8_t *address, size_t size)
{
	size_t kind = size == 16;
	if (!anonymiser->last[kind].known ||
	    memcmp(anonymiser->last[kind].original, address, size) != 0) {
		memcpy(anonymiser->last[kind].original, address, size);
		replace(anonymiser, address, anonymiser->last[kind].replaced, size);
		anonymiser->last[kind].known = true;
	}
	memcpy(address, anonymiser->last[kind].replaced, size);
}

/* --- packets ---------------------------------------------------------------------------------- */

/* The ones' complement sum of an even number of bytes. */
static uint32_t sum(const uint8_t *bytes, size_t length)
{
	uint32_t total = 0;
	for (size_t i = 0; i + 1 < length; i += 2)
		total += (uint32_t)bytes[i] << 8 | bytes[i + 1];
	return total;
}

/* RFC 1624, equation 3: HC' = ~(~HC + ~m + m'). */
static void adjust(uint8_t *checksum, uint32_t before, uint32_t after)
{
	uint32_t folded_before = before;
	while (folded_before >> 16)
		folded_before = (folded_before & 0xffff) + (folded_before >> 16);
	uint32_t total = (~((uint32_t)checksum[0] << 8 | checksum[1]) & 0xffff) +
			 (~folded_before & 0xffff) + after;
	while (total >> 16)
		total = (total & 0xffff) + (total >> 16);
	total = ~total & 0xffff;
	checksum[0] = (uint8_t)(total >> 8);
	checksum[1] = (uint8_t)total;
}

/* The TCP header at `at`: its checksum covers the addresses. What is behind it goes. */
static uint32_t finish_tcp(uint8_t *packet, uint32_t at, uint32_t length, uint32_t before,
			   uint32_t after)
{
	if (length >= at + 18)
		adjust(packet + at + 16, before, after);
	if (length < at + 13)
		return length;
	uint32_t header = (uint32_t)(packet[at + 12] >> 4) * 4;
	return length > at + header ? at + header : length;
}

static uint32_t anonymise_ipv4(struct anonymiser *anonymiser, uint8_t *packet, uint32_t length)
{
	uint32_t header = (uint32_t)(packet[0] & 15) * 4;
	if (length < 20 || header < 20)
		return 0;
	uint32_t header_here = header < length ? header : length;
	uint32_t before = sum(packet + 12, 8), options = sum(packet + 20, (header_here - 20) & ~1u);
	anonymise_address(anonymiser, packet + 12, 4);
	anonymise_address(anonymiser, packet + 16, 4);
	memset(packet + 20, 1, header_here - 20); /* "no operation" */
	uint32_t after = sum(packet + 12, 8);
	adjust(packet + 10, before + options, after + sum(packet + 20, (header_here - 20) & ~1u));
	bool first = ((packet[6] & 0x1f) | packet[7]) == 0; /* fragment */
	if (packet[9] != 6 || !first || length <= header)
		return header_here;
	return finish_tcp(packet, header, length, before, after);
}

enum { HOP_BY_HOP = 0, TCP = 6, ROUTING = 43, FRAGMENT = 44, DESTINATION = 60 };

static uint32_t anonymise_ipv6(struct anonymiser *anonymiser, uint8_t *packet, uint32_t length)
{
	if (length < 40)
		return 0;
	uint32_t before = sum(packet + 8, 32), at = 40;
	anonymise_address(anonymiser, packet + 8, 16);
	anonymise_address(anonymiser, packet + 24, 16);
	uint32_t after = sum(packet + 8, 32);
	for (uint8_t next = packet[6]; next != TCP;) {
		if (length < at + 8)
			return length < at ? length : at;
		uint32_t size = next == FRAGMENT ? 8 : ((uint32_t)packet[at + 1] + 1) * 8;
		bool later = next == FRAGMENT && (packet[at + 2] || packet[at + 3] & 0xf8);
		/* Options become Pad1, one byte each; of a routing header its kind and count stay.
		 */
		uint32_t kept = next == ROUTING ? 4 : 2;
		if (next != HOP_BY_HOP && next != ROUTING && next != FRAGMENT &&
		    next != DESTINATION)
			return at;
		if (next != FRAGMENT)
			for (uint32_t i = at + kept; i < at + size && i < length; i++)
				packet[i] = 0;
		next = packet[at];
		at += size;
		if (at >= length || later)
			return at < length ? at : length;
	}
	return at < length ? finish_tcp(packet, at, length, before, after) : length;
}

uint32_t anonymise_packet(struct anonymiser *anonymiser, uint8_t *packet, uint32_t length)
{
	if (length && packet[0] >> 4 == 4)
		return anonymise_ipv4(anonymiser, packet, length);
	if (length && packet[0] >> 4 == 6)
		return anonymise_ipv6(anonymiser, packet, length);
	return 0;
}
