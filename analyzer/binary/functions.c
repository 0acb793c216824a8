// SPDX-License-Identifier: GPL-2.0-only
/*
 * Functions of a scanned unit: which DWARF entries belong together, and which symbols are theirs.
 *
 * A function may have several entries (DIEs): an abstract one (name, place in the source), at most
 * one concrete one for its own symbol, one for each clone, and one for each inlined copy. All of
 * them lead through DW_AT_abstract_origin to the same root, and the root's offset identifies the
 * function. The symbols where a concrete entry's code ranges start tell what the entry is: NAME
 * itself, a clone NAME.suffix, or the cold part.
 *
 * If gcc finds two functions of a unit equal (-fipa-icf), it keeps the code of one and makes the
 * other a stub or an alias without debug information. So after the walk of a unit, its address
 * ranges are searched for symbols of functions that were found without code.
 *
 * Limits: if an entry's origin is in another unit (LTO), the function is attributed to the unit
 * that refers to it. The stub of a merged function may be in a section of its own (.sched.text),
 * which is in none of the unit's ranges. Such a function has no symbol, and counts as overridden if
 * it is global.
 */
#include "analyzer/binary/scan.h"

#include <dwarf.h>
#include <string.h>

static struct binary_function *function_new(struct scan *scan, Dwarf_Die *root, const char *name)
{
	struct binary_function *function = g_new0(struct binary_function, 1);

	function->name = g_string_chunk_insert_const(scan->binary->strings, name);
	function->file = scan_file(scan, root);
	function->line = scan_line(root);
	function->unit = scan->unit;
	function->has_ipa_ra = scan->has_ipa_ra;
	function->is_noreturn = dwarf_hasattr_integrate(root, DW_AT_noreturn);
	function->clones = g_ptr_array_new();
	function->inlines = g_array_new(FALSE, FALSE, sizeof(struct binary_inline));
	function->bypasses = g_array_new(FALSE, FALSE, sizeof(struct binary_bypass));
	g_ptr_array_add(scan->binary->functions, function);
	return function;
}

struct binary_function *scan_function_of(struct scan *scan, Dwarf_Die *die)
{
	struct binary_function *function;
	const char *name;
	Dwarf_Die root;

	scan_root(die, &root);
	function = g_hash_table_lookup(scan->functions, scan_key(&root));
	if (function)
		return function;
	name = dwarf_diename(&root);
	if (!name || dwarf_tag(&root) != DW_TAG_subprogram ||
	    dwarf_hasattr(&root, DW_AT_declaration))
		return NULL;
	function = function_new(scan, &root, name);
	g_hash_table_insert(scan->functions, scan_key(&root), function);
	return function;
}

static const char *linkage_name(Dwarf_Die *die)
{
	Dwarf_Attribute attribute;

	return dwarf_formstring(dwarf_attr_integrate(die, DW_AT_linkage_name, &attribute));
}

static bool is_own_symbol(const struct binary_function *function, const char *linkage,
			  const char *symbol)
{
	return strcmp(symbol, function->name) == 0 || g_strcmp0(symbol, linkage) == 0;
}

const char *scan_suffix(const char *symbol, const char *name)
{
	size_t length = strlen(name);

	return strncmp(symbol, name, length) == 0 && symbol[length] == '.' ? symbol + length : NULL;
}

/*
 * gcc names the cold part NAME.cold and that of a clone NAME.isra.0.cold; before version 9 it wrote
 * NAME.cold.0.
 */
static bool is_cold_suffix(const char *suffix)
{
	return g_str_has_suffix(suffix, ".cold") || strstr(suffix, ".cold.");
}

static bool is_own_cold(const char *suffix)
{
	return is_cold_suffix(suffix) && g_str_has_prefix(suffix, ".cold");
}

/* The function's own cold part takes precedence over that of a clone. */
static void take_cold(struct binary_function *function, const char *symbol)
{
	if (!function->cold || is_own_cold(scan_suffix(symbol, function->name)))
		function->cold = symbol;
}

static void add_clone(struct scan *scan, struct binary_function *function,
		      const struct image_symbol *symbol)
{
	if (g_ptr_array_find(function->clones, symbol->name, NULL))
		return;
	g_ptr_array_add(function->clones, (char *)symbol->name);
	if (!function->symbol)
		place_region(function, scan->state, symbol->address);
}

static void add_piece(struct scan *scan, struct binary_function *function,
		      const struct image_symbol *symbol, enum piece_kind kind)
{
	struct piece piece = { symbol->address, symbol->name, function, kind };

	g_array_append_val(scan->pieces, piece);
}

/*
 * Notes what a symbol is to the function; `die` is the entry that has the code, or NULL. True if
 * code is entered there; false for a cold part, or for something else at the same address.
 */
static bool take_symbol(struct scan *scan, struct binary_function *function, Dwarf_Die *die,
			const struct image_symbol *symbol)
{
	const char *linkage = die ? linkage_name(die) : NULL;
	const char *suffix = scan_suffix(symbol->name, function->name);

	if (suffix && is_cold_suffix(suffix)) {
		take_cold(function, symbol->name);
		add_piece(scan, function, symbol, PIECE_COLD);
		return false;
	}
	if (suffix) {
		add_clone(scan, function, symbol);
		add_piece(scan, function, symbol, PIECE_CLONE);
		if (die && scan_keeps_convention(die, suffix, symbol->address)) {
			struct alike alike = { function, symbol };

			g_array_append_val(scan->alike, alike);
		}
	} else if (is_own_symbol(function, linkage, symbol->name)) {
		place_function(function, scan->state, symbol);
		add_piece(scan, function, symbol, PIECE_OWN);
	} else {
		return false;
	}
	return true;
}

static bool take_start(struct scan *scan, struct binary_function *function, Dwarf_Die *die,
		       uint64_t start)
{
	const struct image_symbol *symbol = NULL;
	bool is_entry = false;

	while ((symbol = binary_symbol_at(scan->state->image, start, symbol)))
		is_entry |= take_symbol(scan, function, die, symbol);
	return is_entry;
}

/*
 * Notes a global function that has no symbol at its entry: a weak one that another unit overrides,
 * or one that was merged with an equal function.
 */
static void note_stray(struct scan *scan, struct binary_function *function, Dwarf_Die *die,
		       bool has_code)
{
	if (dwarf_hasattr_integrate(die, DW_AT_external) &&
	    (has_code || !dwarf_hasattr(die, DW_AT_inline)))
		g_ptr_array_add(scan->strays, function);
}

bool scan_code(struct scan *scan, struct binary_function *function, Dwarf_Die *die)
{
	Dwarf_Addr base, start, end, first = 0;
	bool has_code = false, has_entry = false;
	ptrdiff_t offset = 0;

	while ((offset = dwarf_ranges(die, offset, &base, &start, &end)) > 0) {
		has_entry |= take_start(scan, function, die, start);
		first = has_code ? first : start;
		has_code = true;
	}
	if (!has_code && dwarf_lowpc(die, &first) == 0) {
		has_entry = take_start(scan, function, die, first);
		has_code = true;
	}
	if (has_code && !has_entry && !function->symbol && function->clones->len == 0)
		place_region(function, scan->state, first);
	if (!has_entry)
		note_stray(scan, function, die, has_code);
	return has_code;
}

void scan_inline(struct scan *scan, Dwarf_Die *die, const struct binary_function *caller)
{
	struct binary_function *function = caller ? scan_function_of(scan, die) : NULL;
	struct binary_inline entry;

	if (!function)
		return;
	entry = (struct binary_inline){ .caller = caller->name, .caller_file = caller->file };
	if (function->inlines->len > 0) {
		const struct binary_inline *last = &g_array_index(
			function->inlines, struct binary_inline, function->inlines->len - 1);

		if (last->caller == entry.caller && last->caller_file == entry.caller_file)
			return; /* most copies come in a row: this keeps the list short */
	}
	g_array_append_val(function->inlines, entry);
}

/*
 * Joins a symbol with the unit's function of that name (`by_name`). In the unit's code, a symbol
 * NAME or NAME.suffix can only belong to NAME.
 */
static void claim_symbol(struct scan *scan, GHashTable *by_name, const struct image_symbol *symbol)
{
	g_autofree char *name = g_strndup(symbol->name, strcspn(symbol->name, "."));
	struct binary_function *function = g_hash_table_lookup(by_name, name);

	if (function && (!function->symbol || scan_suffix(symbol->name, name)))
		take_symbol(scan, function, NULL, symbol);
}

static void claim_symbols(struct scan *scan, Dwarf_Die *unit, GHashTable *by_name)
{
	const struct image *image = scan->state->image;
	Dwarf_Addr base, start, end;
	ptrdiff_t offset = 0;

	while ((offset = dwarf_ranges(unit, offset, &base, &start, &end)) > 0) {
		const struct image_section *section = image_section_at(image, start);

		for (const struct image_symbol *each =
			     section ? image_symbol_from(image, section->index, start) : NULL;
		     each && each->address < end; each = image_symbol_after(image, each))
			if (each->is_function)
				claim_symbol(scan, by_name, each);
	}
}

static void mark_overridden(struct scan *scan)
{
	for (guint i = 0; i < scan->strays->len; i++) {
		struct binary_function *function = scan->strays->pdata[i];

		function->is_overridden = !function->symbol && function->clones->len == 0 &&
					  image_find(scan->state->image, function->name);
	}
	g_ptr_array_set_size(scan->strays, 0);
}

/* A function without a symbol of its own that has just this clone, called like it: that is its code. */
static void adopt(struct scan *scan, const struct alike *alike)
{
	struct binary_function *function = alike->function;

	if (function->symbol || function->clones->len != 1 ||
	    function->clones->pdata[0] != alike->symbol->name)
		return;
	place_function(function, scan->state, alike->symbol);
	g_ptr_array_set_size(function->clones, 0);
	for (guint i = 0; i < scan->pieces->len; i++) {
		struct piece *piece = &g_array_index(scan->pieces, struct piece, i);

		if (piece->function == function && piece->kind == PIECE_CLONE)
			piece->kind = PIECE_OWN;
	}
}

/* If the function has its own symbol, the cold part of a clone belongs to the clone alone. */
static void drop_foreign_cold(struct binary_function *function)
{
	if (function->symbol && function->cold && !scan_suffix(function->symbol, function->name) &&
	    !is_own_cold(scan_suffix(function->cold, function->name)))
		function->cold = NULL;
}

void scan_finish(struct scan *scan, Dwarf_Die *unit, guint first)
{
	const GPtrArray *functions = scan->binary->functions;
	GHashTable *by_name = g_hash_table_new(g_str_hash, g_str_equal);

	for (guint i = first; i < functions->len; i++) {
		struct binary_function *function = functions->pdata[i];

		g_hash_table_insert(by_name, (char *)function->name, function);
	}
	claim_symbols(scan, unit, by_name);
	mark_overridden(scan);
	for (guint i = 0; i < scan->alike->len; i++)
		adopt(scan, &g_array_index(scan->alike, struct alike, i));
	g_array_set_size(scan->alike, 0);
	for (guint i = first; i < functions->len; i++)
		drop_foreign_cold(functions->pdata[i]);
	g_hash_table_unref(by_name);
}
