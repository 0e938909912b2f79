/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * stalenoded: the capture agent. */
#include "observe.h"

#include <locale.h>
#include <string.h>

int main(int argc, char **argv)
{
	/* librrd writes and reads numbers in the locale's form; a decimal comma would spoil them.
	 */
	setlocale(LC_ALL, "C");
	/* Started by 'stalenode observe', it is a try in the foreground: what cannot begin is told
	 * at once. Started by itself, it is the agent, and waits for what is not there yet. */
	return observe_run(argc, argv, strcmp(argv[0], "observe") != 0);
}
