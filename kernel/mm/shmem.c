// SPDX-License-Identifier: MIT
/* Shared anonymous memory, see shmem.h. */
#include <mm/shmem.h>

#include <lib/errno.h>

#include <mm/page.h>
#include <mm/pagecache.h>

struct shmem {
	refcount_t refs; /* [a] areas */
	struct mapping mapping;
};

static int shmem_read_page(struct mapping *mapping, struct page *page)
{
	(void)mapping;
	pagecache_zero_page(page);
	return 0;
}

static const struct mapping_ops shmem_mapping_ops = {
	.read_page = shmem_read_page,
};

struct shmem *shmem_create(void)
{
	struct shmem *shmem = kzalloc(sizeof(*shmem));

	if (!shmem)
		return NULL;
	refcount_set(&shmem->refs, 1);
	mapping_init(&shmem->mapping, NULL, &shmem_mapping_ops);
	shmem->mapping.no_writeback = true;
	return shmem;
}

void shmem_put(struct shmem *shmem)
{
	if (!refcount_put(&shmem->refs))
		return;
	mapping_destroy(&shmem->mapping);
	kfree(shmem);
}

static int shmem_fault(struct vma *vma, uint64_t pgoff, bool write,
		       struct page **page)
{
	struct shmem *shmem = vma->private;

	(void)write;
	return pagecache_read(&shmem->mapping, pgoff, page);
}

static void shmem_open(struct vma *vma)
{
	struct shmem *shmem = vma->private;

	refcount_get(&shmem->refs);
}

static void shmem_close(struct vma *vma)
{
	shmem_put(vma->private);
}

const struct vma_ops shmem_vma_ops = {
	.fault = shmem_fault,
	.open = shmem_open,
	.close = shmem_close,
	.name = "/dev/zero (deleted)",
};
