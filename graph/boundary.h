/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The boundary: which functions and data become the scheduler module's, which stay.
 *
 * ASPLOS'23, section 4, with the conditions of redirection made explicit: a function that cannot be
 * redirected safely stays in vmlinux, whatever it calls in the scheduler then is entered from
 * vmlinux, and so on to the fixed point.
 */
#ifndef PLUGSCHED_BOUNDARY_H
#define PLUGSCHED_BOUNDARY_H

#include "graph/graph.h"

struct boundary_options {
	const char *springboard; /* the one waiting function that is replaced all the same; NULL: "__schedule" */
	const char *switch_to;   /* what it calls to switch stacks; what follows that call stays in vmlinux's
	                            copy. NULL: "__switch_to_asm" */
	unsigned jump_size;      /* bytes a redirection overwrites; 0: 5 */
};

/*
 * Gives every node its class, reason, via and sentence. The graph must be finished. Running it again
 * gives the same answer.
 */
void boundary_solve(struct graph *graph, const struct boundary_options *options);

#endif
