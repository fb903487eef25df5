"""Sends datagrams over 127.0.0.1 that an ordinary socket cannot: raw_udp.py PORT STEP...

A step is SOURCE_PORT:LENGTH:SHAPE. Shapes: whole, fragments, reversed (the last fragment first) and unfinished (without the
last fragment). The payload is 'k ' and as many 'k' as fill the length. Exits with 77 if raw sockets are not to be had.
"""
import socket
import struct
import sys

FRAGMENT_BYTES = 1480
LOOPBACK = socket.inet_aton("127.0.0.1")


def udp(source_port, port, length):
    payload = (b"k " + b"k" * length)[:length]
    return struct.pack("!HHHH", source_port, port, 8 + length, 0) + payload  # checksum 0: not computed


def packets(datagram, shape, identification):
    step = len(datagram) if shape == "whole" else FRAGMENT_BYTES
    made = []
    for offset in range(0, len(datagram), step):
        more = 0x2000 if offset + step < len(datagram) else 0
        part = datagram[offset:offset + step]
        head = struct.pack("!BBHHHBBH4s4s", 0x45, 0, 20 + len(part), identification, more | offset // 8, 64,
                           socket.IPPROTO_UDP, 0, LOOPBACK, LOOPBACK)
        made.append(head + part)
    if shape == "reversed":
        made.reverse()
    return made[:-1] if shape == "unfinished" else made


def main():
    port = int(sys.argv[1])
    try:
        raw = socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_RAW)
    except OSError as refused:
        print("no raw socket:", refused)
        sys.exit(77)
    for number, step in enumerate(sys.argv[2:]):
        source_port, length, shape = step.split(":")
        identification = (port + number) % 0xFFFF + 1  # the kernel would fill in a 0
        for packet in packets(udp(int(source_port), port, int(length)), shape, identification):
            raw.sendto(packet, ("127.0.0.1", 0))


main()
