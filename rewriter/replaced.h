/* SPDX-License-Identifier: GPL-2.0-only */
/* The code of vmlinux that the module replaces: what no task may stand in while it takes over. */
#ifndef PLUGSCHED_REWRITER_REPLACED_H
#define PLUGSCHED_REWRITER_REPLACED_H

#include "rewriter/generate/generate.h"
#include "base/elf/image.h"

/*
 * Every function of the module that has code in vmlinux, internal ones too as a tail call leaves no frame of its caller, with
 * their .cold parts and clones: struct generated_text by address, whose strings are those of `graph` and `vmlinux`. Caller unrefs.
 */
GArray *replaced_text(const struct graph *graph, const struct image *vmlinux);

#endif
