// SPDX-License-Identifier: MIT
/* procfs: /proc/PID/mounts and mountinfo, as proc(5) lays them out. */
#include <stdio.h>
#include <string.h>

#include <linux/limits.h>
#include <linux/mount.h>

#include <lib/errno.h>

#include <core/alloc.h>
#include <fs/dentry.h>
#include <fs/mount.h>
#include <proc/task.h>

#include "procfs_internal.h"

static const struct {
	unsigned flag;
	const char *text;
} mount_options[] = {
	{ MS_NOSUID, ",nosuid" },         { MS_NODEV, ",nodev" },
	{ MS_NOEXEC, ",noexec" },         { MS_NOATIME, ",noatime" },
	{ MS_NODIRATIME, ",nodiratime" },
};

static void show_options(struct proc_text *text, const struct mount *mount)
{
	proc_printf(text, "%s", mount_check_write(mount) ? "ro" : "rw");
	for (size_t i = 0; i < ARRAY_SIZE(mount_options); i++) {
		if (mount->flags & mount_options[i].flag)
			proc_printf(text, "%s", mount_options[i].text);
	}
	if (!(mount->flags & MS_NOATIME))
		proc_printf(text, ",relatime");
}

static void show_super_options(struct proc_text *text, struct super *super)
{
	char options[128] = "";

	if (super->ops->show_options)
		super->ops->show_options(super, options, sizeof(options));
	proc_printf(text, "%s", options);
}

/* Where it is mounted, or NULL: out of the caller's sight. */
static const char *mount_point(struct mount *mount, char *buf)
{
	const struct path top = { mount, mount->root };
	const char *name = path_to_string(&top, buf, PATH_MAX);

	return name && *name == '/' ? name : NULL;
}

typedef void mount_show(struct proc_text *text, struct mount *mount,
			const char *point);

static int show_all(struct proc_text *text, mount_show *show)
{
	char *buf = kmalloc(PATH_MAX);
	struct mount *mount;
	const char *point;

	if (!buf)
		return -ENOMEM;
	for (unsigned n = 0; (mount = mount_nth(n)) != NULL; n++) {
		point = mount_point(mount, buf);
		if (point)
			show(text, mount, point);
		mount_put(mount);
	}
	kfree(buf);
	return 0;
}

static void show_mount(struct proc_text *text, struct mount *mount,
		       const char *point)
{
	proc_printf(text, "%s %s %s ", mount->source, point,
		    mount->super->type->name);
	show_options(text, mount);
	show_super_options(text, mount->super);
	proc_printf(text, " 0 0\n");
}

int proc_show_mounts(struct proc_text *text, const struct proc_node *node)
{
	(void)node;
	return show_all(text, show_mount);
}

static void show_info(struct proc_text *text, struct mount *mount,
		      const char *point)
{
	/* Numbers of mounts are only asked to be different. */
	unsigned id = (unsigned)((uintptr_t)mount >> 4 & 0xffffff);
	unsigned parent =
		(unsigned)((uintptr_t)mount->parent.mount >> 4 & 0xffffff);
	uint64_t dev = mount->super->dev;

	proc_printf(text, "%u %u %u:%u / %s ", id, parent ? parent : id,
		    (unsigned)(dev >> 8 & 0xfff), (unsigned)(dev & 0xff),
		    point);
	show_options(text, mount);
	proc_printf(text, " - %s %s %s", mount->super->type->name,
		    mount->source, mount->super->read_only ? "ro" : "rw");
	show_super_options(text, mount->super);
	proc_printf(text, "\n");
}

int proc_show_mountinfo(struct proc_text *text, const struct proc_node *node)
{
	(void)node;
	return show_all(text, show_info);
}
