// SPDX-License-Identifier: GPL-2.0-only
/*
 * The code in vmlinux that the module replaces.
 *
 * .cold parts and clones are known only by name, so all symbols of an equal name are taken. The same
 * holds for the static functions of headers, of which each unit may have a copy. That may check too
 * much code, but never too little.
 */
#include "rewriter/replaced.h"

#include <string.h>

static void add(GArray *text, const char *name, uint64_t address, uint64_t size,
		bool is_springboard)
{
	struct generated_text piece = { name, address, size, is_springboard };

	if (size)
		g_array_append_val(text, piece);
}

static void add_named(GArray *text, const struct image *vmlinux, const char *name,
		      bool is_springboard)
{
	for (const struct image_symbol *s = image_find(vmlinux, name); s;
	     s = image_find_next(vmlinux, s))
		add(text, s->name, s->address, s->size, is_springboard);
}

static void add_function(GArray *text, const struct image *vmlinux, const struct graph_function *f)
{
	bool is_springboard = f->node.reason == GRAPH_REASON_SPRINGBOARD;

	if (f->binary.symbol && f->is_static && g_str_has_suffix(f->node.file, ".h"))
		add_named(text, vmlinux, f->binary.symbol, is_springboard);
	else if (f->binary.symbol)
		add(text, f->binary.symbol, f->binary.address, f->binary.size, is_springboard);
	if (f->binary.cold)
		add_named(text, vmlinux, f->binary.cold, is_springboard);
	for (const char **clone = f->binary.clones; clone && *clone; clone++)
		add_named(text, vmlinux, *clone, is_springboard);
}

static gint compare(gconstpointer left, gconstpointer right)
{
	const struct generated_text *l = left, *r = right;

	return l->address < r->address ? -1 : l->address > r->address;
}

/* Makes one piece of those that begin at one address: as long as the longest, the first's name. */
static void remove_duplicates(GArray *text)
{
	for (guint i = 1; i < text->len;) {
		struct generated_text *kept = &g_array_index(text, struct generated_text, i - 1);
		const struct generated_text *next = &g_array_index(text, struct generated_text, i);

		if (kept->address != next->address) {
			i++;
			continue;
		}
		kept->size = MAX(kept->size, next->size);
		kept->is_springboard |= next->is_springboard;
		g_array_remove_index(text, i);
	}
}

GArray *replaced_text(const struct graph *graph, const struct image *vmlinux)
{
	GArray *text = g_array_new(FALSE, FALSE, sizeof(struct generated_text));

	for (guint i = 0; i < graph->functions->len; i++) {
		const struct graph_function *f = g_ptr_array_index(graph->functions, i);

		if (f->node.is_scheduler && f->node.class != GRAPH_EXTERNAL)
			add_function(text, vmlinux, f);
	}
	g_array_sort(text, compare);
	remove_duplicates(text);
	return text;
}

static void add_names(GArray *names, const struct image *vmlinux,
		      const struct generated_interface *interface)
{
	const struct graph_binary *binary = &interface->function->binary;
	const struct image_section *section = image_section_at(vmlinux, binary->address);
	const struct image_symbol *each = NULL;

	while (section && interface->is_redirected &&
	       (each = image_symbol_at(vmlinux, section->index, binary->address, each))) {
		struct generated_name name = { each->name, each->address };

		if (each->is_function && strcmp(each->name, interface->function->node.name) != 0)
			g_array_append_val(names, name);
	}
}

static gint compare_names(gconstpointer left, gconstpointer right)
{
	const struct generated_name *l = left, *r = right;

	if (l->address != r->address)
		return l->address < r->address ? -1 : 1;
	return strcmp(l->name, r->name);
}

GArray *replaced_names(const GPtrArray *units, const struct image *vmlinux)
{
	GArray *names = g_array_new(FALSE, FALSE, sizeof(struct generated_name));

	for (guint i = 0; i < units->len; i++) {
		const struct generated_unit *unit = g_ptr_array_index(units, i);

		for (guint j = 0; j < unit->interface->len; j++)
			add_names(names, vmlinux, g_ptr_array_index(unit->interface, j));
	}
	g_array_sort(names, compare_names);
	return names;
}
