/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * stalenoded: the capture agent. */
#include "observe.h"

#include <locale.h>

int main(int argc, char **argv)
{
	/* librrd writes and reads numbers in the locale's form; a decimal comma would spoil them.
	 */
	setlocale(LC_ALL, "C");
	return observe_run(argc, argv);
}
