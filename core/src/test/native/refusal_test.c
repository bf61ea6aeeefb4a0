// What sp_open says where the system refuses: in children whose system calls are filtered, as a container's are.
#include <errno.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include "testing.h"

#define DEVICE_NEW 0xAA00u
#define PAGEMAP_SCAN 0xC0606610u
enum { API = 0xC018AA3Fu };

// Refuses a system call with `error`, or an ioctl with a given command.
static void refuse(uint32_t call, uint32_t command, uint32_t error) {
  struct sock_filter filter[] = {
      BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, call, 0, 3),
      BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, args[1])),
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, command, 0, call == SYS_ioctl ? 1 : 0),
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | error),
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
  };
  struct sock_fprog program = {sizeof filter / sizeof *filter, filter};
  CHECK_EQUALS(prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0), 0);
  CHECK_EQUALS(prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program), 0);
}

// In two lines: why, and what to change.
static void expect_refusal(int error, const char *text, const char *change) {
  struct sp_config config = usual_config();
  struct sp_context *context;
  char reason[512] = "";
  CHECK_EQUALS(sp_open(&config, &context, reason, sizeof reason), -error);
  printf("    %s\n", reason);
  char *remedy = strchr(reason, '\n');
  CHECK(remedy && strstr(remedy, change) && remedy[strlen(remedy) - 1] == '.', "%s", reason);
  *remedy = 0;
  CHECK(strstr(reason, text), "%s", reason);
  fflush(stdout);
  _exit(0);
}

static void in_child(void (*test)(void)) {
  fflush(stdout);
  pid_t child = fork();
  if (!child) {
    test();
    _exit(0);
  }
  int status;
  CHECK_EQUALS(waitpid(child, &status, 0), child);
  CHECK_EQUALS(status, 0);
}

static void without_userfaultfd(void) {
  refuse(SYS_userfaultfd, 0, EPERM);
  refuse(SYS_ioctl, DEVICE_NEW, EPERM);
  expect_refusal(EPERM, "userfaultfd is refused", "seccomp");
}

static void on_a_kernel_without_userfaultfd(void) {
  refuse(SYS_userfaultfd, 0, ENOSYS);
  refuse(SYS_ioctl, DEVICE_NEW, EPERM);
  expect_refusal(ENOSYS, "no userfaultfd", "Linux 6.7");
}

static void without_its_features(void) {
  refuse(SYS_ioctl, API, EINVAL);
  expect_refusal(ENOTSUP, "WP_ASYNC", "Linux 6.7");
}

static void without_pagemap_scan(void) {
  refuse(SYS_ioctl, PAGEMAP_SCAN, ENOTTY);
  expect_refusal(ENOTSUP, "PAGEMAP_SCAN", "Linux 6.7");
}

static void without_its_ioctl(void) {
  refuse(SYS_ioctl, API, EPERM);
  expect_refusal(EPERM, "UFFDIO_API", "seccomp");
}

static void without_eventfd(void) {
  refuse(SYS_eventfd2, 0, EPERM);
  expect_refusal(EPERM, "eventfd", "eventfd2");
}

static void without_threads(void) {
  refuse(SYS_clone3, 0, EAGAIN);
  expect_refusal(EAGAIN, "threads", "samepage.fault.handlers");
}

static void with_too_few_files(void) {
  struct rlimit limit = {(rlim_t)dup(0), 64};
  CHECK_EQUALS(setrlimit(RLIMIT_NOFILE, &limit), 0);
  expect_refusal(EMFILE, "userfaultfd", "ulimit -n");
}

static void by_the_device_where_the_call_is_refused(void) {
  refuse(SYS_userfaultfd, 0, EPERM);
  if (access("/dev/userfaultfd", R_OK | W_OK)) {
    expect_refusal(EPERM, "userfaultfd", "/dev/userfaultfd");
  }
  struct memory memory = reserve(open_context(usual_config()), SP_BLOCK_BYTES);
  user_cells(&memory, 3)[0] = 5;
  CHECK_EQUALS(manager_cells(&memory, 3)[0], 5);
  CHECK_EQUALS(sp_close(memory.context), 0);
}

int main(void) {
  void (*tests[])(void) = {without_userfaultfd, on_a_kernel_without_userfaultfd, without_its_features, without_pagemap_scan,
      without_its_ioctl, without_eventfd, without_threads, with_too_few_files, by_the_device_where_the_call_is_refused};
  for (unsigned i = 0; i < sizeof tests / sizeof *tests; i++) {
    in_child(tests[i]);
  }
  puts("ok");
  return 0;
}
