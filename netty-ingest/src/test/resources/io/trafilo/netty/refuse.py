"""Becomes a program to which the kernel refuses some calls, as in the sandbox of a container: refuse.py CALL... -- PROGRAM...

A call is NAME=ERRNO. Names: recvmmsg, meminfo (getsockopt with SO_MEMINFO), gro (setsockopt with UDP_GRO) and reuseport
(setsockopt with SO_REUSEPORT). Exits with 77 if there is no seccomp here.
"""
import ctypes
import os
import platform
import struct
import sys

NOT_PERMITTED = 77
PR_SET_SECCOMP = 22
PR_SET_NO_NEW_PRIVS = 38
SECCOMP_MODE_FILTER = 2
RET_ALLOW = 0x7FFF0000
RET_ERRNO = 0x00050000
LOAD = 0x20
JUMP_IF_EQUAL = 0x15
RETURN = 0x06
CALL = 0  # where the kernel keeps the number of the call, and its second and third argument
SECOND = 24
THIRD = 32

NUMBERS = {
    "x86_64": {"recvmmsg": 299, "getsockopt": 55, "setsockopt": 54},
    "aarch64": {"recvmmsg": 243, "getsockopt": 209, "setsockopt": 208},
}
# the call, the level of a socket option, the option
CALLS = {
    "recvmmsg": ("recvmmsg", None, None),
    "meminfo": ("getsockopt", 1, 55),
    "gro": ("setsockopt", 17, 104),
    "reuseport": ("setsockopt", 1, 15),
}


def instruction(code, value, skip_if_not=0):
    return struct.pack("HBBI", code, 0, skip_if_not, value)


def refusal(name, errno):
    call, level, option = CALLS[name]
    tests = [(CALL, NUMBERS[platform.machine()][call])]
    if option is not None:
        tests += [(SECOND, level), (THIRD, option)]
    program = b""
    for i, (where, value) in enumerate(tests):
        rest = 2 * (len(tests) - i - 1) + 1
        program += instruction(LOAD, where) + instruction(JUMP_IF_EQUAL, value, rest)
    return program + instruction(RETURN, RET_ERRNO | errno)


def main():
    split = sys.argv.index("--")
    if platform.system() != "Linux" or platform.machine() not in NUMBERS:
        print("no seccomp filter for this machine")
        sys.exit(NOT_PERMITTED)
    code = b"".join(refusal(name, int(errno)) for name, errno in (pair.split("=") for pair in sys.argv[1:split]))
    code += instruction(RETURN, RET_ALLOW)
    instructions = ctypes.create_string_buffer(code, len(code))
    # struct sock_fprog: a short, padding, and a pointer
    filters = ctypes.create_string_buffer(struct.pack("HxxxxxxP", len(code) // 8, ctypes.addressof(instructions)))
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) or libc.prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, filters, 0, 0):
        print("no seccomp here: " + os.strerror(ctypes.get_errno()))
        sys.exit(NOT_PERMITTED)
    os.execvp(sys.argv[split + 1], sys.argv[split + 1 :])


main()
