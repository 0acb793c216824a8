/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Private to analyzer/binary/: what its files share, lowest layer first: place (where code lies) < scan (DWARF).
 */
#ifndef PLUGSCHED_BINARY_INTERNAL_H
#define PLUGSCHED_BINARY_INTERNAL_H

#include "analyzer/binary/binary.h"
#include "base/elf/image.h"

/* Instruction set: all that is particular to a machine stands behind these (x86.c). */
/* Both look at the first bytes of a function; `tracer` is the address of the ftrace entry, 0 if there is none. */
#define ARCH_ENTRY_BYTES 9
bool arch_has_endbr(const uint8_t *bytes, size_t size);
/* Bytes that a redirection leaves alone at such an entry; of the jump behind them. */
size_t arch_entry_size(bool has_endbr, bool has_fentry);
extern const unsigned arch_jump_size;
bool arch_has_fentry(const uint8_t *bytes, size_t size, uint64_t address, uint64_t tracer);
extern const char arch_tracer_symbol[];
/* A relocation type that calls and jumps have; what a relative address counts from beyond its own place, bytes. */
bool arch_is_branch(unsigned type);
extern const unsigned arch_relative_bias;
/* True if a number of `size` bytes at bytes[offset] may be the distance of a direct call or jump, by what stands in front of it. */
bool arch_may_branch(const uint8_t *bytes, size_t offset, unsigned size);

/* Opens a file of the kernel's build; errors are BINARY_ERROR and say what to do. */
struct image *binary_image_open(const char *path, GError **error);

/* Address of the first symbol of that name, 0 if there is none. */
uint64_t binary_address_of(const struct image *image, const char *name);

/* Symbols at exactly `address`, absolute ones excepted: call with NULL, then with the previous answer. */
const struct image_symbol *binary_symbol_at(const struct image *image, uint64_t address, const struct image_symbol *previous);

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
	enum piece_kind { PIECE_OWN, PIECE_CLONE, PIECE_COLD } kind;
};

struct binary_state;

/* All of vmlinux's, by address: struct patched_place. Caller unrefs. */
GArray *patched_read(const struct binary_state *state);

/* Whether one of them has a byte of [address, address + size). */
bool patched_overlaps(const GArray *patched, uint64_t address, uint64_t size);

/* What binary.state points to. */
struct binary_state {
	struct image *image;
	GArray *patched;     /* struct patched_place */
	uint64_t tracer;     /* address of arch_tracer_symbol, 0 if there is none */
	GArray *pieces;      /* struct piece */
};

/* Fill in what the place of a function or variable tells. */
void place_function(struct binary_function *function, const struct binary_state *state, const struct image_symbol *symbol);
void place_region(struct binary_function *function, const struct binary_state *state, uint64_t address);
void place_variable(struct binary_variable *variable, const struct binary_state *state, const struct image_symbol *symbol);

/*
 * Name of `path` in the binary's tree: taken relative to `root`, where the compiler ran (may be NULL), "." and
 * ".." resolved, the source directory stripped, else the build directory. Free with g_free().
 */
char *path_in_tree(const struct binary *binary, const char *root, const char *path);

/* Fills the bypasses of all functions, from the pieces and vmlinux's code. */
void branches_find(struct binary *binary);

/* Adds the functions and variables of the named units to the binary, and their pieces to its state. */
bool scan_units(struct binary *binary, GHashTable *units, GError **error);

#endif
