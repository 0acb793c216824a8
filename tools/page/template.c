// SPDX-License-Identifier: GPL-2.0-only
/* The page that npm made, carried in the program. PAGE_TEMPLATE names the file; without it there is none. */
#include "tools/page/template.h"

#ifdef PAGE_TEMPLATE
asm(".pushsection .rodata\n"
    "page_template_begin: .incbin \"" PAGE_TEMPLATE "\"\n"
    "page_template_end:\n"
    ".popsection");
extern const char page_template_begin[], page_template_end[];

struct page_template page_template(void)
{
	return (struct page_template){ page_template_begin, (size_t)(page_template_end - page_template_begin) };
}
#else
struct page_template page_template(void)
{
	return (struct page_template){ "", 0 };
}
#endif
