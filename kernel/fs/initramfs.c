// SPDX-License-Identifier: MIT
/*
 * Initial file systems: cpio archives, from the kernel image or the boot
 * loader, become files in the root (a tmpfs then).
 */
#include <fs/initramfs.h>

#include <string.h>

#include <linux/fcntl.h>
#include <linux/limits.h>
#include <linux/stat.h>

#include <sys/queue.h>

#include <lib/errno.h>

#include <core/alloc.h>
#include <core/printk.h>
#include <dev/chrdev.h>
#include <fs/cpio.h>
#include <fs/dentry.h>
#include <fs/file.h>
#include <fs/inode.h>

/* A file with several names: the first one that came. */
struct link_seen {
	SLIST_ENTRY(link_seen) next;
	uint32_t ino, dev_major, dev_minor;
	char name[];
};

SLIST_HEAD(link_list, link_seen);

static const struct link_seen *link_find(const struct link_list *links,
					 const struct cpio_entry *entry)
{
	const struct link_seen *seen;

	SLIST_FOREACH (seen, links, next) {
		if (seen->ino == entry->ino &&
		    seen->dev_major == entry->dev_major &&
		    seen->dev_minor == entry->dev_minor)
			return seen;
	}
	return NULL;
}

static int link_remember(struct link_list *links,
			 const struct cpio_entry *entry, const char *name)
{
	struct link_seen *seen = kmalloc(sizeof(*seen) + strlen(name) + 1);

	if (!seen)
		return -ENOMEM;
	seen->ino = entry->ino;
	seen->dev_major = entry->dev_major;
	seen->dev_minor = entry->dev_minor;
	strcpy(seen->name, name);
	SLIST_INSERT_HEAD(links, seen, next);
	return 0;
}

static int make_dir(const char *name, uint32_t mode)
{
	int ret = fs_mkdir(AT_FDCWD, name, mode);

	return ret == -EEXIST ? 0 : ret;
}

static int write_file(const struct cpio_entry *entry, const char *name,
		      unsigned flags)
{
	struct file *file;
	ssize_t n;
	int ret;

	ret = file_open(AT_FDCWD, name, O_WRONLY | O_NOFOLLOW | flags,
			entry->mode & 07777, &file);
	if (ret)
		return ret;
	n = file_write_kernel(file, entry->data, entry->size, 0);
	file_put(file);
	if (n < 0)
		return (int)n;
	return (size_t)n < entry->size ? -ENOSPC : 0;
}

/* The contents of a file with several names come with the last of them. */
static int make_file(struct link_list *links, const struct cpio_entry *entry,
		     const char *name)
{
	const struct link_seen *seen = NULL;
	int ret;

	if (entry->nlink > 1)
		seen = link_find(links, entry);
	if (seen) {
		ret = fs_link(AT_FDCWD, seen->name, AT_FDCWD, name, 0);
		if (ret || !entry->size)
			return ret;
		return write_file(entry, name, O_TRUNC);
	}
	ret = write_file(entry, name, O_CREAT | O_EXCL);
	if (!ret && entry->nlink > 1)
		ret = link_remember(links, entry, name);
	return ret;
}

static int make_symlink(const struct cpio_entry *entry, const char *name)
{
	char *target;
	int ret;

	if (!entry->size || entry->size >= PATH_MAX)
		return -ENAMETOOLONG;
	target = kmalloc(entry->size + 1);
	if (!target)
		return -ENOMEM;
	memcpy(target, entry->data, entry->size);
	target[entry->size] = '\0';
	ret = fs_symlink(target, AT_FDCWD, name);
	kfree(target);
	return ret;
}

static int set_attributes(const struct cpio_entry *entry, const char *name)
{
	struct inode_attr attr = {
		.valid = ATTR_UID | ATTR_GID | ATTR_MTIME | ATTR_MODE,
		.mode = entry->mode & 07777,
		.uid = entry->uid,
		.gid = entry->gid,
		.mtime = { .sec = entry->mtime },
	};
	struct path path;
	int ret;

	ret = path_lookup(AT_FDCWD, name, 0, &path);
	if (ret)
		return ret;
	if (S_ISLNK(entry->mode))
		attr.valid &= ~ATTR_MODE;
	ret = inode_setattr(dentry_inode(path.dentry), &attr);
	path_put(&path);
	return ret;
}

static int make_member(struct link_list *links, const struct cpio_entry *entry,
		       const char *name)
{
	uint32_t type = entry->mode & S_IFMT;
	int ret;

	/* A later archive replaces what an earlier one brought. */
	if (type != S_IFDIR)
		(void)fs_unlink(AT_FDCWD, name);
	switch (type) {
	case S_IFDIR:
		ret = make_dir(name, entry->mode & 07777);
		break;
	case S_IFREG:
		ret = make_file(links, entry, name);
		break;
	case S_IFLNK:
		ret = make_symlink(entry, name);
		break;
	case S_IFCHR:
	case S_IFBLK:
	case S_IFIFO:
	case S_IFSOCK:
		ret = fs_mknod(AT_FDCWD, name, entry->mode,
			       DEV_MAKE(entry->rdev_major, entry->rdev_minor));
		break;
	default:
		ret = -EINVAL;
		break;
	}
	return ret ? ret : set_attributes(entry, name);
}

/* "./a" and "/a" mean "a"; the archive's own root is "." or "". */
static const char *member_name(const char *name)
{
	for (;;) {
		if (name[0] == '/')
			name++;
		else if (name[0] == '.' && name[1] == '/')
			name += 2;
		else
			return name[0] == '.' && !name[1] ? name + 1 : name;
	}
}

int initramfs_unpack(const char *what, const void *data, size_t len)
{
	struct link_list links = SLIST_HEAD_INITIALIZER(links);
	struct cpio_reader reader;
	struct cpio_entry entry;
	struct link_seen *seen;
	int ret;

	cpio_open(&reader, data, len);
	while ((ret = cpio_next(&reader, &entry)) > 0) {
		const char *name = member_name(entry.name);
		int err;

		if (!*name)
			continue;
		err = strlen(name) < PATH_MAX
			      ? make_member(&links, &entry, name)
			      : -ENAMETOOLONG;
		if (err)
			pr_warn("%s: cannot make %.100s: error %d", what, name,
				-err);
	}
	if (ret < 0)
		pr_err("%s: not usable from byte %lu on: %s", what,
		       (unsigned long)reader.pos, reader.error);
	while ((seen = SLIST_FIRST(&links)) != NULL) {
		SLIST_REMOVE_HEAD(&links, next);
		kfree(seen);
	}
	return ret;
}
