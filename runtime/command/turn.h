/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * One change of the scheduler at a time: a load or unload waits for one that goes on already, and
 * tells the user for which process it waits.
 *
 * A lock on /run/plugsched/lock orders all who use this command; the kernel knows which process
 * holds it. Others do not take the lock: insmod, rmmod, or this command where the file cannot be
 * made (no /run) or locked (a kernel without CONFIG_FILE_LOCKING). Their changes are noticed by a
 * module that is being loaded or removed, and by an order that is being carried out.
 */
#ifndef PLUGSCHED_COMMAND_TURN_H
#define PLUGSCHED_COMMAND_TURN_H

#include "runtime/command/command.h"

struct turn {
	int fd; /* of the file that is locked; negative: there is none */
};

/*
 * Wait until it is our turn, at most as long as the options say; then do turn_settle(). Fails if the
 * time is over or a signal has come. Call turn_end() later, whatever this returns.
 */
bool turn_take(struct turn *turn, const char *module, const struct command_options *options,
	       GError **error);

/* Release the lock. */
void turn_end(struct turn *turn);

/*
 * Wait, at most as long, until no order is being carried out, and no scheduler's module, nor the one
 * called `module` (NULL: no other), is being loaded or removed: for a caller that has found this
 * after it took its turn.
 */
bool turn_settle(const char *module, const struct command_options *options, GError **error);

#endif
