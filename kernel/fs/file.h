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
/*
 * Drop a reference.  With the last one the file is closed: interest lists and
 * flock(2) locks let go of it, ops->release() ends what open() began, and its
 * place in the name space is put.  Context: thread; may sleep.
 */
void file_put(struct file *file);

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
/*
 * Make the inodes that anon_inode() gives out; panics without memory.  Once at
 * boot, after inode_cache_init().
 */
void anon_init(void);
/*
 * The slab of struct file.  Once at boot, before the first file; needs
 * kmalloc.
 */
void file_cache_init(void);
/* Tell mm/ how to ask files and inodes (mapped.c).  Once at boot. */
void mapped_init(void);

/*
 * An open file for a place that was resolved and checked: refs 1, its own
 * reference on path, ops of the inode (NULL for a socket), mode by flags'
 * access mode.  ops->open() is the caller's business.  NULL: no memory.
 */
struct file *file_alloc(const struct path *path, unsigned flags);

/*
 * One read or write at *pos, checked for the open mode.  Bytes, 0 at the end,
 * or -EBADF, -EISDIR, -EINVAL or what the file's own function says.
 */
ssize_t file_read(struct file *file, struct iov_iter *to, off_t *pos);
/*
 * As file_read(): -EBADF when not open for writing, -EINVAL without
 * ops->write.
 */
ssize_t file_write(struct file *file, struct iov_iter *from, off_t *pos);
/* The same at the file's own position, which is locked where it is shared. */
ssize_t file_read_pos(struct file *file, struct iov_iter *to);
/*
 * file_write() there; with O_APPEND the file's owner moves the position first.
 */
ssize_t file_write_pos(struct file *file, struct iov_iter *from);
/*
 * lseek(2): move the file's position and return it, in bytes.  -ESPIPE for
 * streams and files without ops->seek; else that function's -EINVAL, -EOVERFLOW
 * or -ENXIO, and the position stays.  Context: thread; may sleep for the lock.
 */
off_t file_seek(struct file *file, off_t offset, int whence);
/* Kernel buffers: exec, initrd, mounts.  Bytes (until the end) or -errno. */
ssize_t file_read_kernel(struct file *file, void *buf, size_t len, off_t pos);
/*
 * Write len bytes of kernel memory at pos.  Bytes, fewer than len when an error
 * or a full medium came after the first; -errno when it came before that.
 * Context: thread; may sleep.
 */
ssize_t file_write_kernel(struct file *file, const void *buf, size_t len,
			  off_t pos);
/*
 * Take the position lock if the position matters and others can reach the
 * file; returns whether, for file_pos_unlock().  The caller has the file from
 * fd_get(): one reference and an unshared table mean that it is alone.
 */
bool file_pos_lock(struct file *file);
/* Ends file_pos_lock(); locked is what that returned. */
void file_pos_unlock(struct file *file, bool locked);

/*
 * For file_ops of files whose contents are their page cache (generic.c).  Bytes
 * read, 0 at the end of file, or -EFAULT, -EIO ...; advances *pos and sets the
 * access time as the mount wants it.  Context: thread; may sleep.
 */
ssize_t generic_read(struct file *file, struct iov_iter *to, off_t *pos);
/*
 * Write at *pos (with O_APPEND at the end) and advance it.  Takes set-id bits
 * from the file as write(2) does; O_SYNC and O_DSYNC wait for the disk.  Bytes,
 * cut at RLIMIT_FSIZE and super->max_size; -EFBIG (behind those; SIGXFSZ was
 * sent for the first), -EFAULT, -ENOSPC, -EIO ...
 * Context: thread; takes inode->lock for writing; may sleep.
 */
ssize_t generic_write(struct file *file, struct iov_iter *from, off_t *pos);
/*
 * The position that lseek(2) asks for; file->pos itself is the caller's to set.
 * All before the end is data to SEEK_DATA and SEEK_HOLE.  -EINVAL (negative,
 * beyond super->max_size, unknown whence), -EOVERFLOW, -ENXIO (no data there).
 */
off_t generic_seek(struct file *file, off_t offset, int whence);
/* Areas show the page cache.  0. */
int generic_mmap(struct file *file, struct vma *vma);
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
/*
 * The events (POLL*) that file is ready for now; table, if not NULL, hears of
 * later ones.  Files without a poll function are always ready to read and
 * write.
 */
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
/*
 * The same, and openat2(2): resolve takes LOOKUP_NO_SYMLINKS, _BENEATH,
 * _IN_ROOT, _NO_XDEV and _NO_MAGIC.  0 and a new reference, or -errno as
 * open(2) lists; -EINVAL for O_CREAT with O_DIRECTORY.  Context: thread; may
 * sleep, for a FIFO until its other side is opened (-EINTR).
 */
int file_open_resolve(int dirfd, const char *name, unsigned flags,
		      uint32_t mode, unsigned resolve, struct file **result);
/* Open an already resolved path, with permission checks. */
int file_open_path(const struct path *path, unsigned flags,
		   struct file **result);
/* Its contents become size bytes long; truncate(2). */
int path_truncate(const struct path *path, off_t size);

/*
 * Changes of directories (dirops.c), as the system calls of those names, with
 * names in kernel memory.  All return 0, or what path_lookup() of the directory
 * says, -EROFS, -EACCES (the directory may not be written), -EPERM (the file
 * system cannot do that), or the file system's own error (-ENOSPC, -EIO ...).
 * Further errors are listed with each.  Context: thread, no lock of fs/ held;
 * they take the locks of the directories for writing and may sleep.
 *
 * mkdir(2); the umask applies to mode.  -EEXIST.
 */
int fs_mkdir(int dirfd, const char *name, uint32_t mode);
/*
 * mknod(2): mode has the type (none: a regular file) and is masked by the
 * umask; rdev counts for devices, which want CAP_MKNOD (-EPERM).  -EEXIST;
 * -EINVAL for an unknown type, -EPERM for a directory.
 */
int fs_mknod(int dirfd, const char *name, uint32_t mode, uint64_t rdev);
/* symlink(2): name leads to target, which is not looked at; -ENOENT for "". */
int fs_symlink(const char *target, int dirfd, const char *name);
/*
 * link(2): a further name for the file at old_name, which is found with
 * lookup_flags (LOOKUP_FOLLOW, LOOKUP_EMPTY).  -EEXIST, -EXDEV (another mount),
 * -EPERM (a directory), -ENOENT (also: its last name is gone), -EMLINK.
 */
int fs_link(int old_dirfd, const char *old_name, int dirfd, const char *name,
	    unsigned lookup_flags);
/*
 * unlink(2): the name goes at once, the file with its last user.  -ENOENT,
 * -EISDIR, -ENOTDIR (a file's name with a slash behind it), -EPERM (sticky
 * directory), -EBUSY (something is mounted there).
 */
int fs_unlink(int dirfd, const char *name);
/*
 * rmdir(2).  -ENOENT, -ENOTDIR, -ENOTEMPTY (also for ".."), -EINVAL (for "."),
 * -EPERM (sticky directory), -EBUSY (a root, or something is mounted there).
 */
int fs_rmdir(int dirfd, const char *name);
/*
 * renameat2(2): flags RENAME_NOREPLACE or RENAME_EXCHANGE, not both (-EINVAL).
 * The target, if there is one, is replaced in one step.  -EXDEV (another
 * mount), -EINVAL (a directory into itself), -ENOTEMPTY, -EEXIST, -EISDIR,
 * -ENOTDIR, -ENOENT, -EBUSY (".", "..", mount points).  Takes
 * super->rename_lock first.
 */
int fs_rename(int old_dirfd, const char *old_name, int dirfd, const char *name,
	      unsigned flags);

/* --- Descriptors (fdtable.c) ------------------------------------------ */

/*
 * Shared by threads with CLONE_FILES.  While only one task uses a table,
 * look-ups take neither lock nor reference.
 */
struct files;
/* An empty table with one reference, for the first process; NULL: no memory. */
struct files *files_create(void);
/*
 * fork(2): a table of its own with the same open files and close-on-exec marks,
 * without what is only reserved.  NULL: no memory.  Takes old's lock.
 */
struct files *files_clone(struct files *old);
/*
 * CLONE_FILES: a reference for a further task.  To be called by a task that
 * uses the table, before the other can run; look-ups take the lock from then
 * on.
 */
struct files *files_share(struct files *files);
/* A reference to look only, as /proc does: files_next(), then files_put(). */
struct files *files_get(struct files *files);
/*
 * Drop a reference; the last one closes every descriptor and frees the table.
 * Context: thread, no locks; may sleep.
 */
void files_put(struct files *files);
/*
 * execve(2): close what is marked.  The table must not be shared any more
 * (fd_unshare()).  Context: thread; may sleep.
 */
void files_close_on_exec(struct files *files);
/* Has files_share() ever been called on it?  Then it stays true. */
bool files_are_shared(const struct files *files);

/*
 * The file behind fd in the current process, until fd_put(); NULL: -EBADF.
 * Use as: file = fd_get(fd); if (!file) return -EBADF; ...; fd_put(file);
 * Whoever keeps the file beyond the system call takes a file_get() of its own.
 */
struct file *fd_get(int fd); /* FMODE_PATH files are not found */
/* fd_get() that finds O_PATH files, too: for what needs only their place. */
struct file *fd_get_any(int fd);
/*
 * Ends fd_get(); a reference was taken only where the table is shared.
 * Context: thread; may sleep (another thread may have closed the descriptor
 * meanwhile).
 */
void fd_put(struct file *file);

/*
 * Reserve n lowest free numbers >= min (invisible until installed): 0,
 * -EMFILE, -ENOMEM.
 */
int fd_reserve(int min, int *fds, size_t n);
/* Give back reserved numbers that nothing was installed in. */
void fd_release(const int *fds, size_t n);
/*
 * Make file what the reserved number fd stands for: from here on other threads
 * see it.  Takes over the caller's reference.
 */
void fd_install(int fd, struct file *file, bool cloexec);
/*
 * close(2): ops->flush() is called, and the process's record locks on the file
 * are dropped.  0 or -EBADF, also for a number that is only reserved.  Context:
 * thread, no locks; may sleep.
 */
int fd_close(int fd);
/* dup3(2) without its flag check: what was open as newfd is closed. */
int fd_replace(int newfd, struct file *file, bool cloexec);
/* close_range(2): close what is open in [first, last].  0.  May sleep. */
int fd_close_range(unsigned first, unsigned last);
/* CLOSE_RANGE_CLOEXEC: mark those that are open instead of closing them.  0. */
int fd_cloexec_range(unsigned first, unsigned last);
/*
 * CLOSE_RANGE_UNSHARE, unshare(2), execve(2): from now on the calling task has
 * a table of its own, a copy if the old one was shared.  0 or -ENOMEM.  Not
 * between fd_get() and fd_put().  Context: thread, no locks; may sleep.
 */
int fd_unshare(void);
/* F_GETFD: 1 if it is closed by execve(2), 0 if not, or -EBADF. */
int fd_get_cloexec(int fd);
/* F_SETFD: 0 or -EBADF. */
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
/*
 * For the first process: what kernel threads use, at the root of the name space
 * and with umask 022.  NULL: no memory.
 */
struct fs_context *fs_context_create(void);
/* fork(2) without CLONE_FS: a copy with one reference.  NULL: no memory. */
struct fs_context *fs_context_clone(struct fs_context *old);
/*
 * Drop a reference; the last one puts both places.  Context: thread; may
 * sleep.
 */
void fs_context_put(struct fs_context *ctx);
/* Of the current task; kernel threads share one. */
struct fs_context *fs_context_current(void);
/*
 * chdir(2) and chroot(2) after all checks: the context takes references of its
 * own on the place and puts the old one.  Context: thread; takes ctx->lock; may
 * sleep.
 */
void fs_context_set_cwd(struct fs_context *ctx, const struct path *cwd);
/* As fs_context_set_cwd(), for where absolute names start. */
void fs_context_set_root(struct fs_context *ctx, const struct path *root);

/*
 * Advisory locks (locks.c).  Drop what belongs to an open file (flock(2),
 * F_OFD_*), at its last file_put(); the inode must have inode->locks.
 */
void file_locks_release(struct file *file);
/*
 * Drop what belongs to owner on the file's inode: at close(2) the descriptor
 * table, which stands for the process.  Wakes who waits.  The inode must have
 * inode->locks.  Takes the lock of locks.c.
 */
void file_locks_release_owner(struct file *file, const void *owner);
/* The inode goes, without users and so without locks: free inode->locks. */
void inode_locks_free(struct inode *inode);
