// SPDX-License-Identifier: MIT
/*
 * Inodes: reading, creating, storing, and freeing them ("Inode Table").
 *
 * In memory struct ext4_inode counts; its place in the inode table is written
 * when the inode is stored, and then only the fields that we know: what else
 * is there, such as attributes behind i_extra_isize, stays.
 */
#include <string.h>

#include <linux/stat.h>

#include <lib/errno.h>

#include <core/panic.h>
#include <core/printk.h>

#include "ext4_internal.h"

#define EXT4_TIME_EPOCH_BITS 2

/* --- place in the table --- */

static int ext4_inode_locate(struct ext4_fs *fs, uint32_t ino,
			     struct buffer **buf, struct ext4_raw_inode **raw)
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

/* Does the inode on disk have that field, which needs end bytes? */
#define EXT4_RAW_HAS(fs, extra, field)                                         \
	((fs)->inode_size > EXT4_GOOD_OLD_INODE_SIZE &&                        \
	 (size_t)(extra) + EXT4_GOOD_OLD_INODE_SIZE >=                         \
		 offsetof(struct ext4_raw_inode, field) +                      \
			 sizeof(((struct ext4_raw_inode *)0)->field))

/* The field, or NULL: an inode of 128 bytes ends before it. */
#define EXT4_RAW_FIELD(fs, extra, raw, field)                                  \
	(EXT4_RAW_HAS(fs, extra, field) ? &(raw)->field : NULL)

/* --- times --- */

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

static le32 ext4_time_extra(const struct fs_time *time)
{
	/* What the signed 32 bits do not say. */
	uint32_t epoch = (uint32_t)((time->sec - (int32_t)time->sec) >> 32) & 3;

	return cpu_to_le32(time->nsec << EXT4_TIME_EPOCH_BITS | epoch);
}

/* --- reading --- */

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

static void ext4_encode_rdev(struct ext4_inode *inode, uint64_t rdev)
{
	uint32_t major = rdev >> 8 & 0xfff;
	uint32_t minor = (uint32_t)((rdev & 0xff) | (rdev >> 12 & 0xfff00));

	if (major < 256 && minor < 256)
		inode->block[0] = major << 8 | minor;
	else
		inode->block[1] =
			(minor & 0xff) | major << 8 | (minor & ~0xffu) << 12;
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
	atomic64_store(&vfs->size, (int64_t)size);
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
	uint64_t size = (uint64_t)atomic64_load(&vfs->size);

	if (!vfs->mode || (!vfs->nlink && !orphan))
		return -ESTALE;
	if (inode->flags &
	    (EXT4_INLINE_DATA_FL | EXT4_ENCRYPT_FL | EXT4_EA_INODE_FL)) {
		pr_warn("ext4: inode %llu has a feature that is not supported",
			(unsigned long long)vfs->ino);
		return -EOPNOTSUPP;
	}
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
static int ext4_inode_set_ops(struct ext4_fs *fs, struct inode *vfs)
{
	mapping_init(&vfs->mapping, vfs, &ext4_mapping_ops);
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

static int ext4_inode_read(struct ext4_fs *fs, struct ext4_inode *inode,
			   bool orphan)
{
	struct ext4_raw_inode *raw;
	struct buffer *buf;
	int ret;

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

/* --- storing --- */

static void ext4_inode_encode_times(struct ext4_fs *fs,
				    const struct ext4_inode *inode,
				    struct ext4_raw_inode *raw)
{
	const struct inode *vfs = &inode->vfs;
	uint16_t extra = inode->extra_isize;

	raw->i_atime = cpu_to_le32((uint32_t)vfs->atime.sec);
	raw->i_mtime = cpu_to_le32((uint32_t)vfs->mtime.sec);
	raw->i_ctime = cpu_to_le32((uint32_t)vfs->ctime.sec);
	if (EXT4_RAW_HAS(fs, extra, i_atime_extra))
		raw->i_atime_extra = ext4_time_extra(&vfs->atime);
	if (EXT4_RAW_HAS(fs, extra, i_mtime_extra))
		raw->i_mtime_extra = ext4_time_extra(&vfs->mtime);
	if (EXT4_RAW_HAS(fs, extra, i_ctime_extra))
		raw->i_ctime_extra = ext4_time_extra(&vfs->ctime);
	if (EXT4_RAW_HAS(fs, extra, i_crtime_extra)) {
		raw->i_crtime = cpu_to_le32((uint32_t)vfs->btime.sec);
		raw->i_crtime_extra = ext4_time_extra(&vfs->btime);
	}
}

/* i_blocks, whose unit depends on how many they are. */
static void ext4_encode_blocks(struct ext4_fs *fs, struct ext4_inode *inode,
			       struct ext4_raw_inode *raw)
{
	uint64_t sectors = inode->blocks << (fs->block_bits - 9);

	inode->flags &= ~EXT4_HUGE_FILE_FL;
	if (fs->has_huge_file && sectors >> 48) {
		inode->flags |= EXT4_HUGE_FILE_FL;
		sectors = inode->blocks;
	}
	raw->i_blocks_lo = cpu_to_le32((uint32_t)sectors);
	if (fs->has_huge_file)
		raw->i_blocks_hi = cpu_to_le16((uint16_t)(sectors >> 32));
	raw->i_flags = cpu_to_le32(inode->flags);
}

static void ext4_inode_encode(struct ext4_fs *fs, struct ext4_inode *inode,
			      struct ext4_raw_inode *raw)
{
	const struct inode *vfs = &inode->vfs;
	uint64_t size = (uint64_t)atomic64_load(&vfs->size);

	raw->i_mode = cpu_to_le16((uint16_t)vfs->mode);
	raw->i_uid_lo = cpu_to_le16((uint16_t)vfs->uid);
	raw->i_uid_hi = cpu_to_le16((uint16_t)(vfs->uid >> 16));
	raw->i_gid_lo = cpu_to_le16((uint16_t)vfs->gid);
	raw->i_gid_hi = cpu_to_le16((uint16_t)(vfs->gid >> 16));
	raw->i_links_count = cpu_to_le16((uint16_t)vfs->nlink);
	raw->i_size_lo = cpu_to_le32((uint32_t)size);
	raw->i_size_hi = cpu_to_le32((uint32_t)(size >> 32));
	raw->i_dtime = cpu_to_le32(inode->is_orphan ? ext4_orphan_next(inode)
						    : inode->dtime);
	raw->i_generation = cpu_to_le32(inode->generation);
	raw->i_file_acl_lo = cpu_to_le32((uint32_t)inode->file_acl);
	raw->i_file_acl_hi = cpu_to_le16((uint16_t)(inode->file_acl >> 32));
	for (int i = 0; i < EXT4_N_BLOCKS; i++)
		raw->i_block[i] = cpu_to_le32(inode->block[i]);
	ext4_encode_blocks(fs, inode, raw);
	ext4_inode_encode_times(fs, inode, raw);
}

static void ext4_raw_seal(struct ext4_fs *fs, const struct ext4_inode *inode,
			  struct ext4_raw_inode *raw)
{
	uint32_t csum;

	if (!fs->has_csum)
		return;
	csum = ext4_raw_inode_csum(fs, inode->csum_seed, raw);
	raw->i_checksum_lo = cpu_to_le16((uint16_t)csum);
	if (EXT4_RAW_HAS(fs, inode->extra_isize, i_checksum_hi))
		raw->i_checksum_hi = cpu_to_le16((uint16_t)(csum >> 16));
}

static int ext4_inode_store_raw(struct ext4_inode *inode, bool fresh)
{
	struct ext4_fs *fs = ext4_fs(&inode->vfs);
	struct ext4_raw_inode *raw;
	struct buffer *buf;
	int ret;

	ret = ext4_inode_locate(fs, (uint32_t)inode->vfs.ino, &buf, &raw);
	if (ret)
		return ret;
	buffer_begin_modify(buf);
	if (fresh) {
		memset(raw, 0, fs->inode_size);
		if (fs->inode_size > EXT4_GOOD_OLD_INODE_SIZE)
			raw->i_extra_isize = cpu_to_le16(inode->extra_isize);
	}
	ext4_inode_encode(fs, inode, raw);
	ext4_raw_seal(fs, inode, raw);
	buffer_mark_dirty(buf);
	buffer_put(buf);
	return 0;
}

int ext4_inode_store(struct ext4_inode *inode)
{
	return ext4_inode_store_raw(inode, false);
}

int ext4_write_inode(struct inode *inode, bool wait)
{
	struct buffer_transaction tx;
	int ret;

	/* One commit for all: who waits calls sync() after this. */
	(void)wait;
	ret = ext4_begin(ext4_fs(inode), &tx);
	if (ret)
		return ret;
	ret = ext4_inode_store(ext4_inode(inode));
	ext4_end(&tx);
	/* The VFS takes it for clean now; only a lack of memory passes. */
	if (ret == -ENOMEM)
		inode_mark_dirty(inode);
	return ret;
}

/* --- creating --- */

static uint16_t ext4_new_extra_isize(const struct ext4_fs *fs)
{
	uint32_t room = fs->inode_size - EXT4_GOOD_OLD_INODE_SIZE;
	uint32_t want = le16_to_cpu(fs->sb->s_want_extra_isize);
	uint32_t ours =
		sizeof(struct ext4_raw_inode) - EXT4_GOOD_OLD_INODE_SIZE;

	if (!room)
		return 0;
	if (want < ours || want % 4 || want > room)
		want = ours;
	return (uint16_t)want;
}

static void ext4_inode_init_new(struct inode *dir, struct ext4_inode *inode,
				uint32_t mode, uint64_t rdev)
{
	struct ext4_fs *fs = ext4_fs(dir);
	uint32_t inherit = ext4_inode(dir)->flags & EXT4_INHERITED_FL;
	struct inode *vfs = &inode->vfs;

	inode_init_owner(vfs, dir, mode);
	vfs->nlink = 1;
	vfs->atime = vfs->mtime = vfs->ctime = vfs->btime = fs_time_now();
	inode->generation = (uint32_t)atomic_add_return(&fs->generation, 1);
	inode->csum_seed =
		ext4_inode_seed(fs, (uint32_t)vfs->ino, inode->generation);
	inode->extra_isize = ext4_new_extra_isize(fs);
	/* Sync, immutable and append are for their own file only. */
	inode->flags =
		inherit & ~(uint32_t)(EXT4_INDEX_FL | EXT4_SYNC_FL |
				      EXT4_IMMUTABLE_FL | EXT4_APPEND_FL);
	if (S_ISREG(mode) || S_ISDIR(mode) || S_ISLNK(mode)) {
		if (fs->has_extents) {
			inode->flags |= EXT4_EXTENTS_FL;
			ext4_extents_init(inode);
		}
	} else {
		ext4_encode_rdev(inode, rdev);
	}
}

int ext4_inode_create(struct inode *dir, uint32_t mode, uint64_t rdev,
		      struct inode **result)
{
	struct ext4_fs *fs = ext4_fs(dir);
	struct inode *vfs;
	uint32_t ino;
	int ret;

	ret = ext4_alloc_inode(dir, mode, &ino);
	if (ret)
		return ret;
	ret = -ENOMEM;
	vfs = inode_new(fs->super, ino);
	if (!vfs)
		goto err_free_number;
	ext4_inode_init_new(dir, ext4_inode(vfs), mode, rdev);
	ret = ext4_inode_set_ops(fs, vfs);
	if (!ret)
		ret = ext4_inode_store_raw(ext4_inode(vfs), true);
	if (ret)
		goto err_drop;
	*result = vfs;
	return 0;

err_drop:
	inode_failed(vfs);
err_free_number:
	ext4_free_inode(fs, ino, S_ISDIR(mode));
	return ret;
}

void ext4_inode_discard(struct inode *inode)
{
	/* Eviction frees the blocks, if any, and the number. */
	inode->nlink = 0;
	inode_ready(inode);
	inode_put(inode);
}

/* --- freeing --- */

/*
 * e2fsck takes a small number for a link of the orphan list, so machines
 * without a clock tell another time.
 */
static uint32_t ext4_deletion_time(const struct ext4_fs *fs)
{
	uint32_t now = (uint32_t)fs_time_now().sec;

	return MAX(now, fs->nr_inodes + 1);
}

/* Its blocks are gone: the number goes, too. */
static void ext4_inode_release(struct inode *inode)
{
	struct ext4_fs *fs = ext4_fs(inode);
	struct buffer_transaction tx;

	if (ext4_begin(fs, &tx))
		return;
	ext4_xattr_release(ext4_inode(inode));
	ext4_orphan_remove(ext4_inode(inode));
	ext4_inode(inode)->dtime = ext4_deletion_time(fs);
	atomic64_store(&inode->size, 0);
	/* A freed inode keeps its mode, as undelete tools expect. */
	ext4_inode_store(ext4_inode(inode));
	ext4_free_inode(fs, (uint32_t)inode->ino, S_ISDIR(inode->mode));
	ext4_end(&tx);
}

static bool ext4_inode_has_blocks(const struct ext4_inode *inode)
{
	uint32_t mode = inode->vfs.mode;

	return S_ISREG(mode) || S_ISDIR(mode) ||
	       (S_ISLNK(mode) && !ext4_is_fast_symlink(inode));
}

void ext4_evict_inode(struct inode *inode)
{
	struct ext4_fs *fs = ext4_fs(inode);
	struct ext4_inode *ei = ext4_inode(inode);
	int64_t delayed = atomic64_xchg(&ei->delayed, 0);

	/* Promises of pages that went without being written. */
	if (delayed > 0)
		ext4_unreserve_blocks(fs, (uint32_t)delayed);
	if (inode->nlink || atomic_load(&inode->state) & INODE_BAD ||
	    !inode->mode || !fs->writable)
		goto out;
	atomic64_store(&inode->size, 0);
	/* Failing here leaves it on the orphan list, for e2fsck. */
	if (!ext4_inode_has_blocks(ei) || !ext4_truncate_blocks(ei))
		ext4_inode_release(inode);
out:
	/* Damage may have kept it there, but its memory goes. */
	ext4_orphan_remove(ei);
}
