// SPDX-License-Identifier: GPL-2.0-only
/*
 * Method: read what .comment.plugsched says of some symbols, collect all undefined symbols, look
 * all their names up in /proc/kallsyms in one pass, and write the addresses into the image if none
 * is missing.
 */
#include "runtime/command/resolve.h"

#include "runtime/command/kallsyms.h"

#include <string.h>

#define NAMED_MAX 10 /* how many missing symbols an error names */

/* An undefined symbol of the module, or what the table says of one. */
struct need {
	const char *label; /* its name in the module */
	const char *name;  /* its name in vmlinux */
	guint64 position;  /* which one of that name, from 1, in the order of addresses; 0: the
				 * name must be unique */
	gsize index;       /* of the symbol in the module's symbol table */
	bool is_listed;    /* in the table */
	bool is_weak;
	bool is_found; /* `address` is set */
	uint64_t address;
};

struct resolver {
	struct module *module;
	GStrv lines;           /* of the table; the names of `table` point into them */
	GHashTable *table;     /* label -> struct need, for those that are listed */
	GArray *needs;         /* struct need, one for each undefined symbol */
	GHashTable *addresses; /* of kallsyms_read() */
};

static void resolver_clear(struct resolver *r)
{
	g_strfreev(r->lines);
	g_hash_table_unref(r->table);
	g_array_unref(r->needs);
	if (r->addresses)
		g_hash_table_unref(r->addresses);
}

/* --- what is needed */

/* Take a line "label\tname\tposition", which is cut into pieces. Returns false if it is damaged. */
static bool take_line(struct resolver *r, char *line)
{
	struct need need = { .label = line, .is_listed = true };
	char *name = strchr(line, '\t'), *position = name ? strchr(name + 1, '\t') : NULL;

	if (!position || name == line || position == name + 1)
		return false;
	*name++ = *position++ = '\0';
	need.name = name;
	if (!g_ascii_string_to_unsigned(position, 10, 0, G_MAXUINT, &need.position, NULL))
		return false;
	g_hash_table_insert(r->table, line, g_memdup2(&need, sizeof(need)));
	return true;
}

static bool read_table(struct resolver *r, GError **error)
{
	r->lines = module_lines(r->module, ".comment.plugsched");
	for (char **line = r->lines; line && *line; line++) {
		if (!**line || take_line(r, *line))
			continue;
		g_set_error(error, COMMAND_ERROR, COMMAND_ERROR_REFUSED,
			    "%s: damaged: a line of the section .comment.plugsched is not a name, "
			    "a name and a number; build it again",
			    r->module->path);
		return false;
	}
	return true;
}

static void collect(struct resolver *r)
{
	for (gsize i = 1; i < module_symbol_count(r->module); i++) {
		Elf64_Sym symbol = module_symbol(r->module, i);
		const char *label = module_symbol_name(r->module, &symbol);
		const struct need *listed = g_hash_table_lookup(r->table, label);
		struct need need =
			listed ? *listed : (struct need){ .label = label, .name = label };

		/* the assembler's own symbol names nothing, and the kernel ignores it */
		if (symbol.st_shndx != SHN_UNDEF || !*label ||
		    !strcmp(label, "_GLOBAL_OFFSET_TABLE_"))
			continue;
		need.index = i;
		need.is_weak = ELF64_ST_BIND(symbol.st_info) == STB_WEAK;
		g_array_append_val(r->needs, need);
	}
}

static bool read_kernel(struct resolver *r, GError **error)
{
	g_autoptr(GHashTable) wanted = g_hash_table_new(g_str_hash, g_str_equal);

	for (guint i = 0; i < r->needs->len; i++)
		g_hash_table_add(wanted, (char *)g_array_index(r->needs, struct need, i).name);
	r->addresses = kallsyms_read(wanted, error);
	return r->addresses;
}

/* --- what the kernel has */

/* How many symbols of that name the kernel has. */
static guint count_of(const struct resolver *r, const struct need *need)
{
	const GArray *addresses = g_hash_table_lookup(r->addresses, need->name);

	return addresses ? addresses->len : 0;
}

/* Is there a symbol of the name, and do all symbols of the name have the same address? */
static bool is_unique(const GArray *addresses)
{
	return addresses && g_array_index(addresses, uint64_t, 0) ==
				    g_array_index(addresses, uint64_t, addresses->len - 1);
}

/* Find the address of a symbol. Returns false if the kernel cannot resolve it either. */
static bool find(const struct resolver *r, struct need *need)
{
	const GArray *addresses = g_hash_table_lookup(r->addresses, need->name);
	guint count = count_of(r, need), index = need->position ? need->position - 1 : 0;

	need->is_found = need->position ? index < count : is_unique(addresses);
	if (need->is_found)
		need->address = g_array_index(addresses, uint64_t, index);
	return need->is_found || need->is_weak || (!need->is_listed && count > 1);
}

/* Append "name", "name (2 of them)" or "name (number 3 of 2)". */
static void describe(GString *text, const struct resolver *r, const struct need *need)
{
	g_autofree char *name = g_strescape(need->name, NULL);

	g_string_append_printf(text, "%s%s", text->len ? ", " : "", name);
	if (need->position)
		g_string_append_printf(text, " (number %" G_GUINT64_FORMAT " of %u)",
				       need->position, count_of(r, need));
	else if (count_of(r, need) > 1)
		g_string_append_printf(text, " (%u of them)", count_of(r, need));
}

static bool find_all(struct resolver *r, GError **error)
{
	g_autoptr(GString) names = g_string_new(NULL);
	guint missing = 0;

	for (guint i = 0; i < r->needs->len; i++) {
		struct need *need = &g_array_index(r->needs, struct need, i);

		if (!find(r, need) && missing++ < NAMED_MAX)
			describe(names, r, need);
	}
	if (!missing)
		return true;
	if (missing > NAMED_MAX)
		g_string_append_printf(names, " and %u more", missing - NAMED_MAX);
	g_set_error(error, COMMAND_ERROR, COMMAND_ERROR_REFUSED,
		    "%s: the running kernel lacks symbols that it needs: %s; do not use them, or "
		    "extract from this kernel's own build",
		    r->module->path, names->str);
	return false;
}

/* --- into the image */

static void write_all(const struct resolver *r, struct resolution *resolution)
{
	for (guint i = 0; i < r->needs->len; i++) {
		const struct need *need = &g_array_index(r->needs, struct need, i);
		Elf64_Sym symbol = module_symbol(r->module, need->index);

		if (!need->is_found) {
			resolution->left++;
			continue;
		}
		symbol.st_shndx = SHN_ABS;
		symbol.st_value = need->address;
		module_symbol_set(r->module, need->index, &symbol);
		resolution->resolved++;
	}
}

bool resolve(struct module *module, struct resolution *resolution, GError **error)
{
	struct resolver r = {
		.module = module,
		.table = g_hash_table_new_full(g_str_hash, g_str_equal, NULL, g_free),
		.needs = g_array_new(FALSE, FALSE, sizeof(struct need)),
	};
	bool is_good = read_table(&r, error);

	*resolution = (struct resolution){ 0 };
	if (is_good) {
		collect(&r);
		is_good = read_kernel(&r, error) && find_all(&r, error);
	}
	if (is_good)
		write_all(&r, resolution);
	resolver_clear(&r);
	return is_good;
}
