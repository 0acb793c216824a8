// SPDX-License-Identifier: GPL-2.0-only
/*
 * Variables of a scanned unit, static locals included.
 *
 * A static local differs from an automatic variable in two ways: its location is one fixed address,
 * and a symbol NAME or NAME.number is there. All its inlined copies lead to one root, as with
 * functions.
 *
 * Limits: a static local that was optimised away looks like an automatic variable and is left out.
 * Variables that the compiler adds (__func__) are left out too.
 */
#include "analyzer/binary/scan.h"

#include <dwarf.h>
#include <string.h>

static struct binary_variable *variable_of(struct scan *scan, Dwarf_Die *die, const char *name)
{
	struct binary_variable *variable;
	Dwarf_Die root;

	scan_root(die, &root);
	variable = g_hash_table_lookup(scan->variables, scan_key(&root));
	if (variable)
		return variable;
	variable = g_new0(struct binary_variable, 1);
	variable->name = g_string_chunk_insert_const(scan->binary->strings, name);
	variable->file = scan_file(scan, &root);
	variable->line = scan_line(&root);
	variable->unit = scan->unit;
	g_ptr_array_add(scan->binary->variables, variable);
	g_hash_table_insert(scan->variables, scan_key(&root), variable);
	return variable;
}

/*
 * True if the location is nothing but one address. The raw block is looked at first, because libdw
 * keeps in memory every location that it decodes.
 */
static bool has_fixed_address(Dwarf_Die *die, uint64_t *address)
{
	Dwarf_Attribute attribute;
	Dwarf_Block block;
	Dwarf_Op *operations;
	size_t count;

	if (!dwarf_attr(die, DW_AT_location, &attribute) ||
	    dwarf_formblock(&attribute, &block) != 0 || block.length == 0 ||
	    block.data[0] != DW_OP_addr)
		return false;
	if (dwarf_getlocation(&attribute, &operations, &count) != 0 || count != 1)
		return false;
	*address = operations[0].number;
	return true;
}

static bool is_number_suffix(const char *suffix)
{
	return suffix && suffix[1] != '\0' &&
	       strspn(suffix + 1, "0123456789") == strlen(suffix + 1);
}

/* The variable's symbol among those at its address: its own name first, then NAME.number. */
static const struct image_symbol *variable_symbol(const struct image *image, uint64_t address,
						  const char *name)
{
	const struct image_symbol *symbol = NULL, *numbered = NULL;

	while ((symbol = binary_symbol_at(image, address, symbol))) {
		if (strcmp(symbol->name, name) == 0)
			return symbol;
		if (!numbered && is_number_suffix(scan_suffix(symbol->name, name)))
			numbered = symbol;
	}
	return numbered;
}

/*
 * Any object's symbol at the address: another name of the variable, or an equal constant that was
 * merged with it.
 */
static const struct image_symbol *object_at(const struct image *image, uint64_t address)
{
	const struct image_symbol *symbol = NULL;

	while ((symbol = binary_symbol_at(image, address, symbol)))
		if (symbol->is_object && symbol->size > 0)
			return symbol;
	return NULL;
}

static void take_address(struct scan *scan, struct binary_variable *variable, uint64_t address,
			 const struct image_symbol *symbol)
{
	if (variable->symbol)
		return;
	variable->address = address;
	if (symbol)
		place_variable(variable, scan->state, symbol);
}

static const char *variable_name(Dwarf_Die *die)
{
	if (dwarf_hasattr(die, DW_AT_declaration) || dwarf_hasattr_integrate(die, DW_AT_artificial))
		return NULL;
	return dwarf_diename(die);
}

void scan_global(struct scan *scan, Dwarf_Die *die)
{
	const char *name = variable_name(die);
	const struct image_symbol *symbol;
	struct binary_variable *variable;
	uint64_t address;

	if (!name)
		return;
	variable = variable_of(scan, die, name);
	if (!has_fixed_address(die, &address))
		return;
	symbol = variable_symbol(scan->state->image, address, name);
	take_address(scan, variable, address,
		     symbol ? symbol : object_at(scan->state->image, address));
}

void scan_local(struct scan *scan, Dwarf_Die *die)
{
	const struct image_symbol *symbol;
	const char *name;
	uint64_t address;

	if (!has_fixed_address(die, &address))
		return;
	name = variable_name(die);
	symbol = name ? variable_symbol(scan->state->image, address, name) : NULL;
	if (symbol)
		take_address(scan, variable_of(scan, die, name), address, symbol);
}
