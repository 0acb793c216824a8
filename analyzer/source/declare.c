// SPDX-License-Identifier: GPL-2.0-only
/*
 * Makes rows for declarations of functions and variables. record.c does so for records and members.
 *
 * A row is made once, when its declaration is first seen, and found by libclang's canonical cursor.
 * Some attributes libclang does not expose (section, weak, alias, notrace, used). They are read
 * from the pretty-printed declaration, in which macros are already expanded. It is printed only if
 * the declaration has an attribute at all.
 *
 * Limits: if several declarations give a section, the last one counts when the row is made from the
 * definition, else the first declaration's counts.
 */
#include "analyzer/source/visit.h"

#include <string.h>

static guint cursor_hash(gconstpointer key)
{
	return clang_hashCursor(*(const CXCursor *)key);
}

static gboolean cursor_equal(gconstpointer left, gconstpointer right)
{
	return clang_equalCursors(*(const CXCursor *)left, *(const CXCursor *)right) != 0;
}

GHashTable *unit_cursor_table_new(void)
{
	return g_hash_table_new_full(cursor_hash, cursor_equal, g_free, NULL);
}

void unit_cursor_table_set(GHashTable *table, CXCursor cursor, uint32_t value)
{
	g_hash_table_insert(table, g_memdup2(&cursor, sizeof(cursor)), GUINT_TO_POINTER(value));
}

bool unit_cursor_table_get(GHashTable *table, CXCursor cursor, uint32_t *value)
{
	gpointer found;

	if (!g_hash_table_lookup_extended(table, &cursor, NULL, &found))
		return false;
	*value = GPOINTER_TO_UINT(found);
	return true;
}

uint32_t unit_string(struct unit *unit, const char *string)
{
	gpointer found;
	char *copy;

	if (g_hash_table_lookup_extended(unit->string_index, string, NULL, &found))
		return GPOINTER_TO_UINT(found);
	copy = g_strdup(string);
	g_hash_table_insert(unit->string_index, copy, GUINT_TO_POINTER(unit->tables.strings->len));
	g_ptr_array_add(unit->tables.strings, copy);
	return unit->tables.strings->len - 1;
}

uint32_t unit_cxstring(struct unit *unit, CXString string)
{
	const char *text = clang_getCString(string);
	uint32_t index = unit_string(unit, text ? text : "");

	clang_disposeString(string);
	return index;
}

uint32_t unit_type(struct unit *unit, CXType type)
{
	CXString string = clang_getTypeSpelling(type);
	const char *text = clang_getCString(string);
	g_autoptr(GRegex) place = NULL;
	g_autofree char *clean = NULL;
	uint32_t index;

	if (!strstr(text, " at ")) /* the type's name holds no place in a source */
		return unit_cxstring(unit, string);
	place = g_regex_new(" at .*?:[0-9]+:[0-9]+\\)", G_REGEX_RAW, 0, NULL);
	clean = g_regex_replace_literal(place, text, -1, 0, ")", 0, NULL);
	index = unit_string(unit, clean);
	clang_disposeString(string);
	return index;
}

uint32_t unit_prototype(struct unit *unit, CXType type)
{
	uint32_t index = unit_type(unit, clang_getCanonicalType(type));
	const char *text = unit_string_at(unit, index), *attribute = strstr(text, " __attribute__");
	g_autofree char *plain = NULL;

	if (!attribute)
		return index;
	plain = g_strndup(text, (gsize)(attribute - text));
	return unit_string(unit, plain);
}

static uint32_t file_string(struct unit *unit, CXFile file)
{
	gpointer found;
	CXString name;
	const char *text;
	char *path;
	uint32_t index;

	if (g_hash_table_lookup_extended(unit->file_index, file, NULL, &found))
		return GPOINTER_TO_UINT(found);
	name = clang_getFileName(file);
	text = clang_getCString(name);
	path = tree_path(unit->context->tree, unit->tree_unit->directory, text ? text : "");
	clang_disposeString(name);
	index = unit_string(unit, path);
	g_free(path);
	g_hash_table_insert(unit->file_index, file, GUINT_TO_POINTER(index));
	return index;
}

void unit_location(struct unit *unit, CXSourceLocation location, uint32_t *file, uint32_t *line)
{
	CXFile cxfile;
	unsigned cxline;

	clang_getExpansionLocation(location, &cxfile, &cxline, NULL, NULL);
	*line = cxline;
	if (!cxfile) {
		*file = 0;
		return;
	}
	if (cxfile != unit->last_file) {
		unit->last_file_string = file_string(unit, cxfile);
		unit->last_file = cxfile;
	}
	*file = unit->last_file_string;
}

bool unit_is_scheduler_file(struct unit *unit, uint32_t file)
{
	gpointer key = GUINT_TO_POINTER(file);
	guint known = GPOINTER_TO_UINT(g_hash_table_lookup(unit->scheduler_files, key));

	if (!known) {
		bool is =
			config_is_scheduler_file(unit->context->config, unit_string_at(unit, file));

		known = is ? 2 : 1;
		g_hash_table_insert(unit->scheduler_files, key, GUINT_TO_POINTER(known));
	}
	return known == 2;
}

/*
 * The text between the quotes of the last `attribute("...")` or `asm("...")` in a declaration, as
 * an index into the strings; 0 if there is none.
 */
static uint32_t attribute_argument(struct unit *unit, const char *text, const char *attribute)
{
	g_autofree char *open = g_strconcat(attribute, "(\"", NULL);
	const char *found = g_strrstr(text, open);
	const char *end;
	g_autofree char *argument = NULL;

	if (!found)
		return 0;
	found += strlen(open);
	end = strchr(found, '"');
	if (!end)
		return 0;
	argument = g_strndup(found, (gsize)(end - found));
	return unit_string(unit, argument);
}

/* Sections that say something about what lies in them. */
static const struct {
	const char *prefix;
	uint32_t flag;
} section_flags[] = {
	{ ".init.", FACTS_INIT },       { ".exit.", FACTS_INIT },
	{ ".meminit.", FACTS_INIT },    { ".cpuinit.", FACTS_INIT },
	{ ".noinstr.", FACTS_NOINSTR }, { ".cpuidle.", FACTS_NOINSTR },
	{ ".entry.", FACTS_NOINSTR },   { ".data..percpu", FACTS_PERCPU },
};

/* Attributes as clang prints them. Their arguments, if any, do not matter. */
static const struct {
	const char *text;
	uint32_t flag;
} attribute_flags[] = {
	{ "__attribute__((weak))", FACTS_WEAK },
	{ "__attribute__((used))", FACTS_USED },
	{ "__attribute__((no_instrument_function))", FACTS_NOTRACE },
	{ "__attribute__((error(", FACTS_TRAP },
	{ "__attribute__((warning(", FACTS_TRAP },
};

CXPrintingPolicy unit_policy(struct unit *unit, CXCursor declaration)
{
	if (!unit->policy) {
		unit->policy = clang_getCursorPrintingPolicy(declaration);
		clang_PrintingPolicy_setProperty(unit->policy, CXPrintingPolicy_TerseOutput, 1);
		clang_PrintingPolicy_setProperty(unit->policy,
						 CXPrintingPolicy_SuppressInitializers, 1);
	}
	return unit->policy;
}

static void read_attributes(struct unit *unit, CXCursor declaration, struct facts_symbol *row)
{
	CXString string;
	const char *text, *section;

	string = clang_getCursorPrettyPrinted(declaration, unit_policy(unit, declaration));
	text = clang_getCString(string);
	row->section = attribute_argument(unit, text, "section");
	row->alias = attribute_argument(unit, text, "alias");
	row->label = attribute_argument(unit, text, "asm");
	for (size_t i = 0; i < G_N_ELEMENTS(attribute_flags); i++)
		if (strstr(text, attribute_flags[i].text))
			row->flags |= attribute_flags[i].flag;
	section = unit_string_at(unit, row->section);
	for (size_t i = 0; i < G_N_ELEMENTS(section_flags); i++)
		if (g_str_has_prefix(section, section_flags[i].prefix))
			row->flags |= section_flags[i].flag;
	clang_disposeString(string);
}

static uint32_t type_flags(struct unit *unit, const struct facts_symbol *row, CXType type)
{
	const char *text = unit_string_at(unit, row->type);
	uint32_t flags = 0;

	if (row->flags & FACTS_FUNCTION) {
		if (strstr(text, "noreturn"))
			flags |= FACTS_NORETURN;
	} else {
		if (clang_isConstQualifiedType(type) ||
		    clang_isConstQualifiedType(clang_getArrayElementType(type)))
			flags |= FACTS_CONST;
		if (g_str_has_prefix(text, "struct static_key"))
			flags |= FACTS_STATIC_KEY;
	}
	return flags;
}

static uint32_t static_owner(struct unit *unit, CXCursor declaration)
{
	CXCursor parent = clang_getCursorSemanticParent(declaration);

	return clang_getCursorKind(parent) == CXCursor_FunctionDecl ? unit_symbol(unit, parent)
								    : FACTS_NONE;
}

static bool is_made_by_syscall_macro(const char *name)
{
	static const char *const prefixes[] = { "__x64_sys_",      "__ia32_sys_",
						"__se_sys_",       "__do_sys_",
						"__arm64_sys_",    "__se_compat_sys_",
						"__do_compat_sys_" };

	for (size_t i = 0; i < G_N_ELEMENTS(prefixes); i++)
		if (g_str_has_prefix(name, prefixes[i]))
			return true;
	return false;
}

static void fill_symbol(struct unit *unit, CXCursor declaration, struct facts_symbol *row)
{
	CXType type = clang_getCursorType(declaration);
	uint32_t end_file;

	row->name = unit_cxstring(unit, clang_getCursorSpelling(declaration));
	unit_location(unit, clang_getCursorLocation(declaration), &row->file, &row->line);
	if (row->flags & FACTS_DEFINED)
		unit_location(unit, clang_getRangeEnd(clang_getCursorExtent(declaration)),
			      &end_file, &row->end_line);
	if (type.kind == CXType_Unexposed) /* typeof: the type it stands for is easier to read */
		type = clang_getCanonicalType(type);
	row->type = unit_type(unit, type);
	row->flags |= type_flags(unit, row, type);
	if (row->flags & FACTS_FUNCTION)
		row->prototype = unit_prototype(unit, type);
	if (clang_getCursorLinkage(declaration) != CXLinkage_External)
		row->flags |= FACTS_STATIC;
	if (clang_Cursor_getStorageClass(declaration) == CX_SC_Register)
		row->flags |= FACTS_REGISTER;
	if (clang_Cursor_isFunctionInlined(declaration))
		row->flags |= FACTS_INLINE;
	if (clang_Cursor_hasAttrs(declaration))
		read_attributes(unit, declaration, row);
	if (is_made_by_syscall_macro(unit_string_at(unit, row->name)))
		row->flags |= FACTS_SYSCALL;
	if (unit_is_scheduler_file(unit, row->file))
		row->flags |= FACTS_SCHEDULER;
}

uint32_t unit_symbol(struct unit *unit, CXCursor declaration)
{
	CXCursor canonical = clang_getCanonicalCursor(declaration);
	CXCursor definition = clang_getCursorDefinition(declaration);
	bool is_function = clang_getCursorKind(declaration) == CXCursor_FunctionDecl;
	struct facts_symbol row = { .owner = FACTS_NONE };
	uint32_t index;

	if (unit_cursor_table_get(unit->symbol_index, canonical, &index))
		return index;
	index = unit->tables.symbols->len;
	unit_cursor_table_set(unit->symbol_index, canonical, index);
	/* reserves the row, because an owner's row may be made below */
	g_array_append_val(unit->tables.symbols, row);

	row.flags = is_function ? FACTS_FUNCTION : 0;
	if (!clang_Cursor_isNull(definition))
		row.flags |= FACTS_DEFINED;
	fill_symbol(unit, clang_Cursor_isNull(definition) ? canonical : definition, &row);
	if (!is_function)
		row.owner = static_owner(unit, declaration);
	*unit_symbol_row(unit, index) = row;
	if (is_function)
		instance_function(unit, declaration, index);
	else
		instance_variable(unit, declaration, index);
	/* a static local is walked with its function */
	if ((row.flags & FACTS_DEFINED) && row.owner == FACTS_NONE)
		g_array_append_val(unit->reached, definition);
	return index;
}

void unit_define(struct unit *unit, CXCursor declaration)
{
	uint32_t index = unit_symbol(unit, declaration);
	struct facts_symbol row = *unit_symbol_row(unit, index);

	if (row.flags & FACTS_DEFINED)
		return;
	row = (struct facts_symbol){ .flags = FACTS_DEFINED | (row.flags & FACTS_FUNCTION),
				     .owner = FACTS_NONE };
	fill_symbol(unit, declaration, &row);
	*unit_symbol_row(unit, index) = row;
}
