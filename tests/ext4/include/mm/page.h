// SPDX-License-Identifier: MIT
/*
 * kernel/mm/page.h for the host: the same pages, at other addresses.  A page of
 * the page cache has its data elsewhere; any other memory is its own "page".
 */
#pragma once

#define page_to_virt real_page_to_virt
#define virt_to_page real_virt_to_page
#include "../../../../kernel/mm/page.h"
#undef page_to_virt
#undef virt_to_page

void *page_to_virt(const struct page *page);
struct page *virt_to_page(const void *addr);
