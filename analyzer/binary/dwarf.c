// SPDX-License-Identifier: GPL-2.0-only
/*
 * The walk through the DWARF of the scanned units.
 *
 * The header and the name of every compile unit are read, but the walk descends only into units
 * that were asked for. There every subprogram that is not just a declaration is a function
 * (functions.c). Its body is searched for inlined copies of other functions and for static locals
 * (variables.c). An inlined copy counts for the outermost concrete function, because its code lies
 * there.
 *
 * Limits: split DWARF (.dwo) is refused, and so is compression that the installed libdw lacks.
 */
#include "analyzer/binary/scan.h"

#include <dwarf.h>
#include <string.h>

#define COMPRESSED_ZSTD 2 /* ELFCOMPRESS_ZSTD, which older elf.h lack */
#define MAX_DEPTH 512     /* of nested scopes; real code stays below 50 */
#define MAX_ORIGINS 16    /* of abstract origins in a row; real code has two */

typedef void visit_function(struct scan *scan, Dwarf_Die *die, struct binary_function *caller,
			    unsigned depth);

/* --- what identifies an entry */

void scan_root(Dwarf_Die *die, Dwarf_Die *root)
{
	Dwarf_Attribute attribute;

	*root = *die;
	for (unsigned i = 0; i < MAX_ORIGINS; i++) {
		Dwarf_Die origin;

		if (!dwarf_attr(root, DW_AT_abstract_origin, &attribute) ||
		    !dwarf_formref_die(&attribute, &origin))
			return;
		*root = origin;
	}
}

gpointer scan_key(Dwarf_Die *die)
{
	return GSIZE_TO_POINTER(dwarf_dieoffset(die));
}

const char *scan_file(struct scan *scan, Dwarf_Die *die)
{
	const char *path = dwarf_decl_file(die);
	const char *known;

	if (!path)
		return scan->unit;
	known = g_hash_table_lookup(scan->paths, path);
	if (!known) {
		g_autofree char *name = binary_path_in_tree(scan->binary, &scan->unit_paths, path);

		known = g_string_chunk_insert_const(scan->binary->strings, name);
		g_hash_table_insert(scan->paths, (char *)path, (char *)known);
	}
	return known;
}

unsigned scan_line(Dwarf_Die *die)
{
	int line;

	return dwarf_decl_line(die, &line) == 0 ? (unsigned)line : 0;
}

/* --- the walk */

/* `caller` is the concrete function around these entries; NULL outside of any. */
static void visit_children(struct scan *scan, Dwarf_Die *parent, visit_function *visit,
			   struct binary_function *caller, unsigned depth)
{
	Dwarf_Die child;
	int status;

	if (depth > MAX_DEPTH) {
		scan->is_damaged = true;
		return;
	}
	for (status = dwarf_child(parent, &child); status == 0;
	     status = dwarf_siblingof(&child, &child))
		visit(scan, &child, caller, depth + 1);
	if (status < 0)
		scan->is_damaged = true;
}

static void scan_function(struct scan *scan, Dwarf_Die *die, unsigned depth);

static void visit_body(struct scan *scan, Dwarf_Die *die, struct binary_function *caller,
		       unsigned depth)
{
	switch (dwarf_tag(die)) {
	case DW_TAG_inlined_subroutine:
		scan_inline(scan, die, caller);
		visit_children(scan, die, visit_body, caller, depth);
		break;
	case DW_TAG_lexical_block:
		visit_children(scan, die, visit_body, caller, depth);
		break;
	case DW_TAG_variable:
		scan_local(scan, die);
		break;
	case DW_TAG_subprogram:
		scan_function(scan, die, depth);
		break;
	}
}

static void scan_function(struct scan *scan, Dwarf_Die *die, unsigned depth)
{
	struct binary_function *function;
	bool has_code;

	if (dwarf_hasattr(die, DW_AT_declaration))
		return;
	function = scan_function_of(scan, die);
	if (!function)
		return;
	has_code = scan_code(scan, function, die);
	visit_children(scan, die, visit_body, has_code ? function : NULL, depth);
}

static void visit_unit(struct scan *scan, Dwarf_Die *die, struct binary_function *caller,
		       unsigned depth)
{
	(void)caller;
	if (dwarf_tag(die) == DW_TAG_subprogram)
		scan_function(scan, die, depth);
	else if (dwarf_tag(die) == DW_TAG_variable)
		scan_global(scan, die);
}

/* --- units */

/*
 * True if the unit was compiled. False for assembly, and for a partial unit, into which a tool
 * moved what several units share.
 */
static bool is_compiled(Dwarf_Die *unit)
{
	Dwarf_Attribute attribute;
	Dwarf_Word language = 0;

	if (dwarf_tag(unit) != DW_TAG_compile_unit)
		return false;
	dwarf_formudata(dwarf_attr(unit, DW_AT_language, &attribute), &language);
	return language != DW_LANG_Mips_Assembler; /* assemblers write this for every machine */
}

/*
 * Notes a unit that another compiler than gcc has compiled. What clones, inlined copies and entries
 * look like is known of gcc only.
 */
static void check_compiler(struct scan *scan, Dwarf_Die *unit)
{
	Dwarf_Attribute attribute;
	const char *producer = dwarf_formstring(dwarf_attr(unit, DW_AT_producer, &attribute));

	if (scan->foreign_unit || !producer || g_str_has_prefix(producer, "GNU "))
		return;
	scan->foreign_unit = scan->unit;
	scan->foreign_compiler = g_string_chunk_insert_const(scan->binary->strings, producer);
}

/*
 * True unless the unit's options tell that gcc did not use -fipa-ra, which comes with -O and goes
 * with profiling (-pg, which is -p in DWARF) and with space for patches at functions' entries.
 */
static bool may_have_ipa_ra(Dwarf_Die *unit)
{
	static const char *const without[] = { "-p", "-pg", "-fno-ipa-ra", "-O0" };
	Dwarf_Attribute attribute;
	const char *producer = dwarf_formstring(dwarf_attr(unit, DW_AT_producer, &attribute));
	g_auto(GStrv) words = g_strsplit(producer ? producer : "", " ", -1);

	for (guint i = 0; i < G_N_ELEMENTS(without); i++)
		if (g_strv_contains((const char *const *)words, without[i]))
			return false;
	for (char **word = words; *word; word++)
		if (g_str_has_prefix(*word, "-fpatchable-function-entry=") ||
		    g_str_has_prefix(*word, "-flive-patching"))
			return false;
	return true;
}

static void scan_unit(struct scan *scan, Dwarf_Die *unit, GHashTable *units)
{
	const char *name = dwarf_diename(unit);
	g_autofree char *path = NULL;
	Dwarf_Attribute attribute;
	guint first;

	scan->is_split |=
		dwarf_hasattr(unit, DW_AT_dwo_name) || dwarf_hasattr(unit, DW_AT_GNU_dwo_name);
	if (!name)
		return;
	path = binary_unit_in_tree(scan->binary,
				   dwarf_formstring(dwarf_attr(unit, DW_AT_comp_dir, &attribute)),
				   name, &scan->unit_paths);
	scan->unit = g_string_chunk_insert_const(scan->binary->strings, path);
	if (is_compiled(unit))
		g_ptr_array_add(scan->binary->units, (char *)scan->unit);
	if (!g_hash_table_contains(units, path))
		return;
	check_compiler(scan, unit);
	scan->has_ipa_ra = may_have_ipa_ra(unit);
	first = scan->binary->functions->len;
	visit_children(scan, unit, visit_unit, NULL, 0);
	scan_finish(scan, unit, first);
}

/* Scans the named units. False if a unit header cannot be read. */
static bool scan_all(struct scan *scan, Dwarf *dwarf, GHashTable *units)
{
	Dwarf_CU *unit = NULL;
	Dwarf_Die die;
	int status;

	while ((status = dwarf_get_units(dwarf, unit, &unit, NULL, NULL, &die, NULL)) == 0)
		scan_unit(scan, &die, units);
	return status > 0;
}

static bool has_units(Dwarf *dwarf)
{
	Dwarf_CU *unit = NULL;

	return dwarf && dwarf_get_units(dwarf, NULL, &unit, NULL, NULL, NULL, NULL) == 0;
}

static bool check_scan(const struct scan *scan, bool is_read, GError **error)
{
	if (!is_read || scan->is_damaged)
		g_set_error(error, BINARY_ERROR, BINARY_ERROR_FORMAT,
			    "%s: damaged DWARF; rebuild the kernel with CONFIG_DEBUG_INFO_DWARF5=y",
			    scan->binary->path);
	else if (scan->is_split)
		g_set_error(
			error, BINARY_ERROR, BINARY_ERROR_FORMAT,
			"%s: its debug information is split into .dwo files (CONFIG_DEBUG_INFO_SPLIT=y), which are not read; build "
			"the kernel without that option",
			scan->binary->path);
	else if (scan->foreign_unit)
		g_set_error(
			error, BINARY_ERROR, BINARY_ERROR_FORMAT,
			"%s: %s was compiled by %s; only kernels that gcc has compiled can be analysed; build it with gcc",
			scan->binary->path, scan->foreign_unit, scan->foreign_compiler);
	else
		return true;
	return false;
}

static bool scan_dwarf(struct binary *binary, Dwarf *dwarf, GHashTable *units, GError **error)
{
	struct scan scan = {
		.binary = binary,
		.state = binary->state,
		.pieces = ((struct binary_state *)binary->state)->pieces,
		.functions = g_hash_table_new(NULL, NULL),
		.variables = g_hash_table_new(NULL, NULL),
		.paths = g_hash_table_new(NULL, NULL),
		.strays = g_ptr_array_new(),
		.alike = g_array_new(FALSE, FALSE, sizeof(struct alike)),
	};
	bool is_whole = check_scan(&scan, scan_all(&scan, dwarf, units), error);

	g_hash_table_unref(scan.functions);
	g_hash_table_unref(scan.variables);
	g_hash_table_unref(scan.paths);
	g_ptr_array_unref(scan.strays);
	g_array_unref(scan.alike);
	return is_whole;
}

/*
 * Why libdw finds no unit in the file, and what to do: a part of a message. Debug information may be
 * there, but compressed in a way that the installed libdw does not know.
 */
static const char *missing_dwarf(const struct image *image)
{
	const struct image_section *info = image_section_named(image, ".debug_info");
	const uint8_t *bytes =
		info && info->is_compressed
			? image_bytes(image, info->index, info->address, sizeof(Elf64_Chdr))
			: NULL;
	Elf64_Chdr header = { 0 };

	if (bytes)
		memcpy(&header, bytes, sizeof(header));
	if (header.ch_type == COMPRESSED_ZSTD)
		return "its debug information is compressed with zstd (CONFIG_DEBUG_INFO_COMPRESSED_ZSTD=y), which the installed "
		       "libdw cannot read; build the kernel with CONFIG_DEBUG_INFO_COMPRESSED_NONE=y, or run objcopy "
		       "--decompress-debug-sections on it";
	if (bytes)
		return "its debug information is compressed in a way that the installed libdw cannot read; run objcopy "
		       "--decompress-debug-sections on it";
	return "no DWARF; build the kernel with CONFIG_DEBUG_INFO_DWARF5=y";
}

bool scan_units(struct binary *binary, GHashTable *units, GError **error)
{
	struct binary_state *state = binary->state;
	Dwarf *dwarf = dwarf_begin_elf(image_elf(state->image), DWARF_C_READ, NULL);
	bool is_done = false;

	if (has_units(dwarf))
		is_done = scan_dwarf(binary, dwarf, units, error);
	else
		g_set_error(error, BINARY_ERROR, BINARY_ERROR_FORMAT, "%s: %s", binary->path,
			    missing_dwarf(state->image));
	dwarf_end(dwarf);
	return is_done;
}
