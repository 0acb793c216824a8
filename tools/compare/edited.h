/* SPDX-License-Identifier: GPL-2.0-only */
/* Private to the command: differences that follow from what the rewriter edits. */
#ifndef PLUGSCHED_COMPARE_EDITED_H
#define PLUGSCHED_COMPARE_EDITED_H

#include "tools/compare/pair.h"

/*
 * Each tells what it found as a sentence that the caller frees, NULL if it does not apply: only an endbr64 at the entry is
 * new, for the interface table holds the address; the function names the address of one of vmlinux's; it uses a variable that
 * only vmlinux defines, beside it.
 */
char *edited_entry(const struct pair *pair);
char *edited_address(const struct pair *pair);
char *edited_variable(const struct pair *pair);

#endif
