/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The code in vmlinux that the module replaces: no task may be inside it while the module takes
 * over.
 */
#ifndef PLUGSCHED_REWRITER_REPLACED_H
#define PLUGSCHED_REWRITER_REPLACED_H

#include "rewriter/generate/generate.h"
#include "base/elf/image.h"

/*
 * Every function of the module that has code in vmlinux, with its .cold parts and clones, as struct
 * generated_text sorted by address. Internal functions are included because a tail call leaves no
 * frame of the caller on the stack. The strings belong to `graph` and `vmlinux`. Caller unrefs.
 */
GArray *replaced_text(const struct graph *graph, const struct image *vmlinux);

/*
 * The other symbols that vmlinux has at the functions of the interface tables of these units (struct
 * generated_unit), as struct generated_name sorted by address and name. The strings belong to
 * `vmlinux`. Caller unrefs.
 */
GArray *replaced_names(const GPtrArray *units, const struct image *vmlinux);

#endif
