/* SPDX-License-Identifier: GPL-2.0-only */
/* Private to the command: differences that follow from the rewriter's edits. */
#ifndef PLUGSCHED_COMPARE_EDITED_H
#define PLUGSCHED_COMPARE_EDITED_H

#include "tools/compare/pair.h"

/*
 * Each of these returns a sentence that the caller frees, or NULL if it does not apply.
 *
 * edited_entry: the only new instruction is an endbr64 at the entry, because the interface table
 * holds the function's address.
 * edited_address: the function takes the address of a function of vmlinux.
 * edited_variable: the function uses a static variable that only vmlinux defines.
 */
char *edited_entry(const struct pair *pair);
char *edited_address(const struct pair *pair);
char *edited_variable(const struct pair *pair);

#endif
