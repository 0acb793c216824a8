// SPDX-License-Identifier: GPL-2.0-only
/* The module's tables: where vmlinux is redirected into it, and what it needs from vmlinux. */
#include "rewriter/generate/generate.h"

#include <string.h>

static void head(FILE *out, const char *what)
{
	fprintf(out, "/* SPDX-License-Identifier: GPL-2.0-only */\n/* %s */\n", what);
}

void generate_unit_list(FILE *out, const struct generated *module)
{
	head(out, "The scheduler's units: PLUGSCHED_EACH_UNIT(name).");
	for (guint i = 0; i < module->units->len; i++)
		fprintf(out, "PLUGSCHED_EACH_UNIT(%s)\n",
			((struct generated_unit *)g_ptr_array_index(module->units, i))->name);
}

static bool is_springboard(const struct graph_function *f)
{
	return f->node.reason == GRAPH_REASON_SPRINGBOARD;
}

static void write_interface(FILE *out, const struct generated *module,
			    const struct generated_interface *i)
{
	const struct graph_binary *binary = &i->function->binary;

	/* the springboard's body is entered through the stub, not by a plain redirection */
	fprintf(out, "PLUGSCHED_%s(%s, 0x%" G_GINT64_MODIFIER "x, %u, %s)\n",
		is_springboard(i->function) ? "SPRINGBOARD" : "INTERFACE", i->function->node.name,
		binary->address - module->base, graph_entry_size(binary), i->body);
}

void generate_interface_table(FILE *out, const struct generated *module)
{
	head(out,
	     "Where vmlinux's code enters the module: PLUGSCHED_INTERFACE(name, bytes from _text, bytes before the jump, the module's function),\n"
	     "   the same for what is entered through springboard.S, and the scheduling classes: PLUGSCHED_CLASS(name). boundary.h includes this in each unit.");
	for (guint i = 0; i < module->units->len; i++) {
		const struct generated_unit *unit = g_ptr_array_index(module->units, i);

		fprintf(out,
			"\n#if defined(PLUGSCHED_UNIT_%s) || defined(PLUGSCHED_ALL_UNITS) /* %s */\n",
			unit->name, unit->source);
		for (guint j = 0; j < unit->interface->len; j++) {
			const struct generated_interface *entry =
				g_ptr_array_index(unit->interface, j);

			if (entry->is_redirected)
				write_interface(out, module, entry);
		}
		for (guint j = 0; j < unit->classes->len; j++)
			fprintf(out, "PLUGSCHED_CLASS(%s)\n",
				((struct graph_variable *)g_ptr_array_index(unit->classes, j))
					->node.name);
		fputs("#endif\n", out);
	}
}

void generate_text_table(FILE *out, const struct generated *module)
{
	head(out,
	     "The code of vmlinux that the module replaces, with its .cold parts and clones: PLUGSCHED_TEXT(\"symbol\", bytes from _text, size),\n"
	     "   sorted. The springboard's is apart: sleeping tasks stand in it.");
	for (guint i = 0; i < module->text->len; i++) {
		const struct generated_text *t =
			&g_array_index(module->text, struct generated_text, i);

		fprintf(out,
			"PLUGSCHED_TEXT%s(\"%s\", 0x%" G_GINT64_MODIFIER "x, 0x%" G_GINT64_MODIFIER
			"x)\n",
			t->is_springboard ? "_SPRINGBOARD" : "", t->name, t->address - module->base,
			t->size);
	}
}

void generate_name_table(FILE *out, const struct generated *module)
{
	head(out,
	     "Other names that vmlinux has for functions of interface.h: PLUGSCHED_NAME(\"name\", bytes from _text).");
	for (guint i = 0; i < module->names->len; i++) {
		const struct generated_name *n =
			&g_array_index(module->names, struct generated_name, i);

		fprintf(out, "PLUGSCHED_NAME(\"%s\", 0x%" G_GINT64_MODIFIER "x)\n", n->name,
			n->address - module->base);
	}
}

void generate_symbol_table(FILE *out, const struct generated *module)
{
	head(out,
	     "Symbols of vmlinux that the module knows by another name, or that vmlinux has several of:\n"
	     "   PLUGSCHED_SYMBOL(name in the module, name in vmlinux, position among equal names in address order or 0).");
	for (guint i = 0; i < module->symbols->len; i++) {
		const struct generated_symbol *s =
			&g_array_index(module->symbols, struct generated_symbol, i);

		fprintf(out, "PLUGSCHED_SYMBOL(\"%s\", \"%s\", %u)\n", s->label, s->name,
			s->position);
	}
}

static void write_symvers(FILE *out, const GPtrArray *names)
{
	for (guint i = 0; i < names->len; i++)
		fprintf(out, "0x00000000\t%s\tvmlinux\tEXPORT_SYMBOL_GPL\t\n",
			(char *)g_ptr_array_index(names, i));
}

void generate_symvers(FILE *out, const struct generated *module)
{
	write_symvers(out, module->unexported);
}

void generate_core_symvers(FILE *out, const struct generated *module)
{
	write_symvers(out, module->core_unexported);
}

void generate_tables(FILE *out, const struct generated *module)
{
	fprintf(out,
		"// SPDX-License-Identifier: GPL-2.0-only\n"
		"/* What whoever loads the module reads in it. */\n"
		"#include \"plugsched.h\"\n"
		"#include \"identity.h\"\n\n"
		"#include <linux/kprobes.h>\n"
		"#include <linux/module.h>\n"
		"#include <linux/percpu.h>\n\n"
		"DECLARE_PER_CPU(unsigned long, plugsched_frame);\n"
		"DEFINE_PER_CPU(unsigned long, plugsched_frame); /* for springboard.S */\n\n"
		"/*\n"
		" * A switch leaves the springboard's body by a jump, so a return probe on it would wait for ever, and the next return\n"
		" * would go astray.\n"
		" */\n"
		"void plugsched_schedule_body(void);\n"
		"NOKPROBE_SYMBOL(plugsched_schedule_body);\n\n"
		"/* A line each in a section that is not loaded (modpost knows .comment*): name in the module, name in vmlinux, position. */\n"
		"#define PLUGSCHED_SYMBOL(label, name, position) \\\n"
		"\tasm(\".pushsection .comment.plugsched,\\\"\\\",@progbits\\n\" \\\n"
		"\t    \"\\t.ascii \\\"\" label \"\\\\t\" name \"\\\\t\" #position \"\\\\n\\\"\\n\" \\\n"
		"\t    \".popsection\");\n"
		"#include \"symbols.h\"\n\n"
		"/* The same for the functions that are redirected, a name a line. */\n"
		"#define PLUGSCHED_FUNCTION(name) \\\n"
		"\tasm(\".pushsection .comment.plugsched.functions,\\\"\\\",@progbits\\n\" \\\n"
		"\t    \"\\t.ascii \\\"\" name \"\\\\n\\\"\\n\" \\\n"
		"\t    \".popsection\");\n"
		"#define PLUGSCHED_INTERFACE(name, offset, entry, function) PLUGSCHED_FUNCTION(#name)\n"
		"#define PLUGSCHED_SPRINGBOARD(name, offset, entry, function) PLUGSCHED_FUNCTION(#name)\n"
		"#define PLUGSCHED_CLASS(name)\n"
		"#define PLUGSCHED_ALL_UNITS\n"
		"#include \"interface.h\"\n\n"
		"/* And for the other names that these have in vmlinux. */\n"
		"#define PLUGSCHED_NAME(name, offset) \\\n"
		"\tasm(\".pushsection .comment.plugsched.names,\\\"\\\",@progbits\\n\" \\\n"
		"\t    \"\\t.ascii \\\"\" name \"\\\\n\\\"\\n\" \\\n"
		"\t    \".popsection\");\n"
		"#include \"names.h\"\n"
		"#undef PLUGSCHED_NAME\n\n"
		"PLUGSCHED_DIGEST;\n\n"
		"/* For the core. */\n"
		"#define PLUGSCHED_TEXT(name, offset, size) { name, offset, size, 0 },\n"
		"#define PLUGSCHED_TEXT_SPRINGBOARD(name, offset, size) { name, offset, size, 1 },\n"
		"const struct plugsched_text plugsched_text[] = {\n"
		"#include \"text.h\"\n"
		"\t{ }\n};\n\n"
		"#define PLUGSCHED_NAME(name, offset) { name, offset },\n"
		"const struct plugsched_name plugsched_names[] = {\n"
		"#include \"names.h\"\n"
		"\t{ }\n};\n\n"
		"MODULE_INFO(plugsched_build_id, PLUGSCHED_BUILD_ID);\n"
		"MODULE_INFO(plugsched_version, PLUGSCHED_TOOL_VERSION);\n"
		"MODULE_DESCRIPTION(\"The scheduler of Linux %s\");\n"
		"MODULE_LICENSE(\"GPL\");\n",
		module->kernel_release);
}

void generate_identity(FILE *out, const struct generated *module)
{
	head(out, "Which vmlinux the modules fit, and what made them.");
	fprintf(out,
		"#define PLUGSCHED_BUILD_ID \"%s\"\n#define PLUGSCHED_TOOL_VERSION \"%s\"\n\n"
		"/* What the core exports and a scheduler asks for: see core/tables.h. On another kernel there is no such symbol. */\n"
		"#define PLUGSCHED_KERNEL_OF(version) plugsched_##version##_%s\n\n"
		"/* The digest of the file, which `plugsched anchor` writes over these digits. */\n"
		"#define PLUGSCHED_DIGEST \\\n"
		"\tasm(\".pushsection .comment.plugsched.digest,\\\"\\\",@progbits\\n\" \\\n"
		"\t    \"\\t.ascii \\\"%064d\\\\n\\\"\\n\" \\\n"
		"\t    \".popsection\")\n",
		module->build_id, module->tool_version, module->build_id, 0);
}
