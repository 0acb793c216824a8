// SPDX-License-Identifier: GPL-2.0-only
/*
 * Makes a unit's command line fit for libclang.
 *
 * Method: each argument is looked up in one table. The first row whose pattern (fnmatch with
 * FNM_EXTMATCH) matches decides whether it is kept; an argument that no row matches is kept. clang
 * refuses options of -f and -m that it does not know. So of those the table names the ones that
 * change what the source means (macros, types, layout, constants), and a last row drops all others,
 * so that a flag of a future gcc does not stop the parsing. An argument that is no option is the
 * input file, or the compiler after a compiler launcher, and is dropped.
 *
 * Limits: written for x86. For another architecture, an -m option that sets macros needs its own
 * row.
 */
#include <fnmatch.h>
#include <string.h>

#include "analyzer/tree/tree_private.h"

enum verdict {
	DROP,
	KEEP
};

struct rule {
	const char *pattern;
	enum verdict verdict;
	bool has_operand; /* the next argument belongs to it */
};

static const struct rule rules[] = {
	/* preprocessor and target: kept; only those with an operand apart need a row */
	{ "-@(D|U|I|A)", KEEP, true },
	{ "-@(include|imacros|isystem|iquote|idirafter|isysroot|iprefix|iwithprefix|iwithprefixbefore)",
	  KEEP, true },
	{ "-@(x|B|Xclang|target|resource-dir|-sysroot)", KEEP, true },

	/* what to produce and where to write it: the caller only parses */
	{ "-[cSE]", DROP, false },
	{ "-o", DROP, true },
	{ "-o*", DROP, false },
	{ "-@(pipe|time|v|Q|###|pass-exit-codes|save-temps*)", DROP, false },
	{ "-@(dumpbase|dumpbase-ext|dumpdir|aux-info)", DROP, true },
	{ "-d[ADHIMNPUapx]*", DROP, false },

	/* dependency files: parsing must not write into the tree */
	{ "-M[FTQJ]", DROP, true },
	{ "-M*", DROP, false },

	/* warnings (-w is added later) and options for other programs (-Wp,-MMD,x -Wa,x -Wl,x) */
	{ "-W*", DROP, false },
	{ "-pedantic*", DROP, false },
	{ "-X@(assembler|linker|preprocessor)", DROP, true },

	/* debugging data, profiling, tracing: code generation */
	{ "-g*", DROP, false },
	{ "-p?(g)", DROP, false },

	/* options that only gcc has */
	{ "-?(-)param", DROP, true },
	{ "-?(-)param=*", DROP, false },
	{ "-specs", DROP, true },
	{ "-specs=*", DROP, false },
	{ "-traditional*", DROP, false },
	{ "-imultilib", DROP, true },

	/* LLVM's passes: code generation */
	{ "-mllvm", DROP, true },
	{ "-?(no-)integrated-as", DROP, false },

	/* -f: types and layout */
	{ "-f?(no-)@(short-wchar|short-enums|signed-char|unsigned-char)", KEEP, false },
	{ "-f?(no-)@(signed|unsigned)-bitfields", KEEP, false },
	{ "-f?(no-)pack-struct?(=*)", KEEP, false },
	/* -f: language */
	{ "-f@(freestanding|hosted)", KEEP, false },
	{ "-f?(no-)@(builtin|builtin-*|asm|gnu-keywords|gnu89-inline|ms-extensions|dollars-in-identifiers)",
	  KEEP, false },
	{ "-f?(no-)@(common|exceptions|blocks|experimental-*)", KEEP, false },
	{ "-fvisibility=*", KEEP, false },
	{ "-fstrict-flex-arrays=*", KEEP, false },
	/* -f: the meaning of arithmetic and pointers, which decides what folds to a constant */
	{ "-f?(no-)@(strict-aliasing|strict-overflow|wrapv|trapv|delete-null-pointer-checks)", KEEP,
	  false },
	/* -f: macros that headers test: __PIC__, __CET__, __SSP__, __SANITIZE_ADDRESS__ */
	{ "-f?(no-)@(pic|PIC|pie|PIE)", KEEP, false },
	{ "-fcf-protection?(=*)", KEEP, false },
	{ "-f?(no-)stack-protector", KEEP, false },
	{ "-fstack-protector-@(strong|all)", KEEP, false },
	{ "-fsanitize=@(kernel-address|kernel-hwaddress|thread)", KEEP, false },
	/*
	 * -f: the rest is code generation, or options that only gcc has, for example
	 * -fconserve-stack -fplugin=x -fpatchable-function-entry=x -fzero-call-used-regs=x
	 * -ftrivial-auto-var-init=x -falign-x -fno-allow-store-data-races -fno-ipa-x -fdump-x
	 * -fprofile-x -fsanitize=bounds -fx-prefix-map=x
	 */
	{ "-f*", DROP, false },

	/* -m: word size, processor, layout: macros and types */
	{ "-m@(16|32|64|x32)", KEEP, false },
	{ "-m@(arch|cmodel|regparm)=*", KEEP, false },
	{ "-m@(little|big)-endian", KEEP, false },
	{ "-m?(no-)@(ms-bitfields|align-double)", KEEP, false },
	{ "-mlong-double-*", KEEP, false },
	{ "-m@(soft-float|general-regs-only)", KEEP, false },
	/* -m: instruction sets: __SSE__ and the like, vector types */
	{ "-m?(no-)@(mmx|3dnow|80387|x87|sse|sse[23]|ssse3|sse4|sse4.[12]|sse4a)", KEEP, false },
	{ "-m?(no-)@(avx|avx2|avx512f|avx512bw|avx512cd|avx512dq|avx512vl|f16c|fma|aes|pclmul)",
	  KEEP, false },
	/*
	 * -m: the rest is code generation, or options that only gcc has, for example -mtune=x
	 * -mrecord-mcount -mfentry -mindirect-branch=x -mfunction-return=x -mharden-sls=x
	 * -mpreferred-stack-boundary=x -mno-fp-ret-in-387 -mskip-rax-setup
	 * -maccumulate-outgoing-args -mstack-protector-guard=x -mhard-float (which clang does not
	 * have for x86)
	 */
	{ "-m*", DROP, false },
};

static const struct rule unknown_option = { "-*", KEEP, false };

/*
 * fnmatch() is slow in a multibyte locale, and most arguments differ from a pattern before its
 * first wildcard: compare that part first.
 */
static bool matches(const char *pattern, const char *argument)
{
	size_t literal = strcspn(pattern, "*?[\\+@!(");

	return strncmp(pattern, argument, literal) == 0 &&
	       fnmatch(pattern, argument, FNM_EXTMATCH) == 0;
}

static const struct rule *search_rule(const char *argument)
{
	for (size_t i = 0; i < G_N_ELEMENTS(rules); i++) {
		if (matches(rules[i].pattern, argument))
			return &rules[i];
	}
	return &unknown_option;
}

/*
 * The row of an option. The units of a kernel have nearly the same options, so what was found is
 * kept (without it, a seventh of an analysis from the cache was spent here).
 */
static const struct rule *find_rule(const char *argument)
{
	static GMutex lock;
	static GHashTable *found; /* argument -> const struct rule * */
	const struct rule *rule;

	g_mutex_lock(&lock);
	if (!found)
		found = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	rule = g_hash_table_lookup(found, argument);
	if (!rule) {
		rule = search_rule(argument);
		g_hash_table_insert(found, g_strdup(argument), (gpointer)rule);
	}
	g_mutex_unlock(&lock);
	return rule;
}

static bool is_option(const char *argument)
{
	return argument[0] == '-' && argument[1];
}

char **tree_unit_clang_arguments(const struct tree_unit *unit)
{
	GPtrArray *result = g_ptr_array_new();
	char **argument = unit->arguments;

	if (*argument)
		argument++;
	for (; *argument; argument++) {
		const struct rule *rule = is_option(*argument) ? find_rule(*argument) : NULL;

		if (rule && rule->verdict == KEEP)
			g_ptr_array_add(result, g_strdup(*argument));
		if (!rule || !rule->has_operand || !argument[1])
			continue;
		argument++;
		if (rule->verdict == KEEP)
			g_ptr_array_add(result, g_strdup(*argument));
	}
	g_ptr_array_add(result, g_strdup("-w"));
	g_ptr_array_add(result, g_strdup("-ferror-limit=0"));
	g_ptr_array_add(result, NULL);
	return (char **)g_ptr_array_free(result, FALSE);
}

const char *tree_command_source(char **arguments)
{
	const char *source = NULL;

	for (char **argument = arguments; *argument; argument++) {
		const struct rule *rule = is_option(*argument) ? find_rule(*argument) : NULL;

		if (!rule && g_str_has_suffix(*argument, ".c"))
			source = *argument;
		if (rule && rule->has_operand && argument[1])
			argument++;
	}
	return source;
}
