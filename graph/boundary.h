/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The boundary: which functions and data go into the scheduler module, and which stay in vmlinux.
 *
 * This is the method of ASPLOS'23, section 4, with the conditions of redirection made explicit. A
 * function that cannot be redirected safely stays in vmlinux. Then whatever it calls in the
 * scheduler is entered from vmlinux, and so on until nothing changes.
 */
#ifndef PLUGSCHED_BOUNDARY_H
#define PLUGSCHED_BOUNDARY_H

#include "graph/graph.h"

struct boundary_options {
	/* the one waiting function that is replaced nevertheless; NULL: "__schedule" */
	const char *springboard;
	/*
	 * the function that it calls to switch stacks; what follows that call stays in vmlinux's
	 * copy; NULL: "__switch_to_asm"
	 */
	const char *switch_to;
	unsigned jump_size; /* bytes that a redirection overwrites; 0: 5 */
};

/*
 * Gives every node its class, reason, via and sentence (`why`), and every record its class. The
 * graph must be finished. The strings in `options` are borrowed during the call. Running it again
 * gives the same result.
 */
void boundary_solve(struct graph *graph, const struct boundary_options *options);

/*
 * True if an interface function of the solved graph is entered by its address, so that a redirection
 * needs a jump there. False for one that is entered only as a method of a scheduling class, whose
 * contents the module replaces.
 */
bool boundary_needs_jump(const struct graph *graph, const struct graph_function *function);

#endif
