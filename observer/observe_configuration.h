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

/* Reads the file and refuses (EXIT_WRONG_USE) what observe cannot do; warns of what it does not
 * heed. *configuration is left alone on failure. */
int observe_configuration_read(struct configuration *configuration, const char *path,
			       struct failure *failure);

/* Reads the file again. `running` is the configuration of the start. Prints one line: on standard
 * output what was done, on standard error what was refused or waits. */
void observe_configuration_reread(const struct configuration *running, const char *path,
				  struct state_directory *state);

#endif
