// SPDX-License-Identifier: GPL-2.0-only
/*
 * Finds changes that compile but have no effect, or a wrong one, in a module. For this the compiler
 * sees each unit a second time, only to report errors.
 *
 * In that pass (PLUGSCHED_CHECK, see Kbuild) check_begin.h is included before the unit's text: it
 * redefines macros that request something at boot as assertions that fail. check_end.h is included
 * behind it: it declares each function that stays in vmlinux as an alias, and gives each variable
 * that lies in vmlinux a value. The compiler refuses either one if the unit has a body or a value
 * of its own.
 *
 * Nothing of this pass reaches an object file, because neither the aliases nor the values are true.
 */
#include "rewriter/generate/generate.h"

#include <string.h>

#define AT_LOAD                                                                                                              \
	"it would be called at boot, before there was a module; set things up where they are first used, or give variables " \
	"their first values"
#define PARAMETER \
	"it would be read at boot, before there was a module; core_param() and module_param() work in a module"
#define EXPORT                                                                                                                 \
	"modules are linked to what vmlinux exports, and a module's code must not be entered after it has gone; what vmlinux " \
	"exports is exported still, and leads to the module"

static const struct {
	const char *macro, *instead;
} never[] = {
#define NEVER(macro, instead) { macro, instead },
#include "rewriter/generate/never.def"
#undef NEVER
};

static void write_never(FILE *out)
{
	for (guint i = 0; i < G_N_ELEMENTS(never); i++) {
		bool is_export = g_str_has_prefix(never[i].macro, "EXPORT_");

		fprintf(out,
			"#undef %s\n#define %s(%s) _Static_assert(%s, \"plugsched: %s(\" #what \") has no effect in a module: %s\");\n",
			never[i].macro, never[i].macro, is_export ? "what, ..." : "what...",
			is_export ? "PLUGSCHED_HAS(PLUGSCHED_EXPORTS_##what)" : "0", never[i].macro,
			never[i].instead);
	}
}

/*
 * Names that may be exported. A macro of the scheduler's own may define functions, each in one line,
 * and export them (PREEMPT_MODEL_ACCESSOR() of 6.12). The extraction leaves the macro as it is, and
 * the export does nothing.
 */
static void write_exported(FILE *out, const struct graph *graph)
{
	for (guint i = 0; i < graph->functions->len; i++) {
		const struct graph_function *f = g_ptr_array_index(graph->functions, i);

		if (f->node.is_scheduler && f->binary.is_exported && f->end_line == f->node.line)
			fprintf(out, "#define PLUGSCHED_EXPORTS_%s 1\n", f->node.name);
	}
}

/* The suffix, such as "_nice", of a function that SYSCALL_DEFINE made; NULL for other functions. */
static const char *system_call(const struct graph_function *f, bool *is_compat)
{
	static const char *const prefixes[] = { "__do_sys", "__se_sys", "__x64_sys" };
	static const char *const compat[] = { "__do_compat_sys", "__se_compat_sys" };
	const char *name = NULL;

	*is_compat = false;
	for (guint i = 0; i < G_N_ELEMENTS(prefixes); i++)
		if (g_str_has_prefix(f->node.name, prefixes[i]))
			name = f->node.name + strlen(prefixes[i]);
	for (guint i = 0; i < G_N_ELEMENTS(compat); i++)
		if (g_str_has_prefix(f->node.name, compat[i])) {
			name = f->node.name + strlen(compat[i]);
			*is_compat = true;
		}
	return f->is_syscall && f->node.is_scheduler && name && *name == '_' ? name : NULL;
}

static gint compare_strings(gconstpointer left, gconstpointer right)
{
	return strcmp(*(const char *const *)left, *(const char *const *)right);
}

/* Writes one macro for each system call of the scheduler's files that vmlinux has. */
static void write_known_calls(FILE *out, const struct graph *graph)
{
	g_autoptr(GHashTable) seen = g_hash_table_new(g_str_hash, g_str_equal);
	g_autoptr(GPtrArray) lines = g_ptr_array_new_with_free_func(g_free);

	for (guint i = 0; i < graph->functions->len; i++) {
		bool is_compat;
		const char *name = system_call(g_ptr_array_index(graph->functions, i), &is_compat);
		char *line = name ? g_strdup_printf("#define PLUGSCHED_HAS_%s%s 1\n",
						    is_compat ? "COMPAT" : "CALL", name)
				  : NULL;

		if (!line || g_hash_table_contains(seen, line)) {
			g_free(line);
			continue;
		}
		g_hash_table_add(seen, line);
		g_ptr_array_add(lines, line);
	}
	g_ptr_array_sort(lines, compare_strings);
	for (guint i = 0; i < lines->len; i++)
		fputs(g_ptr_array_index(lines, i), out);
}

static void write_system_calls(FILE *out, const struct graph *graph)
{
	write_known_calls(out, graph);
	fputs("#define PLUGSCHED_NO_CALL \": the table of system calls is vmlinux's and never leads to it; offer what it does in a file \" \\\n"
	      "\t\"below /proc or debugfs, or by a parameter of a system call that there is\"\n"
	      "/* 1 if the macro of that name is 1, else 0 */\n"
	      "#define PLUGSCHED_HAS(name) PLUGSCHED_HAS2(name)\n"
	      "#define PLUGSCHED_HAS2(value) PLUGSCHED_HAS3(PLUGSCHED_SHIFT_##value)\n"
	      "#define PLUGSCHED_HAS3(shift) PLUGSCHED_SECOND(shift 1, 0)\n"
	      "#define PLUGSCHED_SHIFT_1 0,\n"
	      "#define PLUGSCHED_SECOND(first, second, ...) second\n"
	      "#undef SYSCALL_METADATA\n"
	      "#define SYSCALL_METADATA(name, ...) PLUGSCHED_SYSTEM_CALL(name)\n"
	      "#undef PLUGSCHED_SYSTEM_CALL\n"
	      "#define PLUGSCHED_SYSTEM_CALL(name) \\\n"
	      "\t_Static_assert(PLUGSCHED_HAS(PLUGSCHED_HAS_CALL##name), \"plugsched: vmlinux has no system call \" #name PLUGSCHED_NO_CALL);\n"
	      "#define PLUGSCHED_COMPAT(n, name, ...) \\\n"
	      "\t_Static_assert(PLUGSCHED_HAS(PLUGSCHED_HAS_COMPAT##name), \"plugsched: vmlinux has no compat system call \" #name \\\n"
	      "\t\tPLUGSCHED_NO_CALL); \\\n"
	      "\tCOMPAT_SYSCALL_DEFINEx(n, name, __VA_ARGS__)\n",
	      out);
	for (int n = 1; n <= 6; n++)
		fprintf(out,
			"#undef COMPAT_SYSCALL_DEFINE%d\n#define COMPAT_SYSCALL_DEFINE%d(name, ...) PLUGSCHED_COMPAT(%d, _##name, __VA_ARGS__)\n",
			n, n, n);
}

/* Definitions for each CPU: the type carries an assertion about its size. */
static void write_per_cpu(FILE *out)
{
	fputs("\n#if defined(PERCPU_MODULE_RESERVE) && defined(DEFINE_PER_CPU_SECTION)\n"
	      "#define PLUGSCHED_PER_CPU(type, name) \\\n"
	      "\t__typeof__(*(__typeof__(type) *)sizeof(struct { char one; _Static_assert(sizeof(type) <= PERCPU_MODULE_RESERVE, \\\n"
	      "\t\t\"plugsched: per-CPU data (\" #name \") is larger than what all modules together have for each CPU, PERCPU_MODULE_RESERVE; \" \\\n"
	      "\t\t\"allocate it where it is first used\"); }))\n"
	      "#undef DEFINE_PER_CPU_SECTION\n"
	      "#define DEFINE_PER_CPU_SECTION(type, name, sec) __PCPU_ATTRS(sec) PLUGSCHED_PER_CPU(type, name) name\n"
	      "#endif\n",
	      out);
}

void generate_check_begin(FILE *out, const struct generated *module)
{
	static const char *const headers[] = { "linux/init.h",   "linux/module.h",
					       "linux/export.h", "linux/syscalls.h",
					       "linux/compat.h", "linux/percpu.h" };

	fputs("/* SPDX-License-Identifier: GPL-2.0-only */\n"
	      "/*\n"
	      " * Included before a unit when it is checked (PLUGSCHED_CHECK, see Kbuild), never when it is compiled. Makes an error of\n"
	      " * what would compile but have no effect in a module, because the kernel does it only at boot.\n"
	      " */\n",
	      out);
	for (guint i = 0; i < G_N_ELEMENTS(headers); i++)
		fprintf(out, "#if __has_include(<%s>)\n#include <%s>\n#endif\n", headers[i],
			headers[i]);
	fputc('\n', out);
	write_never(out);
	fputc('\n', out);
	write_exported(out, module->graph);
	fputc('\n', out);
	write_system_calls(out, module->graph);
	write_per_cpu(out);
}

/* The report's sentence without the class in front of it. */
static const char *reason(const char *why)
{
	const char *colon = strstr(why, ": ");

	return colon ? colon + 2 : why;
}

static void write_functions(FILE *out, const struct generated_unit *unit)
{
	for (guint i = 0; i < unit->stays->len; i++) {
		const struct graph_function *f = g_ptr_array_index(unit->stays, i);

		/* typeof() accepts no attribute */
		const char *attribute = strstr(f->signature, " __attribute__");
		size_t length =
			attribute ? (size_t)(attribute - f->signature) : strlen(f->signature);

		fprintf(out,
			"PLUGSCHED_STAYS(%s, %.*s) /* plugsched: it stays in vmlinux, whose callers would not see this body: %s */\n",
			f->node.name, (int)length, f->signature, reason(f->node.why));
	}
}

static void write_variables(FILE *out, const struct generated_unit *unit)
{
	for (guint i = 0; i < unit->variables->len; i++) {
		const struct graph_variable *v = g_ptr_array_index(unit->variables, i);

		fprintf(out,
			"PLUGSCHED_LIES(%s) /* plugsched: it lies in vmlinux, and this would be a second one */\n",
			v->node.name);
	}
}

static void write_locals(FILE *out, const struct generated_unit *unit)
{
	for (guint i = 0; i < unit->locals->len; i++)
		fprintf(out,
			"%s; /* plugsched: it lies in vmlinux and must keep its type; take a variable of your own */\n",
			(const char *)g_ptr_array_index(unit->locals, i));
}

static void write_features(FILE *out, const struct features *features)
{
	fputs("#undef SCHED_FEAT\n"
	      "#define SCHED_FEAT(name, enabled) PLUGSCHED_DEFAULT_##name = !!(enabled),\n"
	      "enum {\n#include \"" FEATURES_FILE "\"\n};\n"
	      "#undef SCHED_FEAT\n",
	      out);
	for (guint i = 0; i < features->features->len; i++) {
		const struct feature *feature =
			&g_array_index(features->features, struct feature, i);

		fprintf(out, "PLUGSCHED_FEATURE(%s, %u, %d)\n", feature->name, i,
			feature->is_enabled);
	}
	if (!features->has_keys) /* with keys, the check of their size covers this */
		fprintf(out,
			"_Static_assert(__SCHED_FEAT_NR == %u, \"plugsched: vmlinux has %u features in its mask; \" PLUGSCHED_FEATURES_OWN);\n",
			features->features->len, features->features->len);
}

static void write_unit(FILE *out, const struct generated *module, const struct generated_unit *unit)
{
	fprintf(out, "\n#ifdef PLUGSCHED_UNIT_%s /* %s */\n", unit->name, unit->source);
	write_functions(out, unit);
	write_variables(out, unit);
	write_locals(out, unit);
	if (module->features && strcmp(module->features->holder->unit, unit->source) == 0)
		write_features(out, module->features);
	fputs("#endif\n", out);
}

/*
 * The functions that wait, of those that functions of the module jump to at their ends. check.sh
 * looks for calls of these.
 */
static void write_waiting(FILE *out, const struct graph *graph)
{
	g_autoptr(GHashTable) seen = g_hash_table_new(g_str_hash, g_str_equal);

	for (guint i = 0; i < graph->functions->len; i++) {
		const struct graph_function *f = g_ptr_array_index(graph->functions, i);
		const char *target = f->binary.ends_in;

		if (target && f->node.class != GRAPH_EXTERNAL &&
		    g_hash_table_add(seen, (gpointer)target))
			fprintf(out, "PLUGSCHED_WAITS(%s)\n", target);
	}
}

void generate_check_end(FILE *out, const struct generated *module)
{
	fputs("/* SPDX-License-Identifier: GPL-2.0-only */\n"
	      "/*\n"
	      " * Included after a unit when it is checked (PLUGSCHED_CHECK, see Kbuild), never when it is compiled. Defines again all that\n"
	      " * stays in vmlinux, so that the compiler refuses a unit that defines it. If an error leads here: leave the declaration that\n"
	      " * was extracted, and choose another name for code or data of your own. If the module is to have its own copy of a variable,\n"
	      " * list it as private under global_var in the configuration of plugsched-analyze.\n"
	      " */\n"
	      "#define PLUGSCHED_STAYS(name, ...) extern typeof(__VA_ARGS__) name __attribute__((alias(\"plugsched_stays_in_vmlinux\")));\n"
	      "#define PLUGSCHED_LIES(name) typeof(name) name = { 0 };\n"
	      "#define PLUGSCHED_WAITS(name) /* check.sh looks for calls of it */\n"
	      "#define PLUGSCHED_FEATURES_OWN \"" FEATURES_WAY_OUT "\"\n"
	      "#define PLUGSCHED_FEATURE(name, place, enabled) \\\n"
	      "\t_Static_assert(__SCHED_FEAT_##name == (place), \"plugsched: the feature \" #name \" must keep its place, \" #place \", \" \\\n"
	      "\t\t\"for vmlinux's keys and bits are used; \" PLUGSCHED_FEATURES_OWN); \\\n"
	      "\t_Static_assert(PLUGSCHED_DEFAULT_##name == (enabled), \"plugsched: the feature \" #name \" is \" #enabled \" at boot, and a \" \\\n"
	      "\t\t\"change here has no effect: write to the file sched/features in debugfs after loading, or \" PLUGSCHED_FEATURES_OWN);\n",
	      out);
	write_waiting(out, module->graph);
	for (guint i = 0; i < module->units->len; i++)
		write_unit(out, module, g_ptr_array_index(module->units, i));
}
