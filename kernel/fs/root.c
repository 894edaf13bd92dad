// SPDX-License-Identifier: MIT
/*
 * The way to a root file system.
 *
 * First there is an empty tmpfs, with the boot loader's initrd in it if there
 * is one.  Then a disk is looked for, as the options root=, rootfstype=,
 * rootflags=, ro say; with a good one the tmpfs goes away again.  Else the
 * rescue system that is built into the kernel is unpacked: it can tell what
 * went wrong, and help.  Whatever is decided is told in one line.
 */
#include <fs/mount.h>

#include <stdio.h>
#include <string.h>

#include <linux/fcntl.h>
#include <linux/mount.h>
#include <linux/stat.h>

#include <lib/errno.h>

#include <arch/image.h>
#include <arch/memory.h>
#include <core/alloc.h>
#include <core/panic.h>
#include <core/param.h>
#include <core/printk.h>
#include <dev/block.h>
#include <fs/devfs/devfs.h>
#include <fs/file.h>
#include <fs/initramfs.h>
#include <fs/inode.h>

#define NEW_ROOT "/newroot"

struct root_options {
	char device[64]; /* "": any */
	char type[16];   /* "": any */
	char flags[128];
	unsigned long mount_flags;
};

static bool path_exists(const char *name)
{
	struct path path;

	if (path_lookup(AT_FDCWD, name, LOOKUP_FOLLOW, &path))
		return false;
	path_put(&path);
	return true;
}

static void options_get(struct root_options *options)
{
	memset(options, 0, sizeof(*options));
	(void)param_get("root", options->device, sizeof(options->device));
	(void)param_get("rootfstype", options->type, sizeof(options->type));
	(void)param_get("rootflags", options->flags, sizeof(options->flags));
	if (param_is_set("ro"))
		options->mount_flags |= MS_RDONLY;
}

static const char *reason(int error)
{
	switch (error) {
	case -EIO:
		return "it cannot be read";
	case -EINVAL:
		return "it holds no file system that is known here";
	case -EUCLEAN:
		return "its file system is damaged";
	case -EOPNOTSUPP:
		return "its file system has features that are unknown here";
	case -ENOMEM:
		return "there is not enough memory";
	case -ENODEV:
		return "there is no file system of that name";
	case -ENOMEDIUM:
		return "there is no medium in it";
	case -ENXIO:
		return "there is no such device, or it is too small";
	case -EROFS:
	case -EACCES:
		return "it is read-only";
	default:
		return NULL;
	}
}

static void tell_failure(const char *name, int error)
{
	const char *why = reason(error);

	if (why)
		pr_err("root: %s cannot be mounted: %s", name, why);
	else
		pr_err("root: %s cannot be mounted: error %d", name, -error);
}

static int mount_as(const struct block_device *bdev, const char *type,
		    unsigned long flags, const struct root_options *options)
{
	char node[sizeof("/dev/") + sizeof(bdev->name)];

	flags |= options->mount_flags;
	if (bdev->read_only)
		flags |= MS_RDONLY;
	snprintf(node, sizeof(node), "/dev/%s", bdev->name);
	return fs_mount(node, NEW_ROOT, type, flags,
			options->flags[0] ? options->flags : NULL);
}

/* Try all types: 0, or the error that says most. */
static int mount_as_any(const struct block_device *bdev, unsigned long flags,
			const struct root_options *options, const char **type)
{
	struct fs_type *each = NULL;
	int ret = -EINVAL;

	while ((each = fs_type_next(each)) != NULL) {
		if (!each->needs_device || each->noauto)
			continue;
		*type = each->name;
		ret = mount_as(bdev, each->name, flags, options);
		/* -EINVAL is "not mine"; else it knows the file system. */
		if (ret != -EINVAL)
			break;
	}
	return ret;
}

/* Try the given type or all. */
static int mount_device(const struct block_device *bdev,
			const struct root_options *options, const char **type)
{
	int ret;

	*type = options->type;
	if (options->type[0])
		return mount_as(bdev, options->type, 0, options);
	ret = mount_as_any(bdev, MS_SILENT, options, type);
	/* Somebody named the disk: so there is something on it, if damaged. */
	if (ret == -EINVAL && options->device[0])
		ret = mount_as_any(bdev, 0, options, type);
	return ret;
}

/* A root directory that cannot be read would take the rescue system away. */
static int check_new_root(void)
{
	struct path path;
	int ret = path_lookup(AT_FDCWD, NEW_ROOT "/dev", 0, &path);

	if (!ret)
		path_put(&path);
	return ret == -ENOENT ? 0 : ret;
}

/* Nothing refers to the old tree any more but the tree itself. */
static int enter_new_root(void)
{
	struct fs_context *ctx = fs_context_current();
	struct path root;
	int ret;

	(void)fs_umount("/dev", 0);
	ret = path_lookup(AT_FDCWD, NEW_ROOT, LOOKUP_FOLLOW, &root);
	if (ret)
		return ret;
	ret = fs_switch_root(&root);
	if (!ret) {
		fs_context_set_root(ctx, &root);
		fs_context_set_cwd(ctx, &root);
	}
	path_put(&root);
	return ret;
}

static void mount_dev(void)
{
	int ret = fs_mount("devtmpfs", "/dev", "devtmpfs", 0, NULL);

	if (ret)
		pr_warn("root: nothing is mounted on /dev: error %d", -ret);
}

static bool try_device(struct block_device *bdev,
		       const struct root_options *options)
{
	const char *type;
	int ret = mount_device(bdev, options, &type);

	if (!ret) {
		ret = check_new_root();
		if (!ret)
			ret = enter_new_root();
		if (ret)
			(void)fs_umount(NEW_ROOT, 0);
	}
	if (ret) {
		tell_failure(bdev->name, ret);
		return false;
	}
	pr_info("root: %s, %s%s", bdev->name, type,
		(options->mount_flags & MS_RDONLY) || bdev->read_only
			? ", read-only"
			: "");
	mount_dev();
	return true;
}

static bool mount_disk(const struct root_options *options)
{
	struct block_device *bdev;

	if (options->device[0]) {
		bdev = block_device_find(options->device);
		if (bdev)
			return try_device(bdev, options);
		pr_err("root: there is no %s", options->device);
		return false;
	}
	if (!block_device_nth(0)) {
		pr_err("root: there is no disk");
		return false;
	}
	for (unsigned i = 0; (bdev = block_device_nth(i)) != NULL; i++) {
		if (!block_disk_has_partitions(bdev) &&
		    try_device(bdev, options))
			return true;
	}
	return false;
}

/* What the boot loader brought: true if a system starts from there. */
static bool unpack_initrd(void)
{
	struct mem_range range;
	size_t len;

	if (!memory_initrd(&range, &len))
		return false;
	if (initramfs_unpack("initrd", phys_to_virt(range.start), len))
		return false;
	return path_exists("/init");
}

static void make_first_root(void)
{
	if (fs_mount_first("rootfs", "mode=755") ||
	    fs_mkdir(AT_FDCWD, "/dev", 0755) ||
	    fs_mkdir(AT_FDCWD, NEW_ROOT, 0755))
		panic("no memory for the first root file system");
	devfs_start();
	mount_dev();
}

void fs_mount_root(void)
{
	struct fs_context *ctx = fs_context_current();
	struct root_options options;
	bool has_initrd;

	options_get(&options);
	ctx->umask = 0;
	make_first_root();
	has_initrd = unpack_initrd();

	if (has_initrd && !options.device[0]) {
		pr_info("root: the initrd");
	} else if (!strcmp(options.device, "none") || param_is_set("rdinit")) {
		pr_info("root: the rescue system, as asked for");
	} else if (mount_disk(&options)) {
		goto out;
	} else {
		pr_warn("root: going on with the rescue system");
	}
	if (!has_initrd)
		(void)initramfs_unpack(
			"initramfs", initramfs_start,
			(size_t)(initramfs_end - initramfs_start));
	(void)fs_rmdir(AT_FDCWD, NEW_ROOT);
out:
	ctx->umask = 022;
}
