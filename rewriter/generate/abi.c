// SPDX-License-Identifier: GPL-2.0-only
/*
 * Static assertions of what must not change: the signatures of interface functions, the layouts
 * that other code depends on, and the sizes of vmlinux's variables. A forbidden change then does
 * not compile, and the message says why.
 */
#include "rewriter/generate/generate.h"

#include <string.h>

/* Writes the contents of a C string literal, escaped. */
static void write_escaped(FILE *out, const char *text)
{
	for (; *text; text++) {
		if (strchr("\"\\", *text))
			fputc('\\', out);
		fputc(*text, out);
	}
}

static void write_string(FILE *out, const char *text)
{
	fputc('"', out);
	write_escaped(out, text);
	fputc('"', out);
}

/* The report's sentence without the class in front of it. */
static const char *reason(const char *why)
{
	const char *colon = strstr(why, ": ");

	return colon ? colon + 2 : why;
}

static void write_assert(FILE *out, const char *condition, const char *what, const char *why)
{
	g_autofree char *message = g_strdup_printf("plugsched: %s: %s", what, reason(why));

	fprintf(out, "_Static_assert(%s,\n\t", condition);
	write_string(out, message);
	fputs(");\n", out);
}

static void write_signature(FILE *out, const struct generated_interface *entry)
{
	const struct graph_function *f = entry->function;
	g_autofree char *condition = g_strdup_printf(
		"__builtin_types_compatible_p(typeof(%s), typeof(%s))", entry->body, f->signature);
	g_autofree char *what = g_strdup_printf("%s() is entered from vmlinux and must stay %s",
						f->node.name, f->signature);

	write_assert(out, condition, what, f->node.why);
}

static void write_size(FILE *out, const struct graph_variable *v)
{
	g_autofree char *condition =
		g_strdup_printf("sizeof(%s) == %" G_GUINT64_FORMAT, v->node.name, v->binary.size);
	g_autofree char *what =
		g_strdup_printf("%s lies in vmlinux, where it has %" G_GUINT64_FORMAT " bytes",
				v->node.name, v->binary.size);

	write_assert(
		out, condition, what,
		"to have one of another type, list it as private under global_var and analyse again");
}

/*
 * The offset of a member of a nested unnamed record from the start of the outermost record, as of
 * "removed.lock" in cfs_rq.
 */
static bool offset_of(const struct graph *graph, const struct graph_member *m, unsigned *offset)
{
	g_autofree char *outer = g_strdup(m->record);
	char *dot;

	*offset = m->offset;
	for (; (dot = strrchr(outer, '.')); *dot = '\0') {
		const struct graph_member *holder = NULL;

		for (guint i = 0; i < graph->members->len && !holder; i++) {
			const struct graph_member *other = g_ptr_array_index(graph->members, i);

			if (strcmp(other->node.name, outer) == 0 &&
			    strcmp(other->node.file, m->node.file) == 0)
				holder = other;
		}
		if (!holder)
			return false;
		*offset += holder->offset;
	}
	return true;
}

static void write_member(FILE *out, const struct generated *module, const char *type,
			 const char *why, const struct graph_member *m)
{
	const char *path = strchr(m->node.name, '.');
	unsigned offset;

	if (m->width || !path || !offset_of(module->graph, m, &offset) || offset % 8)
		/* a bit-field has no offset; its neighbours and the record's size fix its place */
		return;
	fprintf(out, "_Static_assert(__builtin_offsetof(%s, %s) == %u", type, path + 1, offset / 8);
	if (m->size) /* else it could grow into the padding behind it */
		fprintf(out, " && sizeof(((%s *)0)->%s) == %u", type, path + 1, m->size);
	fprintf(out,
		",\n\t\"plugsched: %s.%s has another place or size in a layout that vmlinux knows: ",
		type, path + 1);
	write_escaped(out, reason(why));
	fputs("\");\n", out);
}

static void write_record(FILE *out, const struct generated *module, const struct graph_record *r,
			 const char *type)
{
	g_autofree char *condition = g_strdup_printf("sizeof(%s) == %u", type, r->size);
	g_autofree char *what = g_strdup_printf("%s must keep its layout", type);

	write_assert(out, condition, what, r->why);
	for (guint i = 0; i < r->members->len; i++)
		write_member(out, module, type, r->why, g_ptr_array_index(r->members, i));
}

static void write_nested(FILE *out, const struct generated *module,
			 const struct graph_record *outer, const char *type)
{
	g_autofree char *prefix = g_strconcat(outer->name, ".", NULL);

	for (guint i = 0; i < module->graph->records->len; i++) {
		const struct graph_record *r = g_ptr_array_index(module->graph->records, i);

		for (guint j = 0; g_str_has_prefix(r->name, prefix) &&
				  strcmp(r->file, outer->file) == 0 && j < r->members->len;
		     j++)
			write_member(out, module, type, outer->why,
				     g_ptr_array_index(r->members, j));
	}
}

static void write_unit(FILE *out, const struct generated *module, const struct generated_unit *unit)
{
	for (guint i = 0; i < unit->interface->len; i++)
		write_signature(out, g_ptr_array_index(unit->interface, i));
	for (guint i = 0; i < unit->variables->len; i++)
		write_size(out, g_ptr_array_index(unit->variables, i));
	for (guint i = 0; i < unit->records->len; i++) {
		const struct graph_record *r = g_ptr_array_index(unit->records, i);

		write_record(out, module, r, g_ptr_array_index(unit->named, i));
		write_nested(out, module, r, g_ptr_array_index(unit->named, i));
	}
}

void generate_abi_check(FILE *out, const struct generated *module)
{
	fputs("/* SPDX-License-Identifier: GPL-2.0-only */\n"
	      "/*\n"
	      " * What vmlinux's code relies on. If an assertion fails, it names a change that a module cannot have. Do not change the\n"
	      " * assertion: it follows from the boundary. Analyse again with another boundary (plugsched-analyze --config), if there is\n"
	      " * one.\n"
	      " */\n",
	      out);
	for (guint i = 0; i < module->units->len; i++) {
		const struct generated_unit *unit = g_ptr_array_index(module->units, i);

		fprintf(out, "\n#ifdef PLUGSCHED_UNIT_%s /* %s */\n", unit->name, unit->source);
		write_unit(out, module, unit);
		fputs("#endif\n", out);
	}
}
