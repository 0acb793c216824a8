// SPDX-License-Identifier: GPL-2.0-only
/*
 * Rule unresolved-symbol: names that the module's linker would not find.
 *
 * A name is fine if the module defines it, if the kernel exports it (Module.symvers), if the
 * extracted tree lists it (vmlinux.symvers), or if the report has this very use: code that the
 * compiler drops may name what does not exist. All other names are looked up in vmlinux.
 *
 * A use by an inline function of a header counts only if the scheduler's own code reaches it, and
 * only as a warning, because the compiler drops much of what headers contain. Functions that the
 * scheduler already called are skipped.
 *
 * Limits: a new call in code that the compiler drops is reported as if it stayed. Names in inline
 * assembly are not seen.
 */
#include "tools/lint/private.h"

#include <string.h>

/* A use of a name that the linker might not find. */
struct missing {
	const struct facts_use *use;
	const struct facts_use *own; /* see own_use() */
	unsigned count;              /* vmlinux's symbols of that name */
	bool is_global;              /* one of them is */
};

/* The name that the linker will look for. */
static const char *link_name(const struct lint_unit *unit, const struct facts_symbol *symbol)
{
	return lint_string(unit, symbol->label ? symbol->label : symbol->name);
}

/* The name without the prefix that the module has for vmlinux's symbols. */
static const char *plain_name(const char *name)
{
	return g_str_has_prefix(name, VMLINUX_PREFIX) ? name + strlen(VMLINUX_PREFIX) : name;
}

/*
 * True for a file that the extraction adds around the scheduler: what it
 * declares is defined there too.
 */
static bool is_of_frame(const char *file)
{
	static const char *const files[] = { "plugsched.h", "boundary.h", "springboard.h",
					     "interface.h", "tables.h",   NULL };
	g_autofree char *base = g_path_get_basename(file);

	return g_strv_contains(files, base) || strstr(file, "/runtime/");
}

/*
 * True if the symbol needs no look-up: it is no linker symbol, the compiler replaces it,
 * or it is known to exist.
 */
static bool is_harmless(const struct lint_inputs *inputs, const struct lint_unit *unit,
			const struct facts_symbol *symbol)
{
	const char *name = lint_string(unit, symbol->name);
	const struct plan_entry *entry = lint_entry(inputs->plan, unit, symbol);

	if (symbol->flags & (FACTS_DEFINED | FACTS_STATIC | FACTS_TRAP | FACTS_REGISTER) ||
	    symbol->alias)
		return true;
	if (g_str_has_prefix(name, "__builtin_") ||
	    (inputs->is_extracted && is_of_frame(lint_string(unit, symbol->file))))
		return true;
	if (g_hash_table_contains(inputs->outside, link_name(unit, symbol)))
		return true;
	return entry && entry->fate != PLAN_DROP;
}

/*
 * The use in the scheduler's own files through which `use` is reached; `use` itself if it is in
 * these files. NULL if there is none.
 */
static const struct facts_use *own_use(const struct lint_unit *unit, const struct facts_use *use)
{
	const struct facts *facts = unit->facts;
	g_autoptr(GHashTable) seen = g_hash_table_new(NULL, NULL);

	while (use && use->from != FACTS_NONE &&
	       !(facts->symbols[use->from].flags & FACTS_SCHEDULER)) {
		const struct facts_use *next = NULL;

		if (!g_hash_table_add(seen, GUINT_TO_POINTER(use->from)))
			return NULL;
		for (gsize i = 0; i < facts->n_uses && !next; i++) {
			const struct facts_use *other = &facts->uses[i];

			if (other->target_kind == FACTS_TARGET_SYMBOL &&
			    other->target == use->from && other->from != FACTS_NONE &&
			    !g_hash_table_contains(seen, GUINT_TO_POINTER(other->from)))
				next = other;
		}
		use = next;
	}
	return use;
}

/*
 * The use in the scheduler's own files by which a name is used that neither the report nor the
 * module explains; NULL if the name is explained, or if the scheduler does not reach the use.
 */
static const struct facts_use *unexplained_use(const struct lint_inputs *inputs,
					       const struct lint_unit *unit,
					       const struct facts_use *use,
					       struct lint_module *module, struct lint_texts *texts)
{
	const struct facts_symbol *symbols = unit->facts->symbols, *symbol = &symbols[use->target];
	const struct facts_use *own;

	if (use->from == FACTS_NONE || is_harmless(inputs, unit, symbol) ||
	    lint_is_known_use(inputs->index, lint_string(unit, symbols[use->from].name),
			      lint_string(unit, symbol->name)))
		return NULL;
	own = own_use(unit, use);
	if (!own ||
	    (own != use && lint_is_known_use(inputs->index, NULL,
					     lint_string(unit, symbols[own->target].name))) ||
	    lint_definer(inputs, link_name(unit, symbol), module, texts))
		return NULL;
	return own;
}

/* Counts vmlinux's symbols of the name. False with `error` if vmlinux cannot be read. */
static bool count_in_vmlinux(const struct lint_inputs *inputs, const char *name,
			     struct image **vmlinux, struct missing *missing, GError **error)
{
	if (!lint_open_vmlinux(inputs, vmlinux, error))
		return false;
	for (const struct image_symbol *s = image_find(*vmlinux, name); s;
	     s = image_find_next(*vmlinux, s)) {
		missing->is_global |= s->is_global;
		missing->count++;
	}
	return true;
}

/* True if the use is fine although nothing explains the name. */
static bool is_allowed(const struct lint_inputs *inputs, const struct lint_unit *unit,
		       const struct missing *missing)
{
	const struct facts_symbol *symbol = &unit->facts->symbols[missing->use->target];

	/*
	 * a kernel's own tree is extracted before it is built as a module, and the
	 * extraction lists the name
	 */
	if (missing->is_global && !inputs->is_extracted)
		return true;
	/*
	 * a name that does not exist and that the scheduler used before is meant to be dropped, as
	 * guards against wrong sizes are
	 */
	return !missing->count &&
	       lint_is_known_use(inputs->index, NULL, lint_string(unit, symbol->name));
}

/* What to do about a name of which vmlinux has `count` symbols; for g_free(). */
static char *way_out(const char *name, unsigned count)
{
	const char *plain = plain_name(name);
	bool is_address = plain != name;
	g_autofree char *row = NULL;

	if (count > 1)
		return g_strdup_printf(
			"Several functions or variables of vmlinux are called %s, so it cannot be said which is meant. Use another.",
			plain);
	if (is_address)
		row = g_strdup_printf("Add PLUGSCHED_SYMBOL(\"%s\", \"%s\", 0) to symbols.h, and",
				      name, plain);
	return g_strdup_printf(
		"%s the line \"0x00000000\\t%s\\tvmlinux\\tEXPORT_SYMBOL_GPL\\t\" to vmlinux.symvers (\\t is a tab).%s",
		row ? row : "Add", name,
		is_address
			? " What is called through the address is vmlinux's own code, unless the "
			  "function is in interface.h."
			: "");
}

static void report(const struct lint_unit *unit, const struct missing *missing,
		   struct lint_texts *texts, struct lint_result *result)
{
	const struct facts_symbol *symbol = &unit->facts->symbols[missing->use->target];
	const struct facts_use *own = missing->own;
	const char *name = link_name(unit, symbol), *file = lint_string(unit, symbol->file),
		   *kind = (symbol->flags & FACTS_FUNCTION) ? "function" : "variable";
	const char *shown = lint_string(unit, unit->facts->symbols[own->target].name);
	struct lint_place place =
		lint_place_of(texts, lint_string(unit, own->file), own->line, plain_name(shown));
	g_autofree char *through =
		own == missing->use ? g_strdup("") : g_strdup_printf(" (by way of %s)", shown);
	struct lint_finding *finding;

	if (!missing->count)
		finding = lint_find(
			result, LINT_RULE_SYMBOL, place, file, name,
			"%s%s: neither the module defines this %s nor does vmlinux have it", name,
			through, kind);
	else
		finding = lint_find(result, LINT_RULE_SYMBOL, place, file, name,
				    "%s%s: vmlinux has this %s%s, but does not export it", name,
				    through, kind,
				    missing->count > 1   ? " more than once"
				    : missing->is_global ? ""
							 : " as a static one");
	finding->level = own == missing->use ? LINT_LEVEL_ERROR : LINT_LEVEL_WARNING;
	if (missing->count) {
		g_free(finding->help);
		finding->help = way_out(name, missing->count);
	}
}

bool lint_symbols(const struct lint_inputs *inputs, const struct lint_unit *unit,
		  struct lint_module *module, struct image **vmlinux, struct lint_texts *texts,
		  struct lint_result *result, GError **error)
{
	const struct facts *facts = unit->facts;

	for (gsize i = 0; i < facts->n_uses; i++) {
		struct missing missing = { .use = &facts->uses[i] };
		const char *name;

		if (missing.use->target_kind != FACTS_TARGET_SYMBOL)
			continue;
		missing.own = unexplained_use(inputs, unit, missing.use, module, texts);
		if (!missing.own)
			continue;
		name = plain_name(link_name(unit, &facts->symbols[missing.use->target]));
		if (!count_in_vmlinux(inputs, name, vmlinux, &missing, error))
			return false;
		if (!is_allowed(inputs, unit, &missing))
			report(unit, &missing, texts, result);
	}
	return true;
}
