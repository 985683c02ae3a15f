#include "import/vocabulary.hpp"

namespace keepalive::import {
namespace {

using enum Verdict;

constexpr Said globals[] = {
    {"process_names", same, "processes are called keepalive-ROLE"},
    {"process_name", lost, "processes are called keepalive-ROLE"},
    {"vrrp_process_name", lost, "processes are called keepalive-ROLE"},
    {"checker_process_name", lost, "processes are called keepalive-ROLE"},
    {"bfd_process_name", lost, "there is no BFD"},
    {"startup_script_timeout", lost, "on_start has 30 s"},
    {"shutdown_script_timeout", lost, "on_stop has 30 s"},
    {"smtp_helo_name", lost, "mail is greeted with the host's name"},
    {"smtp_connect_timeout", lost, "the sender has its own, and tries again"},
    {"smtp_alert_vrrp", differs,
     "a fault of a virtual router is an alert always, another state never: on_master and notify tell"},
    {"no_email_faults", lost, "a fault of a virtual router is an alert always"},
    {"no_checker_emails", same, "mail tells of servers that go or come, not of checks"},
    {"vrrp_mcast_group4", lost, "multicast goes to 224.0.0.18: with another group use peers, on all routers"},
    {"vrrp_mcast_group6", lost, "multicast goes to ff02::12: with another group use peers, on all routers"},
    {"lvs_flush_on_stop", same, "services are taken away whole: at_stop = remove"},
    {"vrrp_garp_lower_prio_delay", lost, "announced again once, when the other master has gone"},
    {"vrrp_garp_lower_prio_repeat", lost, "announced again once, when the other master has gone"},
    {"vrrp_garp_master_refresh_repeat", lost, "a refresh announces each address once"},
    {"vrrp_gna_interval", lost, "announce_gap counts for IPv6, too: that of vrrp_garp_interval"},
    {"vrrp_garp_extra_if", lost, "addresses are announced on their own interfaces: announce_refresh repeats that"},
    {"vrrp_lower_prio_no_advert", same, "as RFC 9568 section 6.4.3 has it"},
    {"vrrp_higher_prio_send_advert", lost, "gives way in silence, as RFC 9568 section 6.4.3 has it"},
    {"nftables", same, "rules of our own stand in nftables where they are needed"},
    {"nftables_priority", lost, "rules of our own have theirs"},
    {"nftables_counters", lost, "rules of our own count nothing"},
    {"nftables_ifindex", lost, "rules of our own name interfaces"},
    {"nftables_ipvs_priority", lost, "rules of our own have theirs"},
    {"vrrp_iptables", same, "rules of our own stand in nftables where they are needed"},
    {"vrrp_ipsets", same, "rules of our own stand in nftables where they are needed"},
    {"disable_local_igmp", lost, "sysctl -w net.ipv4.igmp_link_local_mcast_reports=0 does it"},
    {"vrrp_check_unicast_src", same, "only peers are heard, always"},
    {"vrrp_skip_check_adv_addr", same, "an advertisement with other addresses is heard, and told of: VRRP_DIFFERS"},
    {"vrrp_notify_priority_changes", lost, "keepalivectl status tells the priority"},
    {"max_auto_priority", lost, "realtime = 50 sets a priority in real time from the start"},
    {"min_auto_priority_delay", lost, "realtime = 50 sets a priority in real time from the start"},
    {"vrrp_priority", lost, "Nice= in the unit of systemd does it"},
    {"checker_priority", lost, "Nice= in the unit of systemd does it"},
    {"bfd_priority", lost, "there is no BFD"},
    {"vrrp_no_swap", differs, "realtime, from 1 on, keeps its memory, too"},
    {"checker_no_swap", lost, "probers may be swapped out"},
    {"bfd_no_swap", lost, "there is no BFD"},
    {"vrrp_cpu_affinity", lost, "CPUAffinity= in the unit of systemd does it for all processes"},
    {"checker_cpu_affinity", lost, "CPUAffinity= in the unit of systemd does it for all processes"},
    {"bfd_cpu_affinity", lost, "there is no BFD"},
    {"checker_rt_priority", lost, "only VRRP runs in real time"},
    {"bfd_rt_priority", lost, "there is no BFD"},
    {"vrrp_rlimit_rttime", lost, "LimitRTTIME= in the unit of systemd does it"},
    {"checker_rlimit_rttime", lost, "probers do not run in real time"},
    {"bfd_rlimit_rttime", lost, "there is no BFD"},
    {"snmp_socket", lost, "there is no SNMP: [metrics] listen, and keepalive-api(7)"},
    {"enable_snmp_vrrp", lost, "there is no SNMP: [metrics] listen, and keepalive-api(7)"},
    {"enable_snmp_checker", lost, "there is no SNMP: [metrics] listen, and keepalive-api(7)"},
    {"enable_snmp_rfc", lost, "there is no SNMP: [metrics] listen, and keepalive-api(7)"},
    {"enable_snmp_rfcv2", lost, "there is no SNMP: [metrics] listen, and keepalive-api(7)"},
    {"enable_snmp_rfcv3", lost, "there is no SNMP: [metrics] listen, and keepalive-api(7)"},
    {"enable_traps", lost, "there is no SNMP: mail_to and webhook send alerts"},
    {"enable_dbus", lost, "there is no D-Bus: keepalivectl and keepalive-api(7)"},
    {"dbus_service_name", lost, "there is no D-Bus: keepalivectl and keepalive-api(7)"},
    {"enable_script_security", same, "programs never run as root unless script_user or user says so"},
    {"notify_fifo_script", lost, "have a unit of systemd read notify_pipe"},
    {"vrrp_notify_fifo", lost, "notify_pipe = PATH tells all events, as JSON"},
    {"vrrp_notify_fifo_script", lost, "have a unit of systemd read notify_pipe"},
    {"lvs_notify_fifo", lost, "notify_pipe = PATH tells all events, as JSON"},
    {"lvs_notify_fifo_script", lost, "have a unit of systemd read notify_pipe"},
    {"fifo_write_vrrp_states_on_reload", lost, "keepalivectl status tells states at any time"},
    {"dynamic_interfaces", same, "interfaces may come and go, always"},
    {"vrrp_netlink_cmd_rcv_bufs", same, "buffers are as large as needed"},
    {"vrrp_netlink_cmd_rcv_bufs_force", same, "buffers are as large as needed"},
    {"vrrp_netlink_monitor_rcv_bufs", same, "buffers are as large as needed"},
    {"vrrp_netlink_monitor_rcv_bufs_force", same, "buffers are as large as needed"},
    {"lvs_netlink_cmd_rcv_bufs", same, "buffers are as large as needed"},
    {"lvs_netlink_cmd_rcv_bufs_force", same, "buffers are as large as needed"},
    {"lvs_netlink_monitor_rcv_bufs", same, "buffers are as large as needed"},
    {"lvs_netlink_monitor_rcv_bufs_force", same, "buffers are as large as needed"},
    {"process_monitor_rcv_bufs", same, "processes are looked for every second"},
    {"process_monitor_rcv_bufs_force", same, "processes are looked for every second"},
    {"vrrp_rx_bufs_policy", same, "buffers are as large as needed"},
    {"vrrp_rx_bufs_multiplier", same, "buffers are as large as needed"},
    {"rs_init_notifies", lost, "programs of servers run when something changes; on_start runs at the start"},
    {"umask", lost, "UMask= in the unit of systemd does it"},
    {"log_unknown_vrids", lost, "other virtual routers are nobody's business"},
    {"vmac_prefix", lost, "virtual_mac = NAME names an interface"},
    {"vmac_addr_prefix", lost, "virtual_mac = NAME names an interface"},
    {"random_seed", same, "nothing here is at random"},
    {"reload_check_config", same, "a file with faults changes nothing, always"},
    {"include_check", same, "a path must be there, a pattern may find nothing"},
    {"reload_time_file", lost, "a timer of systemd can run keepalivectl reload"},
    {"reload_repeat", lost, "a timer of systemd can run keepalivectl reload"},
    {"reload_file", same, "keepalivectl reload waits for the outcome"},
    {"data_use_instance", lost, "keepalivectl status --json takes the place of .data files"},
    {"tmp_config_directory", same, "all processes get one reading of the file"},
    {"config_save_dir", same, "the last good configuration is kept"},
};

constexpr Said top[] = {
    {"net_namespace", lost, "keepalive --netns NAME: write it into the unit of systemd"},
    {"net_namespace_ipvs", lost, "services and probes are in one namespace: keepalive --netns NAME"},
    {"namespace_with_ipsets", same, "there are no ipsets"},
    {"instance", lost, "keepalive --instance NAME: the unit keepalive@NAME"},
    {"use_pid_dir", same, "files of a run are in /run/keepalive"},
    {"linkbeat_use_polling", lost, "the kernel tells of links"},
    {"child_wait_time", same, "the unit's TimeoutStopSec= bounds the end"},
    {"linkbeat_interfaces", lost, "the kernel tells of links"},
    {"track_group", lost, "static addresses are the network's configuration, which nobody here looks after"},
    {"bfd_instance", lost,
     "there is no BFD: a [check NAME] of type ping with a short interval, and track = script NAME"},
    {"include_check", same, "a path must be there, a pattern may find nothing"},
};

constexpr Said instances[] = {
    {"vrf", lost, "interface = the one in that VRF"},
    {"use_vmac_addr", lost, "only the router as a whole has a virtual MAC: virtual_mac"},
    {"use_ipvlan", lost, "a macvlan is what there is: virtual_mac = yes"},
    {"dont_track_primary", lost, "a router whose interface is down is at fault, always"},
    {"track_src_ip", lost, "what source says must be there, or nothing is sent: VRRP_UNSENT"},
    {"track_bfd", lost, "there is no BFD: a [check NAME] of type ping with a short interval, and track = script NAME"},
    {"mcast_dst_ip", lost, "multicast goes to 224.0.0.18 or ff02::12: use peers, on all routers"},
    {"check_unicast_src", same, "only peers are heard, always"},
    {"unicast_fault_no_peer", same, "without peers it speaks by multicast, as written"},
    {"old_unicast_checksum", lost, "checksum = plain or pseudo-header, if another router needs it"},
    {"garp_lower_prio_delay", lost, "announced again once, when the other master has gone"},
    {"garp_lower_prio_repeat", lost, "announced again once, when the other master has gone"},
    {"garp_master_refresh_repeat", lost, "a refresh announces each address once"},
    {"garp_extra_if", lost, "addresses are announced on their own interfaces: announce_refresh repeats that"},
    {"lower_prio_no_advert", same, "as RFC 9568 section 6.4.3 has it"},
    {"higher_prio_send_advert", lost, "gives way in silence, as RFC 9568 section 6.4.3 has it"},
    {"promote_secondaries", lost, "sysctl -w net.ipv4.conf.INTERFACE.promote_secondaries=1 does it"},
    {"preempt", same, "failback = immediate is the default"},
    {"accept", same, "accept = yes is the default"},
    {"skip_check_adv_addr", same, "an advertisement with other addresses is heard, and told of: VRRP_DIFFERS"},
    {"debug", lost, "keepalivectl explain and the log tell why"},
    {"notify_deleted", lost, "on_stop runs when a router is taken out of the file"},
    {"notify_master_rx_lower_pri", lost, "VRRP_RIVAL tells of it: [global] notify"},
    {"notify_priority_changes", lost, "keepalivectl status tells the priority"},
    {"smtp_alert", differs,
     "a fault of a virtual router is an alert always, another state never: on_master and notify tell"},
    {"kernel_rx_buf_size", same, "buffers are as large as needed"},
    {"linkbeat_use_polling", lost, "the kernel tells of links"},
};

constexpr Said sync_groups[] = {
    {"track_bfd", lost, "there is no BFD: a [check NAME] of type ping with a short interval, and track = script NAME"},
    {"global_tracking", same, "what one tracks counts for all of its group"},
    {"sync_group_tracking_weight", same, "weights of all members count for all of them"},
    {"notify_deleted", lost, "on_stop runs when a router is taken out of the file"},
    {"notify_priority_changes", lost, "keepalivectl status tells the priority"},
    {"smtp_alert", differs,
     "a fault of a virtual router is an alert always, another state never: on_master and notify tell"},
};

constexpr Said scripts[] = {
    {"init_fail", lost, "until its first run ends nothing is known, and nothing is at fault"},
    {"param_match", lost,
     "processes are told apart by their name only: a script with pgrep -f, and track = script NAME"},
    {"full_command", lost,
     "processes are told apart by their name only: a script with pgrep -f, and track = script NAME"},
    {"quorum_max", lost, "one is enough, and any number is good"},
    {"fork_delay", lost, "looked for every second"},
    {"terminate_delay", lost, "looked for every second"},
    {"delay", lost, "looked for every second"},
};

constexpr Said services[] = {
    {"snmp_name", same, "it names the section"},
    {"ip_family", same, "said where it counts"},
};

constexpr Said servers[] = {
    {"snmp_name", same, "it names the server"},
};

constexpr Said checks[] = {
    {"alpha", lost, "start = down counts for a pool as a whole"},
    {"fast_recovery", same, "all urls are got in each probe"},
    {"regex_stack", lost, "a regular expression may take 50 ms"},
    {"tls_compliant", same, "an end without close_notify is no fault"},
};

}  // namespace

std::span<const Said> said_globally() { return globals; }
std::span<const Said> said_at_top() { return top; }
std::span<const Said> said_of_instances() { return instances; }
std::span<const Said> said_of_groups() { return sync_groups; }
std::span<const Said> said_of_scripts() { return scripts; }
std::span<const Said> said_of_services() { return services; }
std::span<const Said> said_of_servers() { return servers; }
std::span<const Said> said_of_checks() { return checks; }

}  // namespace keepalive::import
