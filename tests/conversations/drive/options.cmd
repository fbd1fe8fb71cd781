# Options of -drive that are refused, and its help.
!setup truncate -s 1M b.img
!args -display none -machine none -drive format=help
<~ $/Supported formats: .*raw.*/
<~ $/Supported formats .read-only.: .*raw.*/
!exit 0
!args -display none -machine none -drive file=b.img,format=?
<~ $/Supported formats: .*raw.*/
<~ $/Supported formats .read-only.: .*raw.*/
!exit 0
!args -display none -machine none -drive if=none,format=help,nonsense=1
<~ $/Supported formats: .*raw.*/
<~ $/Supported formats .read-only.: .*raw.*/
!exit 0
!args -display none -machine none -drive help
<~2 $PROG: -drive help: Must specify either driver or file
!exit 1
!args -display none -machine none -drive if=none,file=b.img,format=raw,stats-intervals=0
<~2 $PROG: -drive if=none,file=b.img,format=raw,stats-intervals=0: Block format 'raw' does not support the option 'stats-intervals'
!exit 1
!args -display none -machine none -drive if=none,file=b.img,format=raw,stats-intervals=1:x
<~2 $PROG: -drive if=none,file=b.img,format=raw,stats-intervals=1:x: Block format 'raw' does not support the option 'stats-intervals'
!exit 1
!args -display none -machine none -drive if=none,file=b.img,format=raw,stats-intervals=-1
<~2 $PROG: -drive if=none,file=b.img,format=raw,stats-intervals=-1: Block format 'raw' does not support the option 'stats-intervals'
!exit 1
!args -display none -machine none -drive if=none,file=b.img,format=raw,stats-intervals.0=x
<~2 $PROG: -drive if=none,file=b.img,format=raw,stats-intervals.0=x: Invalid interval length: x
!exit 1
!args -display none -machine none -drive if=none,file=b.img,format=raw,stats-intervals.0=5000000000
<~2 $PROG: -drive if=none,file=b.img,format=raw,stats-intervals.0=5000000000: Invalid interval length: 5000000000
!exit 1
# accepted, the server runs: -display none -machine none -drive if=none,file=b.img,format=raw,stats-intervals.0=4294967295
!args -display none -machine none -drive if=none,file=b.img,format=raw,stats-intervals.1=5
<~2 $PROG: -drive if=none,file=b.img,format=raw,stats-intervals.1=5: Invalid option stats-intervals.1
!exit 1
!args -display none -machine none -drive if=none,file=b.img,format=raw,stats-intervals.foo=5
<~2 $PROG: -drive if=none,file=b.img,format=raw,stats-intervals.foo=5: Invalid option stats-intervals.foo
!exit 1
!args -display none -machine none -drive if=none,file=b.img,format=raw,stats-intervals=5,stats-intervals.0=5
<~2 $PROG: -drive if=none,file=b.img,format=raw,stats-intervals=5,stats-intervals.0=5: Block format 'raw' does not support the option 'stats-intervals'
!exit 1
!args -display none -machine none -drive if=none,file=b.img,format=raw,throttling.iops-total=-1
<~2 $PROG: -drive if=none,file=b.img,format=raw,throttling.iops-total=-1: bps/iops/max values must be within [0, 1000000000000000]
!exit 1
!args -display none -machine none -drive if=none,file=b.img,format=raw,throttling.iops-total=100,throttling.iops-read=10
<~2 $PROG: -drive if=none,file=b.img,format=raw,throttling.iops-total=100,throttling.iops-read=10: bps/iops/max total values and read/write values cannot be used at the same time
!exit 1
!args -display none -machine none -drive if=none,file=b.img,format=raw,throttling.iops-total=x
<~2 $PROG: -drive if=none,file=b.img,format=raw,throttling.iops-total=x: Parameter 'throttling.iops-total' expects a number
!exit 1
!args -display none -machine none -drive if=none,file=b.img,format=raw,throttling.iops-total=100,throttling.iops-total-max=10
<~2 $PROG: -drive if=none,file=b.img,format=raw,throttling.iops-total=100,throttling.iops-total-max=10: bps_max/iops_max cannot be lower than bps/iops
!exit 1
!args -display none -machine none -drive if=none,file=b.img,format=raw,throttling.iops-total-max=10
<~2 $PROG: -drive if=none,file=b.img,format=raw,throttling.iops-total-max=10: bps_max/iops_max require corresponding bps/iops values
!exit 1
!args -display none -machine none -drive if=none,file=b.img,format=raw,throttling.iops-total-max-length=10
<~2 $PROG: -drive if=none,file=b.img,format=raw,throttling.iops-total-max-length=10: burst length set without burst rate
!exit 1
!args -display none -machine none -drive if=none,file=b.img,format=raw,throttling.iops-size=10
<~2 $PROG: -drive if=none,file=b.img,format=raw,throttling.iops-size=10: iops size requires an iops value to be set
!exit 1
!args -display none -machine none -drive if=none,file=b.img,format=raw,throttling.nonsense=10
<~2 $PROG: -drive if=none,file=b.img,format=raw,throttling.nonsense=10: Block format 'raw' does not support the option 'throttling.nonsense'
!exit 1
# accepted, the server runs: -display none -machine none -drive if=none,throttling.iops-total=10
# accepted, the server runs: -display none -machine none -drive if=none,file=b.img,format=raw,copy-on-read=on,snapshot=on
!args -display none -machine none -drive if=none,file=b.img,format=raw,copy-on-read=maybe
<~2 $PROG: -drive if=none,file=b.img,format=raw,copy-on-read=maybe: Parameter 'copy-on-read' expects 'on' or 'off'
!exit 1
# accepted, the server runs: -display none -machine none -drive if=none,file=b.img,format=raw,snapshot=on,read-only=on,copy-on-read=on
# accepted, the server runs: -display none -machine none -drive if=none,snapshot=on
!args -display none -machine none -drive if=none,file=missing,format=raw,snapshot=on
<~2 $PROG: -drive if=none,file=missing,format=raw,snapshot=on: Could not open 'missing': No such file or directory
!exit 1
!args -display none -machine none -drive if=floppy,werror=stop,file=b.img,format=raw
<~2 $PROG: -drive if=floppy,werror=stop,file=b.img,format=raw: werror is not supported by this bus type
!exit 1
!args -display none -machine pc -drive if=none,file=b.img,format=raw,node-name=n,id=n
<~2 $PROG: -drive if=none,file=b.img,format=raw,node-name=n,id=n: Device name 'n' conflicts with an existing node name
!exit 1
!args -display none -machine none -drive if=none,file=b.img,format=raw,throttle-group=nonsense
<~2 $PROG: -drive if=none,file=b.img,format=raw,throttle-group=nonsense: Block format 'raw' does not support the option 'throttle-group'
!exit 1
# accepted, the server runs: -display none -machine none -drive if=none,file=b.img,format=raw,id=a -drive if=none,file=b.img,format=raw,id=b
