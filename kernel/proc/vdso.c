// SPDX-License-Identifier: MIT
/*
 * The pages of the vDSO and their mapping.
 *
 * Both pages are made once and live for ever; each mapping takes references
 * as any mapping does.
 */
#include <proc/vdso.h>

#include <linux/mman.h>
#include <string.h>

#include <core/alloc.h>
#include <core/panic.h>
#include <core/time.h>
#include <mm/mm.h>
#include <mm/page.h>

extern const char vdso_image[], vdso_image_end[];

static struct page *data_page; /* [I] after vdso_init() */
static struct page *code_page; /* [I] after vdso_init() */

static int vdso_fault(struct vma *vma, uint64_t pgoff, bool write,
		      struct page **page)
{
	(void)pgoff;
	(void)write;
	*page = vma->private;
	page_get(*page);
	return 0;
}

static const struct vma_ops vdso_data_ops = {
	.fault = vdso_fault,
	.name = "[vvar]",
};

static const struct vma_ops vdso_code_ops = {
	.fault = vdso_fault,
	.name = "[vdso]",
};

void vdso_init(void)
{
	size_t size = vdso_image_end - vdso_image;

	BUG_ON(size > PAGE_SIZE);
	data_page = page_alloc(0, ALLOC_ZERO);
	code_page = page_alloc(0, ALLOC_ZERO);
	if (!data_page || !code_page)
		panic("no memory for the vDSO");
	memcpy(page_to_virt(code_page), vdso_image, size);
	time_data_move(page_to_virt(data_page));
	icache_flush_all();
}

int vdso_map(struct mm *mm)
{
	int ret;

	ret = mm_map_special(mm, VDSO_DATA_ADDR, PAGE_SIZE, PROT_READ, 0,
			     &vdso_data_ops, data_page);
	if (ret)
		return ret;
	return mm_map_special(mm, VDSO_ADDR, PAGE_SIZE, PROT_READ | PROT_EXEC,
			      0, &vdso_code_ops, code_page);
}
