// SPDX-License-Identifier: GPL-2.0-only
/*
 * Parses a unit, keeps its files and macro uses, and holds what the other files of this library
 * share.
 */
#include "rewriter/source/unit.h"

#include "base/search.h"

#include <stdarg.h>
#include <string.h>

const char *rewrite_take(struct rewriting *unit, CXString string)
{
	const char *text = clang_getCString(string);
	const char *own = g_string_chunk_insert_const(unit->strings, text ? text : "");

	clang_disposeString(string);
	return own;
}

static void source_file_free(gpointer data)
{
	struct source_file *file = data;

	g_array_unref(file->expansions);
	g_free(file);
}

static struct source_file *file_new(struct rewriting *unit, CXFile cxfile)
{
	const struct rewrite *rewrite = unit->rewrite;
	struct source_file *file = g_new0(struct source_file, 1);
	const char *path = rewrite_take(unit, clang_getFileName(cxfile));
	g_autofree char *name = tree_path(rewrite->tree, unit->result->unit->directory, path);
	size_t length = 0;
	const char *bytes;

	file->name = g_string_chunk_insert_const(unit->strings, name);
	file->expansions = g_array_new(FALSE, FALSE, sizeof(struct expansion));
	if (!config_is_scheduler_file(rewrite->config, name))
		return file;
	bytes = clang_getFileContents(unit->tu, cxfile, &length);
	file->file = edits_file(rewrite->edits, name, bytes ? bytes : "", length);
	file->text = (struct ctext){ file->file->text, (unsigned)file->file->length };
	g_hash_table_add(unit->result->included, g_strdup(name));
	return file;
}

static struct source_file *file_of(struct rewriting *unit, CXFile cxfile)
{
	struct source_file *file = cxfile ? g_hash_table_lookup(unit->files, cxfile) : NULL;

	if (!file && cxfile) {
		file = file_new(unit, cxfile);
		g_hash_table_insert(unit->files, cxfile, file);
	}
	return file;
}

struct source_place rewrite_locate(struct rewriting *unit, CXSourceLocation location)
{
	struct source_place place = { NULL, 0 };
	CXFile cxfile;

	clang_getFileLocation(location, &cxfile, NULL, NULL, &place.offset);
	place.file = file_of(unit, cxfile);
	if (place.file && !place.file->file)
		place.file = NULL;
	return place;
}

bool rewrite_range(struct rewriting *unit, CXCursor cursor, struct source_file **file,
		   unsigned *begin, unsigned *end)
{
	CXSourceRange range = clang_getCursorExtent(cursor);
	struct source_place first = rewrite_locate(unit, clang_getRangeStart(range));
	struct source_place last = rewrite_locate(unit, clang_getRangeEnd(range));

	*file = first.file;
	*begin = first.offset;
	*end = last.offset;
	return first.file && first.file == last.file && last.offset >= first.offset;
}

static bool ends_before(const void *expansion, const void *offset)
{
	return ((const struct expansion *)expansion)->end <= *(const unsigned *)offset;
}

const struct expansion *rewrite_expansion(const struct source_file *file, unsigned offset)
{
	guint i = search_array(file->expansions, ends_before, &offset);
	const struct expansion *e = i < file->expansions->len
					    ? &g_array_index(file->expansions, struct expansion, i)
					    : NULL;

	return e && e->begin <= offset ? e : NULL;
}

unsigned rewrite_line(const struct source_file *file, unsigned offset)
{
	unsigned line = 1;

	for (unsigned i = 0; i < offset && i < file->text.length; i++)
		line += file->text.bytes[i] == '\n';
	return line;
}

void rewrite_edit(struct rewriting *unit, struct source_file *file, enum edit_kind kind,
		  unsigned begin, unsigned end, const char *text, const char *what)
{
	struct edit edit = { .kind = kind, .begin = begin, .end = end, .text = text, .why = what };

	edits_add(unit->rewrite->edits, file->file, &edit);
}

void rewrite_fail(struct rewriting *unit, const struct source_file *file, unsigned offset,
		  const char *format, ...)
{
	g_autofree char *message = NULL;
	va_list arguments;

	if (unit->fault)
		return;
	va_start(arguments, format);
	message = g_strdup_vprintf(format, arguments);
	va_end(arguments);
	unit->fault = g_strdup_printf("%s:%u: %s", file->name, rewrite_line(file, offset), message);
}

const char *rewrite_what(struct rewriting *unit, const struct plan_entry *entry)
{
	g_autofree char *what = g_strdup_printf("%s: %s", entry->node->name,
						graph_reason_code(entry->node->reason));

	return g_string_chunk_insert_const(unit->strings, what);
}

char *rewrite_extern(const char *type, const char *name, const char *label)
{
	bool is_plain = !strpbrk(type, "[(");
	const char *space = is_plain && g_str_has_suffix(type, "*") ? "" : " ";
	g_autofree char *suffix = label ? g_strdup_printf(" asm(\"%s\")", label) : g_strdup("");

	return is_plain ? g_strdup_printf("extern %s%s%s%s;", type, space, name, suffix)
			: g_strdup_printf("extern typeof(%s) %s%s;", type, name, suffix);
}

bool rewrite_is_spelled(const struct source_place *place, const char *name)
{
	return ctext_has_word(place->file->text, place->offset, name);
}

struct plan_entry *rewrite_function_entry(struct rewriting *unit, CXCursor function)
{
	CXCursor definition = clang_getCursorDefinition(function);
	bool is_static = clang_getCursorLinkage(function) == CXLinkage_Internal;
	const char *name = rewrite_take(unit, clang_getCursorSpelling(function));
	CXFile cxfile;

	if (!is_static)
		return plan_function(unit->rewrite->plan, NULL, name);
	clang_getExpansionLocation(
		clang_getCursorLocation(clang_Cursor_isNull(definition) ? function : definition),
		&cxfile, NULL, NULL, NULL);
	return cxfile ? plan_function(unit->rewrite->plan, file_of(unit, cxfile)->name, name)
		      : NULL;
}

const char *rewrite_variable_name(struct rewriting *unit, const struct plan_entry *entry)
{
	g_autofree char *name = plan_variable_name(unit->rewrite->plan, entry);

	return g_string_chunk_insert_const(unit->strings, name);
}

struct plan_entry *rewrite_variable_entry(struct rewriting *unit, CXCursor variable,
					  const char *owner)
{
	const char *spelling = rewrite_take(unit, clang_getCursorSpelling(variable));
	struct source_file *file;
	CXFile cxfile;
	unsigned line;

	clang_getExpansionLocation(clang_getCursorLocation(variable), &cxfile, &line, NULL, NULL);
	file = file_of(unit, cxfile);
	if (!file || !file->file)
		return NULL;
	if (!*owner && clang_getCursorLinkage(variable) == CXLinkage_External)
		return plan_variable(unit->rewrite->plan, NULL, "", spelling, line);
	return plan_variable(unit->rewrite->plan, file->name, owner, spelling, line);
}

/* --- macro uses */

static void take_expansion(struct rewriting *unit, CXCursor cursor)
{
	struct source_file *file;
	struct expansion e;

	if (!rewrite_range(unit, cursor, &file, &e.begin, &e.end))
		return;
	e.name = rewrite_take(unit, clang_getCursorSpelling(cursor));
	g_array_append_val(file->expansions, e);
}

/* Removes a definition of CREATE_TRACE_POINTS, because vmlinux already defines the trace points. */
static void take_macro(struct rewriting *unit, CXCursor cursor)
{
	struct source_place place = rewrite_locate(unit, clang_getCursorLocation(cursor));
	unsigned begin, end;

	if (!place.file || !ctext_has_word(place.file->text, place.offset, "CREATE_TRACE_POINTS"))
		return;
	begin = place.offset;
	while (begin > 0 && place.file->text.bytes[begin - 1] != '\n')
		begin--;
	end = ctext_find(place.file->text, place.offset, "\n");
	rewrite_edit(unit, place.file, EDIT_STATEMENT, begin, MIN(end + 1, place.file->text.length),
		     "", "CREATE_TRACE_POINTS");
}

static gint compare_expansions(gconstpointer left, gconstpointer right)
{
	const struct expansion *l = left, *r = right;

	if (l->begin != r->begin)
		return l->begin < r->begin ? -1 : 1;
	return l->end > r->end ? -1 : l->end < r->end;
}

/* Keeps the outermost macro uses only: the others belong to the macros that contain them. */
static void sort_expansions(struct source_file *file)
{
	GArray *all = file->expansions;
	guint n = 0;

	g_array_sort(all, compare_expansions);
	for (guint i = 0; i < all->len; i++) {
		const struct expansion *e = &g_array_index(all, struct expansion, i);

		if (n == 0 || e->begin >= g_array_index(all, struct expansion, n - 1).end)
			g_array_index(all, struct expansion, n++) = *e;
	}
	g_array_set_size(all, n);
}

static enum CXChildVisitResult visit_preprocessing(CXCursor cursor, CXCursor parent,
						   CXClientData data)
{
	(void)parent;
	switch (clang_getCursorKind(cursor)) {
	case CXCursor_MacroExpansion:
		take_expansion(data, cursor);
		return CXChildVisit_Continue;
	case CXCursor_MacroDefinition:
		take_macro(data, cursor);
		rewrite_note_macro(data, cursor);
		return CXChildVisit_Continue;
	case CXCursor_InclusionDirective:
		return CXChildVisit_Continue;
	default:
		return CXChildVisit_Break; /* declarations come after all preprocessing */
	}
}

static void read_expansions(struct rewriting *unit)
{
	GHashTableIter iter;
	gpointer file;

	clang_visitChildren(clang_getTranslationUnitCursor(unit->tu), visit_preprocessing, unit);
	g_hash_table_iter_init(&iter, unit->files);
	while (g_hash_table_iter_next(&iter, NULL, &file))
		sort_expansions(file);
}

/* --- declarations */

static void take_record(struct rewriting *unit, CXCursor record)
{
	CXString name = clang_getCursorSpelling(record),
		 type = clang_getTypeSpelling(clang_getCursorType(record));

	if (clang_isCursorDefinition(record) && !strchr(clang_getCString(type), '('))
		g_hash_table_insert(unit->result->records, g_strdup(clang_getCString(name)),
				    g_strdup(clang_getCString(type)));
	clang_disposeString(name);
	clang_disposeString(type);
}

static enum CXChildVisitResult visit_top(CXCursor cursor, CXCursor parent, CXClientData data)
{
	struct rewriting *unit = data;

	(void)parent;
	switch (clang_getCursorKind(cursor)) {
	case CXCursor_FunctionDecl:
		rewrite_function(unit, cursor);
		break;
	case CXCursor_VarDecl:
		rewrite_variable(unit, cursor, "");
		break;
	case CXCursor_StructDecl:
	case CXCursor_UnionDecl:
		take_record(unit, cursor);
		break;
	case CXCursor_EnumDecl:
		rewrite_note_enum(unit, cursor);
		break;
	default:
		break;
	}
	return unit->fault || (unit->rewrite->stop && *unit->rewrite->stop) ? CXChildVisit_Break
									    : CXChildVisit_Continue;
}

/* The first error of a unit as "FILE:LINE:COLUMN: what"; NULL if there is none. Caller frees. */
static char *first_error(CXTranslationUnit tu)
{
	for (unsigned i = 0; i < clang_getNumDiagnostics(tu); i++) {
		CXDiagnostic diagnostic = clang_getDiagnostic(tu, i);
		char *message = NULL;

		if (clang_getDiagnosticSeverity(diagnostic) >= CXDiagnostic_Error) {
			CXString text = clang_formatDiagnostic(diagnostic,
							       CXDiagnostic_DisplaySourceLocation |
								       CXDiagnostic_DisplayColumn);
			message = g_strdup(clang_getCString(text));
			clang_disposeString(text);
		}
		clang_disposeDiagnostic(diagnostic);
		if (message)
			return message;
	}
	return NULL;
}

static char *parse(struct rewriting *unit, CXIndex index)
{
	const struct tree_unit *tree_unit = unit->result->unit;
	g_autofree char *source = tree_file(unit->rewrite->tree, tree_unit->source);
	g_autofree char *directory = g_strconcat("-working-directory=", tree_unit->directory, NULL);
	g_auto(GStrv) arguments = tree_unit_clang_arguments(tree_unit);
	g_autoptr(GPtrArray) all = g_ptr_array_new();
	enum CXErrorCode code;

	for (char **argument = arguments; *argument; argument++)
		g_ptr_array_add(all, *argument);
	g_ptr_array_add(all, directory);
	code = clang_parseTranslationUnit2(
		index, source, (const char *const *)all->pdata, (int)all->len, NULL, 0,
		CXTranslationUnit_DetailedPreprocessingRecord, &unit->tu);
	if (code != CXError_Success)
		return g_strdup_printf(
			"%s: libclang cannot parse it; is the kernel still as it was built?",
			tree_unit->source);
	return first_error(unit->tu);
}

static void rewriting_begin(struct rewriting *unit, const struct rewrite *rewrite,
			    struct rewrite_unit *result)
{
	*unit = (struct rewriting){ .rewrite = rewrite, .result = result };
	unit->files = g_hash_table_new_full(NULL, NULL, NULL, source_file_free);
	unit->groups = g_hash_table_new(NULL, NULL);
	unit->group_order = g_ptr_array_new();
	unit->replaced = g_hash_table_new(NULL, NULL);
	unit->results = g_hash_table_new(NULL, NULL);
	unit->statements = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	unit->macros = g_hash_table_new_full(g_str_hash, g_str_equal, NULL, g_free);
	unit->strings = g_string_chunk_new(4096);
}

static void rewriting_clear(struct rewriting *unit)
{
	if (unit->tu)
		clang_disposeTranslationUnit(unit->tu);
	for (guint i = 0; i < unit->group_order->len; i++) {
		struct group *group = g_ptr_array_index(unit->group_order, i);

		g_ptr_array_unref(group->entries);
		g_ptr_array_unref(group->types);
		g_free(group);
	}
	g_hash_table_destroy(unit->files);
	g_hash_table_destroy(unit->groups);
	g_hash_table_destroy(unit->replaced);
	g_hash_table_destroy(unit->results);
	g_hash_table_destroy(unit->statements);
	g_ptr_array_unref(unit->group_order);
	g_hash_table_destroy(unit->macros);
	g_string_chunk_free(unit->strings);
	g_free(unit->fault);
}

/* Appends the unit's last line: it includes the interface table and the checks. */
static void add_table(struct rewriting *unit)
{
	CXFile main_file = clang_getFile(
		unit->tu, rewrite_take(unit, clang_getTranslationUnitSpelling(unit->tu)));
	struct source_file *file = main_file ? file_of(unit, main_file) : NULL;

	if (file && file->file)
		rewrite_edit(unit, file, EDIT_TABLE, file->text.length, file->text.length,
			     file->text.length && file->text.bytes[file->text.length - 1] == '\n'
				     ? "\n#include \"boundary.h\"\n"
				     : "\n\n#include \"boundary.h\"\n",
			     unit->result->unit->source);
}

/* Rewrites one unit. Returns the fault, which the caller frees, or NULL. */
static char *rewrite_unit(const struct rewrite *rewrite, struct rewrite_unit *result)
{
	CXIndex index = clang_createIndex(0, 0);
	struct rewriting unit;
	char *fault;

	rewriting_begin(&unit, rewrite, result);
	fault = parse(&unit, index);
	if (!fault) {
		read_expansions(&unit);
		clang_visitChildren(clang_getTranslationUnitCursor(unit.tu), visit_top, &unit);
		rewrite_groups(&unit);
		rewrite_statements(&unit);
		add_table(&unit);
		fault = g_steal_pointer(&unit.fault);
	}
	rewriting_clear(&unit);
	clang_disposeIndex(index);
	return fault;
}

/* --- all units */

struct rewrite_job {
	const struct rewrite *rewrite;
	struct rewrite_unit *result;
	char *fault;
};

static void run_job(gpointer data, gpointer unused)
{
	struct rewrite_job *job = data;

	(void)unused;
	job->fault = rewrite_unit(job->rewrite, job->result);
}

static void value_free(gpointer data)
{
	struct rewrite_value *value = data;

	g_free(value->name);
	g_free(value->file);
	g_free(value->holder);
	g_free(value->value);
	g_free(value);
}

static void rewrite_unit_free(gpointer data)
{
	struct rewrite_unit *unit = data;

	g_ptr_array_unref(unit->defined);
	g_array_unref(unit->places);
	g_ptr_array_unref(unit->declared);
	g_ptr_array_unref(unit->locals);
	g_ptr_array_unref(unit->values);
	g_ptr_array_unref(unit->prototypes);
	g_hash_table_destroy(unit->records);
	g_hash_table_destroy(unit->included);
	g_free(unit);
}

static GPtrArray *results_new(const GPtrArray *units)
{
	GPtrArray *results = g_ptr_array_new_with_free_func(rewrite_unit_free);

	for (guint i = 0; i < units->len; i++) {
		struct rewrite_unit *result = g_new0(struct rewrite_unit, 1);

		result->unit = g_ptr_array_index(units, i);
		result->defined = g_ptr_array_new();
		result->places = g_array_new(FALSE, FALSE, sizeof(struct rewrite_place));
		result->declared = g_ptr_array_new();
		result->locals = g_ptr_array_new();
		result->values = g_ptr_array_new_with_free_func(value_free);
		result->prototypes = g_ptr_array_new();
		result->records = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
		result->included = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
		g_ptr_array_add(results, result);
	}
	return results;
}

/*
 * Makes code of other files that takes a function's address get the address in vmlinux: behind the
 * definition, NAME(...) means the module's function and the bare NAME means vmlinux's. Only when
 * all units were seen is it known for which functions this is needed.
 */
static void rename_definition(const struct rewrite *rewrite, const struct rewrite_place *place)
{
	const char *name = place->entry->node->name;
	g_autofree char *text =
		g_strdup_printf("extern typeof(%s) " REWRITE_RENAME
				"%s;\n#define %s(...) " REWRITE_RENAME "%s(__VA_ARGS__)\n",
				name, name, name, name);
	struct edit edit = { .kind = EDIT_RENAME,
			     .begin = place->begin,
			     .end = place->begin,
			     .text = text,
			     .why = name };

	edits_add(rewrite->edits, place->file, &edit);
}

static void rename_definitions(const struct rewrite *rewrite, const GPtrArray *results)
{
	for (guint i = 0; i < results->len; i++) {
		const struct rewrite_unit *result = g_ptr_array_index(results, i);

		for (guint j = 0; j < result->places->len; j++) {
			const struct rewrite_place *place =
				&g_array_index(result->places, struct rewrite_place, j);

			if (place->entry->is_foreign_address)
				rename_definition(rewrite, place);
		}
	}
}

static bool take_faults(struct rewrite_job *jobs, guint n, const volatile int *stop, GError **error)
{
	const char *first = NULL;

	for (guint i = 0; i < n && !first; i++)
		first = jobs[i].fault;
	if (stop && *stop)
		g_set_error(error, REWRITE_ERROR, 0, "interrupted: nothing was written");
	else if (first)
		g_set_error(error, REWRITE_ERROR, 0, "%s", first);
	return !first && !(stop && *stop);
}

GPtrArray *rewrite_units(const struct rewrite *rewrite, const GPtrArray *units, unsigned threads,
			 GError **error)
{
	GThreadPool *pool;
	g_autofree struct rewrite_job *jobs = g_new0(struct rewrite_job, units->len + 1);
	GPtrArray *results = results_new(units);
	bool is_good;

	/*
	 * the first index in a process makes libclang register its targets, which is not safe in
	 * two threads at once
	 */
	clang_disposeIndex(clang_createIndex(0, 0));
	/* more threads than units have no work; if none can be started, this one does it all */
	pool = g_thread_pool_new(run_job, NULL, (gint)CLAMP(threads, 1, MAX(units->len, 1)), TRUE,
				 NULL);
	for (guint i = 0; i < units->len; i++) {
		jobs[i] = (struct rewrite_job){ .rewrite = rewrite,
						.result = g_ptr_array_index(results, i) };
		if (g_thread_pool_get_num_threads(pool))
			g_thread_pool_push(pool, &jobs[i], NULL);
		else
			run_job(&jobs[i], NULL);
	}
	g_thread_pool_free(pool, FALSE, TRUE);
	rename_definitions(rewrite, results);
	is_good = take_faults(jobs, units->len, rewrite->stop, error) &&
		  edits_finish(rewrite->edits, error);
	for (guint i = 0; i < units->len; i++)
		g_free(jobs[i].fault);
	if (is_good)
		return results;
	g_ptr_array_unref(results);
	return NULL;
}
