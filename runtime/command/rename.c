// SPDX-License-Identifier: GPL-2.0-only
/*
 * Method: the new names are appended to a copy of the symbols' names, which replaces these at the
 * end of the file.
 */
#include "runtime/command/rename.h"

#include <string.h>

char *rename_stem(const struct module *module, const Elf64_Sym *symbol)
{
	const char *name = module_symbol_name(module, symbol);

	if (ELF64_ST_TYPE(symbol->st_info) != STT_FUNC || symbol->st_shndx == SHN_UNDEF ||
	    g_str_has_suffix(name, RENAME_SUFFIX))
		return NULL;
	return g_strndup(name, strcspn(name, "."));
}

unsigned rename_functions(struct module *module, GHashTable *taken)
{
	GByteArray *names = module_names_copy(module);
	unsigned count = 0;

	for (gsize i = 1; i < module_symbol_count(module); i++) {
		Elf64_Sym symbol = module_symbol(module, i);
		g_autofree char *stem = rename_stem(module, &symbol), *own = NULL;

		if (!stem || !g_hash_table_contains(taken, stem))
			continue;
		own = g_strconcat(module_symbol_name(module, &symbol), RENAME_SUFFIX, NULL);
		symbol.st_name = names->len;
		g_byte_array_append(names, (const guint8 *)own, (guint)strlen(own) + 1);
		module_symbol_set(module, i, &symbol);
		count++;
	}
	if (count)
		module_names_replace(module, names);
	g_byte_array_unref(names);
	return count;
}
