/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the compiler and the linker really did: facts from vmlinux (symbols, DWARF) and from the
 * object files (relocations). Built on elfutils; it does not read sources.
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
	BINARY_ERROR_FORMAT,   /* not ELF, truncated, another machine, no symbols or no DWARF */
	BINARY_ERROR_MISMATCH, /* vmlinux was not linked from these objects */
};

/* A concrete function of vmlinux that holds an inlined copy of another. */
struct binary_inline {
	const char *caller;      /* source name (DW_AT_name) of the concrete function */
	const char *caller_file; /* file that declares it, as in struct binary_function */
};

/*
 * Code of vmlinux that branches to an entry of a function other than the one where a redirection
 * would put its jump.
 */
struct binary_bypass {
	/*
	 * source name of the function that holds this code; its symbol if no scanned unit defines
	 * it; "code without a symbol" if it has none
	 */
	const char *caller;
	/* file that declares it, as in struct binary_function; "vmlinux" if no scanned unit does */
	const char *caller_file;
	unsigned caller_line; /* 0 if unknown */
	const char *entry;    /* symbol entered: a clone, or the function's own name in `unit` */
	const char *unit;     /* unit of a second copy under the
	                            function's own name; NULL: a clone */
	uint64_t address;     /* of that symbol */
};

/* A function that a scanned unit defines: what DWARF says, joined with the symbol table. */
struct binary_function {
	const char *name; /* DW_AT_name */
	/* decl_file: relative to the tree (comp_dir stripped) or absolute; without "." and ".." */
	const char *file;
	unsigned line;      /* decl_line */
	const char *unit;   /* DW_AT_name of the compile unit, relative likewise */
	const char *symbol; /* symbol at its entry; NULL: no out-of-line copy has its own name */
	uint64_t address;   /* link-time address of that symbol; 0 without one */
	uint64_t size;      /* size of that symbol, bytes */
	uint64_t room;      /* bytes from the entry to the next symbol at another address,
	                         padding included */
	unsigned position;  /* 1-based position among the symbols of that name in vmlinux, in
	                         address order; 0 if the name is unique or there is no symbol */
	bool has_endbr;     /* the entry begins with endbr64 */
	bool has_fentry;    /* the 5-byte ftrace call or nop follows (after endbr64) */
	/*
	 * gcc allocated the registers of calls within the unit by what the called function uses
	 * (-fipa-ra), or may have: a caller may rely on registers that the function leaves alone
	 */
	bool has_ipa_ra;
	bool is_patched; /* the kernel patches a byte that a redirection's jump would take */
	/* lies in .init.text (a section of its own, or between _sinittext and _einittext) */
	bool is_init;
	bool is_exit; /* lies in .exit.text */
	/*
	 * lies in .noinstr.text, .cpuidle.text or .entry.text: in such a section, or between its
	 * *_start and *_end symbols
	 */
	bool is_noinstr;
	bool is_sched;    /* lies between __sched_text_start and __sched_text_end */
	bool is_exported; /* __ksymtab_NAME exists and the symbol is global */
	bool is_noreturn; /* DW_AT_noreturn */
	/* a weak definition whose code was linked, while the symbol belongs to another unit's */
	bool is_overridden;
	/*
	 * const char *, sorted: symbols like NAME.isra.0, NAME.constprop.0, NAME.part.0; no .cold
	 */
	GPtrArray *clones;
	const char *cold; /* symbol of its .cold part, or NULL */
	/*
	 * struct binary_inline, sorted, no duplicates: concrete functions that it is inlined into
	 */
	GArray *inlines;
	/*
	 * struct binary_bypass, sorted, no duplicates: code that enters a clone, or that enters
	 * this copy if several units have a copy; the function's own code is left out
	 */
	GArray *bypasses;
};

/* A variable that a scanned unit defines; static locals are included. */
struct binary_variable {
	const char *name;
	const char *file; /* as above */
	unsigned line;
	const char *unit;
	uint64_t address;   /* link-time address (offset if per-CPU); 0 if optimised away */
	uint64_t size;      /* size of the symbol at that address; 0 if there is none */
	const char *symbol; /* symbol at that address, or NULL (local statics are NAME.123) */
	unsigned position;  /* as above */
	bool is_percpu;     /* lies in .data..percpu */
	bool is_exported;
};

struct binary {
	const char *path;
	const char *source_dir, *build_dir; /* borrowed */
	GHashTable *maps;                   /* see binary_open(); NULL: none */
	char *build_id;                     /* hex, or NULL when it has none */
	GPtrArray *functions; /* struct binary_function *, sorted by (name, file, line, unit) */
	GPtrArray *variables; /* struct binary_variable *, sorted likewise */
	/*
	 * const char *, sorted, no duplicates: the source of each compile unit that is not
	 * assembly, named as in struct binary_function
	 */
	GPtrArray *units;
	/* the rest is private to the library */
	GStringChunk *strings;
	void *state;
};

/*
 * Reads vmlinux. `source_dir` and `build_dir` are where the trees lie now; both are borrowed and
 * may be NULL, and a NULL `build_dir` means the folder where the compiler ran. All symbols are
 * read, but DWARF is read only for the compile units named in `units` (a set of char *, relative to
 * the tree). `maps` says which prefix maps (-ffile-prefix-map) a unit was compiled with: its source,
 * relative to the tree -> a text with a line "OLD=NEW" for each, in the order of the command. It may
 * be NULL; its strings must stay until binary_free(). Fails with BINARY_ERROR if the file is not ELF, or has no symbol table or no DWARF
 * (the message says what to set), or if one of these units was not compiled by gcc.
 * binary_free() the result.
 */
struct binary *binary_open(const char *path, const char *source_dir, const char *build_dir,
			   GHashTable *maps, GHashTable *units, GError **error);

/* What binary_find_leads() searches for: sets of const struct binary_function *. */
struct binary_hunt {
	GHashTable *wanted; /* who leads to these? */
	GHashTable *gone;   /* the code of these does not run: it leads nowhere */
	GHashTable *unused; /* but to these, its code leads too: nobody else is known to */
};

/* A place in vmlinux that has the address of a function's own symbol, or of a variable. */
struct binary_lead {
	const struct binary_function *to; /* NULL: it leads to a variable */
	const struct binary_variable *to_variable;
	/* the function or variable there, as in struct binary_bypass */
	const char *from, *from_file;
	unsigned from_line;
	bool is_code;     /* a branch or an operand; else a word of data */
	uint64_t address; /* of the symbol at that place; 0 if there is none */
};

/*
 * Finds all direct branches, operands and aligned words in vmlinux's code and data that lead to the
 * wanted functions, except from the code of the function itself, from init sections and from tables
 * in which the kernel only looks up addresses. Returns struct binary_lead; the strings belong to the
 * binary. Caller unrefs.
 */
GArray *binary_find_leads(struct binary *binary, const struct binary_hunt *hunt);

/* A direct branch from a function's code in vmlinux to another symbol. */
struct binary_exit {
	const char *to; /* borrowed from the binary */
	bool is_call;   /* it comes back; else the function has left the stack */
};

/*
 * All direct branches by which the code of the function's symbol, with its .cold part, leaves a
 * symbol: struct binary_exit. NULL if it has no symbol or cannot be decoded. Caller unrefs.
 */
GArray *binary_exits_of(const struct binary *binary, const struct binary_function *function);

/* What binary_find_references() searches for: sets of symbols (char *), as the object names them. */
struct binary_object_hunt {
	GHashTable *wanted; /* what leads to these? */
	GHashTable *gone;   /* the code or data of these does not count */
	GHashTable *unused; /* but as a way to these it does; a subset of `wanted` */
};

/* A place in an object that leads to a symbol. All strings are borrowed from the binary. */
struct binary_reference {
	const char *from; /* symbol around the place; NULL: there is none */
	const char *to;
	bool is_code;  /* an operand; else a word of data */
	bool is_local; /* `to` is the object's own and not global */
};

/*
 * Finds the relocations of an object (its path relative to `build_dir`) that lead to a wanted
 * symbol, also those that are relative to their own place or to the beginning of their table.
 * Sections of init text and data are left out, and tables in which the kernel only looks up
 * addresses. Returns struct binary_reference, empty if the object cannot be read. Caller unrefs.
 */
GArray *binary_find_references(const struct binary *binary, const char *build_dir,
			       const char *object, const struct binary_object_hunt *hunt);

/* The layout of a record by another source than debug information. All strings are borrowed. */
struct binary_layout {
	const char *file; /* that defines it, relative to the tree */
	const char *record;
	unsigned size;   /* bytes */
	GArray *members; /* struct binary_layout_member: some or all of them */
};

struct binary_layout_member {
	const char *name;
	unsigned offset; /* bits */
};

/*
 * Compares layouts (struct binary_layout, each record once) with those in the debug information of
 * the named units (a set of char *). A record that these do not define is not compared. False with
 * `error`, which names the first record that differs and how.
 */
bool binary_check_layouts(const struct binary *binary, GHashTable *units, const GArray *layouts,
			  GError **error);

/* Reads only the build-id of an ELF file, in hex. NULL and `error` if it has none. Caller frees. */
char *binary_read_build_id(const char *path, GError **error);

/* Frees it. Accepts NULL. */
void binary_free(struct binary *binary);

/* A symbol of vmlinux within a function or variable that has another symbol of its own. */
struct binary_name {
	const char *name; /* borrowed from the binary */
	uint64_t offset;  /* from the beginning, bytes */
	bool is_global;
	bool is_typed;    /* it says that it is a function or a variable, as an alias does */
	bool is_exported; /* __ksymtab_NAME exists */
};

/*
 * All symbols of vmlinux at `size` bytes from `address` on, at least those at `address` itself,
 * except the one called `own`: struct binary_name, by address and name. Caller unrefs.
 */
GArray *binary_other_names(const struct binary *binary, const char *own, uint64_t address,
			   uint64_t size);

/* True if vmlinux has a symbol of that name (any binding). */
bool binary_has_symbol(const struct binary *binary, const char *name);

/*
 * Checks that vmlinux was linked from the given objects (absolute paths): every global function
 * defined in them must be a symbol of vmlinux with the same size, except weak ones and those in
 * discarded sections. On failure `error` is BINARY_ERROR_MISMATCH; its message names vmlinux, the
 * first symbol and object that differ, and says "rebuild the kernel or point --build at the right
 * tree". An object that cannot be read is an error too.
 */
bool binary_check_objects(const struct binary *binary, const GPtrArray *objects, GError **error);

/* What is known of an object whose source is not. */
struct binary_sourceless {
	GPtrArray *units;    /* char *: its compile units, as in struct binary.units */
	GHashTable *records; /* set of char *: structs and unions that it has definitions of */
	bool has_code;       /* if it has, but no units, its use of members is unknown */
};

/*
 * Reads the debug information of an object (path relative to `build_dir`). If it cannot be read, it
 * counts as one with code and without units. binary_sourceless_free() the result.
 */
struct binary_sourceless *binary_read_sourceless(const char *source_dir, const char *build_dir,
						 const char *object);

/* Frees it. Accepts NULL. */
void binary_sourceless_free(struct binary_sourceless *sourceless);

/* What object files say about symbols. */
struct objects {
	/* name -> const char *: the scheduler's object that defines it (global or weak) */
	GHashTable *defined;
	/*
	 * name -> GPtrArray of const char *, sorted: other objects with a relocation to it; only
	 * for names in `defined`
	 */
	GHashTable *users;
	/* name -> const char *: the other object that defines it (global or weak) */
	GHashTable *definers;
	/* name -> GPtrArray of const char *: other objects with an undefined symbol of that name */
	GHashTable *mentions;
	GPtrArray *missing; /* const char *, sorted: listed objects
	                        that are unreadable or damaged */
	GStringChunk *strings;
};

/*
 * Reads `scheduler` (the objects of the scheduler's own units) and `others` (all other objects of
 * the kernel, assembly included); paths are relative to `build_dir`. An undefined symbol that no
 * relocation uses does not count as a use. Runs on up to `threads` threads. An object that does not
 * exist or is not ELF is listed in `missing`; it is never an error. objects_free() the result.
 */
struct objects *objects_read(const char *build_dir, const GPtrArray *scheduler,
			     const GPtrArray *others, unsigned threads);

/*
 * The shape of a C function type: a coarse form that can be made from DWARF as well. `prototype`
 * has its typedefs resolved. The shape is the result and the parameters, joined by commas; each is
 * "v" for void, "iN" for a number of N bytes, "o" for a record or enumeration, "p:TAG" for a
 * pointer to a record, "p" for another pointer, "." for "...". A result written as "?" stands for
 * any. Caller frees.
 */
char *binary_shape(const char *prototype);

/*
 * Finds the functions of vmlinux that have one of these shapes (a set of char *). Returns a table
 * from the unit's name, relative to the tree, to a GHashTable that is the set of the functions'
 * names. Release it with g_hash_table_unref().
 */
GHashTable *binary_functions_by_shape(const struct binary *binary, GHashTable *shapes);

/*
 * True if the object (path relative to `build_dir`) takes the address of one of the functions (a
 * set of names), or if it cannot be read.
 */
bool binary_object_takes_address(const char *build_dir, const char *object, GHashTable *functions);

/* Frees it. Accepts NULL. */
void objects_free(struct objects *objects);

#endif
