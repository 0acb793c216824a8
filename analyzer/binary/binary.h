/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the compiler and the linker really did: facts from vmlinux (symbols, DWARF)
 * and from the object files (relocations). Built on elfutils; knows nothing of sources.
 */
#ifndef PLUGSCHED_BINARY_H
#define PLUGSCHED_BINARY_H

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

#define BINARY_ERROR binary_error_quark()
GQuark binary_error_quark(void);

enum binary_error {
	BINARY_ERROR_IO,       /* cannot be read */
	BINARY_ERROR_FORMAT,   /* not an ELF file, truncated, another machine, no symbols or no DWARF */
	BINARY_ERROR_MISMATCH, /* it was not linked from these objects */
};

/* A concrete function of vmlinux that holds an inlined copy of another. */
struct binary_inline {
	const char *caller;      /* source name (DW_AT_name) of the concrete function */
	const char *caller_file; /* file that declares it, as in struct binary_function */
};

/* Code of vmlinux that names an entry of a function beside the one that a redirection's jump would lie at. */
struct binary_bypass {
	const char *caller;      /* source name of the function whose code that is; the symbol if no scanned unit has it */
	const char *caller_file; /* file that declares it, as in struct binary_function; "vmlinux" if no scanned unit has it */
	unsigned caller_line;    /* 0 if unknown */
	const char *entry;       /* symbol entered: a clone, or the function's own name in `unit` */
	const char *unit;        /* of a second copy under the function's own name; NULL for a clone */
	uint64_t address;        /* of that symbol */
};

/* One function that a scanned unit defines, from its DWARF, joined with the symbol table. */
struct binary_function {
	const char *name;     /* DW_AT_name */
	const char *file;     /* decl_file: relative to the tree (comp_dir stripped), else absolute; "." and ".." resolved */
	unsigned line;        /* decl_line */
	const char *unit;     /* DW_AT_name of the compile unit, relative likewise */
	const char *symbol;   /* symbol at its entry; NULL if it has no out-of-line copy under its own name */
	uint64_t address;     /* of that symbol, link time; 0 without one */
	uint64_t size;        /* of that symbol, bytes */
	uint64_t room;        /* bytes from the entry to the next symbol of another address, padding included */
	unsigned position;    /* 1-based among vmlinux symbols of that name in address order; 0 if the name is
	                         unique or there is no symbol */
	bool has_endbr;       /* the entry begins with endbr64 */
	bool has_fentry;      /* the 5-byte ftrace call or nop follows (after endbr64) */
	bool is_patched;      /* the kernel patches one of the bytes that a redirection's jump would take */
	bool is_init;         /* lies in .init.text (a section of its own, or between _sinittext and _einittext) */
	bool is_exit;         /* lies in .exit.text */
	bool is_noinstr;      /* lies in .noinstr.text, .cpuidle.text or .entry.text, by their *_start and *_end symbols */
	bool is_sched;        /* lies between __sched_text_start and __sched_text_end */
	bool is_exported;     /* __ksymtab_NAME exists and the symbol is global */
	bool is_noreturn;     /* DW_AT_noreturn */
	bool is_overridden;   /* a weak definition whose code was linked, while the symbol is another unit's */
	GPtrArray *clones;    /* const char *: symbols like NAME.isra.0, NAME.constprop.0, NAME.part.0, sorted; no .cold */
	const char *cold;     /* symbol of its .cold part, or NULL */
	GArray *inlines;      /* struct binary_inline, sorted, no duplicates: every concrete function it is inlined into */
	GArray *bypasses;     /* struct binary_bypass, sorted, no duplicates: code that enters a clone, or this copy where units
	                         have several; the function's own code is left out */
};

/* A variable that a scanned unit defines (static locals included). */
struct binary_variable {
	const char *name;
	const char *file;     /* as above */
	unsigned line;
	const char *unit;
	uint64_t address;     /* link-time address (offset for per-CPU); 0 if optimised away */
	uint64_t size;        /* of the symbol at that address, 0 if none */
	const char *symbol;   /* symbol at that address, or NULL (local statics are NAME.123) */
	unsigned position;    /* as above */
	bool is_percpu;       /* lies in .data..percpu */
	bool is_exported;
};

struct binary {
	const char *path;
	const char *source_dir, *build_dir; /* borrowed */
	char *build_id;        /* hex, or NULL when it has none */
	GPtrArray *functions;  /* struct binary_function *, sorted by (name, file, line, unit) */
	GPtrArray *variables;  /* struct binary_variable *, sorted likewise */
	GPtrArray *units;      /* const char *: source of each compile unit but those in assembly, named as in struct binary_function;
	                          sorted, no duplicates */
	/* the rest is private to the library */
	GStringChunk *strings;
	void *state;
};

/*
 * Reads vmlinux. `source_dir` and `build_dir` (may be NULL: where the compiler ran)
 * are where the trees lie now. Only compile units named in `units` (a set of names relative to the tree,
 * char * keys) are scanned for DWARF; all symbols are read. Fails if the file is no ELF, has no
 * symbol table or no DWARF (the message says: CONFIG_DEBUG_INFO_DWARF5).
 */
struct binary *binary_open(const char *path, const char *source_dir, const char *build_dir, GHashTable *units,
			   GError **error);

/* The build-id of an ELF file in hex, and no more of it; NULL with `error` if it has none. Caller frees. */
char *binary_read_build_id(const char *path, GError **error);

/* Frees it. Accepts NULL. */
void binary_free(struct binary *binary);

/* True if vmlinux has a symbol of that name (any binding). */
bool binary_has_symbol(const struct binary *binary, const char *name);

/*
 * Checks that vmlinux was linked from the given objects: every global function
 * defined in them must be a symbol of vmlinux with the same size, weak ones and those in
 * discarded sections excepted. Paths are absolute. On failure BINARY_ERROR_MISMATCH naming the vmlinux, the
 * first symbol and object that differ, and "rebuild the kernel or point --build at the right tree".
 */
bool binary_check_objects(const struct binary *binary, const GPtrArray *objects, GError **error);

/* What object files say of symbols. */
struct objects {
	GHashTable *defined; /* name -> const char *: object that defines it (global or weak), for the scheduler's objects */
	GHashTable *users;   /* name -> GPtrArray of const char *: other objects with a relocation or undefined
	                        symbol naming it, sorted; only for names in `defined` */
	GHashTable *definers; /* name -> const char *: object that defines it (global or weak), for all objects */
	GHashTable *mentions; /* name -> GPtrArray of const char *: objects with an undefined symbol of it, all objects */
	GPtrArray *missing;  /* const char *: objects that were listed but could not be read, sorted */
	GStringChunk *strings;
};

/*
 * Reads `scheduler` (objects of the scheduler's own units) and `others` (all
 * other objects of the kernel, assembly included), paths relative to `build_dir`. An undefined symbol
 * that no relocation uses does not count as a use. Uses up to `threads` threads. Objects that do not
 * exist or are not ELF are listed in `missing`, never an error by themselves.
 */
struct objects *objects_read(const char *build_dir, const GPtrArray *scheduler,
			     const GPtrArray *others, unsigned threads);

/*
 * A C function type, spelled out with typedefs resolved, in a form that DWARF tells as well: result and parameters, each "v"
 * for void, "iN" for a number of N bytes, "o" for a record or enumeration, "p:TAG" for a pointer to a record, "p" for another. A
 * result written as ? is any. Caller frees.
 */
char *binary_shape(const char *prototype);

/*
 * Functions that have one of these shapes (a set of char *): name of the unit, relative to the tree ->
 * GHashTable, a set of the functions' names. g_hash_table_unref() it.
 */
GHashTable *binary_functions_by_shape(const struct binary *binary, GHashTable *shapes);

/* True if the object takes the address of one of the functions (a set of names), or cannot be read. */
bool object_takes_address(const char *build_dir, const char *object, GHashTable *functions);

/* Frees it. Accepts NULL. */
void objects_free(struct objects *objects);

#endif
