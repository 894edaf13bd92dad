// SPDX-License-Identifier: MIT
/*
 * Open files, descriptor tables, and what can be done with a file.
 */
#pragma once

#include <lib/types.h>

#include <core/mutex.h>
#include <core/refcount.h>
#include <fs/mount.h>

struct dir_context;
struct file;
struct inode;
struct iov_iter;
struct mm;
struct poll_table;
struct vma;

/* Missing functions: -EINVAL (read, write), -ENOTTY (ioctl), -ESPIPE (seek), always ready (poll). */
struct file_ops {
	int (*open)(struct inode *inode, struct file *file);
	void (*release)(struct file *file); /* the last reference is gone; may sleep */
	void (*flush)(struct file *file);   /* one descriptor was closed */
	/*
	 * pos: in and out.  For streams it is ignored.  Bytes, 0 at the end,
	 * -EAGAIN, -EINTR, -EFAULT, -EIO ...
	 */
	ssize_t (*read)(struct file *file, struct iov_iter *to, off_t *pos);
	ssize_t (*write)(struct file *file, struct iov_iter *from, off_t *pos);
	off_t (*seek)(struct file *file, off_t offset, int whence);
	int (*readdir)(struct file *file, struct dir_context *ctx);
	long (*ioctl)(struct file *file, unsigned cmd, unsigned long arg);
	/* Events that are ready now (POLL*); puts itself on table's queues if not NULL. */
	unsigned (*poll)(struct file *file, struct poll_table *table);
	int (*mmap)(struct file *file, struct vma *vma);
	int (*fsync)(struct file *file, off_t start, off_t end, bool data_only);
	int (*fallocate)(struct file *file, int mode, off_t offset, off_t len);
	bool stream; /* no position: pipes, ttys, sockets */
};

struct file {
	refcount_t refs;            /* [a] */
	const struct file_ops *ops; /* [I] */
	struct inode *inode;        /* [I] path.dentry's, or an anonymous one */
	struct path path;           /* [I] owned */
	unsigned flags;             /* [a, racy] O_* as fcntl(2) reports */
	unsigned mode;              /* [I] FMODE_* */
	struct mutex pos_lock;      /* pos, when more than one thread can reach it */
	off_t pos;                  /* [pos_lock] */
	void *private;              /* [I] owner: the driver */
	int owner;                  /* [racy] F_SETOWN */
};
#define FMODE_READ  1u
#define FMODE_WRITE 2u
#define FMODE_PATH  4u /* O_PATH */

static inline struct file *file_get(struct file *file)
{
	refcount_get(&file->refs);
	return file;
}
void file_put(struct file *file); /* thread context; may sleep */
/* An open file without a name (pipe, socket, eventfd ...): name for /proc/PID/fd. */
int file_create_anon(const struct file_ops *ops, void *private, unsigned flags,
		     const char *name, struct file **result);

ssize_t file_read(struct file *file, struct iov_iter *to, off_t *pos);
ssize_t file_write(struct file *file, struct iov_iter *from, off_t *pos);
/* Whole kernel-buffer reads: exec, initrd, mounts.  Bytes or -errno. */
ssize_t file_read_kernel(struct file *file, void *buf, size_t len, off_t pos);
ssize_t file_write_kernel(struct file *file, const void *buf, size_t len, off_t pos);

/* readdir: call emit for each name; stop when it returns false. */
struct dir_context {
	bool (*emit)(struct dir_context *ctx, const char *name, size_t len,
		     off_t next_pos, uint64_t ino, unsigned type /* DT_* */);
	off_t pos; /* in and out: the cookie */
};

/* poll: waiters are remembered in the table and removed by its owner. */
struct waitq;
struct poll_table {
	void (*add)(struct poll_table *table, struct file *file, struct waitq *wq);
	unsigned events; /* that matter to the caller */
};
static inline void poll_wait(struct file *file, struct waitq *wq, struct poll_table *table)
{
	if (table && table->add)
		table->add(table, file, wq);
}
unsigned file_poll(struct file *file, struct poll_table *table);

/* --- Paths (namei.c) ------------------------------------------------- */

#define LOOKUP_FOLLOW    (1u << 0) /* the last component may be a symlink */
#define LOOKUP_DIRECTORY (1u << 1) /* must be a directory */
#define LOOKUP_NO_SYMLINKS (1u << 2)
#define LOOKUP_EMPTY     (1u << 3) /* AT_EMPTY_PATH: "" means dirfd itself */
/*
 * Resolve name from dirfd (AT_FDCWD: the working directory) for the current
 * process.  0 and an owned path, or -errno (-ENOENT -ENOTDIR -EACCES -ELOOP
 * -ENAMETOOLONG -EBADF).  May sleep.
 */
int path_lookup(int dirfd, const char *name, unsigned flags, struct path *result);
/* The parent directory and the last component (into name, NAME_LEN_MAX + 1). */
int path_lookup_parent(int dirfd, const char *name, struct path *parent,
		       char *last, bool *trailing_slash);
/* openat(2) in the kernel: flags O_*, mode for O_CREAT. */
int file_open(int dirfd, const char *name, unsigned flags, uint32_t mode, struct file **result);
/* Open an already resolved path. */
int file_open_path(const struct path *path, unsigned flags, struct file **result);

/* --- Descriptors (fdtable.c) ------------------------------------------ */

/* Shared by threads with CLONE_FILES.  Look-up takes no lock. */
struct files;
struct files *files_create(void);
struct files *files_clone(struct files *old); /* fork: a copy; NULL: no memory */
struct files *files_get(struct files *files);
void files_put(struct files *files);
void files_close_on_exec(struct files *files);

/*
 * The file behind fd in the current process.  fd_get() takes a reference unless the table is
 * not shared (then *borrowed... see fd_put()); NULL: -EBADF.
 * Use as: file = fd_get(fd); if (!file) return -EBADF; ...; fd_put(file);
 */
struct file *fd_get(int fd);       /* FMODE_PATH files are not found */
struct file *fd_get_any(int fd);   /* also O_PATH */
void fd_put(struct file *file);
/* Reserve n lowest free numbers >= min (invisible until installed): 0, -EMFILE, -ENOMEM. */
int fd_reserve(int min, int *fds, size_t n);
void fd_release(const int *fds, size_t n);
void fd_install(int fd, struct file *file, bool cloexec); /* takes over the reference */
int fd_close(int fd); /* 0 or -EBADF */
/* For /proc/PID/fd: the file at or after *fd, referenced; NULL: no more. */
struct file *files_next(struct files *files, int *fd);

/* Working directory, root, umask; shared with CLONE_FS. */
struct fs_context {
	refcount_t refs; /* [a] */
	spinlock_t lock; /* rank LOCK_LEAF */
	struct path root, cwd; /* [lock] owned */
	uint32_t umask;  /* [lock] */
};
struct fs_context *fs_context_create(void); /* at the root of the name space */
struct fs_context *fs_context_clone(struct fs_context *old);
void fs_context_put(struct fs_context *ctx);
