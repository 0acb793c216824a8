// SPDX-License-Identifier: GPL-2.0-only
/*
 * Parses one translation unit with libclang.
 *
 * Method: parse; refuse the unit if there is any error, unless asked not to. Take the unit's own
 * definitions in order, walk their bodies, then the bodies of what they reach, and so on. List the
 * files read, and pack the tables. An inline function of a header that nothing reaches is never
 * walked: the compiler drops it too. Most of them are like that.
 */
#include "analyzer/source/parse.h"

#include "analyzer/source/prefix.h"
#include "analyzer/source/visit.h"

#include <string.h>

static struct unit *unit_new(const struct source_context *context,
			     const struct tree_unit *tree_unit)
{
	struct unit *unit = g_new0(struct unit, 1);
	struct facts_tables *t = &unit->tables;

	unit->context = context;
	unit->tree_unit = tree_unit;
	unit->string_index = g_hash_table_new(g_str_hash, g_str_equal);
	unit->file_index = g_hash_table_new(NULL, NULL);
	unit->scheduler_files = g_hash_table_new(NULL, NULL);
	unit->symbol_index = unit_cursor_table_new();
	unit->record_index = unit_cursor_table_new();
	unit->member_index = unit_cursor_table_new();
	unit->reached = g_array_new(FALSE, FALSE, sizeof(CXCursor));
	t->source = tree_unit->source;
	t->strings = g_ptr_array_new_with_free_func(g_free);
	t->symbols = g_array_new(FALSE, FALSE, sizeof(struct facts_symbol));
	t->records = g_array_new(FALSE, FALSE, sizeof(struct facts_record));
	t->members = g_array_new(FALSE, FALSE, sizeof(struct facts_member));
	t->uses = g_array_new(FALSE, FALSE, sizeof(struct facts_use));
	t->slots = g_array_new(FALSE, FALSE, sizeof(struct facts_slot));
	t->flows = g_array_new(FALSE, FALSE, sizeof(struct facts_flow));
	t->instances = g_array_new(FALSE, FALSE, sizeof(struct facts_instance));
	t->escapes = g_array_new(FALSE, FALSE, sizeof(struct facts_escape));
	unit->instance_index = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	t->inputs = g_array_new(FALSE, FALSE, sizeof(struct facts_input));
	unit_string(unit, "");
	slots_begin(unit);
	return unit;
}

static void unit_free(struct unit *unit)
{
	struct facts_tables *t = &unit->tables;

	clang_PrintingPolicy_dispose(unit->policy);
	g_hash_table_destroy(unit->string_index);
	g_hash_table_destroy(unit->file_index);
	g_hash_table_destroy(unit->scheduler_files);
	g_hash_table_destroy(unit->symbol_index);
	g_hash_table_destroy(unit->record_index);
	g_hash_table_destroy(unit->member_index);
	g_clear_pointer(&unit->unnamed, g_hash_table_destroy);
	g_clear_pointer(&unit->functions, g_hash_table_destroy);
	slots_clear(unit);
	g_array_free(unit->reached, TRUE);
	g_ptr_array_free(t->strings, TRUE);
	g_array_free(t->symbols, TRUE);
	g_array_free(t->records, TRUE);
	g_array_free(t->members, TRUE);
	g_array_free(t->uses, TRUE);
	g_array_free(t->slots, TRUE);
	g_array_free(t->flows, TRUE);
	g_array_free(t->instances, TRUE);
	g_array_free(t->escapes, TRUE);
	g_hash_table_destroy(unit->instance_index);
	g_array_free(t->inputs, TRUE);
	g_free(unit);
}

static enum CXChildVisitResult find_unexposed(CXCursor cursor, CXCursor parent, CXClientData data)
{
	(void)parent;
	if (clang_getCursorKind(cursor) != CXCursor_UnexposedAttr)
		return CXChildVisit_Continue;
	*(bool *)data = true;
	return CXChildVisit_Break;
}

/*
 * True if the declaration, with macros expanded, holds the text. It is printed only if it has an
 * attribute that libclang does not know.
 */
static bool has_attribute(CXCursor declaration, const char *attribute)
{
	bool has = false;
	CXString text;

	if (!clang_Cursor_hasAttrs(declaration))
		return false;
	clang_visitChildren(declaration, find_unexposed, &has);
	if (!has)
		return false;
	text = clang_getCursorPrettyPrinted(declaration, NULL);
	has = strstr(clang_getCString(text), attribute) != NULL;
	clang_disposeString(text);
	return has;
}

/*
 * True for an inline function that is an external definition because of gnu_inline, which the
 * kernel's `inline` includes.
 */
static bool is_emitted_inline(const struct unit *unit, CXCursor definition, uint32_t file)
{
	return clang_getCursorLinkage(definition) == CXLinkage_External &&
	       clang_Cursor_getStorageClass(definition) != CX_SC_Extern &&
	       !g_str_has_suffix(unit_string_at(unit, file), ".h");
}

/*
 * True for what the unit itself defines. That is everything in a scheduler file, inline functions
 * included; elsewhere what has external linkage, is in a .c file, or is marked used as the tables
 * of trace events are. Of inline functions elsewhere only those that are external definitions
 * count.
 */
static bool is_own(struct unit *unit, CXCursor definition)
{
	uint32_t file, line;

	unit_location(unit, clang_getCursorLocation(definition), &file, &line);
	if (unit_is_scheduler_file(unit, file))
		return true;
	if (clang_getCursorKind(definition) == CXCursor_FunctionDecl &&
	    clang_Cursor_isFunctionInlined(definition))
		return is_emitted_inline(unit, definition, file);
	return clang_getCursorLinkage(definition) == CXLinkage_External ||
	       !g_str_has_suffix(unit_string_at(unit, file), ".h") ||
	       has_attribute(definition, "((used))");
}

static void take_function(struct unit *unit, CXCursor function)
{
	if (clang_isCursorDefinition(function)) {
		if (is_own(unit, function))
			unit_symbol(unit, function);
	} else if (has_attribute(function, "alias(\"")) {
		unit_define(unit, function);
	}
}

static void take_variable(struct unit *unit, CXCursor variable)
{
	if (clang_Cursor_getStorageClass(variable) != CX_SC_Extern && is_own(unit, variable))
		unit_define(unit, variable);
}

static void visit_record(struct unit *unit, CXCursor record)
{
	uint32_t file, line;

	if (!clang_isCursorDefinition(record))
		return;
	unit_location(unit, clang_getCursorLocation(record), &file, &line);
	if (unit_is_scheduler_file(unit, file))
		unit_add_record(unit, record);
	instance_members(unit, record);
}

static enum CXChildVisitResult take_top(CXCursor cursor, CXCursor parent, CXClientData data)
{
	struct unit *unit = data;

	(void)parent;
	switch (clang_getCursorKind(cursor)) {
	case CXCursor_FunctionDecl:
		take_function(unit, cursor);
		break;
	case CXCursor_VarDecl:
		take_variable(unit, cursor);
		break;
	case CXCursor_StructDecl:
	case CXCursor_UnionDecl:
		visit_record(unit, cursor);
		break;
	default:
		break;
	}
	return CXChildVisit_Continue;
}

static void add_input(CXFile file, CXSourceLocation *stack, unsigned depth, CXClientData data)
{
	struct unit *unit = data;
	CXString name = clang_getFileName(file);
	char *path =
		tree_path(unit->context->tree, unit->tree_unit->directory, clang_getCString(name));
	struct facts_input input = { .path = unit_string(unit, path) };

	(void)stack;
	(void)depth;
	clang_disposeString(name);
	g_free(path);
	unit->sees_scheduler |= unit_is_scheduler_file(unit, input.path);
	g_array_append_val(unit->tables.inputs, input);
}

static gint compare_inputs(gconstpointer left, gconstpointer right)
{
	const struct facts_input *l = left, *r = right;

	return l->path < r->path ? -1 : l->path > r->path;
}

/* Sorts the inputs and leaves one for a file that was included several times. */
static void unique_inputs(GArray *inputs)
{
	struct facts_input *rows = (void *)inputs->data;
	guint kept = 0;

	g_array_sort(inputs, compare_inputs);
	for (guint i = 0; i < inputs->len; i++)
		if (!kept || rows[kept - 1].path != rows[i].path)
			rows[kept++] = rows[i];
	g_array_set_size(inputs, kept);
}

void source_error_free(gpointer data)
{
	struct source_error *error = data;

	g_free(error->file);
	g_free(error->message);
	g_free(error);
}

static struct source_error *read_error(const struct source_context *context,
				       const struct tree_unit *unit, CXDiagnostic diagnostic)
{
	CXString what = clang_getDiagnosticSpelling(diagnostic), name;
	struct source_error *error = g_new0(struct source_error, 1);
	CXFile file;

	error->unit = unit;
	error->message = g_strdup(clang_getCString(what));
	clang_disposeString(what);
	clang_getExpansionLocation(clang_getDiagnosticLocation(diagnostic), &file, &error->line,
				   &error->column, NULL);
	if (!file) {
		error->file = g_strdup(unit->source);
		error->line = error->column = 0;
		return error;
	}
	name = clang_getFileName(file);
	error->file = tree_path(context->tree, unit->directory, clang_getCString(name));
	clang_disposeString(name);
	return error;
}

/* "FILE:LINE:COLUMN: what", with the file as tree_path() gives it. Caller frees. */
static char *format_error(const struct source_error *error)
{
	if (!error->line)
		return g_strdup_printf("%s: %s", error->file, error->message);
	return g_strdup_printf("%s:%u:%u: %s", error->file, error->line, error->column,
			       error->message);
}

/* Adds every diagnostic that the compiler calls an error. */
static void read_errors(const struct source_context *context, const struct tree_unit *unit,
			CXTranslationUnit tu, GPtrArray *errors)
{
	unsigned n = clang_getNumDiagnostics(tu);

	for (unsigned i = 0; i < n; i++) {
		CXDiagnostic diagnostic = clang_getDiagnostic(tu, i);

		if (clang_getDiagnosticSeverity(diagnostic) >= CXDiagnostic_Error)
			g_ptr_array_add(errors, read_error(context, unit, diagnostic));
		clang_disposeDiagnostic(diagnostic);
	}
}

/* The text of the first error, or NULL. Caller frees. */
static char *first_error(const struct source_context *context, const struct tree_unit *unit,
			 CXTranslationUnit tu)
{
	g_autoptr(GPtrArray) errors = g_ptr_array_new_with_free_func(source_error_free);

	read_errors(context, unit, tu, errors);
	return errors->len ? format_error(g_ptr_array_index(errors, 0)) : NULL;
}

const struct source_overlay *source_overlay_of(const struct source_context *context,
					       const char *file)
{
	for (size_t i = 0; i < context->n_overlays; i++) {
		g_autofree char *name = tree_path(context->tree, NULL, context->overlays[i].path);

		if (strcmp(name, file) == 0)
			return &context->overlays[i];
	}
	return NULL;
}

/*
 * The texts that libclang gets in place of files: the context's overlays and, if not NULL, the
 * `names` that precompiled headers need. Caller unrefs.
 */
static GArray *unsaved_files(const struct source_context *context, const char *names_path,
			     const char *names)
{
	GArray *files = g_array_new(FALSE, FALSE, sizeof(struct CXUnsavedFile));

	for (size_t i = 0; i < context->n_overlays; i++) {
		const struct source_overlay *overlay = &context->overlays[i];
		struct CXUnsavedFile file = { overlay->path, overlay->text, overlay->length };

		g_array_append_val(files, file);
	}
	if (names) {
		struct CXUnsavedFile file = { names_path, names, strlen(names) };

		g_array_append_val(files, file);
	}
	return files;
}

static const char *const parse_problems[] = {
	[CXError_Failure] = "libclang gives no reason",
	[CXError_Crashed] = "libclang crashed on it",
	[CXError_InvalidArguments] = "libclang refuses the arguments",
	[CXError_ASTReadError] = "libclang could not read it",
};

/*
 * Parses once with the given arguments. With `errors` a unit with errors is accepted, and they are
 * added there.
 */
static CXTranslationUnit parse_with(const struct source_context *context,
				    const struct tree_unit *unit, CXIndex index, char **arguments,
				    const char *names, GPtrArray *errors, char **message)
{
	const struct source_overlay *overlay = source_overlay_of(context, unit->source);
	g_autofree char *source =
		overlay ? g_strdup(overlay->path) : tree_file(context->tree, unit->source);
	g_autofree char *directory = g_strconcat("-working-directory=", unit->directory, NULL);
	g_autofree char *names_path = g_build_filename(unit->directory, PREFIX_NAMES_FILE, NULL);
	g_autoptr(GArray) files = unsaved_files(context, names_path, names);
	g_autoptr(GPtrArray) all = g_ptr_array_new();
	CXTranslationUnit tu = NULL;
	enum CXErrorCode code;

	for (char **argument = arguments; *argument; argument++)
		g_ptr_array_add(all, *argument);
	g_ptr_array_add(all, directory);
	code = clang_parseTranslationUnit2(index, source, (const char *const *)all->pdata,
					   (int)all->len,
					   (struct CXUnsavedFile *)(void *)files->data, files->len,
					   CXTranslationUnit_KeepGoing, &tu);
	if (code != CXError_Success) {
		*message = g_strdup_printf("%s: %s", unit->source, parse_problems[code]);
		return NULL;
	}
	if (errors)
		read_errors(context, unit, tu, errors);
	else
		*message = first_error(context, unit, tu);
	if (*message) {
		clang_disposeTranslationUnit(tu);
		return NULL;
	}
	return tu;
}

/*
 * Parses from precompiled headers if they fit and give no error, else plainly. `*inputs` are the
 * files that were read through precompiled headers; NULL if none were used.
 */
static CXTranslationUnit parse(const struct source_context *context, const struct tree_unit *unit,
			       struct source_prefix *prefix, CXIndex index,
			       const GPtrArray **inputs, GPtrArray *errors, char **message)
{
	struct prefix_use *use = prefix_use(prefix, unit);
	g_auto(GStrv) plain = NULL;
	CXTranslationUnit tu = NULL;

	*inputs = NULL;
	if (use) {
		tu = parse_with(context, unit, index, use->arguments, use->names, NULL, message);
		*inputs = use->inputs;
		prefix_use_free(use);
		if (tu)
			return tu;
		*inputs = NULL;
		g_clear_pointer(message, g_free);
	}
	plain = tree_unit_clang_arguments(unit);
	return parse_with(context, unit, index, plain, NULL, errors, message);
}

/* Adds rows for all members of the records that have a row. */
static void complete_records(struct unit *unit)
{
	g_autoptr(GList) records = g_hash_table_get_keys(unit->record_index);

	for (GList *at = records; at; at = at->next)
		unit_add_record(unit, *(const CXCursor *)at->data);
}

static void read_unit(struct unit *unit, const GPtrArray *inputs)
{
	clang_getInclusions(unit->tu, add_input, unit);
	clang_visitChildren(clang_getTranslationUnitCursor(unit->tu), take_top, unit);
	for (guint i = 0; i < unit->reached->len; i++) { /* grows while it is walked */
		CXCursor definition = g_array_index(unit->reached, CXCursor, i);

		unit_visit_body(unit, definition, unit_symbol(unit, definition));
	}
	if (unit->context->has_all_members)
		complete_records(unit);
	slots_finish(unit);
	for (guint i = 0; inputs && i < inputs->len; i++) {
		struct facts_input input = { .path = unit_string(unit,
								 g_ptr_array_index(inputs, i)) };

		g_array_append_val(unit->tables.inputs, input);
	}
	unique_inputs(unit->tables.inputs);
}

void parse_prepare(void)
{
	clang_disposeIndex(clang_createIndex(0, 0));
}

struct facts *parse_unit(const struct source_context *context, const struct tree_unit *tree_unit,
			 struct source_prefix *prefix, const char *key, parse_digest *digest,
			 void *data, GPtrArray *errors, char **message)
{
	CXIndex index = clang_createIndex(1, 0); /* 1: without those of precompiled headers */
	struct facts *facts = NULL;
	struct unit *unit;
	const GPtrArray *inputs;
	CXTranslationUnit tu = parse(context, tree_unit, prefix, index, &inputs, errors, message);

	if (tu) {
		unit = unit_new(context, tree_unit);
		unit->tu = tu;
		unit->tables.key = key;
		read_unit(unit, inputs);
		for (guint i = 0; digest && i < unit->tables.inputs->len; i++) {
			struct facts_input *input =
				&g_array_index(unit->tables.inputs, struct facts_input, i);

			digest(unit_string_at(unit, input->path), input->digest, data);
		}
		facts = facts_new(&unit->tables);
		unit_free(unit);
		clang_disposeTranslationUnit(tu);
	}
	clang_disposeIndex(index);
	return facts;
}

struct facts *source_parse(const struct source_context *context, const struct tree_unit *unit,
			   char **message)
{
	return parse_unit(context, unit, NULL, "", NULL, NULL, NULL, message);
}
