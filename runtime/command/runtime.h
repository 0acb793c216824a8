/* SPDX-License-Identifier: GPL-2.0-only */
/* The loaded module: its files in /sys/kernel/plugsched/, by which it is watched and controlled. */
#ifndef PLUGSCHED_COMMAND_RUNTIME_H
#define PLUGSCHED_COMMAND_RUNTIME_H

#include "runtime/command/command.h"

enum runtime_state {
	RUNTIME_NONE,     /* no module of plugsched is loaded */
	RUNTIME_DISABLED, /* vmlinux's scheduler runs */
	RUNTIME_ENABLED,  /* the module's scheduler runs */
	RUNTIME_CHANGING, /* a transition goes on */
	RUNTIME_UNKNOWN,  /* the state cannot be read, or is a word of a later version */
	RUNTIME_COMING,   /* a module of our name, maybe not of plugsched, is being loaded */
	RUNTIME_GOING,    /* the same while it is being removed */
};

/* The names of the figures of the last transition: those of their files. */
extern const char *const runtime_figures[];
extern const unsigned runtime_figure_count;

/* Read the state now. */
enum runtime_state runtime_state(void);

/* The word for a state: "none", "disabled", ... */
const char *runtime_state_name(enum runtime_state state);

/*
 * The text of the file of that name; NULL if it is empty or cannot be read. The caller frees it.
 */
char *runtime_value(const char *name);

/* Is the loaded module built for tests? */
bool runtime_is_for_tests(void);

/* Read a figure. Returns false if there is no such figure. */
bool runtime_figure(const char *name, guint64 *value);

/*
 * Replace the scheduler (is_on), or put vmlinux's back. On failure nothing has changed, and the
 * error has the module's reason.
 */
bool runtime_enable(bool is_on, GError **error);

/*
 * Remove the disabled module from the kernel. Tries for up to a second while the module is still in
 * use. It is no failure if the module is gone already.
 */
bool runtime_remove(GError **error);

/* "X ms: the machine stood still for ..." about the last transition. The caller frees it. */
char *runtime_describe(void);

/* Print all figures of the last transition to stderr, one on each line. */
void runtime_print_figures(void);

#endif
