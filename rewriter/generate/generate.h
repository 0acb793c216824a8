/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The generated files that surround the scheduler's sources in a module: the build, the table of
 * functions that redirect vmlinux's, the symbols needed from vmlinux, the checks of what must not
 * change, and the record of the edits.
 *
 * Each function writes one file. All files are plain text in a stable order and meant to be read by
 * people too.
 */
#ifndef PLUGSCHED_REWRITER_GENERATE_H
#define PLUGSCHED_REWRITER_GENERATE_H

#include "graph/graph.h"
#include "rewriter/edit/edit.h"
#include "rewriter/features/features.h"

#include <stdio.h>

/* The name, in the module's folder, of the report that the module was made from. */
#define GENERATED_REPORT "boundary.json"

/* The name of the list of values that vmlinux keeps. */
#define GENERATED_VALUES "values.h"

/* A function of the module that vmlinux's entry will jump to, or that a scheduling class calls. */
struct generated_interface {
	const struct graph_function *function;
	const char *body; /* the name that the module gives its own function */
	/* it is in the interface table; of several names for one place, only one is */
	bool is_redirected;
};

/* An enumerator or macro of the scheduler's files whose value vmlinux keeps. */
struct generated_value {
	const char *name, *file, *holder;
	const char *value; /* NULL for a macro that is no constant */
	bool is_macro;
};

struct generated_unit {
	const char *name;     /* "core": names the object and its tables */
	const char *source;   /* "kernel/sched/core.c" */
	GPtrArray *interface; /* struct generated_interface *, sorted by name */
	GPtrArray *classes;   /* const struct graph_variable *, sorted by name */
	/*
	 * const struct graph_variable *: variables of vmlinux whose size must not change, sorted by
	 * name
	 */
	GPtrArray *variables;
	/*
	 * const char *: declarations, "extern typeof(int) f__calls", of what was a static local and
	 * lies in vmlinux
	 */
	GPtrArray *locals;
	GPtrArray *values; /* struct generated_value *: each value once, sorted by name */
	/*
	 * const struct graph_function *: functions of vmlinux, of which this unit has only
	 * prototypes, in source order
	 */
	GPtrArray *stays;
	/* const struct graph_record *: records whose layout is checked here, sorted */
	GPtrArray *records;
	GPtrArray *named; /* const char *: the C name of each of these records */
};

/*
 * A piece of vmlinux's code that no task may be inside when the module takes over, or afterwards.
 */
struct generated_text {
	const char *name; /* vmlinux's symbol */
	uint64_t address, size;
	bool is_springboard; /* sleeping tasks stand in it, at its switches */
};

/* Another name that vmlinux has for a function which gets a jump: an alias, or merged code. */
struct generated_name {
	const char *name;
	uint64_t address;
};

/*
 * A symbol of vmlinux that the module calls by another name, or of whose name vmlinux has several.
 */
struct generated_symbol {
	const char *label; /* in the module */
	const char *name;  /* in vmlinux */
	unsigned position; /* among equal names in address order, from 1; 0: unique */
};

/* Everything that the functions below read. All of it is borrowed. */
struct generated {
	const char *tool_version, *kernel_release, *build_id;
	const char *build_dir; /* absolute: where the kernel was built */
	const char *folder;    /* of the scheduler's sources in the tree: "kernel/sched" */
	const struct graph *graph;
	const GPtrArray *units; /* struct generated_unit * */
	const GArray *symbols;  /* struct generated_symbol, sorted by label */
	const GArray *text;     /* struct generated_text, sorted by address */
	const GArray *names;    /* struct generated_name, sorted by address and name */
	/* the address of vmlinux's _text as linked; offsets count from it */
	uint64_t base;
	/*
	 * const char *: names that the module may use although vmlinux does not export them, sorted
	 */
	const GPtrArray *unexported;
	/* const char *: the same for names that only the core may use, sorted */
	const GPtrArray *core_unexported;
	const struct edits *edits;
	const struct features *features; /* NULL if the module has its own */
	const char *schedule_label;      /* the module's name for vmlinux's __schedule */
};

/* A source file of the runtime. The runtime is the same in every module. */
struct generated_runtime_file {
	const char *name;        /* in the module's folder */
	const char *begin, *end; /* its text */
};
/* The files of the runtime. Static. */
const struct generated_runtime_file *generated_runtime_files(size_t *count);

/*
 * The names in vmlinux that the runtime needs, exported or not: what is compiled into each
 * scheduler's module, and the core. Some kernels lack some of them. g_strfreev() the result.
 */
char **generated_runtime_symbols(void);
char **generated_core_symbols(void);

/* Each of these functions writes one file to `out`. The caller checks `out` for errors. */
void generate_kbuild(FILE *out, const struct generated *module);
void generate_makefile(FILE *out, const struct generated *module);
/* plugsched.h: included first in each unit */
void generate_prelude(FILE *out, const struct generated *module);
/* boundary.h: included last in each unit */
void generate_boundary_header(FILE *out, const struct generated *module);
void generate_interface_table(FILE *out, const struct generated *module);  /* interface.h */
void generate_unit_list(FILE *out, const struct generated *module);        /* units.h */
void generate_text_table(FILE *out, const struct generated *module);       /* text.h */
void generate_name_table(FILE *out, const struct generated *module);       /* names.h */
void generate_symbol_table(FILE *out, const struct generated *module);     /* symbols.h */
void generate_identity(FILE *out, const struct generated *module);         /* identity.h */
void generate_symvers(FILE *out, const struct generated *module);          /* vmlinux.symvers */
void generate_core_symvers(FILE *out, const struct generated *module);     /* core.symvers */
void generate_tables(FILE *out, const struct generated *module);           /* tables.c */
void generate_springboard_stub(FILE *out, const struct generated *module); /* springboard.S */
void generate_abi_check(FILE *out, const struct generated *module);        /* abi_check.h */
void generate_values(FILE *out, const struct generated *module);           /* values.h */
/* check_begin.h: included first in each checked unit; needs the graph */
void generate_check_begin(FILE *out, const struct generated *module);
/* check_end.h: included last in it */
void generate_check_end(FILE *out, const struct generated *module);
/* check.sh: the checks that no compiler can do */
void generate_check_script(FILE *out, const struct generated *module);
void generate_gitignore(FILE *out, const struct generated *module);
void generate_gitattributes(FILE *out, const struct generated *module);
void generate_edits(FILE *out, const struct generated *module); /* EXTRACTED.md */

/* How much of the scheduler's text the edits change. */
struct generated_edit_counts {
	unsigned files, lines;   /* of the original */
	unsigned removed, added; /* lines */
	unsigned edits[EDIT_KINDS];
};
struct generated_edit_counts generated_count_edits(const struct edits *edits);

/* The file's name inside the module: without the scheduler's folder. */
const char *generated_file_name(const struct generated *module, const char *name);

#endif
