/* SPDX-License-Identifier: GPL-2.0-only */
/* What a change writes into vmlinux: jumps, and the contents of the scheduling classes. */
#ifndef PLUGSCHED_REDIRECT_H
#define PLUGSCHED_REDIRECT_H

#include <linux/types.h>

struct plugsched_alias;
struct plugsched_change;
struct plugsched_place;
struct plugsched_original;
struct plugsched_site;

/* A place that one of the two schedulers has, or both have. */
struct plugsched_jump {
	struct plugsched_place *place;
	const struct plugsched_site *from, *to; /* NULL: vmlinux's bytes are there */
};

/* The same for the contents of a class. */
struct plugsched_exchange {
	struct plugsched_original *original;
	const void *from, *to; /* vmlinux's, or a scheduler's */
};

struct plugsched_redirection {
	const struct plugsched_change *change;
	struct plugsched_jump *jumps; /* sorted by place */
	unsigned int jump_count;
	struct plugsched_exchange *exchanges;
	unsigned int exchange_count;
};

/*
 * List what the change writes. Sleeps. Returns -ENOMEM. If it succeeds, plugsched_redirect_end() has
 * to follow.
 */
int plugsched_redirect_begin(struct plugsched_redirection *redirection,
			     const struct plugsched_change *change);

void plugsched_redirect_end(struct plugsched_redirection *redirection);

/*
 * Check before each attempt, while all who change text are held off, that nobody else has changed a
 * place or a class. Returns -EBUSY if somebody has.
 */
int plugsched_redirect_check(const struct plugsched_redirection *redirection);

/*
 * Map all that is to be written into `alias`, and note where each of it is writable. The caller ends
 * this with plugsched_alias_end(). Sleeps.
 */
int plugsched_redirect_map(const struct plugsched_redirection *redirection,
			   struct plugsched_alias *alias);

/*
 * Write all jumps and classes. On one CPU, within the stop, between plugsched_redirect_map() and
 * plugsched_alias_end(). Cannot fail.
 */
void plugsched_redirect_write(const struct plugsched_redirection *redirection);

#endif
