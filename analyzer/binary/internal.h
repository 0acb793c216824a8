/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Private to analyzer/binary/: what its files share, lowest layer first: place (where code lies),
 * then scan (DWARF).
 */
#ifndef PLUGSCHED_BINARY_INTERNAL_H
#define PLUGSCHED_BINARY_INTERNAL_H

#include "analyzer/binary/binary.h"
#include "base/elf/image.h"

/* The instruction set. Everything that depends on the machine is behind these functions (x86.c). */
/* The longest entry that arch_has_endbr() and arch_has_fentry() look at, bytes. */
#define ARCH_ENTRY_BYTES 9
/* True if the first bytes of a function are endbr64. */
bool arch_has_endbr(const uint8_t *bytes, size_t size);
/* Bytes at the beginning of such a function that a redirection leaves alone; its jump follows. */
size_t arch_entry_size(bool has_endbr, bool has_fentry);
/* Size of a redirection's jump, bytes. */
extern const unsigned arch_jump_size;
/*
 * True if the first bytes of the function at `address` are, after an endbr64 if there is one, the
 * 5-byte ftrace call or nop. `tracer` is the address of arch_tracer_symbol; 0 if there is none.
 */
bool arch_has_fentry(const uint8_t *bytes, size_t size, uint64_t address, uint64_t tracer);
/* The function that the ftrace call calls. */
extern const char arch_tracer_symbol[];
/* True for the relocation type that calls and jumps have. */
/* DWARF's numbers of the registers that integers and pointers are passed in, first argument first. */
extern const unsigned arch_arguments[];
extern const unsigned arch_argument_count;

bool arch_is_branch(unsigned type);
/* True for the relocation types of addresses that are relative to their own place. */
bool arch_is_relative(unsigned type);
/* Bytes from the beginning of a relative address to the end of its instruction, at most. */
#define ARCH_FIELD_TO_END 8
/* A relative address counts from its own place plus this many bytes. */
extern const unsigned arch_relative_bias;
/*
 * True if the number of `size` bytes at bytes[offset] may be the distance of a direct call or jump,
 * judged by the bytes in front of it.
 */
bool arch_may_branch(const uint8_t *bytes, size_t offset, unsigned size);

/* True if the instruction is a direct jump, conditional or not; false for a call. */
bool arch_is_jump(const uint8_t *bytes, size_t size);

/* Opens an ELF file of the build. Errors are BINARY_ERROR and say what to do. image_free() it. */
struct image *binary_image_open(const char *path, GError **error);

/* Address of the first symbol of that name, 0 if there is none. */
uint64_t binary_address_of(const struct image *image, const char *name);

/*
 * Iterates over the symbols at exactly `address`, except absolute ones: pass NULL first, then the
 * previous answer. NULL at the end.
 */
const struct image_symbol *binary_symbol_at(const struct image *image, uint64_t address,
					    const struct image_symbol *previous);

/* Text that the kernel patches while it runs. */
struct patched_place {
	uint64_t address;
	unsigned size; /* bytes, at most PATCHED_LONGEST */
};
#define PATCHED_LONGEST 5

/* A symbol at which code of a scanned function begins. */
struct piece {
	uint64_t address;
	const char *symbol;
	struct binary_function *function;
	enum piece_kind {
		PIECE_OWN,
		PIECE_CLONE,
		PIECE_COLD
	} kind;
};

struct binary_state;

/* All patched places of vmlinux, sorted by address: struct patched_place. Caller unrefs. */
GArray *patched_read(const struct binary_state *state);

/* True if one of the patched places has a byte in [address, address + size). */
bool patched_overlaps(const GArray *patched, uint64_t address, uint64_t size);

/* What binary.state points to. */
struct binary_state {
	struct image *image;
	GArray *patched;  /* struct patched_place */
	uint64_t tracer;  /* address of arch_tracer_symbol, 0 if there is none */
	GArray *pieces;   /* struct piece */
	GHashTable *maps; /* text of prefix maps, as in binary_open() -> char **: its lines */
};

/*
 * Fill in what the place of a function or variable tells: place_function() for a function with a
 * symbol of its own, place_region() only the flags of the region around `address`, place_variable()
 * for a variable. They replace what an earlier call filled in.
 */
void place_function(struct binary_function *function, const struct binary_state *state,
		    const struct image_symbol *symbol);
void place_region(struct binary_function *function, const struct binary_state *state,
		  uint64_t address);
void place_variable(struct binary_variable *variable, const struct binary_state *state,
		    const struct image_symbol *symbol);

/* How the compiler wrote the paths of one compile unit. */
struct unit_paths {
	const char *root;  /* the folder where it ran (DW_AT_comp_dir); may be NULL */
	char *const *maps; /* its prefix maps, "OLD=NEW" in the order of the command; NULL: none */
};

/* Each text of prefix maps once, with its lines. `maps` as in binary_open(). Caller unrefs. */
GHashTable *binary_distinct_maps(GHashTable *maps);

/*
 * True for a loaded section of an object whose words name functions and data for tools and tables
 * in which the kernel only looks up what is said of an address.
 */
bool place_is_bookkeeping(const char *section);

/* True if modules can link to the symbol. */
bool place_is_exported(const struct image *image, const struct image_symbol *symbol);

/*
 * The name of a compile unit in the binary's tree, which the compiler wrote as `name`. `root` is its
 * DW_AT_comp_dir. Fills in `paths` for the unit's other paths. Caller frees.
 */
char *binary_unit_in_tree(const struct binary *binary, const char *root, const char *name,
			  struct unit_paths *paths);

/*
 * The name of `path` in the binary's tree. A relative path is relative to the folder where the
 * compiler ran. Prefix maps are undone. "." and ".." are resolved; the source directory is
 * stripped, or else the build directory. Caller frees.
 */
char *binary_path_in_tree(const struct binary *binary, const struct unit_paths *paths,
			  const char *path);

/* Fills in the bypasses of all functions, from vmlinux's code. Sorts the pieces by address. */
void branches_find(struct binary *binary);

/*
 * Adds the functions and variables of the named units to the binary, their pieces to its state, and
 * the names of all compiled units to binary->units. False with `error` if there is no DWARF or it
 * is damaged.
 */
bool scan_units(struct binary *binary, GHashTable *units, GError **error);

#endif
