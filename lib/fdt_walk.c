// SPDX-License-Identifier: MIT
/*
 * Device tree helpers: checking a tree once, and walking it fast afterwards.
 *
 * Devicetree Specification 0.4, chapter 5.  libfdt checks each token and each
 * byte of a name whenever it passes by, some thousand instructions a node; a
 * boot passes by dozens of times.  dt_check_tree() checks all of it once, and
 * the walks below then rely on that: they are for checked trees only.  Node
 * offsets are libfdt's.
 */
#include <lib/fdt.h>

#include <string.h>

#define HEADER_SIZE 40
#define VERSION     17 /* that we know; older ones lack the block's size */
#define MAX_DEPTH   64

static const char *struct_block(const void *fdt)
{
	return (const char *)fdt + fdt_off_dt_struct(fdt);
}

static uint32_t token_at(const char *p)
{
	return fdt32_to_cpu(*(const fdt32_t *)p);
}

/* Behind a node's name, which begins at name. */
static const char *skip_name(const char *name)
{
	return name + ALIGN_UP(strlen(name) + 1, 4);
}

/* Behind the property whose token is at p. */
static const char *skip_prop(const char *p)
{
	const struct fdt_property *prop = (const void *)p;

	return prop->data + ALIGN_UP(fdt32_to_cpu(prop->len), 4);
}

/* Does [offset, offset + size) lie in the tree, behind its header? */
static bool block_is_inside(uint64_t total, uint64_t offset, uint64_t size)
{
	return offset >= HEADER_SIZE && offset <= total &&
	       size <= total - offset;
}

static int check_header(const void *fdt, size_t max_size)
{
	uint64_t total = fdt_totalsize(fdt);
	uint32_t strings = fdt_off_dt_strings(fdt);
	uint32_t strings_size = fdt_size_dt_strings(fdt);

	if (fdt_magic(fdt) != FDT_MAGIC)
		return -FDT_ERR_BADMAGIC;
	if (fdt_version(fdt) < VERSION || fdt_last_comp_version(fdt) > VERSION)
		return -FDT_ERR_BADVERSION;
	if (total > max_size || total < HEADER_SIZE)
		return -FDT_ERR_TRUNCATED;
	if (!block_is_inside(total, fdt_off_mem_rsvmap(fdt),
			     sizeof(struct fdt_reserve_entry)) ||
	    !block_is_inside(total, fdt_off_dt_struct(fdt),
			     fdt_size_dt_struct(fdt)) ||
	    !block_is_inside(total, strings, strings_size))
		return -FDT_ERR_BADSTRUCTURE;
	if (!IS_ALIGNED(fdt_off_mem_rsvmap(fdt), 8) ||
	    !IS_ALIGNED(fdt_off_dt_struct(fdt), 4))
		return -FDT_ERR_ALIGNMENT;
	/* Then each name in it ends, wherever it begins. */
	if (strings_size && ((const char *)fdt)[strings + strings_size - 1])
		return -FDT_ERR_BADSTRUCTURE;
	return 0;
}

/* The list of reservations has an end within the tree. */
static int check_reservations(const void *fdt)
{
	uint32_t offset = fdt_off_mem_rsvmap(fdt);
	const struct fdt_reserve_entry *entry =
		(const void *)((const char *)fdt + offset);
	size_t count = (fdt_totalsize(fdt) - offset) / sizeof(*entry);

	for (; count; count--, entry++) {
		if (!entry->address && !entry->size)
			return 0;
	}
	return -FDT_ERR_TRUNCATED;
}

/* The header of the property at p; left is what the block has from there. */
static int check_prop(const void *fdt, const char *p, size_t left)
{
	const struct fdt_property *prop = (const void *)p;

	if (left < sizeof(*prop) ||
	    fdt32_to_cpu(prop->len) > left - sizeof(*prop))
		return -FDT_ERR_TRUNCATED;
	if (fdt32_to_cpu(prop->nameoff) >= fdt_size_dt_strings(fdt))
		return -FDT_ERR_BADSTRUCTURE;
	return 0;
}

/* All tokens, up to FDT_END at depth 0; begins behind the root's first. */
static int check_tokens(const void *fdt, const char *p, const char *end)
{
	bool props_allowed = true;
	int depth = 1, ret;

	while (end - p >= 4) {
		uint32_t token = token_at(p);

		if (depth == 0 && token != FDT_END && token != FDT_NOP)
			return -FDT_ERR_BADSTRUCTURE;
		switch (token) {
		case FDT_BEGIN_NODE:
			p += 4;
			if (++depth > MAX_DEPTH || !memchr(p, 0, end - p))
				return -FDT_ERR_BADSTRUCTURE;
			p = skip_name(p);
			props_allowed = true;
			break;
		case FDT_END_NODE:
			depth--;
			props_allowed = false;
			p += 4;
			break;
		case FDT_PROP:
			ret = props_allowed ? check_prop(fdt, p, end - p)
					    : -FDT_ERR_BADSTRUCTURE;
			if (ret)
				return ret;
			p = skip_prop(p);
			break;
		case FDT_NOP:
			p += 4;
			break;
		case FDT_END:
			return depth == 0 ? 0 : -FDT_ERR_BADSTRUCTURE;
		default:
			return -FDT_ERR_BADSTRUCTURE;
		}
	}
	return -FDT_ERR_TRUNCATED;
}

/* The root comes first, without NOPs before it, and its name ends. */
static int check_structure(const void *fdt)
{
	const char *p = struct_block(fdt);
	const char *end = p + ALIGN_DOWN(fdt_size_dt_struct(fdt), 4);

	if (end - p < 8 || token_at(p) != FDT_BEGIN_NODE ||
	    !memchr(p + 4, 0, end - p - 4))
		return -FDT_ERR_BADSTRUCTURE;
	return check_tokens(fdt, skip_name(p + 4), end);
}

int dt_check_tree(const void *fdt, size_t max_size)
{
	int ret;

	if (!fdt)
		return -FDT_ERR_BADMAGIC;
	if (!IS_ALIGNED((uintptr_t)fdt, 8))
		return -FDT_ERR_ALIGNMENT;
	ret = check_header(fdt, max_size);
	if (!ret)
		ret = check_reservations(fdt);
	if (!ret)
		ret = check_structure(fdt);
	return ret;
}

int dt_next_node(const void *fdt, int node, int *depth)
{
	const char *base = struct_block(fdt);
	const char *p = skip_name(base + node + 4);

	for (;;) {
		switch (token_at(p)) {
		case FDT_BEGIN_NODE:
			++*depth;
			return (int)(p - base);
		case FDT_END_NODE:
			if (--*depth < 0)
				return -FDT_ERR_NOTFOUND;
			p += 4;
			break;
		case FDT_PROP:
			p = skip_prop(p);
			break;
		case FDT_NOP:
			p += 4;
			break;
		default:
			return -FDT_ERR_NOTFOUND;
		}
	}
}

int dt_first_child(const void *fdt, int node)
{
	int depth = 0;

	if (node < 0)
		return node;
	node = dt_next_node(fdt, node, &depth);
	return depth == 1 ? node : -FDT_ERR_NOTFOUND;
}

int dt_next_sibling(const void *fdt, int node)
{
	int depth = 1;

	do {
		node = dt_next_node(fdt, node, &depth);
	} while (node >= 0 && depth > 1);
	return depth == 1 ? node : -FDT_ERR_NOTFOUND;
}

const void *dt_getprop(const void *fdt, int node, const char *name, int *len)
{
	const char *strings = (const char *)fdt + fdt_off_dt_strings(fdt);
	const char *p;

	*len = node;
	if (node < 0)
		return NULL;
	p = skip_name(struct_block(fdt) + node + 4);
	for (;;) {
		const struct fdt_property *prop = (const void *)p;
		uint32_t token = token_at(p);

		if (token == FDT_NOP) {
			p += 4;
			continue;
		}
		if (token != FDT_PROP) {
			*len = -FDT_ERR_NOTFOUND;
			return NULL;
		}
		if (!strcmp(strings + fdt32_to_cpu(prop->nameoff), name)) {
			*len = (int)fdt32_to_cpu(prop->len);
			return prop->data;
		}
		p = skip_prop(p);
	}
}

int dt_parent(const void *fdt, int node)
{
	int ancestors[MAX_DEPTH];
	int depth = 0, at = 0;

	if (node <= 0)
		return node ? node : -FDT_ERR_NOTFOUND;
	while (at >= 0 && at < node) {
		ancestors[depth] = at;
		at = dt_next_node(fdt, at, &depth);
	}
	return at == node ? ancestors[depth - 1] : -FDT_ERR_BADOFFSET;
}

int dt_node_by_phandle(const void *fdt, uint32_t phandle)
{
	int depth = 0, node = 0;
	uint32_t value;

	if (phandle == 0 || phandle == UINT32_MAX)
		return -FDT_ERR_BADPHANDLE;
	while (node >= 0) {
		if (!dt_get_u32(fdt, node, "phandle", &value) &&
		    value == phandle)
			return node;
		node = dt_next_node(fdt, node, &depth);
	}
	return -FDT_ERR_NOTFOUND;
}

/* The child of that name; its unit address may be left out. */
static int find_child(const void *fdt, int node, const char *name, size_t len)
{
	bool has_unit = memchr(name, '@', len);

	for (node = dt_first_child(fdt, node); node >= 0;
	     node = dt_next_sibling(fdt, node)) {
		const char *own = struct_block(fdt) + node + 4;

		if (!strncmp(own, name, len) &&
		    (own[len] == '\0' || (own[len] == '@' && !has_unit)))
			return node;
	}
	return -FDT_ERR_NOTFOUND;
}

int dt_find_path(const void *fdt, const char *path, size_t len)
{
	const char *end = path + len;
	int node = 0;

	if (len == 0 || *path != '/')
		return -FDT_ERR_BADPATH;
	while (node >= 0) {
		const char *slash;

		while (path < end && *path == '/')
			path++;
		if (path == end)
			break;
		slash = memchr(path, '/', end - path);
		if (!slash)
			slash = end;
		node = find_child(fdt, node, path, slash - path);
		path = slash;
	}
	return node;
}
