/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * store_path: how long the name of a state directory may be. Every target keeps some paths for as
 * long as it is observed: a few hundred bytes each, not the 4096 of the system. */
#ifndef STALENODE_STORE_PATH_H
#define STALENODE_STORE_PATH_H

/* state_directory_open() refuses longer ones. */
#define STATE_PATH_MAX 800
/* Of a target's directory or a file in it. */
#define STORE_PATH_SIZE 1024

#endif
