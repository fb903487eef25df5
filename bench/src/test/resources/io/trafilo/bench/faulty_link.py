"""A link between two network namespaces that loses, doubles, delays and corrupts UDP datagrams: faulty_link.py FROM TO SEED.

FROM and TO are processes in the namespaces. The link ends at 10.78.0.1 in the first and 10.78.0.2 in the second. Prints "ready",
carries datagrams until its input ends, then those under way, and prints what it did as one JSON object.
"""
import ctypes
import fcntl
import json
import os
import random
import select
import struct
import subprocess
import sys

CLONE_NEWNET = 0x40000000
TUNSETIFF = 0x400454CA
IFF_TUN_WITHOUT_HEADER = 0x0001 | 0x1000
QUEUED_PACKETS = "20000"
UDP = 17
IDLE_SECONDS = 0.5


def enter(process):
    with open("/proc/%s/ns/net" % process) as namespace:
        if ctypes.CDLL(None, use_errno=True).setns(namespace.fileno(), CLONE_NEWNET) != 0:
            raise OSError(ctypes.get_errno(), "setns")


def open_end(process, address):
    enter(process)
    end = os.open("/dev/net/tun", os.O_RDWR)
    fcntl.ioctl(end, TUNSETIFF, struct.pack("16sH22x", b"faulty", IFF_TUN_WITHOUT_HEADER))
    for command in (
            ["ip", "address", "add", address + "/24", "dev", "faulty"],
            ["ip", "link", "set", "faulty", "txqueuelen", QUEUED_PACKETS, "up"]):
        subprocess.run(command, check=True)
    return end


class Link:
    def __init__(self, end, seed):
        self.end = end
        self.random = random.Random(seed)
        self.late = []
        self.counts = dict.fromkeys(("taken", "lost", "doubled", "delayed", "corrupted"), 0)

    def count(self, fate):
        self.counts[fate] += 1

    def carry(self, packet):
        self.count("taken")
        for late in self.late:
            late[0] -= 1
        fate = self.random.random()
        if fate < 0.05:
            self.count("lost")
        elif fate < 0.10:
            self.count("doubled")
            os.write(self.end, packet)
            os.write(self.end, packet)
        elif fate < 0.15:
            self.count("corrupted")
            os.write(self.end, self.corrupt(packet))
        elif fate < 0.25:
            self.count("delayed")
            self.late.append([self.random.randint(1, 20), packet])
        else:
            os.write(self.end, packet)
        self.deliver_late(lambda left: left <= 0)

    def deliver_late(self, due):
        for left, packet in self.late:
            if due(left):
                os.write(self.end, packet)
        self.late = [late for late in self.late if not due(late[0])]

    def corrupt(self, packet):
        head = (packet[0] & 15) * 4 + 8
        bit = self.random.randrange(head * 8, len(packet) * 8)
        broken = bytearray(packet)
        broken[bit // 8] ^= 1 << bit % 8
        return bytes(broken)


def is_udp(packet):
    return packet[0] >> 4 == 4 and packet[9] == UDP


def main():
    source, target, seed = sys.argv[1:]
    start = open_end(source, "10.78.0.1")
    link = Link(open_end(target, "10.78.0.2"), int(seed))
    print("ready", flush=True)
    inputs = [start, sys.stdin]
    while True:
        readable = select.select(inputs, [], [], None if sys.stdin in inputs else IDLE_SECONDS)[0]
        if not readable:
            break
        if start in readable:
            packet = os.read(start, 65536)
            if is_udp(packet):
                link.carry(packet)
        elif not sys.stdin.readline():
            inputs.remove(sys.stdin)
    link.deliver_late(lambda left: True)
    print(json.dumps(link.counts), flush=True)


main()
