"""What goes with an address that directors share: a MAC, routes and rules, announcements elsewhere; and VRF."""

import json
import os
import signal
import socket

import directors
import world
from directors import ADDRESSES, VIP
from world import until

ROUTES = ["10.9.0.0/16 via 10.0.0.254 dev eth0 table 100 metric 10 src 10.0.0.100", "blackhole 10.66.0.0/16"]
RULES = "from 10.0.0.0/24 table 100 priority 1234"


class Network(directors.Case):
    def kill_at_once(self, director):
        """All its processes: nobody cleans up."""
        role = director.role("vrrp")
        os.killpg(director.process.pid, signal.SIGKILL)
        director.process.wait()
        until(lambda: not os.path.exists(f"/proc/{role}/fd/0"), "the process of the routers has ended")

    def ip(self, host, *words):
        return world.must("ip", "-n", host, *words)

    def address(self, host, device="eth0"):
        shown = json.loads(self.ip(host, "-j", "addr", "show", "dev", device))
        return next((one for link in shown for one in link["addr_info"] if one["local"] == VIP), None)

    # ---- Virtual MACs

    def arp(self, host):
        """arp_ignore and arp_filter of a host's eth0."""
        folder = "/proc/sys/net/ipv4/conf/eth0"
        return world.at(host, "cat", f"{folder}/arp_ignore", f"{folder}/arp_filter").split()

    def links(self, host):
        return {one["ifname"]: one for one in json.loads(world.must("ip", "-n", host, "-j", "link", "show"))}

    def on_vrrp(self, host):
        return "vrrp.51" in self.links(host) and VIP in world.must("ip", "-n", host, "addr", "show", "dev", "vrrp.51")

    def neighbour(self):
        """The MAC that the bridge's host learns for the address."""
        world.run("ip", "neigh", "flush", "dev", "br0")
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as one:
            one.sendto(b"", (VIP, 9))
        known = json.loads(world.must("ip", "-j", "neigh", "show", VIP, "dev", "br0") or "[]")
        return known[0].get("lladdr") if known else None

    def test_the_virtual_mac_moves_with_the_address_and_leaves_no_trace(self):
        world.run("ip", "addr", "add", "10.0.0.9/24", "dev", "br0")
        one, other = self.pair(router={"virtual_mac": "yes"})
        mac = "00:00:5e:00:01:33"
        until(lambda: self.on_vrrp("d1"), "the address is on vrrp.51")
        self.assertFalse(one.holds() or other.holds())
        self.assertEqual((self.links("d1")["vrrp.51"]["address"], self.arp("d1"), self.arp("d2")), (mac, ["1", "1"], ["1", "1"]))
        until(lambda: self.neighbour() == mac, "the neighbour learns the virtual MAC")
        self.assertEqual(one.ctl("switchover", "v1").returncode, 0)
        until(lambda: self.on_vrrp("d2") and not self.on_vrrp("d1"), "the address has moved")
        until(lambda: self.neighbour() == mac, "the MAC is the same")
        self.ip("d2", "link", "delete", "vrrp.51")
        until(lambda: "vrrp.51" in self.links("d2"), "what somebody removed is back")
        until(lambda: self.on_vrrp("d1") != self.on_vrrp("d2"), "one is master")
        self.assertEqual(other.stop(), 0)
        self.assertEqual(one.stop(), 0)
        for host in ADDRESSES:
            self.assertEqual((set(self.links(host)), self.arp(host)), ({"lo", "eth0"}, ["0", "0"]))

    def test_a_virtual_mac_goes_with_its_process(self):
        one = self.director("d1", router={"virtual_mac": "yes"})
        until(lambda: self.on_vrrp("d1"), "the address is on vrrp.51")
        index = self.links("d1")["vrrp.51"]["ifindex"]
        os.kill(one.role("vrrp"), signal.SIGKILL)
        until(lambda: self.links("d1").get("vrrp.51", {"ifindex": index})["ifindex"] != index, "it is made anew")
        until(lambda: self.on_vrrp("d1"), "the address is on vrrp.51")
        self.assertIn(" refused=0 ", next(line for line in one.log().splitlines() if "ADDRESSES_REMOVED" in line))
        self.assertEqual(one.reload(one.config.read_text().replace("virtual_mac = yes", "virtual_mac = no"))[0], 200)
        until(lambda: one.holds() and set(self.links("d1")) == {"lo", "eth0"} and self.arp("d1") == ["0", "0"],
              "the address is on eth0, and nothing is left")

    def test_what_a_predecessor_left_of_its_virtual_mac_is_removed(self):
        one = self.director("d1", router={"virtual_mac": "vip0"})
        until(lambda: "vip0" in self.links("d1"), "vip0 is there")
        self.kill_at_once(one)
        self.assertIn("vip0", self.links("d1"))
        other = self.director("d1")
        other.wait_router("master")
        until(lambda: other.holds() and set(self.links("d1")) == {"lo", "eth0"}, "vip0 is gone")
        self.assertEqual(self.arp("d1"), ["0", "0"])

    # ---- Forms of addresses

    def test_an_address_has_another_end(self):
        one, other = self.pair(router={"addresses": f"{VIP}/32 peer 10.0.0.200 label eth0:vip scope site deprecated"})
        told = until(lambda: self.address("d1"), "the master has it")
        self.assertEqual((told["address"], told["prefixlen"], told["label"], told["scope"], told["deprecated"]),
                         ("10.0.0.200", 32, "eth0:vip", "site", True))
        self.assertEqual(one.ctl("switchover", "v1").returncode, 0)
        until(lambda: self.address("d2") and not self.address("d1"), "it has moved")
        os.kill(one.role("vrrp"), signal.SIGKILL)
        os.kill(other.role("vrrp"), signal.SIGKILL)
        until(lambda: "ADDRESSES_REMOVED count=1 left=0 refused=0" in other.log(), "the launcher has removed it")

    # ---- Routes and rules

    def ways(self, host):
        """The routes of ours, and the rule."""
        routes = [line.strip() for line in self.ip(host, "route", "show", "table", "all", "proto", "keepalived").splitlines()]
        return routes + [line for line in self.ip(host, "rule").splitlines() if line.startswith("1234:")]

    WAYS = ["10.9.0.0/16 via 10.0.0.254 dev eth0 table 100 src 10.0.0.100 metric 10", "blackhole 10.66.0.0/16",
            "1234:\tfrom 10.0.0.0/24 lookup 100 proto keepalived"]

    def until_ways(self, host, wanted):
        until(lambda: self.ways(host) == wanted, lambda: f"{host} has {wanted}; it has {self.ways(host)}")

    def test_routes_and_rules_go_with_mastership(self):
        one, other = self.pair(router={"routes": ROUTES, "rules": RULES})
        self.until_ways("d1", self.WAYS)
        self.assertEqual(self.ways("d2"), [])
        self.assertEqual(one.ctl("switchover", "v1").returncode, 0)
        self.until_ways("d2", self.WAYS)
        self.until_ways("d1", [])
        self.ip("d2", "route", "delete", "10.9.0.0/16", "table", "100")
        self.ip("d2", "rule", "delete", "priority", "1234")
        self.ip("d2", "route", "delete", "blackhole", "10.66.0.0/16")
        self.until_ways("d2", self.WAYS)
        for what in ("route 10.9.0.0/16", "rule 1234", "route 10.66.0.0/16"):
            self.assertEqual(other.log().count(f'ROUTE_REPAIRED router=v1 what="{what}"'), 1, other.log())
        text = other.config.read_text()
        self.assertEqual(other.reload(text.replace("routes = blackhole 10.66.0.0/16\n", ""))[0], 200)
        self.until_ways("d2", [self.WAYS[0], self.WAYS[2]])
        self.assertEqual(other.stop(), 0)
        self.assertEqual(self.ways("d2"), [])

    def test_a_route_that_is_refused_is_tried_again(self):
        one = self.director("d1", router={"routes": "10.9.0.0/16 via 10.77.0.1"})
        one.wait_log("ROUTE_REFUSED")
        self.ip("d1", "route", "add", "10.77.0.0/24", "dev", "eth0")
        self.addCleanup(self.ip, "d1", "route", "delete", "10.77.0.0/24")
        until(lambda: self.ways("d1") == ["10.9.0.0/16 via 10.77.0.1 dev eth0"], lambda: str(self.ways("d1")))
        self.assertEqual(one.log().count("ROUTE_REFUSED"), 1)

    def test_what_a_crash_leaves_of_routes_is_removed(self):
        one = self.director("d1", router={"routes": ROUTES, "rules": RULES})
        self.until_ways("d1", self.WAYS)
        os.kill(one.role("vrrp"), signal.SIGKILL)
        until(lambda: "ADDRESSES_REMOVED count=1 left=0 refused=0" in one.log(), "the launcher has removed them")
        self.until_ways("d1", self.WAYS)
        self.kill_at_once(one)
        self.assertNotEqual(self.ways("d1"), [])
        other = self.director("d1", router={"routes": ROUTES, "rules": RULES, "track": "interface eth7"})
        other.wait_router("fault")
        self.until_ways("d1", [])

    # ---- Announcements elsewhere

    def test_an_address_is_announced_on_further_interfaces(self):
        world.must("ip", "link", "add", "further", "type", "veth", "peer", "name", "eth1", "netns", "d1")
        self.addCleanup(world.run, "ip", "link", "delete", "further")
        world.must("ip", "link", "set", "further", "up")
        self.ip("d1", "link", "set", "eth1", "up")
        mac = bytes.fromhex(self.links("d1")["eth1"]["address"].replace(":", ""))
        with socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(0x0806)) as ear:
            ear.bind(("further", 0))
            ear.settimeout(world.PATIENCE)
            self.director("d1", router={"announce_on": "eth1"})
            frame = ear.recv(100)
        self.assertEqual((frame[6:12], frame[22:28], frame[28:32]), (mac, mac, socket.inet_aton(VIP)))

    # ---- VRF

    def test_a_pair_works_in_a_vrf(self):
        self.ip("d1", "link", "add", "red", "type", "vrf", "table", "10")
        self.addCleanup(world.run, "ip", "-n", "d1", "link", "delete", "red")
        self.ip("d1", "link", "set", "red", "up")
        self.ip("d1", "link", "set", "eth0", "master", "red")
        route = {"routes": "10.9.0.0/16 via 10.0.0.254"}
        for more in ({}, {"virtual_mac": "yes"}):
            with self.subTest(more=more):
                one, other = self.pair(router={**route, **more})
                until(lambda: other.router()["master"] == {"address": "10.0.0.1", "priority": 200}, "the backup hears it")
                until(lambda: "10.9.0.0/16 via 10.0.0.254" in self.ip("d1", "route", "show", "table", "10"), "its route")
                self.assertEqual(one.ctl("switchover", "v1").returncode, 0)
                until(lambda: one.router()["master"] == {"address": "10.0.0.2", "priority": 100}, "it hears the other one")
                one.wait_router("backup")
                self.assertEqual((one.stop(), other.stop()), (0, 0))

    # ---- What goes wrong, and right again

    def test_a_reload_from_peers_to_multicast_hears_multicast(self):
        peers = {"d1": "10.0.0.2", "d2": "10.0.0.1"}
        one, other = (self.director(host, router={"peers": peers[host]}) for host in ADDRESSES)
        one.wait_router("master")
        other.wait_router("backup")
        for director in (other, one):
            text = director.config.read_text()
            self.assertEqual(director.reload(text.replace(f"peers = {peers[director.host]}\n", ""))[0], 200)
        heard = other.router()["heard"]
        until(lambda: other.router()["heard"] > heard + 5, "the backup hears the master")
        self.assertEqual(other.router()["state"], "backup")

    def test_a_socket_that_cannot_be_opened_is_tried_again(self):
        limit = ["ip", "netns", "exec", "d2", "sysctl", "-qw"]
        world.must(*limit, "net.ipv4.igmp_max_memberships=0")
        self.addCleanup(world.must, *limit, "net.ipv4.igmp_max_memberships=20")
        other = self.director("d2", router={"start_delay": "1h"})  # so that nothing changes there
        other.wait_log("VRRP_DEAF")
        self.director("d1").wait_router("master")
        world.must(*limit, "net.ipv4.igmp_max_memberships=20")
        until(lambda: other.router()["master"] == {"address": "10.0.0.1", "priority": 200}, "it hears")
        self.assertEqual(other.log().count("VRRP_DEAF"), 1)

    def test_while_its_process_is_dead_nothing_is_known_of_a_router(self):
        one = self.director("d1")
        one.wait_router("master")
        os.kill(one.process.pid, signal.SIGSTOP)
        os.kill(one.role("vrrp"), signal.SIGKILL)
        until(lambda: one.router()["state"] == "unknown", "nothing is known")
        os.kill(one.process.pid, signal.SIGCONT)
        one.wait_router("master")

    def test_a_link_that_flaps_is_no_fault_within_down_delay(self):
        one = self.director("d1", router={"down_delay": "30s"})
        one.wait_router("master")
        self.ip("d1", "link", "set", "eth0", "down")
        self.ip("d1", "link", "set", "eth0", "up")
        until(lambda: self.address("d1"), "the address is there")
        self.assertEqual((one.router()["state"], one.events("VRRP_FAULT")), ("master", []))
