/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The core and the schedulers that are registered with it, as the files in /sys/kernel/plugsched/
 * show them.
 */
#ifndef PLUGSCHED_COMMAND_RUNTIME_H
#define PLUGSCHED_COMMAND_RUNTIME_H

#include "runtime/command/command.h"

enum runtime_state {
	RUNTIME_NONE,     /* no scheduler's module is registered */
	RUNTIME_DISABLED, /* some are, but vmlinux's scheduler is at work */
	RUNTIME_ENABLED,  /* a module's scheduler is at work */
	RUNTIME_CHANGING, /* an order is being carried out */
	RUNTIME_UNKNOWN,  /* the state cannot be read, or is a word of a later version */
	RUNTIME_COMING,   /* vmlinux's scheduler is at work, and a module is being loaded */
	RUNTIME_GOING,    /* the same while one is being removed */
};

/* The names of the figures of the last order: those of their files. */
extern const char *const runtime_figures[];
extern const unsigned runtime_figure_count;

/* Is the core in the kernel? */
bool runtime_has_core(void);

/* Read the state now. */
enum runtime_state runtime_state(void);

/* The word for a state: "none", "disabled", ... */
const char *runtime_state_name(enum runtime_state state);

/*
 * Is a module being loaded (RUNTIME_COMING) or removed (RUNTIME_GOING)? RUNTIME_NONE if not. Looks
 * at the core, at the modules that use it, and at the one called `also` (NULL: no other). Sets
 * `name`, which the caller frees, to that of the module.
 */
enum runtime_state runtime_moving(const char *also, char **name);

/*
 * The name of the scheduler at work. Without a core that is vmlinux's. Returns NULL if it cannot be
 * read. The caller frees it.
 */
char *runtime_at_work(void);

/* Is the scheduler of that name at work? */
bool runtime_is_at_work(const char *name);

/* The names of all schedulers' modules that are registered, sorted. g_strfreev() frees them. */
char **runtime_schedulers(void);

/* Is there one of that name, at work or not? */
bool runtime_is_registered(const char *name);

/*
 * The text of the file of that name; NULL if it is empty or cannot be read. The caller frees it.
 */
char *runtime_value(const char *name);

/* The same for a file in the folder of a scheduler that is registered. */
char *runtime_value_of(const char *scheduler, const char *name);

/* Is the core built for tests? */
bool runtime_is_for_tests(void);

/* Read a figure. Returns false if there is no such figure. */
bool runtime_figure(const char *name, guint64 *value);

/* Are there figures: has an order been carried out? */
bool runtime_has_figures(void);

/* "X ms: the machine stood still for ..." about the last order. The caller frees it. */
char *runtime_describe(void);

/* Print all figures of the last order to stderr, one on each line. */
void runtime_print_figures(void);

#endif
