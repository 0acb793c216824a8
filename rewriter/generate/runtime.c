// SPDX-License-Identifier: GPL-2.0-only
/*
 * The runtime's sources (runtime/module and runtime/core). The tool embeds them, so a module's
 * folder needs nothing but the kernel.
 */
#include "rewriter/generate/generate.h"

#include <string.h>

#define FILE(label, name, path)                                \
	asm(".pushsection .rodata\n"                           \
	    "runtime_" #label "_begin: .incbin \"" path "\"\n" \
	    "runtime_" #label "_end:\n"                        \
	    ".popsection");                                    \
	extern const char runtime_##label##_begin[], runtime_##label##_end[];
#include "runtime_files.def"
FILE(symvers, "symvers", RUNTIME_SYMVERS)
FILE(core_symvers, "symvers", CORE_SYMVERS)
FILE(check, "check.sh", CHECK_SCRIPT)
#undef FILE

static const struct generated_runtime_file files[] = {
#define FILE(label, name, path) { name, runtime_##label##_begin, runtime_##label##_end },
#include "runtime_files.def"
#undef FILE
};

const struct generated_runtime_file *generated_runtime_files(size_t *count)
{
	*count = G_N_ELEMENTS(files);
	return files;
}

static char **split(const char *begin, const char *end)
{
	g_autofree char *text = g_strndup(begin, (gsize)(end - begin));

	return g_strsplit(g_strchomp(text), "\n", -1);
}

char **generated_runtime_symbols(void)
{
	return split(runtime_symvers_begin, runtime_symvers_end);
}

char **generated_core_symbols(void)
{
	return split(runtime_core_symvers_begin, runtime_core_symvers_end);
}

void generate_check_script(FILE *out, const struct generated *module)
{
	(void)module;
	fwrite(runtime_check_begin, 1, (size_t)(runtime_check_end - runtime_check_begin), out);
}
