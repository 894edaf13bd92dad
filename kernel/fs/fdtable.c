// SPDX-License-Identifier: MIT
/*
 * Descriptor tables.
 *
 * A table that one task alone uses needs no lock and no reference for a
 * look-up: nobody else can close what it finds.  That ends for good with the
 * first files_share(); from then on a look-up locks the table for as long as
 * it takes to get a reference.  Others (/proc) may look at any time, so every
 * change is made under files->lock.
 *
 * Bits: open says which numbers are taken (reserved or in use), cloexec which
 * go at exec.  next_free is a number below which all are taken.
 */
#include <fs/file.h>

#include <string.h>

#include <linux/resource.h>

#include <lib/errno.h>

#include <core/alloc.h>
#include <core/panic.h>
#include <core/thread.h>
#include <fs/inode.h>
#include <proc/task.h>

#define BITS_PER_WORD 64u
#define FD_INLINE     64u
#define FD_MAX        (1u << 16) /* what kmalloc() can hold, and enough */

struct files {
	refcount_t refs;    /* [a] tasks and lookers */
	bool shared;        /* [set by the only user] see the head comment */
	spinlock_t lock;    /* rank LOCK_FDTABLE */
	unsigned max;       /* [lock] numbers that fit */
	unsigned next_free; /* [lock] */
	struct file **file; /* [lock for changes] max pointers */
	uint64_t *open;     /* [lock] max bits */
	uint64_t *cloexec;  /* [lock] max bits */
	struct file *inline_file[FD_INLINE];
	uint64_t inline_bits[2];
};

static bool bit_test(const uint64_t *bits, unsigned n)
{
	return bits[n / BITS_PER_WORD] >> n % BITS_PER_WORD & 1;
}

static void bit_set(uint64_t *bits, unsigned n)
{
	bits[n / BITS_PER_WORD] |= 1ull << n % BITS_PER_WORD;
}

static void bit_clear(uint64_t *bits, unsigned n)
{
	bits[n / BITS_PER_WORD] &= ~(1ull << n % BITS_PER_WORD);
}

/* The lowest clear bit >= from, or max. */
static unsigned bit_find_clear(const uint64_t *bits, unsigned from,
			       unsigned max)
{
	while (from < max) {
		uint64_t free =
			~bits[from / BITS_PER_WORD] >> from % BITS_PER_WORD;

		if (free)
			return MIN(from + (unsigned)__builtin_ctzll(free), max);
		from = (from / BITS_PER_WORD + 1) * BITS_PER_WORD;
	}
	return max;
}

struct files *files_create(void)
{
	struct files *files = kzalloc(sizeof(*files));

	if (!files)
		return NULL;
	refcount_set(&files->refs, 1);
	spin_init(&files->lock, LOCK_FDTABLE);
	files->max = FD_INLINE;
	files->file = files->inline_file;
	files->open = &files->inline_bits[0];
	files->cloexec = &files->inline_bits[1];
	return files;
}

static size_t table_bytes(unsigned max)
{
	return max * sizeof(struct file *) + max / 4;
}

/* A bigger table with the old one's contents; the old one to be freed. */
static void table_move(struct files *files, struct file **table, unsigned max)
{
	uint64_t *open = (uint64_t *)(void *)(table + max);
	uint64_t *cloexec = open + max / BITS_PER_WORD;
	unsigned words = files->max / BITS_PER_WORD;

	memcpy(table, files->file, files->max * sizeof(*table));
	memcpy(open, files->open, words * sizeof(*open));
	memcpy(cloexec, files->cloexec, words * sizeof(*cloexec));
	files->file = table;
	files->open = open;
	files->cloexec = cloexec;
	files->max = max;
}

/* Make room for number fd.  0, -EMFILE or -ENOMEM. */
static int files_grow(struct files *files, unsigned fd)
{
	struct file **table, **old;
	unsigned max = FD_INLINE;

	if (fd >= FD_MAX)
		return -EMFILE;
	while (max <= fd)
		max *= 2;
	table = kzalloc(table_bytes(max));
	if (!table)
		return -ENOMEM;
	spin_lock(&files->lock);
	old = table;
	if (max > files->max) {
		old = files->file;
		table_move(files, table, max);
	}
	spin_unlock(&files->lock);
	if (old != files->inline_file)
		kfree(old);
	return 0;
}

struct files *files_clone(struct files *old)
{
	struct files *files = files_create();
	unsigned max = old->max;

	if (!files)
		return NULL;
	/* A sharer may make it grow meanwhile; what does not fit is new. */
	if (max > FD_INLINE && files_grow(files, max - 1)) {
		files_put(files);
		return NULL;
	}
	spin_lock(&old->lock);
	max = MIN(files->max, old->max);
	for (unsigned fd = 0; fd < max; fd++) {
		struct file *file = old->file[fd];

		if (!file) {
			if (!old->open[fd / BITS_PER_WORD])
				fd |= BITS_PER_WORD - 1;
			continue;
		}
		files->file[fd] = file_get(file);
		bit_set(files->open, fd);
		if (bit_test(old->cloexec, fd))
			bit_set(files->cloexec, fd);
	}
	spin_unlock(&old->lock);
	return files;
}

struct files *files_share(struct files *files)
{
	files->shared = true;
	return files_get(files);
}

struct files *files_get(struct files *files)
{
	refcount_get(&files->refs);
	return files;
}

bool files_are_shared(const struct files *files)
{
	return files->shared;
}

/* Close one descriptor's file, as close(2) does. */
static void file_close(struct files *files, struct file *file)
{
	if (file->ops->flush)
		file->ops->flush(file);
	if (file->inode->locks)
		file_locks_release_owner(file, files);
	file_put(file);
}

void files_put(struct files *files)
{
	if (!refcount_put(&files->refs))
		return;
	for (unsigned fd = 0; fd < files->max; fd++) {
		if (!files->open[fd / BITS_PER_WORD])
			fd |= BITS_PER_WORD - 1;
		else if (files->file[fd])
			file_close(files, files->file[fd]);
	}
	if (files->file != files->inline_file)
		kfree(files->file);
	kfree(files);
}

/* files->lock held.  Empties the slot; its file, or NULL. */
static struct file *slot_take(struct files *files, unsigned fd)
{
	struct file *file;

	if (fd >= files->max)
		return NULL;
	file = files->file[fd];
	if (!file)
		return NULL;
	files->file[fd] = NULL;
	bit_clear(files->open, fd);
	bit_clear(files->cloexec, fd);
	files->next_free = MIN(files->next_free, fd);
	return file;
}

/* 0, or -EBADF: nothing is open there. */
static int slot_close(struct files *files, unsigned fd)
{
	struct file *file;

	spin_lock(&files->lock);
	file = slot_take(files, fd);
	spin_unlock(&files->lock);
	if (!file)
		return -EBADF;
	file_close(files, file);
	return 0;
}

int fd_close_range(unsigned first, unsigned last)
{
	struct files *files = current->files;

	for (unsigned fd = first; fd <= last && fd < files->max; fd++) {
		if (!files->open[fd / BITS_PER_WORD]) {
			fd |= BITS_PER_WORD - 1;
			continue;
		}
		(void)slot_close(files, fd);
	}
	return 0;
}

int fd_cloexec_range(unsigned first, unsigned last)
{
	struct files *files = current->files;

	spin_lock(&files->lock);
	for (unsigned fd = first; fd <= last && fd < files->max; fd++) {
		if (files->file[fd])
			bit_set(files->cloexec, fd);
	}
	spin_unlock(&files->lock);
	return 0;
}

int fd_unshare(void)
{
	struct files *old = current->files;
	struct files *files;
	unsigned long flags;

	if (!old->shared)
		return 0;
	files = files_clone(old);
	if (!files)
		return -ENOMEM;
	flags = spin_lock_irqsave(&current->process->signal_lock);
	current->files = files;
	spin_unlock_irqrestore(&current->process->signal_lock, flags);
	files_put(old);
	return 0;
}

void files_close_on_exec(struct files *files)
{
	for (unsigned fd = 0; fd < files->max; fd++) {
		if (!files->cloexec[fd / BITS_PER_WORD]) {
			fd |= BITS_PER_WORD - 1;
			continue;
		}
		if (!bit_test(files->cloexec, fd))
			continue;
		(void)slot_close(files, fd);
	}
}

struct file *fd_get_any(int fd)
{
	struct files *files = current->files;
	struct file *file = NULL;

	if (likely(!files->shared)) {
		if (unlikely((unsigned)fd >= files->max))
			return NULL;
		return files->file[fd];
	}
	spin_lock(&files->lock);
	if ((unsigned)fd < files->max)
		file = files->file[fd];
	if (file)
		file_get(file);
	spin_unlock(&files->lock);
	return file;
}

struct file *fd_get(int fd)
{
	struct file *file = fd_get_any(fd);

	if (unlikely(file && (file->mode & FMODE_PATH))) {
		fd_put(file);
		return NULL;
	}
	return file;
}

void fd_put(struct file *file)
{
	if (unlikely(current->files->shared))
		file_put(file);
}

/* files->lock held.  The lowest free number >= min, taken; or -EMFILE,
 * -ENOSPC when the table must grow to hold *need. */
static int slot_reserve(struct files *files, unsigned min, unsigned limit,
			unsigned *need)
{
	unsigned start = MAX(min, files->next_free);
	unsigned fd =
		bit_find_clear(files->open, MIN(start, files->max), files->max);

	fd = MAX(fd, min);
	if (fd >= limit)
		return -EMFILE;
	if (fd >= files->max) {
		*need = fd;
		return -ENOSPC;
	}
	bit_set(files->open, fd);
	bit_clear(files->cloexec, fd);
	if (min <= files->next_free)
		files->next_free = fd + 1;
	return (int)fd;
}

static int fd_reserve_one(struct files *files, unsigned min, unsigned limit)
{
	unsigned need = 0;
	int fd;

	for (;;) {
		spin_lock(&files->lock);
		fd = slot_reserve(files, min, limit, &need);
		spin_unlock(&files->lock);
		if (fd != -ENOSPC)
			return fd;
		fd = files_grow(files, need);
		if (fd)
			return fd;
	}
}

int fd_reserve(int min, int *fds, size_t n)
{
	struct files *files = current->files;
	unsigned limit =
		(unsigned)MIN(rlimit_get(RLIMIT_NOFILE), (uint64_t)FD_MAX);

	for (size_t i = 0; i < n; i++) {
		int fd = fd_reserve_one(files, (unsigned)min, limit);

		if (fd < 0) {
			fd_release(fds, i);
			return fd;
		}
		fds[i] = fd;
	}
	return 0;
}

void fd_release(const int *fds, size_t n)
{
	struct files *files = current->files;

	spin_lock(&files->lock);
	for (size_t i = 0; i < n; i++) {
		bit_clear(files->open, (unsigned)fds[i]);
		files->next_free = MIN(files->next_free, (unsigned)fds[i]);
	}
	spin_unlock(&files->lock);
}

void fd_install(int fd, struct file *file, bool cloexec)
{
	struct files *files = current->files;

	spin_lock(&files->lock);
	ASSERT(bit_test(files->open, (unsigned)fd) && !files->file[fd]);
	files->file[fd] = file;
	if (cloexec)
		bit_set(files->cloexec, (unsigned)fd);
	spin_unlock(&files->lock);
}

int fd_close(int fd)
{
	return slot_close(current->files, (unsigned)fd);
}

int fd_replace(int newfd, struct file *file, bool cloexec)
{
	struct files *files = current->files;
	unsigned fd = (unsigned)newfd;
	struct file *old;
	int ret;

	if (fd >= rlimit_get(RLIMIT_NOFILE))
		return -EBADF;
	if (fd >= files->max) {
		ret = files_grow(files, fd);
		if (ret)
			return ret == -EMFILE ? -EBADF : ret;
	}
	spin_lock(&files->lock);
	old = files->file[fd];
	if (!old && bit_test(files->open, fd)) {
		/* Reserved: another thread is about to fill it. */
		spin_unlock(&files->lock);
		return -EBUSY;
	}
	files->file[fd] = file_get(file);
	bit_set(files->open, fd);
	if (cloexec)
		bit_set(files->cloexec, fd);
	else
		bit_clear(files->cloexec, fd);
	spin_unlock(&files->lock);
	if (old)
		file_close(files, old);
	return newfd;
}

int fd_get_cloexec(int fd)
{
	struct files *files = current->files;
	int ret = -EBADF;

	spin_lock(&files->lock);
	if ((unsigned)fd < files->max && files->file[fd])
		ret = bit_test(files->cloexec, (unsigned)fd);
	spin_unlock(&files->lock);
	return ret;
}

int fd_set_cloexec(int fd, bool cloexec)
{
	struct files *files = current->files;
	int ret = -EBADF;

	spin_lock(&files->lock);
	if ((unsigned)fd < files->max && files->file[fd]) {
		ret = 0;
		if (cloexec)
			bit_set(files->cloexec, (unsigned)fd);
		else
			bit_clear(files->cloexec, (unsigned)fd);
	}
	spin_unlock(&files->lock);
	return ret;
}

struct file *files_next(struct files *files, int *fd)
{
	struct file *file = NULL;

	spin_lock(&files->lock);
	for (; (unsigned)*fd < files->max; ++*fd) {
		file = files->file[*fd];
		if (file) {
			file_get(file);
			break;
		}
	}
	spin_unlock(&files->lock);
	return file;
}
