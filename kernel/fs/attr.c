// SPDX-License-Identifier: MIT
/*
 * Attributes of inodes: who may do what (path_resolution(7), "Permissions"),
 * owners, modes, times, and how they change.
 *
 * Modes, owners and times change under inode->lock; they are read without it,
 * each in one load, so a reader sees the old or the new value.
 */
#include <fs/inode.h>

#include <string.h>

#include <linux/capability.h>
#include <linux/stat.h>

#include <lib/errno.h>

#include <core/panic.h>
#include <core/time.h>
#include <fs/file.h>
#include <proc/cred.h>

#define DAY_SEC 86400

/* The bits of mode that count for this caller, as MAY_* bits. */
static unsigned mode_bits_for(const struct inode *inode,
			      const struct cred *cred)
{
	if (cred->fsuid == inode->uid)
		return inode->mode >> 6 & 7;
	if (cred_in_group(cred, inode->gid))
		return inode->mode >> 3 & 7;
	return inode->mode & 7;
}

int inode_permission(struct inode *inode, unsigned mask)
{
	const struct cred *cred = current_cred();
	uint32_t mode = inode->mode;

	if ((mode_bits_for(inode, cred) & mask) == mask)
		return 0;
	/* Root may all but execute what nobody may. */
	if (capable(CAP_DAC_OVERRIDE) &&
	    (!(mask & MAY_EXEC) || S_ISDIR(mode) || (mode & 0111)))
		return 0;
	if (capable(CAP_DAC_READ_SEARCH) &&
	    (mask == MAY_READ || (S_ISDIR(mode) && !(mask & MAY_WRITE))))
		return 0;
	return -EACCES;
}

bool inode_owner_or_capable(const struct inode *inode)
{
	return current_cred()->fsuid == inode->uid || capable(CAP_FOWNER);
}

struct fs_time fs_time_now(void)
{
	uint64_t ns = time_wall_ns();
	struct fs_time now = { .sec = (int64_t)(ns / NSEC_PER_SEC) };

	now.nsec = (uint32_t)(ns - (uint64_t)now.sec * NSEC_PER_SEC);
	return now;
}

void inode_touch(struct inode *inode, unsigned attr_times)
{
	struct fs_time now = fs_time_now();

	if (attr_times & ATTR_ATIME)
		inode->atime = now;
	if (attr_times & ATTR_MTIME)
		inode->mtime = now;
	if (attr_times & ATTR_CTIME)
		inode->ctime = now;
	inode_mark_dirty(inode);
}

static bool time_is_after(const struct fs_time *a, const struct fs_time *b)
{
	return a->sec > b->sec || (a->sec == b->sec && a->nsec > b->nsec);
}

void inode_touch_atime(struct inode *inode)
{
	struct fs_time now;

	if (inode->super->read_only)
		return;
	/* Relatime: the first read after a change, and once a day. */
	if (time_is_after(&inode->atime, &inode->mtime) &&
	    time_is_after(&inode->atime, &inode->ctime)) {
		now = fs_time_now();
		if (now.sec - inode->atime.sec < DAY_SEC)
			return;
	}
	inode_touch(inode, ATTR_ATIME);
}

void inode_init_owner(struct inode *inode, struct inode *dir, uint32_t mode)
{
	const struct cred *cred = current_cred();

	inode->uid = cred->fsuid;
	inode->gid = cred->fsgid;
	inode->mode = mode;
	if (dir && (dir->mode & S_ISGID)) {
		inode->gid = dir->gid;
		if (S_ISDIR(mode))
			inode->mode |= S_ISGID;
	}
	inode->atime = inode->mtime = inode->ctime = inode->btime =
		fs_time_now();
}

void inode_init_special(struct inode *inode, uint32_t mode, uint64_t rdev)
{
	inode->mode = mode;
	if (S_ISCHR(mode)) {
		inode->rdev = rdev;
		inode->file_ops = &chrdev_open_ops;
	} else if (S_ISBLK(mode)) {
		inode->file_ops = &blockdev_file_ops;
		inode->rdev = rdev;
	} else if (S_ISFIFO(mode)) {
		inode->file_ops = &fifo_file_ops;
	}
}

int inode_setattr_generic(struct inode *inode, const struct inode_attr *attr)
{
	int ret = 0;

	ASSERT(rwsem_is_write_held(&inode->lock));
	if (attr->valid & ATTR_SIZE && attr->size > inode_size(inode))
		ret = pagecache_prepare_hole(&inode->mapping);
	if (ret)
		return ret;
	if (attr->valid & ATTR_SIZE) {
		/* First the size: a reader then never sees dropped pages. */
		inode_set_size(inode, attr->size);
		pagecache_truncate(&inode->mapping, attr->size);
	}
	if (attr->valid & ATTR_MODE)
		inode->mode = (inode->mode & S_IFMT) | (attr->mode & 07777);
	if (attr->valid & ATTR_UID)
		inode->uid = attr->uid;
	if (attr->valid & ATTR_GID)
		inode->gid = attr->gid;
	if (attr->valid & ATTR_ATIME)
		inode->atime = attr->atime;
	if (attr->valid & ATTR_MTIME)
		inode->mtime = attr->mtime;
	if (attr->valid & ATTR_CTIME)
		inode->ctime = attr->ctime;
	inode_mark_dirty(inode);
	return 0;
}

static int chown_check(const struct inode *inode, const struct inode_attr *attr)
{
	const struct cred *cred = current_cred();
	bool owner = cred->fsuid == inode->uid;

	if (capable(CAP_CHOWN))
		return 0;
	if ((attr->valid & ATTR_UID) && (!owner || attr->uid != inode->uid))
		return -EPERM;
	if ((attr->valid & ATTR_GID) &&
	    (!owner ||
	     (attr->gid != inode->gid && !cred_in_group(cred, attr->gid))))
		return -EPERM;
	return 0;
}

/* A file that changes hands or contents is no longer set-id. */
static void strip_set_id(const struct inode *inode, struct inode_attr *attr)
{
	uint32_t drop = 0;

	if (!S_ISREG(inode->mode) || (attr->valid & ATTR_MODE))
		return;
	if (inode->mode & S_ISUID)
		drop |= S_ISUID;
	if ((inode->mode & (S_ISGID | S_IXGRP)) == (S_ISGID | S_IXGRP))
		drop |= S_ISGID;
	if (drop) {
		attr->valid |= ATTR_MODE;
		attr->mode = inode->mode & 07777 & ~drop;
	}
}

static int setattr_prepare(struct inode *inode, struct inode_attr *attr)
{
	int ret;

	if (attr->valid & (ATTR_UID | ATTR_GID)) {
		ret = chown_check(inode, attr);
		if (ret)
			return ret;
		strip_set_id(inode, attr);
	} else if (attr->valid & ATTR_MODE) {
		if (!inode_owner_or_capable(inode))
			return -EPERM;
		if (!cred_in_group(current_cred(), inode->gid) &&
		    !capable(CAP_FSETID))
			attr->mode &= ~(uint32_t)S_ISGID;
	} else if (attr->valid & ATTR_SIZE) {
		if ((uint64_t)attr->size > inode->super->max_size)
			return -EFBIG;
		if (!capable(CAP_FSETID))
			strip_set_id(inode, attr);
		attr->valid |= ATTR_MTIME;
		attr->mtime = fs_time_now();
	}
	if (!(attr->valid & ATTR_CTIME)) {
		attr->valid |= ATTR_CTIME;
		attr->ctime = fs_time_now();
	}
	return 0;
}

int inode_setattr(struct inode *inode, struct inode_attr *attr)
{
	int ret;

	if (inode->super->read_only)
		return -EROFS;
	rwsem_write_lock(&inode->lock);
	ret = setattr_prepare(inode, attr);
	if (!ret && inode->ops->setattr)
		ret = inode->ops->setattr(inode, attr);
	else if (!ret)
		ret = inode_setattr_generic(inode, attr);
	rwsem_write_unlock(&inode->lock);
	return ret;
}

/* writers > 0: open for writing; < 0: so many programs run from it. */
static int writers_step(struct inode *inode, int step)
{
	int writers = atomic_load(&inode->writers);

	do {
		if (step > 0 ? writers < 0 : writers > 0)
			return -ETXTBSY;
	} while (!atomic_cmpxchg(&inode->writers, &writers, writers + step));
	return 0;
}

int inode_deny_write(struct inode *inode)
{
	return writers_step(inode, -1);
}

void inode_allow_write(struct inode *inode)
{
	atomic_add(&inode->writers, 1);
}

int inode_get_write(struct inode *inode)
{
	return writers_step(inode, 1);
}

void inode_put_write(struct inode *inode)
{
	atomic_sub(&inode->writers, 1);
}
