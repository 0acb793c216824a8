// SPDX-License-Identifier: GPL-2.0-only
/*
 * values.h: the values of the scheduler's files that vmlinux's code or memory keeps. Included at the
 * end of each unit (boundary.h), and read by plugsched-lint.
 */
#include "rewriter/generate/generate.h"

static void write_value(FILE *out, const struct generated_value *v)
{
	if (v->is_macro)
		fprintf(out, "#ifdef %s\n", v->name);
	if (v->value)
		fprintf(out, "PLUGSCHED_VALUE(%s, (%s), \"%s\", \"%s\")\n", v->name, v->value,
			v->file, v->holder);
	else
		fprintf(out, "PLUGSCHED_TEXT(%s, \"%s\", \"%s\")\n", v->name, v->file, v->holder);
	if (v->is_macro)
		fputs("#endif\n", out);
}

void generate_values(FILE *out, const struct generated *module)
{
	fputs("/* SPDX-License-Identifier: GPL-2.0-only */\n"
	      "/*\n"
	      " * Values that vmlinux's code has compiled in, or that its memory holds, and that the module must have too. A new value takes\n"
	      " * a name of its own. Of PLUGSCHED_TEXT, macros that are no constants, only plugsched-lint compares the text.\n"
	      " */\n",
	      out);
	for (guint i = 0; i < module->units->len; i++) {
		const struct generated_unit *unit = g_ptr_array_index(module->units, i);

		fprintf(out, "\n#ifdef PLUGSCHED_UNIT_%s /* %s */\n", unit->name, unit->source);
		for (guint n = 0; n < unit->values->len; n++)
			write_value(out, g_ptr_array_index(unit->values, n));
		fputs("#endif\n", out);
	}
}
