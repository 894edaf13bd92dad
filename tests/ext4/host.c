// SPDX-License-Identifier: MIT
/* See host.h. */
#include "host.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <sys/mman.h>

#include <linux/stat.h>

#include <lib/errno.h>

#include <core/alloc.h>
#include <core/panic.h>
#include <core/printk.h>
#include <core/thread.h>
#include <core/time.h>
#include <dev/chrdev.h>
#include <fs/buffer.h>
#include <mm/page.h>
#include <mm/pagecache.h>
#include <proc/cred.h>

#define NR_PAGES 12288

struct thread host_thread;
long host_fail_alloc = -1;
bool host_verbose;
uintptr_t unit_direct_map;
const struct file_ops blockdev_file_ops, chrdev_open_ops, fifo_file_ops;

/* --- core --- */

void panic(const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	vprintf(fmt, args);
	va_end(args);
	puts("");
	fflush(stdout);
	abort();
}

void klog(enum log_level level, const char *fmt, ...)
{
	va_list args;

	(void)level;
	if (!host_verbose)
		return;
	va_start(args, fmt);
	vprintf(fmt, args);
	va_end(args);
	puts("");
}

static bool alloc_fails(void)
{
	return host_fail_alloc >= 0 && host_fail_alloc-- == 0;
}

void *kmalloc(size_t size)
{
	void *memory;

	if (size > (1 << 20) || alloc_fails())
		return NULL;
	/* Powers of two are aligned to their size, as the kernel's are. */
	if (size >= 512 && !(size & (size - 1)))
		memory = aligned_alloc(size, size);
	else
		memory = malloc(size);
	if (memory)
		memset(memory, 0xa5, size);
	return memory;
}

void *kzalloc(size_t size)
{
	void *memory = kmalloc(size);

	return memory ? memset(memory, 0, size) : NULL;
}

void *kcalloc(size_t n, size_t size)
{
	return kzalloc(n * size);
}

void kfree(void *memory)
{
	free(memory);
}

struct slab_cache {
	size_t size;
};

struct slab_cache *slab_cache_create(const char *name, size_t size,
				     size_t align, void (*ctor)(void *obj))
{
	struct slab_cache *cache = malloc(sizeof(*cache));

	(void)name;
	(void)align;
	(void)ctor;
	cache->size = size;
	return cache;
}

void *slab_alloc(struct slab_cache *cache)
{
	return kmalloc(cache->size);
}

void *slab_zalloc(struct slab_cache *cache)
{
	return kzalloc(cache->size);
}

void slab_free(struct slab_cache *cache, void *obj)
{
	(void)cache;
	kfree(obj);
}

void mem_stats_get(struct mem_stats *stats)
{
	*stats = (struct mem_stats){ .total = 2048 };
}

uint64_t time_wall_ns(void)
{
	static uint64_t now = 1700000000ull * NSEC_PER_SEC;

	return now += 1000003;
}

bool capable(unsigned cap)
{
	(void)cap;
	return true;
}

void devnode_announce(const char *name, uint32_t mode, uint64_t rdev)
{
	(void)name;
	(void)mode;
	(void)rdev;
}

/* --- the disk --- */

static void disk_submit(struct block_device *bdev, struct bio *bio)
{
	struct host_disk *disk = bdev->private;
	uint8_t *at = disk->data + bio->sector * 512;

	if (bio->op == BIO_WRITE && disk->fail_after >= 0 &&
	    disk->fail_after-- == 0) {
		disk->fail_after = 0;
		bio_end(bio, -EIO);
		return;
	}
	for (unsigned i = 0; bio->op <= BIO_WRITE && i < bio->nr_vecs; i++) {
		const struct bio_vec *vec = &bio->vecs[i];
		char *data = (char *)page_to_virt(vec->page) + vec->offset;

		if (bio->op == BIO_READ)
			memcpy(data, at, vec->len);
		else
			memcpy(at, data, vec->len);
		at += vec->len;
	}
	bio_end(bio, 0);
}

static const struct block_device_ops disk_ops = { .submit = disk_submit };

int host_disk_open(struct host_disk *disk, const char *path)
{
	FILE *file = fopen(path, "rb");

	if (!file)
		return -ENOENT;
	fseek(file, 0, SEEK_END);
	disk->size = (size_t)ftell(file) & ~511ul;
	rewind(file);
	disk->data = malloc(disk->size);
	if (fread(disk->data, 1, disk->size, file) != disk->size)
		abort();
	fclose(file);
	disk->fail_after = -1;
	memset(&disk->bdev, 0, sizeof(disk->bdev));
	strcpy(disk->bdev.name, "disk");
	disk->bdev.block_size = 512;
	/* Small limits, so that long bios are split. */
	disk->bdev.max_sectors = 40;
	disk->bdev.max_vecs = 5;
	disk->bdev.has_flush = true;
	disk->bdev.ops = &disk_ops;
	disk->bdev.private = disk;
	disk->bdev.disk = &disk->bdev;
	atomic64_store(&disk->bdev.nr_sectors, (int64_t)(disk->size / 512));
	return 0;
}

int host_disk_save(struct host_disk *disk, const char *path)
{
	FILE *file = fopen(path, "wb");

	if (!file)
		return -ENOENT;
	if (fwrite(disk->data, 1, disk->size, file) != disk->size)
		abort();
	return fclose(file);
}

int block_device_claim(struct block_device *bdev)
{
	(void)bdev;
	return 0;
}

void block_device_release(struct block_device *bdev)
{
	(void)bdev;
}

/* --- pages --- */

static struct page pages[NR_PAGES];
static uint8_t *page_data;
static uint8_t page_used[NR_PAGES];
static unsigned page_hand;

static bool is_cache_page(const struct page *page)
{
	return page >= pages && page < pages + NR_PAGES;
}

void *page_to_virt(const struct page *page)
{
	if (is_cache_page(page))
		return page_data + (size_t)(page - pages) * PAGE_SIZE;
	return (void *)(uintptr_t)page;
}

struct page *virt_to_page(const void *addr)
{
	return (struct page *)((uintptr_t)addr & ~PAGE_MASK);
}

void page_put(struct page *page)
{
	if (refcount_put(&page->refs))
		page_used[page - pages] = 0;
}

static void page_remove(struct mapping *mapping, struct page *page)
{
	BUG_ON(page_has_flag(page, PAGE_LOCKED | PAGE_WRITEBACK));
	if (page_has_flag(page, PAGE_PRIVATE))
		mapping->ops->release_page(mapping, page);
	if (page_has_flag(page, PAGE_DIRTY))
		mapping->nr_dirty--;
	mapping->nr_pages--;
	page->mapping = NULL;
	page_put(page);
}

static struct page *page_take(unsigned n, struct mapping *mapping,
			      uint64_t index)
{
	page_used[n] = 1;
	memset(&pages[n], 0, sizeof(pages[n]));
	refcount_set(&pages[n].refs, 2);
	pages[n].mapping = mapping;
	pages[n].index = (uint32_t)index;
	atomic_store(&pages[n].flags, PAGE_LOCKED);
	memset(page_to_virt(&pages[n]), 0x5a, PAGE_SIZE);
	mapping->nr_pages++;
	return &pages[n];
}

static bool page_is_idle(const struct page *page)
{
	return refcount_read(&page->refs) == 1 &&
	       !(atomic_load(&page->flags) &
		 (PAGE_LOCKED | PAGE_DIRTY | PAGE_WRITEBACK));
}

static struct page *page_new(struct mapping *mapping, uint64_t index)
{
	if (!page_data)
		page_data =
			mmap(NULL, NR_PAGES * PAGE_SIZE, PROT_READ | PROT_WRITE,
			     MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (alloc_fails())
		return NULL;
	/* In the second round, clean pages go. */
	for (unsigned i = 0; i < 2 * NR_PAGES; i++) {
		unsigned n = page_hand++ % NR_PAGES;

		if (page_used[n] && i >= NR_PAGES && page_is_idle(&pages[n]))
			page_remove(pages[n].mapping, &pages[n]);
		if (!page_used[n])
			return page_take(n, mapping, index);
	}
	panic("out of pages");
}

void page_lock(struct page *page)
{
	BUG_ON(page_has_flag(page, PAGE_LOCKED));
	BUG_ON(host_thread.fs_transaction);
	atomic_fetch_or(&page->flags, PAGE_LOCKED);
}

void page_unlock(struct page *page)
{
	BUG_ON(!page_has_flag(page, PAGE_LOCKED));
	atomic_fetch_and(&page->flags, ~PAGE_LOCKED);
}

void page_end_writeback(struct page *page)
{
	BUG_ON(!page_has_flag(page, PAGE_WRITEBACK));
	atomic_fetch_and(&page->flags, ~PAGE_WRITEBACK);
}

void mapping_init(struct mapping *mapping, struct inode *host,
		  const struct mapping_ops *ops)
{
	memset(mapping, 0, sizeof(*mapping));
	mapping->host = host;
	mapping->ops = ops;
}

/* The page of the mapping with the lowest index from index on that has flags. */
static struct page *page_next(struct mapping *mapping, uint64_t index,
			      int flags)
{
	struct page *best = NULL;

	for (unsigned i = 0; mapping->nr_pages && i < NR_PAGES; i++) {
		struct page *page = &pages[i];

		if (page_used[i] && page->mapping == mapping &&
		    page->index >= index &&
		    (atomic_load(&page->flags) & flags) == flags &&
		    (!best || page->index < best->index))
			best = page;
	}
	return best;
}

static struct page *page_find(struct mapping *mapping, uint64_t index)
{
	for (unsigned i = 0; mapping->nr_pages && i < NR_PAGES; i++) {
		if (page_used[i] && pages[i].mapping == mapping &&
		    pages[i].index == index)
			return &pages[i];
	}
	return NULL;
}

struct page *pagecache_add(struct mapping *mapping, uint64_t index)
{
	return page_find(mapping, index) ? NULL : page_new(mapping, index);
}

static struct page *page_grab(struct mapping *mapping, uint64_t index)
{
	struct page *page = page_find(mapping, index);

	if (!page)
		return page_new(mapping, index);
	page_get(page);
	page_lock(page);
	return page;
}

int pagecache_read(struct mapping *mapping, uint64_t index,
		   struct page **result)
{
	struct page *page;
	int ret = 0;

	/* Now and then as a reader of long runs would. */
	if (index % 3 == 0 && mapping->ops->read_ahead)
		mapping->ops->read_ahead(mapping, index, 7);
	page = page_grab(mapping, index);
	if (!page)
		return -ENOMEM;
	if (page_has_flag(page, PAGE_UPTODATE))
		page_unlock(page);
	else
		ret = mapping->ops->read_page(mapping, page);
	BUG_ON(page_has_flag(page, PAGE_LOCKED));
	if (!ret && !page_has_flag(page, PAGE_UPTODATE))
		ret = -EIO;
	if (ret)
		page_put(page);
	*result = page;
	return ret;
}

void page_set_dirty(struct page *page)
{
	BUG_ON(!page_has_flag(page, PAGE_LOCKED));
	if (!(atomic_fetch_or(&page->flags, PAGE_DIRTY) & PAGE_DIRTY))
		page->mapping->nr_dirty++;
	inode_mark_dirty_pages(page->mapping->host);
}

void page_clear_dirty_for_io(struct page *page)
{
	BUG_ON(!page_has_flag(page, PAGE_LOCKED));
	if (atomic_fetch_and(&page->flags, ~PAGE_DIRTY) & PAGE_DIRTY)
		page->mapping->nr_dirty--;
	atomic_fetch_or(&page->flags, PAGE_WRITEBACK);
}

struct page *pagecache_next_dirty(struct mapping *mapping, uint64_t *index,
				  uint64_t last)
{
	struct page *page = page_next(mapping, *index, PAGE_DIRTY);

	if (!page || page->index > last)
		return NULL;
	page_get(page);
	page_lock(page);
	*index = page->index + 1;
	return page;
}

void pagecache_truncate(struct mapping *mapping, off_t size)
{
	uint64_t first = DIV_ROUND_UP((uint64_t)size, PAGE_SIZE);
	size_t tail = (size_t)size & PAGE_MASK;
	struct page *page;

	BUG_ON(mapping->nr_pages && host_thread.fs_transaction);
	page = tail ? page_find(mapping, (uint64_t)size / PAGE_SIZE) : NULL;
	if (page)
		memset((char *)page_to_virt(page) + tail, 0, PAGE_SIZE - tail);
	while ((page = page_next(mapping, first, 0)))
		page_remove(mapping, page);
}

/* --- inodes --- */

static void inode_evict(struct inode *inode)
{
	struct super *super = inode->super;

	if (!inode->nlink)
		pagecache_truncate(&inode->mapping, 0);
	if (!inode_has(inode, INODE_BAD))
		super->ops->evict_inode(inode);
	pagecache_truncate(&inode->mapping, 0);
	BUG_ON(inode->mapping.nr_pages || inode->mapping.nr_dirty);
	TAILQ_REMOVE(&super->inodes, inode, super_link);
	super->ops->free_inode(inode);
}

static struct inode *inode_find(struct super *super, uint64_t ino)
{
	struct inode *inode;

	TAILQ_FOREACH (inode, &super->inodes, super_link) {
		if (inode->ino == ino && inode_has(inode, INODE_HASHED))
			return inode;
	}
	return NULL;
}

struct inode *inode_new(struct super *super, uint64_t ino)
{
	struct inode *inode = super->ops->alloc_inode(super);

	BUG_ON(inode_find(super, ino));
	if (!inode)
		return NULL;
	memset(inode, 0, sizeof(*inode));
	refcount_set(&inode->refs, 1);
	atomic_store(&inode->state, INODE_NEW | INODE_HASHED);
	inode->super = super;
	inode->ino = ino;
	inode->nlink = 1;
	TAILQ_INSERT_TAIL(&super->inodes, inode, super_link);
	return inode;
}

struct inode *inode_lookup(struct super *super, uint64_t ino)
{
	struct inode *inode = inode_find(super, ino);

	if (!inode)
		return inode_new(super, ino);
	atomic_add(&inode->refs.count, 1);
	return inode;
}

void inode_ready(struct inode *inode)
{
	atomic_fetch_and(&inode->state, ~(int)INODE_NEW);
}

void inode_failed(struct inode *inode)
{
	atomic_fetch_and(&inode->state, ~(int)INODE_HASHED);
	atomic_fetch_or(&inode->state, INODE_BAD);
	inode_put(inode);
}

void inode_put(struct inode *inode)
{
	if (!refcount_put(&inode->refs))
		return;
	if (inode->nlink && inode_has(inode, INODE_HASHED))
		return;
	atomic_fetch_and(&inode->state, ~(int)INODE_HASHED);
	inode_evict(inode);
}

void inode_mark_dirty(struct inode *inode)
{
	atomic_fetch_or(&inode->state, INODE_DIRTY);
}

void inode_mark_dirty_pages(struct inode *inode)
{
	atomic_fetch_or(&inode->state, INODE_DIRTY_PAGES);
}

struct fs_time fs_time_now(void)
{
	uint64_t now = time_wall_ns();

	return (struct fs_time){ .sec = (int64_t)(now / NSEC_PER_SEC),
				 .nsec = (uint32_t)(now % NSEC_PER_SEC) };
}

void inode_touch(struct inode *inode, unsigned attr_times)
{
	if (attr_times & ATTR_MTIME)
		inode->mtime = fs_time_now();
	if (attr_times & ATTR_CTIME)
		inode->ctime = fs_time_now();
	inode_mark_dirty(inode);
}

void inode_init_owner(struct inode *inode, struct inode *dir, uint32_t mode)
{
	(void)dir;
	inode->mode = mode;
}

void inode_init_special(struct inode *inode, uint32_t mode, uint64_t rdev)
{
	inode->mode = mode;
	inode->rdev = rdev;
}

int inode_setattr_generic(struct inode *inode, const struct inode_attr *attr)
{
	if (attr->valid & ATTR_MODE)
		inode->mode = (inode->mode & S_IFMT) | (attr->mode & 07777);
	inode_mark_dirty(inode);
	return 0;
}

ssize_t generic_read(struct file *file, struct iov_iter *to, off_t *pos)
{
	(void)file;
	(void)to;
	(void)pos;
	return -EINVAL;
}

ssize_t generic_write(struct file *file, struct iov_iter *from, off_t *pos)
{
	return generic_read(file, from, pos);
}

off_t generic_seek(struct file *file, off_t offset, int whence)
{
	(void)file;
	(void)whence;
	return offset;
}

off_t generic_dir_seek(struct file *file, off_t offset, int whence)
{
	return generic_seek(file, offset, whence);
}

int generic_fsync(struct file *file, off_t start, off_t end, bool data_only)
{
	(void)file;
	(void)start;
	(void)end;
	(void)data_only;
	return 0;
}

int pagecache_mmap(struct file *file, struct vma *vma)
{
	(void)file;
	(void)vma;
	return 0;
}

/* --- dentries and supers --- */

struct dentry *dentry_make_root(struct inode *inode)
{
	struct dentry *root = calloc(1, sizeof(*root));

	root->inode = inode;
	return root;
}

void dentry_put(struct dentry *dentry)
{
	inode_put(dentry->inode);
	free(dentry);
}

void dentry_set_inode(struct dentry *dentry, struct inode *inode)
{
	BUG_ON(dentry->inode);
	dentry->inode = inode;
}

static struct fs_type *types;

void fs_type_register(struct fs_type *type)
{
	type->next = types;
	types = type;
}

int host_mount(struct host_disk *disk, const char *name, bool read_only,
	       struct super **result)
{
	struct super *super = calloc(1, sizeof(*super));
	struct fs_type *type = types;
	int ret;

	while (strcmp(type->name, name))
		type = type->next;
	super->type = type;
	super->bdev = &disk->bdev;
	super->read_only = read_only;
	TAILQ_INIT(&super->inodes);
	ret = type->mount(super, NULL);
	if (ret)
		free(super);
	*result = super;
	return ret;
}

int host_sync(struct super *super)
{
	struct inode *inode;
	int ret = 0, err;

	TAILQ_FOREACH (inode, &super->inodes, super_link) {
		int dirty =
			atomic_fetch_and(&inode->state, ~(int)INODE_DIRTY_ANY);

		if (inode->mapping.nr_dirty) {
			err = inode->mapping.ops->write_pages(
				&inode->mapping, 0, UINT32_MAX, true);
			ret = ret ? ret : err;
			BUG_ON(inode->mapping.nr_dirty);
		}
		/* Writing pages may have made the inode dirty. */
		dirty |= atomic_fetch_and(&inode->state, ~(int)INODE_DIRTY_ANY);
		if (dirty & INODE_DIRTY_ANY && inode->nlink) {
			err = super->ops->write_inode(inode, false);
			ret = ret ? ret : err;
		}
	}
	err = super->ops->sync(super, true);
	return ret ? ret : err;
}

void host_drop_caches(struct super *super)
{
	struct inode *inode, *next;

	TAILQ_FOREACH (inode, &super->inodes, super_link) {
		struct page *page;

		for (uint64_t i = 0; (page = page_next(&inode->mapping, i, 0));
		     i = page->index + 1) {
			if (!page_has_flag(page, PAGE_DIRTY))
				page_remove(&inode->mapping, page);
		}
	}
	for (inode = TAILQ_FIRST(&super->inodes); inode; inode = next) {
		next = TAILQ_NEXT(inode, super_link);
		if (!refcount_read(&inode->refs) &&
		    !inode_has(inode, INODE_DIRTY_ANY))
			inode_evict(inode);
	}
	/* The first round only makes them old. */
	buffer_cache_shrink(100000);
	buffer_cache_shrink(100000);
}

int host_unmount(struct super *super)
{
	struct inode *inode;
	int ret = host_sync(super);

	dentry_put(super->root);
	while ((inode = TAILQ_FIRST(&super->inodes))) {
		BUG_ON(refcount_read(&inode->refs));
		inode_evict(inode);
	}
	super->ops->put_super(super);
	free(super);
	BUG_ON(host_thread.fs_transaction);
	for (unsigned i = 0; i < NR_PAGES; i++)
		BUG_ON(page_used[i]);
	return ret;
}

/* --- names --- */

static void make_dentry(struct dentry *dentry, const char *name)
{
	memset(dentry, 0, sizeof(*dentry));
	dentry->name = name;
	dentry->name_len = (uint16_t)strlen(name);
}

static int find(struct inode *dir, const char *name, struct dentry *dentry)
{
	make_dentry(dentry, name);
	return dir->ops->lookup(dir, dentry);
}

/* The same for names that must be there. */
static int find_existing(struct inode *dir, const char *name,
			 struct dentry *dentry)
{
	int ret = find(dir, name, dentry);

	return ret ? ret : dentry->inode ? 0 : -ENOENT;
}

int host_lookup(struct inode *dir, const char *name, struct inode **inode)
{
	struct dentry dentry;
	int ret = find(dir, name, &dentry);

	*inode = dentry.inode;
	return ret;
}

int host_create(struct inode *dir, const char *name, uint32_t mode,
		struct inode **inode)
{
	struct dentry dentry;
	int ret;

	make_dentry(&dentry, name);
	rwsem_write_lock(&dir->lock);
	if (S_ISREG(mode))
		ret = dir->ops->create(dir, &dentry, mode);
	else
		ret = dir->ops->mknod(dir, &dentry, mode, 0x103);
	rwsem_write_unlock(&dir->lock);
	*inode = dentry.inode;
	return ret;
}

int host_mkdir(struct inode *dir, const char *name)
{
	struct dentry dentry;
	int ret;

	make_dentry(&dentry, name);
	ret = dir->ops->mkdir(dir, &dentry, S_IFDIR | 0755);
	if (!ret)
		inode_put(dentry.inode);
	return ret;
}

int host_symlink(struct inode *dir, const char *name, const char *target)
{
	struct dentry dentry;
	int ret;

	make_dentry(&dentry, name);
	ret = dir->ops->symlink(dir, &dentry, target);
	if (!ret)
		inode_put(dentry.inode);
	return ret;
}

int host_link(struct inode *inode, struct inode *dir, const char *name)
{
	struct dentry old = { .inode = inode }, dentry;
	int ret;

	make_dentry(&dentry, name);
	ret = dir->ops->link(&old, dir, &dentry);
	if (!ret)
		inode_put(dentry.inode);
	return ret;
}

static int delete (struct inode *dir, const char *name, bool is_dir)
{
	struct dentry dentry;
	int ret = find_existing(dir, name, &dentry);

	if (ret)
		return ret;
	if (is_dir)
		ret = dir->ops->rmdir(dir, &dentry);
	else
		ret = dir->ops->unlink(dir, &dentry);
	inode_put(dentry.inode);
	return ret;
}

int host_unlink(struct inode *dir, const char *name)
{
	return delete (dir, name, false);
}

int host_rmdir(struct inode *dir, const char *name)
{
	return delete (dir, name, true);
}

int host_rename(struct inode *old_dir, const char *old, struct inode *new_dir,
		const char *new, unsigned flags)
{
	struct dentry from, to;
	int ret = find_existing(old_dir, old, &from);

	if (ret)
		return ret;
	ret = find(new_dir, new, &to);
	if (!ret && from.inode != to.inode)
		ret = old_dir->ops->rename(old_dir, &from, new_dir, &to, flags);
	inode_put(from.inode);
	if (to.inode)
		inode_put(to.inode);
	return ret;
}

/* --- contents --- */

ssize_t host_read(struct inode *inode, void *buf, size_t len, off_t pos)
{
	size_t done = 0;

	while (done < len && pos < inode_size(inode)) {
		size_t offset = (size_t)pos & PAGE_MASK;
		size_t n = MIN(PAGE_SIZE - offset, len - done);
		struct page *page;
		int ret;

		n = MIN(n, (size_t)(inode_size(inode) - pos));
		ret = pagecache_read(&inode->mapping, (uint64_t)pos / PAGE_SIZE,
				     &page);
		if (ret)
			return ret;
		memcpy((char *)buf + done, (char *)page_to_virt(page) + offset,
		       n);
		page_put(page);
		done += n;
		pos += (off_t)n;
	}
	return (ssize_t)done;
}

static int write_page(struct inode *inode, struct page *page, const void *buf,
		      unsigned from, unsigned to)
{
	struct mapping *mapping = &inode->mapping;
	int ret = mapping->ops->write_begin(mapping, page, from, to);

	if (ret)
		return ret;
	memcpy((char *)page_to_virt(page) + from, buf, to - from);
	atomic_fetch_or(&page->flags, PAGE_UPTODATE);
	return mapping->ops->write_end(mapping, page, from, to - from);
}

ssize_t host_write(struct inode *inode, const void *buf, size_t len, off_t pos)
{
	size_t done = 0;
	int ret = 0;

	rwsem_write_lock(&inode->lock);
	while (!ret && done < len) {
		size_t offset = (size_t)pos & PAGE_MASK;
		size_t n = MIN(PAGE_SIZE - offset, len - done);
		struct page *page =
			page_grab(&inode->mapping, (uint64_t)pos / PAGE_SIZE);

		if (!page) {
			ret = -ENOMEM;
			break;
		}
		ret = write_page(inode, page, (const char *)buf + done,
				 (unsigned)offset, (unsigned)(offset + n));
		if (!ret) {
			done += n;
			pos += (off_t)n;
			if (pos > inode_size(inode))
				inode_set_size(inode, pos);
			inode_mark_dirty(inode);
		}
		page_unlock(page);
		page_put(page);
	}
	rwsem_write_unlock(&inode->lock);
	return done ? (ssize_t)done : ret;
}

int host_truncate(struct inode *inode, off_t size)
{
	struct inode_attr attr = { .valid = ATTR_SIZE, .size = size };
	int ret;

	rwsem_write_lock(&inode->lock);
	ret = inode->ops->setattr(inode, &attr);
	rwsem_write_unlock(&inode->lock);
	return ret;
}

int host_fallocate(struct inode *inode, int mode, off_t pos, off_t len)
{
	struct file file = { .inode = inode };

	return inode->file_ops->fallocate(&file, mode, pos, len);
}

int host_readdir(struct inode *dir, struct dir_context *ctx)
{
	struct file file = { .inode = dir };

	return dir->file_ops->readdir(&file, ctx);
}
