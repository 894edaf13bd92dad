#!/bin/bash
# SPDX-License-Identifier: MIT
#
# Install what the build needs on Debian 12, and download the riscv64 packages
# that go into the images.  Does nothing, quickly, when nothing is missing.
#
# The riscv64 packages come from Debian 13 through an apt configuration of our
# own, so that the host's is left alone; apt checks their signatures as ever.
# MIRROR=URL names another mirror than the host's, XDG_CACHE_HOME another place
# to keep the downloads.
set -euo pipefail

host_packages=(
	clang-format cppcheck cpio device-tree-compiler debian-archive-keyring
	e2fsprogs gcc gcc-riscv64-unknown-elf gdb-multiarch git libc6-dev
	libfdt-dev opensbi picolibc-riscv64-unknown-elf python3-pexpect
	python3-pytest python3-pytest-xdist qemu-system-misc qemu-user scons sparse
	u-boot-qemu zstd
)
# riscv64 packages of Debian 13: what the build uses, then what tests boot.
suite=trixie
target_packages=(
	musl musl-dev libfdt-dev linux-libc-dev busybox-static bash-static
	opensbi
)

cache=${XDG_CACHE_HOME:-$HOME/.cache}/keel
keyring=/usr/share/keyrings/debian-archive-keyring.gpg

say() {
	echo "setup: $*"
}

die() {
	echo "setup: $*" >&2
	exit 1
}

as_root() {
	if [ "$(id -u)" = 0 ]; then
		"$@"
	else
		command -v sudo >/dev/null ||
			die "run as root, or install sudo: '$*' needs it"
		sudo "$@"
	fi
}

# Names among the arguments that dpkg does not call installed.
missing_host_packages() {
	local installed
	installed=$(dpkg-query -W -f '${db:Status-Abbrev} ${Package}\n' |
		sed -n 's/^ii  *//p')
	printf '%s\n' "$@" | grep -vxF -f <(echo "$installed") || true
}

# Run quietly; show all it said when it fails.
quietly() {
	local log
	log=$(mktemp)
	if ! "$@" >"$log" 2>&1; then
		cat "$log" >&2
		rm -f "$log"
		return 1
	fi
	rm -f "$log"
}

# Do the host's package lists hold what is asked for?  They do not on a machine
# where `apt-get update` has never been run.
lists_know() {
	local name
	for name; do
		apt-cache show "$name" >/dev/null 2>&1 || return 1
	done
}

install_host_packages() {
	local missing
	mapfile -t missing < <(missing_host_packages "${host_packages[@]}")
	[ "${#missing[@]}" -gt 0 ] || return 0

	if ! lists_know "${missing[@]}"; then
		say "fetching the package lists"
		quietly as_root apt-get -q update ||
			die "apt-get update failed; is the machine offline?"
	fi
	say "installing ${missing[*]}"
	quietly as_root env DEBIAN_FRONTEND=noninteractive apt-get -q -y \
		--no-install-recommends install "${missing[@]}" ||
		die "could not install them; is the machine offline?"
}

# The URL that this host itself installs Debian from.
host_mirror() {
	apt-get indextargets --format '$(ORIGIN) $(COMPONENT) $(REPO_URI)' \
		2>/dev/null | sed -n 's/^Debian main //p' |
		grep -v security | head -n 1
}

# apt-get on the private configuration in $cache/apt, never as another user.
target_apt() {
	local apt=$cache/apt command=$1
	shift
	APT_CONFIG=$apt/apt.conf "$command" "$@"
}

write_target_apt() {
	local apt=$cache/apt mirror=${MIRROR:-$(host_mirror)}

	mkdir -p "$apt"/{etc/apt.conf.d,lists/partial,cache/archives/partial}
	touch "$apt/status"
	cat >"$apt/sources.list" <<-EOF
		deb [arch=riscv64 signed-by=$keyring] ${mirror:-http://deb.debian.org/debian} $suite main
	EOF
	# Debian's apt would drop to the user _apt, who may not write here.
	cat >"$apt/apt.conf" <<-EOF
		APT::Architecture "riscv64";
		APT::Architectures { "riscv64"; };
		APT::Sandbox::User "$(id -un)";
		Acquire::Languages "none";
		Dir::State "$apt";
		Dir::State::lists "$apt/lists";
		Dir::State::status "$apt/status";
		Dir::Cache "$apt/cache";
		Dir::Etc "$apt/etc";
		Dir::Etc::sourcelist "$apt/sources.list";
		Dir::Etc::sourceparts "/dev/null";
	EOF
}

# Download the named packages, each to $cache/packages/NAME.deb.
download_target_packages() {
	local name work

	say "fetching Debian's $suite package lists for riscv64"
	write_target_apt
	quietly target_apt apt-get -q update ||
		die "could not fetch them; offline? MIRROR=URL names another mirror"

	say "downloading $*"
	work=$(mktemp -d "$cache/download.XXXXXX")
	(cd "$work" && quietly target_apt apt-get -q download "$@") ||
		die "could not download them; is the machine offline?"
	for name; do
		mv "$work/${name}"_*.deb "$cache/packages/$name.deb"
	done
	rmdir "$work"
}

fetch_target_packages() {
	local name missing=()

	mkdir -p "$cache/packages"
	for name in "${target_packages[@]}"; do
		[ -e "$cache/packages/$name.deb" ] || missing+=("$name")
	done
	[ "${#missing[@]}" -eq 0 ] || download_target_packages "${missing[@]}"
}

command -v apt-get >/dev/null || die "this needs Debian's apt-get"
install_host_packages
fetch_target_packages
say "all there: scons builds, scons run boots, scons test tests"
