/* SPDX-License-Identifier: MIT */
#pragma once

/*
 * The programs inside /bin/keelbox: NAME_main() is in NAME.c, or in small.c if
 * it is a few lines; init and sh have folders of their own, user/init and
 * user/sh.  What a program does stands at the head of its file, its options in
 * its usage text.
 *
 * Called once in a process, except echo, printf and test, which are also
 * builtins of the shell.  argv[0] is the name; options and operands follow.
 * Return the exit status.
 */
int basename_main(int argc, char **argv);
int cat_main(int argc, char **argv);
int chmod_main(int argc, char **argv);
int chown_main(int argc, char **argv);
int clear_main(int argc, char **argv);
int cmp_main(int argc, char **argv);
int cp_main(int argc, char **argv);
int cut_main(int argc, char **argv);
int date_main(int argc, char **argv);
int dd_main(int argc, char **argv);
int df_main(int argc, char **argv);
int dirname_main(int argc, char **argv);
int dmesg_main(int argc, char **argv);
int du_main(int argc, char **argv);
int echo_main(int argc, char **argv);
int env_main(int argc, char **argv);
int false_main(int argc, char **argv);
int find_main(int argc, char **argv);
int free_main(int argc, char **argv);
int grep_main(int argc, char **argv);
int head_main(int argc, char **argv);
int hexdump_main(int argc, char **argv);
int hostname_main(int argc, char **argv);
int id_main(int argc, char **argv);
int init_main(int argc, char **argv);
int kill_main(int argc, char **argv);
int ln_main(int argc, char **argv);
int ls_main(int argc, char **argv);
int mkdir_main(int argc, char **argv);
int mknod_main(int argc, char **argv);
int mount_main(int argc, char **argv);
int mv_main(int argc, char **argv);
int nproc_main(int argc, char **argv);
int poweroff_main(int argc, char **argv);
int printf_main(int argc, char **argv);
int ps_main(int argc, char **argv);
int pwd_main(int argc, char **argv);
int readlink_main(int argc, char **argv);
int rm_main(int argc, char **argv);
int rmdir_main(int argc, char **argv);
int seq_main(int argc, char **argv);
int sh_main(int argc, char **argv);
int sleep_main(int argc, char **argv);
int sort_main(int argc, char **argv);
int stat_main(int argc, char **argv);
int stty_main(int argc, char **argv);
int sync_main(int argc, char **argv);
int tail_main(int argc, char **argv);
int tee_main(int argc, char **argv);
int test_main(int argc, char **argv);
int time_main(int argc, char **argv);
int touch_main(int argc, char **argv);
int tr_main(int argc, char **argv);
int true_main(int argc, char **argv);
int umount_main(int argc, char **argv);
int uname_main(int argc, char **argv);
int uniq_main(int argc, char **argv);
int uptime_main(int argc, char **argv);
int wc_main(int argc, char **argv);
int which_main(int argc, char **argv);
int xargs_main(int argc, char **argv);
int yes_main(int argc, char **argv);
