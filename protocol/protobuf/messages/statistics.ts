/** The facts (see ../message-types.ts) of what a container uses (mesos.proto). */
export const statisticsMessages: Readonly<Record<string, string>> = {
  TrafficControlStatistics: `
    id 1! string, backlog 2 uint64, bytes 3 uint64, drops 4 uint64, overlimits 5 uint64, packets 6 uint64,
    qlen 7 uint64, ratebps 8 uint64, ratepps 9 uint64, requeues 10 uint64`,
  IpStatistics: `
    Forwarding 1 int64, DefaultTTL 2 int64, InReceives 3 int64, InHdrErrors 4 int64, InAddrErrors 5 int64,
    ForwDatagrams 6 int64, InUnknownProtos 7 int64, InDiscards 8 int64, InDelivers 9 int64, OutRequests 10 int64,
    OutDiscards 11 int64, OutNoRoutes 12 int64, ReasmTimeout 13 int64, ReasmReqds 14 int64, ReasmOKs 15 int64,
    ReasmFails 16 int64, FragOKs 17 int64, FragFails 18 int64, FragCreates 19 int64`,
  IcmpStatistics: `
    InMsgs 1 int64, InErrors 2 int64, InCsumErrors 3 int64, InDestUnreachs 4 int64, InTimeExcds 5 int64,
    InParmProbs 6 int64, InSrcQuenchs 7 int64, InRedirects 8 int64, InEchos 9 int64, InEchoReps 10 int64,
    InTimestamps 11 int64, InTimestampReps 12 int64, InAddrMasks 13 int64, InAddrMaskReps 14 int64, OutMsgs 15 int64,
    OutErrors 16 int64, OutDestUnreachs 17 int64, OutTimeExcds 18 int64, OutParmProbs 19 int64,
    OutSrcQuenchs 20 int64, OutRedirects 21 int64, OutEchos 22 int64, OutEchoReps 23 int64, OutTimestamps 24 int64,
    OutTimestampReps 25 int64, OutAddrMasks 26 int64, OutAddrMaskReps 27 int64`,
  TcpStatistics: `
    RtoAlgorithm 1 int64, RtoMin 2 int64, RtoMax 3 int64, MaxConn 4 int64, ActiveOpens 5 int64, PassiveOpens 6 int64,
    AttemptFails 7 int64, EstabResets 8 int64, CurrEstab 9 int64, InSegs 10 int64, OutSegs 11 int64,
    RetransSegs 12 int64, InErrs 13 int64, OutRsts 14 int64, InCsumErrors 15 int64`,
  UdpStatistics: `
    InDatagrams 1 int64, NoPorts 2 int64, InErrors 3 int64, OutDatagrams 4 int64, RcvbufErrors 5 int64,
    SndbufErrors 6 int64, InCsumErrors 7 int64, IgnoredMulti 8 int64`,
  SNMPStatistics: `
    ip_stats 1 IpStatistics, icmp_stats 2 IcmpStatistics, tcp_stats 3 TcpStatistics, udp_stats 4 UdpStatistics`,
  DiskStatistics: `
    source 1 Resource.DiskInfo.Source, persistence 2 Resource.DiskInfo.Persistence, limit_bytes 3 uint64,
    used_bytes 4 uint64`,
  ResourceStatistics: `
    timestamp 1! double, processes 30 uint32, threads 31 uint32, cpus_user_time_secs 2 double,
    cpus_system_time_secs 3 double, cpus_limit 4 double, cpus_soft_limit 45 double, cpus_nr_periods 7 uint32,
    cpus_nr_throttled 8 uint32, cpus_throttled_time_secs 9 double, mem_total_bytes 36 uint64,
    mem_total_memsw_bytes 37 uint64, mem_kmem_usage_bytes 52 uint64, mem_kmem_tcp_usage_bytes 53 uint64,
    mem_limit_bytes 6 uint64, mem_soft_limit_bytes 38 uint64, mem_file_bytes 10 uint64, mem_anon_bytes 11 uint64,
    mem_cache_bytes 39 uint64, mem_rss_bytes 5 uint64, mem_mapped_file_bytes 12 uint64, mem_swap_bytes 40 uint64,
    mem_unevictable_bytes 41 uint64, mem_low_pressure_counter 32 uint64, mem_medium_pressure_counter 33 uint64,
    mem_critical_pressure_counter 34 uint64, disk_limit_bytes 26 uint64, disk_used_bytes 27 uint64,
    disk_statistics 43* DiskStatistics, blkio_statistics 44 CgroupInfo.Blkio.Statistics, perf 13 PerfStatistics,
    net_rx_packets 14 uint64, net_rx_bytes 15 uint64, net_rx_errors 16 uint64, net_rx_dropped 17 uint64,
    net_tx_packets 18 uint64, net_tx_bytes 19 uint64, net_tx_errors 20 uint64, net_tx_dropped 21 uint64,
    net_tx_rate_limit 46 uint64, net_tx_burst_rate_limit 47 uint64, net_tx_burst_size 48 uint64,
    net_rx_rate_limit 49 uint64, net_rx_burst_rate_limit 50 uint64, net_rx_burst_size 51 uint64,
    net_rate_statistics 54 .RateStatistics, net_ephemeral_ports 55 Value.Range, net_tcp_rtt_microsecs_p50 22 double,
    net_tcp_rtt_microsecs_p90 23 double, net_tcp_rtt_microsecs_p95 24 double, net_tcp_rtt_microsecs_p99 25 double,
    net_tcp_active_connections 28 double, net_tcp_time_wait_connections 29 double,
    net_traffic_control_statistics 35* TrafficControlStatistics, net_snmp_statistics 42 SNMPStatistics`,
  'ResourceStatistics.RatePercentiles': `
    min 1 uint64, max 2 uint64, p50 3 uint64, p90 4 uint64, p95 5 uint64, p99 6 uint64, p999 7 uint64,
    p9999 8 uint64, samples 9 uint64`,
  'ResourceStatistics.RateStatistics': `
    rx_rate 1 ResourceStatistics.RatePercentiles, rx_packet_rate 2 ResourceStatistics.RatePercentiles,
    rx_drop_rate 3 ResourceStatistics.RatePercentiles, rx_error_rate 4 ResourceStatistics.RatePercentiles,
    tx_rate 5 ResourceStatistics.RatePercentiles, tx_packet_rate 6 ResourceStatistics.RatePercentiles,
    tx_drop_rate 7 ResourceStatistics.RatePercentiles, tx_error_rate 8 ResourceStatistics.RatePercentiles,
    sampling_window_secs 9 double, sampling_interval_secs 10 double`,
  PerfStatistics: `
    timestamp 1! double, duration 2! double, cycles 3 uint64, stalled_cycles_frontend 4 uint64,
    stalled_cycles_backend 5 uint64, instructions 6 uint64, cache_references 7 uint64, cache_misses 8 uint64,
    branches 9 uint64, branch_misses 10 uint64, bus_cycles 11 uint64, ref_cycles 12 uint64, cpu_clock 13 double,
    task_clock 14 double, page_faults 15 uint64, minor_faults 16 uint64, major_faults 17 uint64,
    context_switches 18 uint64, cpu_migrations 19 uint64, alignment_faults 20 uint64, emulation_faults 21 uint64,
    l1_dcache_loads 22 uint64, l1_dcache_load_misses 23 uint64, l1_dcache_stores 24 uint64,
    l1_dcache_store_misses 25 uint64, l1_dcache_prefetches 26 uint64, l1_dcache_prefetch_misses 27 uint64,
    l1_icache_loads 28 uint64, l1_icache_load_misses 29 uint64, l1_icache_prefetches 30 uint64,
    l1_icache_prefetch_misses 31 uint64, llc_loads 32 uint64, llc_load_misses 33 uint64, llc_stores 34 uint64,
    llc_store_misses 35 uint64, llc_prefetches 36 uint64, llc_prefetch_misses 37 uint64, dtlb_loads 38 uint64,
    dtlb_load_misses 39 uint64, dtlb_stores 40 uint64, dtlb_store_misses 41 uint64, dtlb_prefetches 42 uint64,
    dtlb_prefetch_misses 43 uint64, itlb_loads 44 uint64, itlb_load_misses 45 uint64, branch_loads 46 uint64,
    branch_load_misses 47 uint64, node_loads 48 uint64, node_load_misses 49 uint64, node_stores 50 uint64,
    node_store_misses 51 uint64, node_prefetches 52 uint64, node_prefetch_misses 53 uint64`,
};
