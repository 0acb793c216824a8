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

/* The number of symbols of that name in vmlinux; -1 with `error`. */
static int count_in_vmlinux(struct linter *linter, const char *name, bool *is_global,
			    GError **error)
{
	int count = 0;

	*is_global = false;
	if (!lint_open_vmlinux(linter->inputs, &linter->vmlinux, error))
		return -1;
	for (const struct image_symbol *s = image_find(linter->vmlinux, name); s;
	     s = image_find_next(linter->vmlinux, s)) {
		*is_global |= s->is_global;
		count++;
	}
	return count;
}

/* The name that the linker will look for. */
static const char *link_name(const struct lint_unit *unit, const struct facts_symbol *symbol)
{
	return lint_string(unit, symbol->label ? symbol->label : symbol->name);
}

/*
 * True for a file that the extraction adds around the scheduler: what it
 * declares is defined there too.
 */
static bool is_of_frame(const char *file)
{
	static const char *const files[] = { "plugsched.h", "boundary.h", "springboard.h",
					     "interface.h", NULL };
	g_autofree char *base = g_path_get_basename(file);

	return g_strv_contains(files, base) || strstr(file, "/runtime/");
}

/*
 * True if the symbol needs no look-up: it is no linker symbol, the compiler replaces it,
 * or it is known to exist.
 */
static bool is_harmless(struct linter *linter, const struct lint_unit *unit,
			const struct facts_symbol *symbol)
{
	const char *name = lint_string(unit, symbol->name);
	const struct plan_entry *entry = lint_entry(linter->inputs->plan, unit, symbol);

	if (symbol->flags & (FACTS_DEFINED | FACTS_STATIC | FACTS_TRAP | FACTS_REGISTER) ||
	    symbol->alias)
		return true;
	if (g_str_has_prefix(name, "__builtin_") ||
	    (linter->inputs->is_extracted && is_of_frame(lint_string(unit, symbol->file))))
		return true;
	if (g_hash_table_contains(linter->inputs->outside, link_name(unit, symbol)))
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

/* What to do about a name of which vmlinux has `count` symbols; for g_free(). */
static char *way_out(const char *name, int count)
{
	bool is_address = g_str_has_prefix(name, VMLINUX_PREFIX);
	const char *plain = is_address ? name + strlen(VMLINUX_PREFIX) : name;
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

static void report(struct linter *linter, const struct lint_unit *unit, const struct facts_use *use,
		   const struct facts_use *own, int count, bool is_global)
{
	const struct facts_symbol *symbol = &unit->facts->symbols[use->target];
	const char *name = link_name(unit, symbol),
		   *kind = (symbol->flags & FACTS_FUNCTION) ? "function" : "variable";
	const char *shown = lint_string(unit, unit->facts->symbols[own->target].name);
	const char *word =
		g_str_has_prefix(shown, VMLINUX_PREFIX) ? shown + strlen(VMLINUX_PREFIX) : shown;
	struct lint_place place =
		lint_place_of(linter->texts, lint_string(unit, own->file), own->line, word);
	g_autofree char *through =
		own == use ? g_strdup("") : g_strdup_printf(" (by way of %s)", shown);
	struct lint_finding *finding;

	if (!count)
		finding = lint_find(
			linter->result, LINT_RULE_SYMBOL, place, lint_string(unit, symbol->file),
			name, "%s%s: neither the module defines this %s nor does vmlinux have it",
			name, through, kind);
	else
		finding = lint_find(linter->result, LINT_RULE_SYMBOL, place,
				    lint_string(unit, symbol->file), name,
				    "%s%s: vmlinux has this %s%s, but does not export it", name,
				    through, kind,
				    count > 1   ? " more than once"
				    : is_global ? ""
						: " as a static one");
	finding->level = own == use ? LINT_LEVEL_ERROR : LINT_LEVEL_WARNING;
	if (count) {
		g_free(finding->help);
		finding->help = way_out(name, count);
	}
}

static bool check_use(struct linter *linter, const struct lint_unit *unit,
		      const struct facts_use *use, GError **error)
{
	const struct facts_symbol *symbol = &unit->facts->symbols[use->target];
	const struct facts_use *own = use;
	const char *name = link_name(unit, symbol);
	bool is_global;
	int count;

	if (use->from == FACTS_NONE || is_harmless(linter, unit, symbol) ||
	    lint_is_known_use(linter->inputs->index,
			      lint_string(unit, unit->facts->symbols[use->from].name),
			      lint_string(unit, symbol->name)))
		return true;
	own = own_use(unit, use);
	if (!own ||
	    (own != use &&
	     lint_is_known_use(linter->inputs->index, NULL,
			       lint_string(unit, unit->facts->symbols[own->target].name))) ||
	    lint_definer(linter->inputs, name, linter->module, linter->texts))
		return true;
	count = count_in_vmlinux(
		linter,
		g_str_has_prefix(name, VMLINUX_PREFIX) ? name + strlen(VMLINUX_PREFIX) : name,
		&is_global, error);
	/*
	 * a kernel's own tree is extracted before it is built as a module, and the
	 * extraction lists the name
	 */
	if (count > 0 && is_global && !linter->inputs->is_extracted)
		return true;
	/*
	 * a name that does not exist and that the scheduler used before is meant to be dropped, as
	 * guards against wrong sizes are
	 */
	if (!count &&
	    lint_is_known_use(linter->inputs->index, NULL, lint_string(unit, symbol->name)))
		return true;
	if (count >= 0)
		report(linter, unit, use, own, count, is_global);
	return count >= 0;
}

bool lint_symbols(struct linter *linter, struct lint_unit *unit, GError **error)
{
	for (gsize i = 0; i < unit->facts->n_uses; i++) {
		const struct facts_use *use = &unit->facts->uses[i];

		if (use->target_kind == FACTS_TARGET_SYMBOL && !check_use(linter, unit, use, error))
			return false;
	}
	return true;
}
