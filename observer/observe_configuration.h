/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * observe_configuration: a configuration file as `observe` heeds it: one interface, evidence as it
 * came. Read at the start and, while it runs, again at SIGHUP: what is known of the running
 * targets is then recorded at once; everything else waits for the next start, and is named. A bad
 * file, or one that gives a recorded name to another node, is refused and changes nothing. */
#ifndef STALENODE_OBSERVE_CONFIGURATION_H
#define STALENODE_OBSERVE_CONFIGURATION_H

#include "configuration.h"
#include "store/state_directory.h"

#include <stdbool.h>

/* Reads the file and refuses (EXIT_WRONG_USE) what observe cannot do; warns of what it does not
 * heed. *configuration is left alone on failure. */
int observe_configuration_read(struct configuration *configuration, const char *path,
			       struct failure *failure);

/* Reads it again while the agent runs: a mistake is refused as a whole and told. What is known of
 * the running targets is recorded in `state`; *running is then what is wanted. True when something
 * changed for which the workers have to begin anew; it was told. */
bool observe_configuration_reread(struct configuration *running, const char *path,
				  struct state_directory *state);

#endif
