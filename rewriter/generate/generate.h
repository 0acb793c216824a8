/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What stands around the scheduler's sources in a module: how it is built, what it enters into vmlinux's functions, what it
 * needs of vmlinux, what must not change, and the record of the edits.
 *
 * Each function writes one file; all are plain text in a stable order, for people too.
 */
#ifndef PLUGSCHED_REWRITER_GENERATE_H
#define PLUGSCHED_REWRITER_GENERATE_H

#include "graph/graph.h"
#include "rewriter/edit/edit.h"
#include "rewriter/features/features.h"

#include <stdio.h>

/* The report that the module was made from, in the module's folder. */
#define GENERATED_REPORT "boundary.json"

/* A function of the module that vmlinux's entry will lead to, or that a scheduling class calls. */
struct generated_interface {
	const struct graph_function *function;
	const char *body;     /* the module's name for its own */
	bool is_redirected;   /* it is in the interface table */
};

struct generated_unit {
	const char *name;      /* "core": of the object and of its tables */
	const char *source;    /* "kernel/sched/core.c" */
	GPtrArray *interface;  /* struct generated_interface *, sorted by name */
	GPtrArray *classes;    /* const struct graph_variable *, sorted by name */
	GPtrArray *variables;  /* const struct graph_variable *: of vmlinux, whose size must not change, sorted by name */
	GPtrArray *stays;      /* const struct graph_function *: of vmlinux, whose bodies are prototypes here, in source order */
	GPtrArray *records;    /* const struct graph_record *: whose layout is checked here, sorted */
	GPtrArray *named;      /* const char *: for each of them what it is called in C */
};

/* A piece of vmlinux's code that no task may stand in when the module takes over or has taken over. */
struct generated_text {
	const char *name;      /* vmlinux's symbol */
	uint64_t address, size;
	bool is_springboard;   /* sleeping tasks stand in it, at its switches */
};

/* A symbol that the module knows under another name, or that vmlinux has more than one of. */
struct generated_symbol {
	const char *label;     /* in the module */
	const char *name;      /* in vmlinux */
	unsigned position;     /* among equal names in address order, from 1; 0: unique */
};

/* All borrowed. */
struct generated {
	const char *tool_version, *kernel_release, *build_id;
	const char *build_dir;        /* absolute: where the kernel was built */
	const char *folder;           /* of the scheduler's sources in the tree: "kernel/sched" */
	const struct graph *graph;
	const GPtrArray *units;       /* struct generated_unit * */
	const GArray *symbols;        /* struct generated_symbol, sorted by label */
	const GArray *text;           /* struct generated_text, sorted by address */
	uint64_t base;                /* where vmlinux's _text is linked: what offsets count from */
	const GPtrArray *unexported;  /* const char *: what the module may name without an export of vmlinux, sorted */
	const struct edits *edits;
	const struct features *features; /* NULL: they are the module's own */
	const char *schedule_label;   /* the module's name for vmlinux's __schedule */
};

/* A source of the runtime, which is the same in every module. */
struct generated_runtime_file {
	const char *name;        /* in the module's folder */
	const char *begin, *end; /* its text */
};
const struct generated_runtime_file *generated_runtime_files(size_t *count);

/* Names of vmlinux that the runtime needs, exported or not; some kernels lack some. g_strfreev() it. */
char **generated_runtime_symbols(void);

void generate_kbuild(FILE *out, const struct generated *module);
void generate_makefile(FILE *out, const struct generated *module);
void generate_prelude(FILE *out, const struct generated *module);       /* plugsched.h: included first in each unit */
void generate_boundary_header(FILE *out, const struct generated *module); /* boundary.h: included last in each unit */
void generate_interface_table(FILE *out, const struct generated *module); /* interface.h */
void generate_unit_list(FILE *out, const struct generated *module);     /* units.h */
void generate_text_table(FILE *out, const struct generated *module);    /* text.h */
void generate_symbol_table(FILE *out, const struct generated *module);  /* symbols.h */
void generate_identity(FILE *out, const struct generated *module);      /* identity.h */
void generate_symvers(FILE *out, const struct generated *module);       /* vmlinux.symvers */
void generate_tables(FILE *out, const struct generated *module);        /* tables.c */
void generate_springboard_stub(FILE *out, const struct generated *module); /* springboard.S */
void generate_abi_check(FILE *out, const struct generated *module);     /* abi_check.h */
void generate_check_begin(FILE *out, const struct generated *module);   /* check_begin.h: first in each unit that is checked; needs the graph */
void generate_check_end(FILE *out, const struct generated *module);     /* check_end.h: last in it */
void generate_check_script(FILE *out, const struct generated *module);  /* check.sh: what no compiler sees */
void generate_gitignore(FILE *out, const struct generated *module);
void generate_gitattributes(FILE *out, const struct generated *module);
void generate_edits(FILE *out, const struct generated *module);         /* EXTRACTED.md */

/* How much of the scheduler's text the edits change. */
struct generated_edit_counts {
	unsigned files, lines;    /* of the original */
	unsigned removed, added;  /* lines */
	unsigned edits[EDIT_KINDS];
};
struct generated_edit_counts generated_count_edits(const struct edits *edits);

/* A file's name in the module: without the scheduler's folder. */
const char *generated_file_name(const struct generated *module, const char *name);

#endif
