// SPDX-License-Identifier: MIT
/*
 * Mounts: the tree of file systems that makes up the name space.
 */
#pragma once

#include <sys/queue.h>

#include <lib/types.h>

#include <core/refcount.h>

struct dentry;
struct mount;
struct super;

/* A place in the name space; holds a reference on both when marked "owned". */
struct path {
	struct mount *mount;
	struct dentry *dentry;
};

struct mount {
	refcount_t refs;     /* [a] paths into it */
	struct super *super; /* [I] */
	/* [I] (differs from super->root for bind mounts) */
	struct dentry *root;
	struct path parent; /* [mount lock] where it is mounted; owned */
	unsigned flags; /* [mount lock] MS_RDONLY | MS_NOSUID | MS_NOEXEC ... */
	char *source;   /* [I] device name as given, for /proc/mounts */
	LIST_ENTRY(mount) hash_link; /* [mount lock] by parent */
	TAILQ_ENTRY(mount) link; /* [mount lock] all, in order of mounting */
};

/* A further reference on mount and dentry, so that a copy of *path is owned. */
void path_get(const struct path *path);
/* Drop an owned path's references; *path itself stays.  Thread; may sleep. */
void path_put(struct path *path);
static inline bool path_equal(const struct path *a, const struct path *b)
{
	return a->mount == b->mount && a->dentry == b->dentry;
}

static inline void mount_get(struct mount *mount)
{
	refcount_get(&mount->refs);
}
/*
 * Drop a reference.  The last one, of a mount that umount2(MNT_DETACH) took out
 * of the tree, takes the mount lock and lets go of the super block.
 * Context: thread; may sleep; under the mount lock only if it is not the last.
 */
void mount_put(struct mount *mount);

/* mount(2) and umount2(2), kernel pointers.  0 or -errno as those pages list. */
int fs_mount(const char *source, const char *target, const char *type,
	     unsigned long flags, const char *options);
/*
 * umount2(2); target in kernel memory, flags MNT_DETACH and UMOUNT_NOFOLLOW
 * count.  0, -EPERM, -EINVAL (unknown flags, or target is not where something
 * is mounted), -EBUSY (in use, or the top), or what the look-up says.  Context:
 * thread; takes the mount lock; may sleep.
 */
int fs_umount(const char *target, unsigned flags);
/* The first mount: a super block of that type is the name space.  0 or -errno. */
int fs_mount_first(const char *type, const char *options);
/* The top of the name space, owned. */
void fs_root_path(struct path *root);
/* Make new_root the top; what was there before goes with its last user. */
int fs_switch_root(const struct path *new_root);

/* What is mounted on path, or NULL; referenced. */
struct mount *mount_lookup(const struct path *path);
/* Where path's mount is mounted: true and an owned path, false at the top. */
bool mount_parent(const struct mount *mount, struct path *parent);
/* May not be written: -EROFS, else 0. */
int mount_check_write(const struct mount *mount);
/* The n-th in order of mounting, referenced; NULL: no more.  For /proc. */
struct mount *mount_nth(unsigned n);

/*
 * "/a/b" of a path as seen from the current root, into buf from its end;
 * returns the start, or NULL when it does not fit.  "(unreachable)" goes
 * before what lies outside of the root.  May sleep.
 */
char *path_to_string(const struct path *path, char *buf, size_t len);

/*
 * Mount the root: tmpfs filled from the initramfs first; then, unless the
 * command line says root=none or rdinit=, the device of root= (or the first
 * block device with a known file system).  Says what it did, and why not.
 * On failure the initramfs stays the root (rescue).  Thread context.
 */
void fs_mount_root(void);
