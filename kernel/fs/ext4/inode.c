// SPDX-License-Identifier: MIT
/*
 * Inodes: finding their place in the table, reading and checking them ("Inode
 * Table").
 */
#include <string.h>

#include <linux/stat.h>

#include <lib/errno.h>

#include <core/panic.h>
#include <core/printk.h>

#include "raw_inode.h"

/* --- place in the table --- */

int ext4_inode_locate(struct ext4_fs *fs, uint32_t ino, struct buffer **buf,
		      struct ext4_raw_inode **raw)
{
	uint32_t index = (ino - 1) % fs->inodes_per_group;
	const struct ext4_group *group =
		ext4_group(fs, (ino - 1) / fs->inodes_per_group);
	uint64_t offset = (uint64_t)index * fs->inode_size;
	int ret;

	ret = buffer_read(fs->cache,
			  group->inode_table + (offset >> fs->block_bits), buf);
	if (ret)
		return ret;
	*raw = (void *)((char *)(*buf)->data + (offset & (fs->block_size - 1)));
	return 0;
}

/* --- reading --- */

/* Seconds are signed; two more bits above them, nanoseconds above those. */
static struct fs_time ext4_time_decode(le32 sec, const le32 *extra)
{
	struct fs_time time = { .sec = (int32_t)le32_to_cpu(sec) };
	uint32_t more = extra ? le32_to_cpu(*extra) : 0;

	time.sec += (int64_t)(more & 3) << 32;
	time.nsec = more >> EXT4_TIME_EPOCH_BITS;
	if (time.nsec >= 1000000000)
		time.nsec = 0;
	return time;
}

static void ext4_inode_decode_times(struct ext4_fs *fs, struct inode *vfs,
				    const struct ext4_raw_inode *raw)
{
	uint16_t extra = ext4_inode(vfs)->extra_isize;

	vfs->atime = ext4_time_decode(
		raw->i_atime, EXT4_RAW_FIELD(fs, extra, raw, i_atime_extra));
	vfs->mtime = ext4_time_decode(
		raw->i_mtime, EXT4_RAW_FIELD(fs, extra, raw, i_mtime_extra));
	vfs->ctime = ext4_time_decode(
		raw->i_ctime, EXT4_RAW_FIELD(fs, extra, raw, i_ctime_extra));
	if (EXT4_RAW_HAS(fs, extra, i_crtime_extra))
		vfs->btime =
			ext4_time_decode(raw->i_crtime, &raw->i_crtime_extra);
	else
		vfs->btime = vfs->ctime;
}

static uint64_t ext4_decode_blocks(const struct ext4_fs *fs,
				   const struct ext4_raw_inode *raw)
{
	uint64_t n = le32_to_cpu(raw->i_blocks_lo);

	if (!fs->has_huge_file)
		return n >> (fs->block_bits - 9);
	n |= (uint64_t)le16_to_cpu(raw->i_blocks_hi) << 32;
	if (le32_to_cpu(raw->i_flags) & EXT4_HUGE_FILE_FL)
		return n;
	return n >> (fs->block_bits - 9);
}

/* Device numbers: the old 8+8 bits in the first word, else Linux's new ones. */
static uint64_t ext4_decode_rdev(const struct ext4_inode *inode)
{
	uint32_t old = inode->block[0], new = inode->block[1];
	uint32_t major, minor;

	if (old) {
		major = old >> 8 & 0xff;
		minor = old & 0xff;
	} else {
		major = new >> 8 & 0xfff;
		minor = (new & 0xff) | (new >> 12 & 0xfff00);
	}
	return (uint64_t)(major & 0xfff) << 8 | (minor & 0xff) |
	       (uint64_t)(minor & ~0xffu) << 12;
}

static void ext4_inode_decode(struct ext4_fs *fs, struct ext4_inode *inode,
			      const struct ext4_raw_inode *raw)
{
	struct inode *vfs = &inode->vfs;
	uint64_t size = le32_to_cpu(raw->i_size_lo);

	vfs->mode = le16_to_cpu(raw->i_mode);
	vfs->uid = le16_to_cpu(raw->i_uid_lo) |
		   (uint32_t)le16_to_cpu(raw->i_uid_hi) << 16;
	vfs->gid = le16_to_cpu(raw->i_gid_lo) |
		   (uint32_t)le16_to_cpu(raw->i_gid_hi) << 16;
	vfs->nlink = le16_to_cpu(raw->i_links_count);
	size |= (uint64_t)le32_to_cpu(raw->i_size_hi) << 32;
	inode_set_size(vfs, (off_t)size);
	inode->disk_size = size;
	inode->blocks = ext4_decode_blocks(fs, raw);
	vfs->blocks = inode->blocks << (fs->block_bits - 9);
	inode->flags = le32_to_cpu(raw->i_flags);
	inode->dtime = le32_to_cpu(raw->i_dtime);
	inode->generation = le32_to_cpu(raw->i_generation);
	inode->file_acl = le32_to_cpu(raw->i_file_acl_lo) |
			  (uint64_t)le16_to_cpu(raw->i_file_acl_hi) << 32;
	for (int i = 0; i < EXT4_N_BLOCKS; i++)
		inode->block[i] = le32_to_cpu(raw->i_block[i]);
	ext4_inode_decode_times(fs, vfs, raw);
}

/* The parts that decoding relies on. */
static int ext4_raw_check(struct ext4_fs *fs, struct ext4_inode *inode,
			  const struct ext4_raw_inode *raw)
{
	uint64_t ino = inode->vfs.ino;
	uint32_t stored, computed;

	inode->extra_isize = 0;
	if (fs->inode_size > EXT4_GOOD_OLD_INODE_SIZE)
		inode->extra_isize = le16_to_cpu(raw->i_extra_isize);
	if (inode->extra_isize % 4 ||
	    inode->extra_isize > fs->inode_size - EXT4_GOOD_OLD_INODE_SIZE)
		return ext4_damaged(fs, ino, "wrong i_extra_isize");
	inode->csum_seed = ext4_inode_seed(fs, (uint32_t)ino,
					   le32_to_cpu(raw->i_generation));
	if (!fs->has_csum)
		return 0;
	computed = ext4_raw_inode_csum(fs, inode->csum_seed, raw);
	stored = le16_to_cpu(raw->i_checksum_lo);
	if (EXT4_RAW_HAS(fs, inode->extra_isize, i_checksum_hi))
		stored |= (uint32_t)le16_to_cpu(raw->i_checksum_hi) << 16;
	else
		computed &= 0xffff;
	if (stored != computed)
		return ext4_damaged(fs, ino, "wrong checksum");
	return 0;
}

static int ext4_inode_check(struct ext4_fs *fs, const struct ext4_inode *inode,
			    bool orphan)
{
	const struct inode *vfs = &inode->vfs;
	uint64_t size = (uint64_t)inode_size(vfs);

	if (!vfs->mode || (!vfs->nlink && !orphan))
		return -ESTALE;
	if (inode->flags &
	    (EXT4_INLINE_DATA_FL | EXT4_ENCRYPT_FL | EXT4_EA_INODE_FL)) {
		pr_warn("ext4: inode %llu has a feature that is not supported",
			(unsigned long long)vfs->ino);
		return -EOPNOTSUPP;
	}
	/* Its blocks go from the end on; a crash may have come between. */
	if (!vfs->nlink)
		return 0;
	if (size >> 63 || (S_ISREG(vfs->mode) && size > fs->super->max_size))
		return ext4_damaged(fs, vfs->ino, "senseless size");
	if (S_ISDIR(vfs->mode) &&
	    (size % fs->block_size || size >> fs->block_bits >> 32 || !size))
		return ext4_damaged(fs, vfs->ino, "senseless directory size");
	if (S_ISLNK(vfs->mode) &&
	    (!size || size >= fs->block_size ||
	     (ext4_is_fast_symlink(inode) && size >= sizeof(inode->block))))
		return ext4_damaged(fs, vfs->ino, "senseless symbolic link");
	return 0;
}

/* Operations by type. */
int ext4_inode_set_ops(struct ext4_fs *fs, struct inode *vfs)
{
	vfs->mapping.ops = &ext4_mapping_ops;
	switch (vfs->mode & S_IFMT) {
	case S_IFREG:
		vfs->ops = &ext4_file_inode_ops;
		vfs->file_ops = &ext4_file_ops;
		return 0;
	case S_IFDIR:
		vfs->ops = &ext4_dir_inode_ops;
		vfs->file_ops = &ext4_dir_ops;
		return 0;
	case S_IFLNK:
		vfs->ops = &ext4_symlink_inode_ops;
		return 0;
	case S_IFCHR:
	case S_IFBLK:
	case S_IFIFO:
	case S_IFSOCK:
		vfs->ops = &ext4_special_inode_ops;
		inode_init_special(vfs, vfs->mode,
				   ext4_decode_rdev(ext4_inode(vfs)));
		return 0;
	default:
		return ext4_damaged(fs, vfs->ino, "unknown file type %o",
				    vfs->mode);
	}
}

int ext4_inode_read(struct ext4_fs *fs, struct ext4_inode *inode, bool orphan)
{
	struct ext4_raw_inode *raw;
	struct buffer *buf;
	int ret;

	/* It may have been changed, and forgotten, in the one that is written. */
	inode->commit = ext4_commit_running(fs) - 1;
	ret = ext4_inode_in_use(fs, (uint32_t)inode->vfs.ino);
	if (ret)
		return ret;
	ret = ext4_inode_locate(fs, (uint32_t)inode->vfs.ino, &buf, &raw);
	if (ret)
		return ret;
	ret = ext4_raw_check(fs, inode, raw);
	if (!ret) {
		ext4_inode_decode(fs, inode, raw);
		ret = ext4_inode_check(fs, inode, orphan);
	}
	buffer_put(buf);
	return ret ? ret : ext4_inode_set_ops(fs, &inode->vfs);
}

int ext4_iget(struct ext4_fs *fs, uint64_t ino, bool orphan,
	      struct inode **result)
{
	struct inode *inode;
	int ret;

	if (ino < 1 || ino > fs->nr_inodes ||
	    (ino < fs->first_ino && ino != EXT4_ROOT_INO))
		return ext4_damaged(fs, ino,
				    "no such inode, but a name for it");
	inode = inode_lookup(fs->super, ino);
	if (!inode)
		return -ENOMEM;
	if (!(atomic_load(&inode->state) & INODE_NEW)) {
		if (atomic_load(&inode->state) & INODE_BAD) {
			inode_put(inode);
			return -EIO;
		}
		*result = inode;
		return 0;
	}
	ret = ext4_inode_read(fs, ext4_inode(inode), orphan);
	if (ret) {
		inode_failed(inode);
		return ret;
	}
	inode_ready(inode);
	*result = inode;
	return 0;
}
