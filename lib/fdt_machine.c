// SPDX-License-Identifier: MIT
/*
 * Device tree helpers: memory, reservations, the console's node and harts.
 *
 * Devicetree Specification 0.4, chapter 3, and the Linux bindings of riscv
 * cpus ("riscv,isa", "riscv,isa-extensions").
 */
#include <lib/fdt.h>

#include <string.h>

#define MAX_PATH_LEN 128 /* of a path or an alias in stdout-path */

static bool is_memory(const void *fdt, int node)
{
	const char *type = dt_get_string(fdt, node, "device_type");

	return type && !strcmp(type, "memory") &&
	       dt_node_is_available(fdt, node);
}

bool dt_next_memory(const void *fdt, struct dt_cursor *cursor,
		    struct dt_range *range)
{
	if (cursor->node == 0)
		cursor->node = dt_first_child(fdt, 0);

	while (cursor->node > 0) {
		if (is_memory(fdt, cursor->node) &&
		    !dt_get_reg(fdt, cursor->node, cursor->index, range)) {
			cursor->index++;
			if (range->size)
				return true;
			continue;
		}
		cursor->node = dt_next_sibling(fdt, cursor->node);
		cursor->index = 0;
	}
	return false;
}

bool dt_next_reservation(const void *fdt, struct dt_cursor *cursor,
			 struct dt_range *range)
{
	if (cursor->node == 0) {
		if (cursor->index < fdt_num_mem_rsv(fdt) &&
		    !fdt_get_mem_rsv(fdt, cursor->index, &range->start,
				     &range->size)) {
			cursor->index++;
			return true;
		}
		cursor->node = dt_first_child(
			fdt, dt_find_path(fdt, "/reserved-memory", 16));
		cursor->index = 0;
	}

	while (cursor->node > 0) {
		if (dt_node_is_available(fdt, cursor->node) &&
		    !dt_get_reg(fdt, cursor->node, cursor->index, range)) {
			cursor->index++;
			return true;
		}
		cursor->node = dt_next_sibling(fdt, cursor->node);
		cursor->index = 0;
	}
	return false;
}

int dt_get_stdout(const void *fdt, const char **options)
{
	int chosen = dt_find_path(fdt, "/chosen", 7);
	const char *path, *colon;
	size_t len;

	*options = NULL;
	if (chosen < 0)
		return chosen;
	path = dt_get_string(fdt, chosen, "stdout-path");
	if (!path)
		return -FDT_ERR_NOTFOUND;

	colon = strchr(path, ':');
	len = colon ? (size_t)(colon - path) : strlen(path);
	if (len == 0 || len > MAX_PATH_LEN)
		return -FDT_ERR_BADVALUE;
	if (colon)
		*options = colon + 1;
	if (*path != '/')
		return fdt_path_offset_namelen(fdt, path, (int)len); /* alias */
	return dt_find_path(fdt, path, len);
}

static bool is_hart(const void *fdt, int node, uint64_t *hart_id)
{
	const char *type = dt_get_string(fdt, node, "device_type");

	return type && !strcmp(type, "cpu") &&
	       !dt_get_number(fdt, node, "reg", hart_id);
}

bool dt_next_hart(const void *fdt, int *node, uint64_t *hart_id)
{
	if (*node < 0)
		*node = dt_first_child(fdt, dt_find_path(fdt, "/cpus", 5));
	else
		*node = dt_next_sibling(fdt, *node);

	for (; *node >= 0; *node = dt_next_sibling(fdt, *node)) {
		if (is_hart(fdt, *node, hart_id))
			return true;
	}
	return false;
}

int dt_find_hart(const void *fdt, uint64_t hart_id)
{
	int node = -1;
	uint64_t id;

	while (dt_next_hart(fdt, &node, &id)) {
		if (id == hart_id)
			return node;
	}
	return -FDT_ERR_NOTFOUND;
}

static bool is_name_end(char c)
{
	return c == '\0' || c == '_' || (c >= '0' && c <= '9');
}

/* One-letter extensions stand together after "rv64", up to '_', 'z' or 'x'. */
static bool isa_has_letter(const char *isa, char letter)
{
	for (isa += 4; *isa && *isa != '_' && *isa != 'z' && *isa != 'x';
	     isa++) {
		if (*isa == letter)
			return true;
		if (*isa == 'g' && strchr("imafd", letter))
			return true;
	}
	return false;
}

static bool isa_has_word(const char *isa, const char *name)
{
	size_t len = strlen(name);

	if (!strncmp(isa, "rv64g", 5) &&
	    (!strcmp(name, "zicsr") || !strcmp(name, "zifencei")))
		return true;
	for (isa = strchr(isa, '_'); isa; isa = strchr(isa + 1, '_')) {
		if (!strncmp(isa + 1, name, len) && is_name_end(isa[1 + len]))
			return true;
	}
	return false;
}

bool dt_hart_has_extension(const void *fdt, int node, const char *name)
{
	const char *isa;
	int len;

	if (dt_getprop(fdt, node, "riscv,isa-extensions", &len))
		return fdt_stringlist_search(fdt, node, "riscv,isa-extensions",
					     name) >= 0;

	isa = dt_get_string(fdt, node, "riscv,isa");
	if (!isa || strncmp(isa, "rv64", 4))
		return false;
	if (name[0] && !name[1])
		return isa_has_letter(isa, name[0]);
	return isa_has_word(isa, name);
}
