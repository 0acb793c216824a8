// SPDX-License-Identifier: GPL-2.0-only
/*
 * Method: collect all undefined symbols, and what .comment.plugsched says of some; look all names
 * up in vmlinux; decide for each symbol what becomes of it; then go over all relocations once.
 *
 * A symbol that is reached from the anchor stays in the symbol table, absolute and with its address
 * in vmlinux, which tells a reader what the distance means. No relocation uses it.
 */
#include "runtime/command/anchor.h"

#include "runtime/command/digest.h"
#include "runtime/command/rename.h"
#include "runtime/command/vmlinux.h"

#include <stdio.h>
#include <string.h>

#define NAMED_MAX 10 /* how many missing symbols an error names */

enum fate {
	FATE_LEFT,     /* the kernel resolves it */
	FATE_ANCHORED, /* its relocations are against the anchor */
	FATE_ABSOLUTE, /* it has an absolute address */
	FATE_MISSING,  /* an error */
};

/* An undefined symbol of the module, or what the table says of one. */
struct need {
	const char *label; /* its name in the module */
	const char *name;  /* its name in vmlinux */
	guint64 position;  /* which one of that name, from 1, in the order of addresses; 0: the
				 * name must be unique */
	gsize index;       /* of the symbol in the module's symbol table */
	bool is_listed;    /* in the table */
	bool is_weak;
	enum fate fate;
	uint64_t address; /* in vmlinux, unless it is left */
};

struct anchorer {
	struct module *module;
	struct vmlinux *vmlinux;
	GStrv lines;       /* of the table; the names of `table` point into them */
	GHashTable *table; /* label -> struct need, for those that are listed */
	GArray *needs;     /* struct need, one for each undefined symbol */
	/* index of a symbol -> struct need that is anchored; NULL for all others */
	GHashTable *moved;
	const struct need *anchor;
	uint64_t anchor_address; /* in vmlinux */
	unsigned odd_type;       /* a type of relocation that cannot be changed; 0: none was met */
};

static void anchorer_clear(struct anchorer *a)
{
	g_strfreev(a->lines);
	vmlinux_free(a->vmlinux);
	g_hash_table_unref(a->table);
	g_hash_table_unref(a->moved);
	g_array_unref(a->needs);
}

/* --- what is needed */

/* Take a line "label\tname\tposition", which is cut into pieces. Returns false if it is damaged. */
static bool take_line(struct anchorer *a, char *line)
{
	struct need need = { .label = line, .is_listed = true };
	char *name = strchr(line, '\t'), *position = name ? strchr(name + 1, '\t') : NULL;

	if (!position || name == line || position == name + 1)
		return false;
	*name++ = *position++ = '\0';
	need.name = name;
	if (!g_ascii_string_to_unsigned(position, 10, 0, G_MAXUINT, &need.position, NULL))
		return false;
	g_hash_table_insert(a->table, line, g_memdup2(&need, sizeof(need)));
	return true;
}

static bool read_table(struct anchorer *a, GError **error)
{
	a->lines = module_lines(a->module, ".comment.plugsched");
	for (char **line = a->lines; line && *line; line++) {
		if (!**line || take_line(a, *line))
			continue;
		g_set_error(error, COMMAND_ERROR, COMMAND_ERROR_REFUSED,
			    "%s: damaged: a line of the section .comment.plugsched is not a name, "
			    "a name and a number; build it again",
			    a->module->path);
		return false;
	}
	return true;
}

static void collect(struct anchorer *a)
{
	for (gsize i = 1; i < module_symbol_count(a->module); i++) {
		Elf64_Sym symbol = module_symbol(a->module, i);
		const char *label = module_symbol_name(a->module, &symbol);
		const struct need *listed = g_hash_table_lookup(a->table, label);
		struct need need =
			listed ? *listed : (struct need){ .label = label, .name = label };

		/* the assembler's own symbol names nothing, and the kernel ignores it */
		if (symbol.st_shndx != SHN_UNDEF || !*label ||
		    !strcmp(label, "_GLOBAL_OFFSET_TABLE_"))
			continue;
		need.index = i;
		need.is_weak = ELF64_ST_BIND(symbol.st_info) == STB_WEAK;
		g_array_append_val(a->needs, need);
	}
}

/* --- what vmlinux has */

/* The names to look up: of what is needed, and of the module's own symbols, for rename.c. */
static GHashTable *names_wanted(const struct anchorer *a)
{
	GHashTable *wanted = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);

	for (guint i = 0; i < a->needs->len; i++)
		g_hash_table_add(wanted, g_strdup(g_array_index(a->needs, struct need, i).name));
	for (gsize i = 1; i < module_symbol_count(a->module); i++) {
		Elf64_Sym symbol = module_symbol(a->module, i);
		char *stem = rename_stem(a->module, &symbol);

		if (stem)
			g_hash_table_add(wanted, stem);
	}
	return wanted;
}

static bool open_vmlinux(struct anchorer *a, const char *path, GError **error)
{
	g_autoptr(GHashTable) wanted = names_wanted(a);

	a->vmlinux = vmlinux_open(path, wanted, error);
	if (!a->vmlinux)
		return false;
	if (!g_ascii_strcasecmp(a->vmlinux->build_id, module_build_id(a->module)))
		return true;
	g_set_error(error, COMMAND_ERROR, COMMAND_ERROR_REFUSED,
		    "%s: its build-id is %s, but %s was made for the kernel with build-id %s; "
		    "extract it again from this kernel's build",
		    path, a->vmlinux->build_id, a->module->path, module_build_id(a->module));
	return false;
}

static const GArray *addresses_of(const struct anchorer *a, const struct need *need)
{
	return g_hash_table_lookup(a->vmlinux->addresses, need->name);
}

static guint count_of(const struct anchorer *a, const struct need *need)
{
	const GArray *addresses = addresses_of(a, need);

	return addresses ? addresses->len : 0;
}

/* Is there a symbol of the name, and do all symbols of the name have the same address? */
static bool is_unique(const GArray *addresses)
{
	return addresses && g_array_index(addresses, uint64_t, 0) ==
				    g_array_index(addresses, uint64_t, addresses->len - 1);
}

static bool is_in_image(const struct anchorer *a, uint64_t address)
{
	return address >= a->vmlinux->begin && address <= a->vmlinux->end;
}

/* Is it the core's symbol, whose name has a version and the build-id? */
static bool is_cores(const struct anchorer *a, const struct need *need)
{
	static const char prefix[] = "plugsched_";
	const char *version = need->label + strlen(prefix);
	size_t digits;

	if (!g_str_has_prefix(need->label, prefix))
		return false;
	digits = strspn(version, "0123456789");
	return digits && version[digits] == '_' &&
	       !strcmp(version + digits + 1, module_build_id(a->module));
}

/* Fills need->address unless the symbol is left or missing. */
static enum fate decide(const struct anchorer *a, struct need *need)
{
	const GArray *addresses = addresses_of(a, need);
	guint index = need->position ? (guint)need->position - 1 : 0;

	if (!need->is_listed && g_hash_table_contains(a->vmlinux->exported, need->name))
		return FATE_LEFT;
	if (need->position ? index < count_of(a, need) : is_unique(addresses)) {
		need->address = g_array_index(addresses, uint64_t, index);
		return is_in_image(a, need->address) ? FATE_ANCHORED : FATE_ABSOLUTE;
	}
	if ((need->is_weak && !addresses) || is_cores(a, need))
		return FATE_LEFT;
	return FATE_MISSING;
}

/* Append "name", "name (2 of them)" or "name (number 3 of 2)". */
static void describe(GString *text, const struct anchorer *a, const struct need *need)
{
	g_autofree char *name = g_strescape(need->name, NULL);

	g_string_append_printf(text, "%s%s", text->len ? ", " : "", name);
	if (need->position)
		g_string_append_printf(text, " (number %" G_GUINT64_FORMAT " of %u)",
				       need->position, count_of(a, need));
	else if (count_of(a, need) > 1)
		g_string_append_printf(text, " (%u of them)", count_of(a, need));
}

static bool decide_all(struct anchorer *a, GError **error)
{
	g_autoptr(GString) names = g_string_new(NULL);
	guint missing = 0;

	for (guint i = 0; i < a->needs->len; i++) {
		struct need *need = &g_array_index(a->needs, struct need, i);

		need->fate = decide(a, need);
		if (need->fate == FATE_MISSING && missing++ < NAMED_MAX)
			describe(names, a, need);
	}
	if (!missing)
		return true;
	if (missing > NAMED_MAX)
		g_string_append_printf(names, " and %u more", missing - NAMED_MAX);
	g_set_error(error, COMMAND_ERROR, COMMAND_ERROR_REFUSED,
		    "%s: vmlinux lacks symbols that it needs: %s; do not use them, or extract from "
		    "this kernel's own build",
		    a->module->path, names->str);
	return false;
}

/* --- the anchor */

/* Any symbol that the kernel resolves and that moves with vmlinux. */
static void choose_anchor(struct anchorer *a)
{
	for (guint i = 0; !a->anchor && i < a->needs->len; i++) {
		const struct need *need = &g_array_index(a->needs, struct need, i);
		const GArray *addresses = addresses_of(a, need);

		if (need->fate != FATE_LEFT || need->is_weak || !is_unique(addresses) ||
		    !is_in_image(a, g_array_index(addresses, uint64_t, 0)))
			continue;
		a->anchor = need;
		a->anchor_address = g_array_index(addresses, uint64_t, 0);
	}
}

/* --- into the image */

static void write_symbols(struct anchorer *a, struct anchoring *anchoring)
{
	for (guint i = 0; i < a->needs->len; i++) {
		struct need *need = &g_array_index(a->needs, struct need, i);
		Elf64_Sym symbol = module_symbol(a->module, need->index);

		if (need->fate == FATE_LEFT) {
			anchoring->left++;
			continue;
		}
		if (need->fate == FATE_ANCHORED) {
			g_hash_table_insert(a->moved, GSIZE_TO_POINTER(need->index), need);
			anchoring->anchored++;
		} else {
			anchoring->absolute++;
		}
		symbol.st_shndx = SHN_ABS;
		symbol.st_value = need->address;
		module_symbol_set(a->module, need->index, &symbol);
	}
}

/* Does the kernel add the addend to the symbol, and keep all 64 bits until it has? */
static bool is_sum(unsigned type)
{
	return type == R_X86_64_64 || type == R_X86_64_PC32 || type == R_X86_64_PLT32 ||
	       type == R_X86_64_32S || type == R_X86_64_PC64;
}

static void move_relocation(Elf64_Rela *relocation, bool is_loaded, void *data)
{
	struct anchorer *a = data;
	const struct need *need =
		g_hash_table_lookup(a->moved, GSIZE_TO_POINTER(ELF64_R_SYM(relocation->r_info)));
	unsigned type = ELF64_R_TYPE(relocation->r_info);

	if (!need || !is_loaded)
		return;
	if (!is_sum(type)) {
		a->odd_type = type;
		return;
	}
	relocation->r_info = ELF64_R_INFO(a->anchor->index, type);
	relocation->r_addend += (int64_t)(need->address - a->anchor_address);
}

static bool write_all(struct anchorer *a, struct anchoring *anchoring, GError **error)
{
	write_symbols(a, anchoring);
	if (anchoring->anchored)
		choose_anchor(a);
	if (anchoring->anchored && !a->anchor) {
		g_set_error(error, COMMAND_ERROR, COMMAND_ERROR_REFUSED,
			    "%s: it uses no exported symbol of vmlinux, so there is none to anchor "
			    "the others to; use one, as printk()",
			    a->module->path);
		return false;
	}
	module_each_relocation(a->module, move_relocation, a);
	if (a->odd_type)
		g_set_error(error, COMMAND_ERROR, COMMAND_ERROR_REFUSED,
			    "%s: a relocation of type %u is against a symbol that is not exported, "
			    "which cannot be anchored; report this",
			    a->module->path, a->odd_type);
	anchoring->anchor = a->anchor ? g_intern_string(a->anchor->label) : NULL;
	return !a->odd_type;
}

bool anchor(struct module *module, const char *vmlinux, struct anchoring *anchoring, GError **error)
{
	struct anchorer a = {
		.module = module,
		.table = g_hash_table_new_full(g_str_hash, g_str_equal, NULL, g_free),
		.moved = g_hash_table_new(NULL, NULL),
		.needs = g_array_new(FALSE, FALSE, sizeof(struct need)),
	};
	bool is_good = read_table(&a, error);

	*anchoring = (struct anchoring){ 0 };
	if (is_good)
		collect(&a);
	is_good = is_good && open_vmlinux(&a, vmlinux, error) && decide_all(&a, error) &&
		  write_all(&a, anchoring, error);
	if (is_good)
		anchoring->renamed = rename_functions(module, a.vmlinux->functions);
	anchorer_clear(&a);
	return is_good;
}

/* --- the command */

static bool check_plain(const struct module *module, GError **error)
{
	if (module->fd >= 0)
		return true;
	g_set_error(error, COMMAND_ERROR, COMMAND_ERROR_REFUSED,
		    "%s: compressed; anchor the module first, and compress it then", module->path);
	return false;
}

static bool write_module(const struct module *module, GError **error)
{
	g_autoptr(GError) cause = NULL;

	if (g_file_set_contents_full(module->path, (const char *)module->image,
				     (gssize)module->size, G_FILE_SET_CONTENTS_CONSISTENT, 0644,
				     &cause))
		return true;
	g_set_error(error, COMMAND_ERROR, COMMAND_ERROR_FAILED, "cannot write the module: %s",
		    cause->message);
	return false;
}

static void print_result(const char *file, const struct anchoring *a)
{
	printf("%s: %u symbols anchored%s%s, %u absolute, %u left to the kernel, %u functions "
	       "renamed\n",
	       file, a->anchored, a->anchor ? " to " : "", a->anchor ? a->anchor : "", a->absolute,
	       a->left, a->renamed);
}

bool command_anchor(const char *file, const struct command_options *options, GError **error)
{
	struct module *module = module_read(file, error);
	bool is_signed = module && module_is_signed(module);
	struct anchoring anchoring;
	bool is_good = module && check_plain(module, error) &&
		       anchor(module, options->vmlinux, &anchoring, error);

	if (is_good && is_signed)
		g_printerr("plugsched: %s: the signature was taken off\n", file);
	if (is_good && (is_signed || !digest_fits(module)))
		is_good = digest_write(module) && write_module(module, error);
	if (is_good)
		print_result(file, &anchoring);
	module_free(module);
	return is_good;
}
