/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * One change of the scheduler at a time: who loads or unloads waits for whoever does so already, and tells for whom.
 *
 * A lock on /run/plugsched/lock orders those who use this command, and names who holds it. Whoever uses none, or has no such file (no
 * /run, a kernel without CONFIG_FILE_LOCKING), is seen by the module that comes, goes or changes.
 */
#ifndef PLUGSCHED_COMMAND_TURN_H
#define PLUGSCHED_COMMAND_TURN_H

#include "runtime/command/command.h"

struct turn {
	int fd; /* the lock's file; negative: there is none */
};

/* Waits until it is our turn, at most for as long as the options say. turn_end() is due in either case. */
bool turn_take(struct turn *turn, const struct command_options *options, GError **error);
void turn_end(struct turn *turn);

/* Waits, as long, until no module comes, goes or changes: for who has met one since. */
bool turn_settle(const struct command_options *options, GError **error);

#endif
