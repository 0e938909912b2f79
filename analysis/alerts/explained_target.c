/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "explained_target.h"

#include "../../observer/store/anonymise.h"
#include "../../observer/store/ledger.h"
#include "../../observer/store/target_path.h"
#include "../../observer/store/targets.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

bool explained_target_recognise(const char *path)
{
	struct stat status;
	return stat(path, &status) == 0 && S_ISDIR(status.st_mode);
}

static void add_local(struct explained_target *target, const struct address *address)
{
	if (target->locals < EXPLAINED_ADDRESSES_MAX)
		target->local[target->locals++] = *address;
}

/* As the evidence has it that was written with this key. */
static struct address replaced(struct anonymiser *anonymiser, const struct address *address)
{
	struct address other = *address;
	if (address_is_ipv4(address))
		anonymise_address(anonymiser, other.bytes + 12, 4);
	else
		anonymise_address(anonymiser, other.bytes, 16);
	return other;
}

/* The key is made when the first packet of a store is anonymised, and stays; who may not read it
 * goes without the addresses, and the evidence itself has to tell which one is observed. */
static void add_replaced(struct explained_target *target, const char *state)
{
	char key[4200];
	struct anonymiser *anonymiser;
	struct failure unreadable = {0};
	snprintf(key, sizeof key, "%.4096s/anonymise.key", state);
	if (access(key, F_OK) != 0)
		return;
	target->anonymised = true;
	if (anonymiser_open(&anonymiser, state, &unreadable) != 0) {
		target->locals = 0;
		return;
	}
	for (size_t i = 0, plain = target->locals; i < plain; i++) {
		struct address other = replaced(anonymiser, &target->local[i]);
		add_local(target, &other);
	}
	anonymiser_close(anonymiser);
}

static int take_settings(struct explained_target *target, const struct target_path *split,
			 struct failure *failure)
{
	char list[4200];
	struct targets targets;
	/* A directory that was copied out of its store is explained all the same. */
	snprintf(list, sizeof list, "%.4096s/targets", split->state);
	if (access(list, F_OK) != 0)
		return 0;
	if (targets_read(&targets, split->state, failure) < 0)
		return -1;
	const struct target *found = targets_find(&targets, split->name);
	for (size_t i = 0; found && i < found->addresses; i++)
		add_local(target, &found->address[i]);
	if (found) {
		target->retired = found->retired;
		snprintf(target->client, sizeof target->client, "%s", found->client);
	}
	targets_free(&targets);
	add_replaced(target, split->state);
	return 0;
}

int explained_target_open(struct explained_target *target, const char *path,
			  struct failure *failure)
{
	struct target_path split;
	*target = (struct explained_target){.retired = TIME_UNKNOWN};
	if (target_path_split(&split, path, failure) < 0 ||
	    take_settings(target, &split, failure) < 0 ||
	    evidence_list_read(&target->evidence, path, failure) < 0)
		return -1;
	/* That nothing came any more is known from the ledger alone. */
	struct bucket_record last;
	if (ledger_read_last(split.ledger, &last, failure) == 1)
		target->observed_until = last.start + BUCKET_SECONDS;
	if (target->evidence.files > 0)
		return 0;
	explained_target_free(target);
	return fail(
		failure, EXIT_FAILED,
		"%s: no evidence was kept, which is what would be explained: the agent keeps it "
		"unless its budget is 0; or give the log of a firewall",
		path);
}

int explained_target_read(const struct explained_target *target, struct explanation *explanation,
			  const struct alert_input_request *request, struct failure *failure)
{
	struct alert_input_request since = *request;
	size_t read = 0;
	if (target->retired != TIME_UNKNOWN)
		since.since = target->retired;
	explanation->anonymised = target->anonymised;
	explanation->observed_until = target->observed_until;
	explanation->known.retired = target->retired;
	snprintf(explanation->known.client, sizeof explanation->known.client, "%s", target->client);
	for (size_t i = 0; i < target->evidence.files; i++) {
		struct failure damage = {0};
		if (explanation_read(explanation, target->evidence.path[i], &since, &damage) == 0)
			read++;
		else
			say_warning("%s", damage.text);
	}
	if (read > 0)
		return 0;
	return fail(failure, EXIT_FAILED, "%s: no file of the evidence could be read to its end",
		    target->evidence.path[0]);
}

void explained_target_free(struct explained_target *target)
{
	evidence_list_free(&target->evidence);
}
