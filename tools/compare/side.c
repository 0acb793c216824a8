// SPDX-License-Identifier: GPL-2.0-only
#include "tools/compare/side.h"
#include "tools/compare/name.h"

#include <elf.h>
#include <string.h>

static void enter(GHashTable *table, char *name, const struct image_symbol *symbol)
{
	GPtrArray *symbols = g_hash_table_lookup(table, name);

	if (!symbols) {
		symbols = g_ptr_array_new();
		g_hash_table_insert(table, g_strdup(name), symbols);
	}
	g_ptr_array_add(symbols, (gpointer)symbol);
	g_free(name);
}

bool side_is_function(const struct side *side, const struct image_symbol *symbol)
{
	const struct image_section *section = image_section(side->code, symbol->section);

	return section && section->is_code && symbol->is_function && symbol->size > 0 &&
	       !name_is_padding(symbol->name);
}

/* Records a unit: each one has a table of what leads into it (boundary.h of the module). */
static void enter_unit(struct side *side, const struct image_symbol *symbol)
{
	static const char prefix[] = "plugsched_interface_";

	if (g_str_has_prefix(symbol->name, prefix))
		g_hash_table_add(side->units,
				 g_strconcat(symbol->name + strlen(prefix), ".c", NULL));
}

bool side_is_beside(const struct side *side, const struct image_symbol *symbol)
{
	return symbol->file && g_hash_table_size(side->units) &&
	       !g_hash_table_contains(side->units, symbol->file);
}

static void enter_symbols(struct side *side)
{
	const GArray *symbols = image_symbols(side->code);

	for (guint i = 0; i < symbols->len; i++) {
		const struct image_symbol *symbol = &g_array_index(symbols, struct image_symbol, i);

		enter_unit(side, symbol);
		enter(side->by_normal, name_normal(symbol->name), symbol);
		if (side_is_function(side, symbol))
			enter(side->by_plain, name_plain(symbol->name), symbol);
	}
}

static gint64 *anchor_new(uint32_t section, uint64_t address)
{
	gint64 *anchor = g_new(gint64, 1);

	*anchor = (gint64)((uint64_t)section << 40 | (address & 0xffffffffffULL));
	return anchor;
}

static bool enter_anchors(struct side *side, uint32_t section, GError **error)
{
	const GArray *relocations = image_relocations(side->code, section, error);

	for (guint i = 0; relocations && i < relocations->len; i++) {
		const struct image_relocation *relocation =
			&g_array_index(relocations, struct image_relocation, i);

		bool is_relative =
			relocation->type == R_X86_64_PC32 || relocation->type == R_X86_64_PLT32;
		/* as if nothing followed the number in the instruction */
		uint64_t bias = is_relative ? 4 : 0;

		if (relocation->is_section)
			g_hash_table_add(side->anchors,
					 anchor_new(relocation->section,
						    relocation->value + relocation->addend + bias));
	}
	return relocations != NULL;
}

bool side_open(struct side *side, const char *path, GError **error)
{
	*side = (struct side){ .code = image_open(path, error) };
	if (!side->code)
		return false;
	side->by_normal = g_hash_table_new_full(g_str_hash, g_str_equal, g_free,
						(GDestroyNotify)g_ptr_array_unref);
	side->by_plain = g_hash_table_new_full(g_str_hash, g_str_equal, g_free,
					       (GDestroyNotify)g_ptr_array_unref);
	side->units = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	side->anchors = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, NULL);
	enter_symbols(side);
	for (uint32_t i = 1; i < image_section_count(side->code); i++)
		if (image_section(side->code, i)->is_code && !enter_anchors(side, i, error))
			return false;
	return true;
}

void side_close(struct side *side)
{
	g_clear_pointer(&side->by_normal, g_hash_table_unref);
	g_clear_pointer(&side->by_plain, g_hash_table_unref);
	g_clear_pointer(&side->units, g_hash_table_unref);
	g_clear_pointer(&side->anchors, g_hash_table_unref);
	image_free(side->code);
	side->code = NULL;
}

const GPtrArray *side_named(const struct side *side, const char *normal)
{
	return g_hash_table_lookup(side->by_normal, normal);
}

const GPtrArray *side_functions(const struct side *side, const char *plain)
{
	return g_hash_table_lookup(side->by_plain, plain);
}

static bool is_anchor(const struct side *side, uint32_t section, uint64_t address)
{
	g_autofree gint64 *anchor = anchor_new(section, address);

	return g_hash_table_contains(side->anchors, anchor) ||
	       image_symbol_at(side->code, section, address, NULL);
}

uint64_t side_extent(const struct side *side, uint32_t index, uint64_t address, uint64_t limit)
{
	const struct image_section *section = image_section(side->code, index);
	uint64_t size = 1;

	limit = MIN(limit, section->address + section->size - address);
	if (section->entry_size)
		limit = MIN(limit, section->entry_size);
	while (size < limit && !is_anchor(side, index, address + size))
		size++;
	return size;
}
