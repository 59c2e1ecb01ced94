/**
 * Texts of a kernel (Linux 6.1) that served and mounted NFS, cut to what the tests look at.
 */

/** /proc/self/mountstats of a client that had counted to 30 on both mounts. */
export const MOUNTSTATS = `device root mounted on / with fstype overlay
device proc mounted on /proc with fstype proc
device 192.0.2.101:/lab/exports/ext4 mounted on /lab/v3/ext4 with fstype nfs statvers=1.1
	opts:	rw,vers=3,rsize=262144,wsize=262144,namlen=255,acregmin=3,acregmax=60,acdirmin=30,acdirmax=60,hard,proto=tcp,timeo=600,retrans=2,sec=sys,mountaddr=192.0.2.101,mountvers=3,mountport=37881,mountproto=tcp,local_lock=none
	age:	10
	caps:	caps=0xf,wtmult=4096,dtsize=262144,bsize=0,namlen=255
	sec:	flavor=1,pseudoflavor=1
	events:	30 0 28 32 2 2 6 30 0 30 0 30 0 0 2 0 60 2 0 0 2 0 0 0 0 0 0 
	bytes:	72 74 0 0 72 74 30 30 
	RPC iostats version: 1.1  p/v: 100003/3 (nfs)
	xprt:	tcp 682 1 2 0 5 109 109 0 109 0 2 0 0
	per-op statistics
	        NULL: 1 1 0 44 24 15 0 16 0
	     GETATTR: 32 32 0 2928 3584 1 16 28 0
	     SETATTR: 0 0 0 0 0 0 0 0 0
	      LOOKUP: 2 2 0 192 448 0 1 2 0
	      ACCESS: 4 4 0 368 480 1 8 10 0
	        READ: 30 30 0 3120 3960 3 19 25 0
	       WRITE: 30 30 0 3480 4080 3 101 107 0

device 192.0.2.101:/ext4 mounted on /lab/v4.2/ext4 with fstype nfs4 statvers=1.1
	opts:	rw,vers=4.2,rsize=262144,wsize=262144,namlen=255,acregmin=3,acregmax=60,acdirmin=30,acdirmax=60,hard,proto=tcp,timeo=600,retrans=2,sec=sys,clientaddr=192.0.2.1,local_lock=none
	age:	9
	impl_id:	name='',domain='',date='0,0'
	caps:	caps=0xfffbc0bf,wtmult=512,dtsize=262144,bsize=0,namlen=255
	nfsv4:	bm0=0xfdffbfff,bm1=0x40fdbe3e,bm2=0x60803,acl=0x3,sessions,pnfs=not configured,lease_time=90,lease_expired=0
	sec:	flavor=1,pseudoflavor=1
	RPC iostats version: 1.1  p/v: 100003/4 (nfs)
	xprt:	tcp 0 0 2 0 1 184 184 0 210 0 2 7 22
	per-op statistics
	        NULL: 1 1 0 44 24 1 1 3 0
	        READ: 11 11 0 1936 1188 1 7 10 0
	       WRITE: 30 30 0 5680 4200 4 112 119 0
	OPEN_CONFIRM: 0 0 0 0 0 0 0 0 0
	        LOCK: 30 30 0 6960 3360 4 25 33 0
	       LOCKU: 30 30 0 5640 3360 5 20 28 0
	FREE_STATEID: 30 30 0 4200 2640 3 31 37 0
device run mounted on /run with fstype tmpfs
`;

const HEAD = (events: number, written = events): string => `# tracer: nop
#
# entries-in-buffer/entries-written: ${events}/${written}   #P:2
#
#                                _-----=> irqs-off/BH-disabled
#           TASK-PID     CPU#  |||||  TIMESTAMP  FUNCTION
#              | |         |   |||||     |         |
`;

/** One increment under fcntl over version 3, the round trip being 1 ms. */
export const TRACE_V3 = `${HEAD(10)}            node-432     [001] .....    30.627449: rpc_request: task:00000023@0000000f lockdv4 LOCK (sync)
            node-432     [001] .....    30.629294: rpc_stats_latency: task:00000023@0000000f xid=0x99bb0605 lockdv4 LOCK backlog=46 rtt=1724 execute=1848
            node-432     [001] .....    30.629426: rpc_request: task:0000003e@00000021 nfsv3 GETATTR (sync)
            node-432     [001] .....    30.631105: rpc_stats_latency: task:0000003e@00000021 xid=0x923da531 nfsv3 GETATTR backlog=29 rtt=1574 execute=1679
    kworker/u4:2-30      [000] .....    30.631350: rpc_request: task:0000003f@00000021 nfsv3 READ (async)
    kworker/u4:2-30      [000] .....    30.633151: rpc_stats_latency: task:0000003f@00000021 xid=0x933da531 nfsv3 READ backlog=95 rtt=1711 execute=1859
    kworker/u4:4-261     [000] .....    30.633560: rpc_request: task:00000040@00000021 nfsv3 WRITE (async)
    kworker/u4:4-261     [000] .....    30.635246: rpc_stats_latency: task:00000040@00000021 xid=0x943da531 nfsv3 WRITE backlog=108 rtt=1603 execute=1761
    kworker/u4:4-261     [000] .....    30.635487: rpc_request: task:00000024@0000000f lockdv4 UNLOCK (async)
    kworker/u4:4-261     [000] .....    30.637327: rpc_stats_latency: task:00000024@0000000f xid=0x9abb0605 lockdv4 UNLOCK backlog=97 rtt=1768 execute=1907
`;

/** The end of an increment over version 4.2, and the next one: nobody waits for FREE_STATEID. */
export const TRACE_V4 = `${HEAD(10)}    kworker/u4:2-30      [000] .....    31.780170: rpc_request: task:0000014f@00000028 nfsv4 LOCKU (async)
    kworker/u4:2-30      [000] .....    31.781860: rpc_stats_latency: task:0000014f@00000028 xid=0x798c4f8b nfsv4 LOCKU backlog=244 rtt=1603 execute=1896
    kworker/u4:2-30      [000] .....    31.781987: rpc_request: task:00000150@00000028 nfsv4 FREE_STATEID (async)
    kworker/u4:4-261     [001] .....    31.782079: rpc_request: task:00000151@00000028 nfsv4 LOCK (async)
    kworker/u4:4-261     [001] .....    31.783707: rpc_stats_latency: task:00000150@00000028 xid=0x7a8c4f8b nfsv4 FREE_STATEID backlog=70 rtt=1562 execute=1762
    kworker/u4:2-30      [000] .....    31.783792: rpc_stats_latency: task:00000151@00000028 xid=0x7b8c4f8b nfsv4 LOCK backlog=82 rtt=1594 execute=1745
    kworker/u4:2-30      [000] .....    31.784296: rpc_request: task:00000152@00000028 nfsv4 WRITE (async)
    kworker/u4:2-30      [000] .....    31.785971: rpc_stats_latency: task:00000152@00000028 xid=0x7c8c4f8b nfsv4 WRITE backlog=124 rtt=1593 execute=1763
    kworker/u4:2-30      [000] .....    31.786168: rpc_request: task:00000153@00000028 nfsv4 LOCKU (async)
    kworker/u4:2-30      [000] .....    31.787800: rpc_stats_latency: task:00000153@00000028 xid=0x7d8c4f8b nfsv4 LOCKU backlog=76 rtt=1554 execute=1677
`;

/** A trace whose buffer was too small. */
export const TRACE_CUT = HEAD(2, 7);
