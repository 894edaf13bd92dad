// SPDX-License-Identifier: MIT
/*
 * Open files, descriptor tables, and what can be done with a file.
 */
#pragma once

#include <sys/queue.h>

#include <lib/types.h>

#include <core/lock.h>
#include <core/mutex.h>
#include <core/refcount.h>
#include <fs/mount.h>

struct dir_context;
struct epoll_item;
struct file;
struct inode;
struct iov_iter; /* <mm/iov_iter.h> */
struct mm;
struct poll_table;
struct vma;

/* Missing functions: -EINVAL (read, write), -ENOTTY (ioctl), -ESPIPE (seek), always ready (poll). */
struct file_ops {
	int (*open)(struct inode *inode, struct file *file);
	void (*release)(
		struct file *file); /* the last reference is gone; may sleep */
	void (*flush)(struct file *file); /* one descriptor was closed */
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
	struct inode *inode;        /* [I] path.dentry's, or one of anon.c */
	struct path path;           /* [I] owned; mount NULL: has no name */
	const char *anon_name;      /* [I] what /proc shows then */
	unsigned flags;             /* [a, racy] O_* as fcntl(2) reports */
	unsigned mode;              /* [I] FMODE_* */
	struct mutex pos_lock; /* pos, when more than one thread can reach it */
	off_t pos;             /* [pos_lock] */
	void *private;         /* [I] owner: the driver */
	int owner;             /* [racy] F_SETOWN */
	/* [watch_lock of eventpoll.c] interest lists that it is in */
	LIST_HEAD(, epoll_item) watchers;
};
#define FMODE_READ  1u
#define FMODE_WRITE 2u
#define FMODE_PATH  4u /* O_PATH */

#define FMODE_WRITE_COUNTED 8u  /* inode_get_write() was done */
#define FMODE_OPENED        16u /* ops->open() succeeded: release() is due */

static inline struct file *file_get(struct file *file)
{
	refcount_get(&file->refs);
	return file;
}
void file_put(struct file *file); /* thread context; may sleep */

/*
 * An open file without a name (pipe, socket, eventfd ...): name is what
 * /proc/PID/fd shows.  mode follows from the access mode in flags.  0, -ENFILE
 * or -ENOMEM; private is the caller's again then.
 */
int file_create_anon(const struct file_ops *ops, void *private, unsigned flags,
		     const char *name, struct file **result);
/* What fstat(2) shows of those: one inode for all, of that type (S_IF*, 0). */
struct inode *anon_inode(uint32_t type);
/*
 * A place without a name for an inode of that mode, which opens by ops and
 * keeps private (a pipe's reference, eaten): an owned path.  0 or -ENOMEM.
 */
int anon_make_path(uint32_t mode, const struct file_ops *ops, void *private,
		   struct path *result);
void anon_init(void);
void file_cache_init(void);

/* What open(2) of a regular file or directory ends in; refs 1.  Takes nothing. */
struct file *file_alloc(const struct path *path, unsigned flags);

/*
 * One read or write at *pos, checked for the open mode.  Bytes, 0 at the end,
 * or -EBADF, -EISDIR, -EINVAL or what the file's own function says.
 */
ssize_t file_read(struct file *file, struct iov_iter *to, off_t *pos);
ssize_t file_write(struct file *file, struct iov_iter *from, off_t *pos);
/* The same at the file's own position, which is locked where it is shared. */
ssize_t file_read_pos(struct file *file, struct iov_iter *to);
ssize_t file_write_pos(struct file *file, struct iov_iter *from);
off_t file_seek(struct file *file, off_t offset, int whence);
/* Kernel buffers: exec, initrd, mounts.  Bytes (until the end) or -errno. */
ssize_t file_read_kernel(struct file *file, void *buf, size_t len, off_t pos);
ssize_t file_write_kernel(struct file *file, const void *buf, size_t len,
			  off_t pos);
/* Take or give back the position lock if others can reach the file. */
bool file_pos_lock(struct file *file);
void file_pos_unlock(struct file *file, bool locked);

/* For file_ops of files whose contents are their page cache (generic.c). */
ssize_t generic_read(struct file *file, struct iov_iter *to, off_t *pos);
ssize_t generic_write(struct file *file, struct iov_iter *from, off_t *pos);
off_t generic_seek(struct file *file, off_t offset, int whence);
/* Write back pages and inode; the file system's sync() does the rest. */
int generic_fsync(struct file *file, off_t start, off_t end, bool data_only);

/* Devices and FIFOs: what inode_init_special() chooses. */
extern const struct file_ops chrdev_open_ops;   /* devfs/chrdev_file.c */
extern const struct file_ops blockdev_file_ops; /* blockdev.c */
extern const struct file_ops fifo_file_ops;     /* ipc/fifo.c */

/* readdir: call emit for each name; stop when it returns false. */
struct dir_context {
	bool (*emit)(struct dir_context *ctx, const char *name, size_t len,
		     off_t next_pos, uint64_t ino, unsigned type /* DT_* */);
	off_t pos; /* in and out: the cookie */
};

/* Emit "." and ".." for positions 0 and 1; false: the caller stops. */
bool dir_emit_dots(struct file *file, struct dir_context *ctx);
/* For directories whose cookies are numbers of their own. */
off_t generic_dir_seek(struct file *file, off_t offset, int whence);
/* One getdents(2) worth of names from the file's position on. */
int file_readdir(struct file *file, struct dir_context *ctx);

/* poll: waiters are remembered in the table and removed by its owner. */
struct waitq;
struct poll_table {
	void (*add)(struct poll_table *table, struct file *file,
		    struct waitq *wq);
	unsigned events; /* that matter to the caller */
};
static inline void poll_wait(struct file *file, struct waitq *wq,
			     struct poll_table *table)
{
	if (table && table->add)
		table->add(table, file, wq);
}
unsigned file_poll(struct file *file, struct poll_table *table);

/* --- Paths (namei.c, path.c) ------------------------------------------ */

#define LOOKUP_FOLLOW      (1u << 0) /* the last component may be a symlink */
#define LOOKUP_DIRECTORY   (1u << 1) /* must be a directory */
#define LOOKUP_NO_SYMLINKS (1u << 2) /* RESOLVE_NO_SYMLINKS */
#define LOOKUP_EMPTY       (1u << 3) /* AT_EMPTY_PATH: "" means dirfd itself */
#define LOOKUP_BENEATH     (1u << 4) /* RESOLVE_BENEATH: never above dirfd */
#define LOOKUP_IN_ROOT     (1u << 5) /* RESOLVE_IN_ROOT: dirfd is the root */
#define LOOKUP_NO_XDEV     (1u << 6) /* RESOLVE_NO_XDEV: cross no mount */
#define LOOKUP_NO_MAGIC    (1u << 7) /* RESOLVE_NO_MAGICLINKS */

/*
 * Resolve name from dirfd (AT_FDCWD: the working directory) for the current
 * process.  0 and an owned path, or -errno (-ENOENT -ENOTDIR -EACCES -ELOOP
 * -ENAMETOOLONG -EBADF).  May sleep.
 */
int path_lookup(int dirfd, const char *name, unsigned flags,
		struct path *result);

/*
 * The parent directory and the last component (into last, NAME_LEN_MAX + 1
 * bytes).  "." and ".." come back as they are, the root as "".
 */
int path_lookup_parent(int dirfd, const char *name, struct path *parent,
		       char *last, bool *trailing_slash);

/* openat(2) in the kernel: flags O_*, mode for O_CREAT, resolve LOOKUP_*. */
int file_open(int dirfd, const char *name, unsigned flags, uint32_t mode,
	      struct file **result);
int file_open_resolve(int dirfd, const char *name, unsigned flags,
		      uint32_t mode, unsigned resolve, struct file **result);
/* Open an already resolved path, with permission checks. */
int file_open_path(const struct path *path, unsigned flags,
		   struct file **result);
/* Its contents become size bytes long; truncate(2). */
int path_truncate(const struct path *path, off_t size);

/* Changes of directories (dirops.c), as the system calls of those names. */
int fs_mkdir(int dirfd, const char *name, uint32_t mode);
int fs_mknod(int dirfd, const char *name, uint32_t mode, uint64_t rdev);
int fs_symlink(const char *target, int dirfd, const char *name);
int fs_link(int old_dirfd, const char *old_name, int dirfd, const char *name,
	    unsigned lookup_flags);
int fs_unlink(int dirfd, const char *name);
int fs_rmdir(int dirfd, const char *name);
int fs_rename(int old_dirfd, const char *old_name, int dirfd, const char *name,
	      unsigned flags);

/* --- Descriptors (fdtable.c) ------------------------------------------ */

/*
 * Shared by threads with CLONE_FILES.  While only one task uses a table,
 * look-ups take neither lock nor reference.
 */
struct files;
struct files *files_create(void);
struct files *
files_clone(struct files *old); /* fork: a copy; NULL: no memory */
struct files *files_share(struct files *files); /* CLONE_FILES, by its user */
struct files *files_get(struct files *files);   /* to look only: /proc */
void files_put(struct files *files);
void files_close_on_exec(struct files *files);
bool files_are_shared(const struct files *files);

/*
 * The file behind fd in the current process, until fd_put(); NULL: -EBADF.
 * Use as: file = fd_get(fd); if (!file) return -EBADF; ...; fd_put(file);
 * Whoever keeps the file beyond the system call takes a file_get() of its own.
 */
struct file *fd_get(int fd);     /* FMODE_PATH files are not found */
struct file *fd_get_any(int fd); /* also O_PATH */
void fd_put(struct file *file);

/*
 * Reserve n lowest free numbers >= min (invisible until installed): 0,
 * -EMFILE, -ENOMEM.
 */
int fd_reserve(int min, int *fds, size_t n);
void fd_release(const int *fds, size_t n);
void fd_install(int fd, struct file *file,
		bool cloexec); /* takes over the reference */
int fd_close(int fd);          /* 0 or -EBADF */
/* dup3(2) without its flag check: what was open as newfd is closed. */
int fd_replace(int newfd, struct file *file, bool cloexec);
int fd_close_range(unsigned first, unsigned last);
int fd_cloexec_range(unsigned first, unsigned last); /* mark, do not close */
int fd_unshare(void);       /* a table of our own: 0 or -ENOMEM */
int fd_get_cloexec(int fd); /* 0, 1 or -EBADF */
int fd_set_cloexec(int fd, bool cloexec);
/* For /proc/PID/fd: the file at or after *fd, referenced; NULL: no more. */
struct file *files_next(struct files *files, int *fd);

/* Working directory, root, umask; shared with CLONE_FS. */
struct fs_context {
	refcount_t refs;       /* [a] */
	spinlock_t lock;       /* rank LOCK_LEAF */
	struct path root, cwd; /* [lock] owned */
	uint32_t umask;        /* [lock] */
};
struct fs_context *fs_context_create(void); /* at the root of the name space */
struct fs_context *fs_context_clone(struct fs_context *old);
void fs_context_put(struct fs_context *ctx);
/* Of the current task; kernel threads share one. */
struct fs_context *fs_context_current(void);
void fs_context_set_cwd(struct fs_context *ctx, const struct path *cwd);
void fs_context_set_root(struct fs_context *ctx, const struct path *root);

/* Advisory locks (locks.c): drop those of a file that goes / of an owner. */
void file_locks_release(struct file *file);
void file_locks_release_owner(struct file *file, const void *owner);
void inode_locks_free(struct inode *inode); /* at its end */
