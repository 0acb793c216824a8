/* SPDX-License-Identifier: GPL-2.0-only */
/* What the loaded module shows of itself: /sys/kernel/plugsched/. */
#ifndef PLUGSCHED_COMMAND_RUNTIME_H
#define PLUGSCHED_COMMAND_RUNTIME_H

#include "runtime/command/command.h"

enum runtime_state {
	RUNTIME_NONE, /* no module of ours is loaded */
	RUNTIME_DISABLED,
	RUNTIME_ENABLED,
	RUNTIME_CHANGING,
	RUNTIME_UNKNOWN, /* it cannot be read, or is a word of a later version */
	RUNTIME_COMING,  /* a module of that name is being loaded, */
	RUNTIME_GOING,   /* or removed, so whose it is cannot be told yet */
};

/* Figures of the last transition, as they are called there. */
extern const char *const runtime_figures[];
extern const unsigned runtime_figure_count;

enum runtime_state runtime_state(void);

/* "none", "disabled", ... */
const char *runtime_state_name(enum runtime_state state);

/* The text of one of its files, to be freed; NULL if it is empty or cannot be read. */
char *runtime_value(const char *name);

/* Is it built for tests? */
bool runtime_is_for_tests(void);

/* A figure; false if it is not there. */
bool runtime_figure(const char *name, guint64 *value);

/* Replaces the scheduler or takes that back. On failure the module says why; all is as it was. */
bool runtime_enable(bool is_on, GError **error);

/* Removes the disabled module; one that is still in use gets up to a second, and one that is gone already is no failure. */
bool runtime_remove(GError **error);

/* "X ms: the machine stood still for ..." of the last transition, to be freed. */
char *runtime_describe(void);

/* All figures of the last transition to stderr, one a line. */
void runtime_print_figures(void);

#endif
