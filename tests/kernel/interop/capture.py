"""The referee: every VRRP packet, ARP frame and neighbour advertisement that comes to a bridge, with the kernel's time.

Times are seconds of CLOCK_REALTIME, as time.time() gives them."""

import ctypes
import dataclasses
import ipaddress
import socket
import struct
import threading
import time

import world

ETH_P_ALL, PACKET_OUTGOING = 3, 4
SO_TIMESTAMPNS, SO_ATTACH_FILTER, SO_RCVBUFFORCE = 35, 26, 33
VRRP, ICMPV6, NEIGHBOUR_ADVERTISEMENT = 112, 58, 136
IPV4, ARP, IPV6 = 0x0800, 0x0806, 0x86DD

# Classic BPF, as `tcpdump -dd 'arp or proto 112 or ip6[6] == 112 or ip6[6] == 58'` makes it.
FILTER = [(0x28, 0, 0, 12), (0x15, 7, 0, ARP), (0x15, 0, 2, IPV4), (0x30, 0, 0, 23), (0x15, 4, 5, VRRP),
          (0x15, 0, 4, IPV6), (0x30, 0, 0, 20), (0x15, 1, 0, ICMPV6), (0x15, 0, 1, VRRP), (0x06, 0, 0, 0x40000),
          (0x06, 0, 0, 0)]


@dataclasses.dataclass
class Advert:
    """An advertisement; `packet` is the whole IP packet, `message` what VRRP says."""
    at: float
    port: str
    source: str
    destination: str
    ttl: int
    version: int
    id: int
    priority: int
    message: bytes
    packet: bytes
    mac: bytes


@dataclasses.dataclass
class Announcement:
    """A gratuitous ARP or an unsolicited neighbour advertisement."""
    at: float
    port: str
    address: str
    mac: bytes
    frame: bytes


def advert(at, port, frame):
    ipv4 = frame[12:14] == IPV4.to_bytes(2, "big")
    packet = frame[14:]
    start = (packet[0] & 15) * 4 if ipv4 else 40
    length = struct.unpack_from("!H", packet, 2 if ipv4 else 4)[0] + (0 if ipv4 else 40)
    place, size = (12, 4) if ipv4 else (8, 16)
    text = [str(ipaddress.ip_address(packet[place + n * size:place + (n + 1) * size])) for n in (0, 1)]
    message = packet[start:length]
    return Advert(at, port, *text, packet[8 if ipv4 else 7], message[0] >> 4, message[1], message[2], message,
                  packet[:length], frame[6:12])


def parse(at, port, frame):
    """An Advert or Announcement, or None."""
    kind = int.from_bytes(frame[12:14], "big")
    if kind == ARP:
        sender, target = frame[28:32], frame[38:42]
        if sender == target:
            return Announcement(at, port, str(ipaddress.ip_address(sender)), frame[22:28], frame)
    elif frame[23 if kind == IPV4 else 20] == VRRP:
        return advert(at, port, frame)
    elif kind == IPV6 and frame[54] == NEIGHBOUR_ADVERTISEMENT:
        return Announcement(at, port, str(ipaddress.ip_address(frame[62:78])), frame[-6:], frame)
    return None


def listener(arp):
    """Sees every frame of the namespace, by interface."""
    ear = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(ETH_P_ALL))
    code = [FILTER[0], FILTER[1] if arp else (0x15, 8, 0, ARP), *FILTER[2:]]
    code = ctypes.create_string_buffer(b"".join(struct.pack("=HBBI", *one) for one in code))
    ear.setsockopt(socket.SOL_SOCKET, SO_ATTACH_FILTER, struct.pack("HP", len(FILTER), ctypes.addressof(code)))
    ear.setsockopt(socket.SOL_SOCKET, SO_TIMESTAMPNS, 1)
    ear.setsockopt(socket.SOL_SOCKET, SO_RCVBUFFORCE, 1 << 22)
    ear.settimeout(0.2)
    return ear


class Capture:
    """What bridges' ports took in since it was made; `ports`: their names; `arp`: announcements of IPv4, too."""

    def __init__(self, ports, arp=True):
        self.ports, self.adverts, self.announcements = set(ports), [], []
        self.running = True
        self.ear = listener(arp)
        self.thread = threading.Thread(target=self.listen, daemon=True)
        self.thread.start()

    def listen(self):
        while self.running:
            try:
                frame, extra, _, place = self.ear.recvmsg(2048, 64)
            except TimeoutError:
                continue
            except OSError:
                continue  # an interface went down
            if place[0] not in self.ports or place[2] == PACKET_OUTGOING:
                continue
            seconds, nanoseconds = struct.unpack("ll", extra[0][2][:16])
            found = parse(seconds + nanoseconds / 1e9, place[0], frame)
            if found:
                (self.adverts if isinstance(found, Advert) else self.announcements).append(found)

    def stop(self):
        self.running = False
        self.thread.join()
        self.ear.close()

    def of(self, ports, id, since=0.0):
        """Advertisements of a virtual router on these ports."""
        return [one for one in self.adverts if one.id == id and one.at >= since and one.port in ports]

    def announced(self, port, address, since=0.0):
        return [one for one in self.announcements
                if one.port == port and one.address == address and one.at >= since]


class Removals:
    """When addresses left the interfaces of a host: {address: time}."""

    def __init__(self, host):
        self.times, self.running = {}, True
        with world.inside(host):
            self.ear = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, 0)
            self.ear.bind((0, 0x10 | 0x100))  # RTMGRP_IPV4_IFADDR, RTMGRP_IPV6_IFADDR
        self.ear.settimeout(0.2)
        self.thread = threading.Thread(target=self.listen, daemon=True)
        self.thread.start()

    def listen(self):
        while self.running:
            try:
                data = self.ear.recv(65536)
            except TimeoutError:
                continue
            at = time.time()
            while len(data) >= 16:
                length, kind = struct.unpack_from("IH", data)
                if kind == 21:  # RTM_DELADDR: its first attribute is IFA_ADDRESS or IFA_LOCAL
                    size = struct.unpack_from("H", data, 24)[0] - 4
                    self.times.setdefault(str(ipaddress.ip_address(data[28:28 + size])), at)
                data = data[(length + 3) & ~3:]

    def stop(self):
        self.running = False
        self.thread.join()
        self.ear.close()


class Lateness:
    """By how much a bare timer of 10 ms is late at most: what the machine does to any program, in seconds."""

    def __init__(self):
        self.worst, self.running = 0.0, True
        threading.Thread(target=self.watch, daemon=True).start()

    def watch(self):
        while self.running:
            due = time.monotonic() + 0.01
            time.sleep(0.01)
            self.worst = max(self.worst, time.monotonic() - due)

    def stop(self):
        self.running = False
