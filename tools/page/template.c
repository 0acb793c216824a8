// SPDX-License-Identifier: GPL-2.0-only
/* Embeds the page that npm built. PAGE_TEMPLATE names its file; without it there is no page. */
#include "tools/page/template.h"

#ifdef PAGE_TEMPLATE
asm(".pushsection .rodata\n"
    "page_template_begin: .incbin \"" PAGE_TEMPLATE "\"\n"
    "page_template_end:\n"
    ".popsection");
extern const char page_template_begin[], page_template_end[];

struct page_template page_template(void)
{
	return (struct page_template){ page_template_begin,
				       (size_t)(page_template_end - page_template_begin) };
}
#else
struct page_template page_template(void)
{
	return (struct page_template){ "", 0 };
}
#endif
